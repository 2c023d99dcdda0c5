#include "client/draft.h"

#include "client/draft_table.h"
#include "common/codec/json.h"
#include "common/codec/record_codec.h"

namespace zf {

void open_draft_table(Db& db) {
    db.execute(
        "CREATE TABLE IF NOT EXISTS draft(id BLOB PRIMARY KEY, record BLOB NOT NULL, "
        "form TEXT NOT NULL, is_new INTEGER NOT NULL, opened TEXT NOT NULL, "
        "entered TEXT NOT NULL, changed_ms INTEGER NOT NULL) WITHOUT ROWID");
}

void translate_drafts(Db& db, const Moved& moved) {
    std::vector<std::pair<Uuid, std::string>> changed;
    {
        Statement find = db.prepare("SELECT id, opened FROM draft");
        while (find.step()) {
            auto opened = decode_record(find.text(1));
            // One that cannot be read says so when it is reopened.
            if (!opened) continue;
            moved.translate(*opened);
            changed.emplace_back(find.id<Uuid>(0), encode_record(*opened));
        }
    }
    for (const auto& [id, opened] : changed) {
        Statement set = db.prepare("UPDATE draft SET opened=?2 WHERE id=?1");
        set.bind_bytes(1, id.bytes).bind_text(2, opened).run();
    }
}

Draft::Draft(DeviceStore& store, Uuid id, RecordDoc opened, bool is_new, std::int64_t moves)
    : store_(&store), id_(id), opened_(std::move(opened)), is_new_(is_new), moves_(moves) {}

Result<Draft> Draft::start(DeviceStore& store, const std::string& form) {
    if (!store.log().forms().find(form)) {
        return fail(ErrorCode::unknown_form,
                    "there is no form " + form + " on this laptop; sync first", "form");
    }
    RecordDoc fresh;
    fresh.id = store.env().new_uuid();
    fresh.form = form;
    return Draft(store, store.env().new_uuid(), std::move(fresh), true, 0);
}

Result<Draft> Draft::open(DeviceStore& store, const Uuid& record) {
    for (;;) {
        // A sync beside this may give the laptop a new identity between the two.
        const std::int64_t moves = store.identity().moves();
        auto doc = load_record(store, record);
        if (!doc) return fail(doc.error());
        if (moves != store.identity().moves()) continue;
        return Draft(store, store.env().new_uuid(), std::move(*doc), false, moves);
    }
}

Result<Draft> Draft::reopen(DeviceStore& store, const Uuid& draft) {
    // The number first: what is behind it is done to the row, too, and done twice is done once.
    const std::int64_t moves = store.identity().moves();
    Statement find = store.db().prepare("SELECT is_new, opened, entered FROM draft WHERE id=?1");
    find.bind_bytes(1, draft.bytes);
    if (!find.step()) return fail(ErrorCode::not_found, "there is no such draft", "draft");
    auto opened = decode_record(find.text(1));
    if (!opened) return fail(opened.error());
    const auto entered = parse_json(find.text(2));
    if (!entered || !entered->members()) {
        return fail(ErrorCode::damaged,
                    "this draft cannot be read; what was saved before it is untouched", "draft");
    }
    Draft reopened(store, draft, std::move(*opened), find.integer(0) != 0, moves);
    reopened.entered_ = *entered->members();
    return reopened;
}

std::vector<LeftDraft> Draft::list(DeviceStore& store) {
    std::vector<LeftDraft> left;
    Statement find = store.db().prepare(
        "SELECT id, record, form, is_new, changed_ms FROM draft ORDER BY changed_ms DESC, id");
    while (find.step()) {
        left.push_back({find.id<Uuid>(0), find.id<Uuid>(1), std::string(find.text(2)),
                        find.integer(3) != 0, find.integer(4)});
    }
    return left;
}

void Draft::set(const std::string& field, Value typed) {
    dirty_ = true;
    for (auto& [name, value] : entered_) {
        if (name != field) continue;
        value = std::move(typed);
        return;
    }
    entered_.emplace_back(field, std::move(typed));
}

void Draft::autosave() {
    if (!dirty_) return;
    Transaction transaction(store_->db());
    store_->identity().follow_moves(opened_, moves_);
    const std::string opened = encode_record(opened_);
    const std::string entered = canonical_text(Value(entered_));
    Statement put = store_->db().prepare(
        "INSERT INTO draft(id, record, form, is_new, opened, entered, changed_ms) "
        "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) "
        "ON CONFLICT(id) DO UPDATE SET entered=excluded.entered, changed_ms=excluded.changed_ms");
    put.bind_bytes(1, id_.bytes).bind_bytes(2, opened_.id.bytes).bind_text(3, opened_.form);
    put.bind(4, is_new_ ? 1 : 0).bind_text(5, opened).bind_text(6, entered);
    put.bind(7, store_->env().now_ms()).run();
    transaction.commit();
    dirty_ = false;
}

Result<Saved> Draft::commit(const WriteOptions& options) {
    Entry entry{opened_, entered_, is_new_ ? EntryKind::create : EntryKind::edit, moves_};
    auto saved = save_entry(*store_, options, std::move(entry), [this] { remove_row(); });
    if (saved) dirty_ = false;
    return saved;
}

void Draft::discard() {
    remove_row();
    dirty_ = false;
}

void Draft::remove_row() {
    Statement remove = store_->db().prepare("DELETE FROM draft WHERE id=?1");
    remove.bind_bytes(1, id_.bytes).run();
}

}  // namespace zf
