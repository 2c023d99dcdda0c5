#include "client/draft.h"

#include "client/draft_table.h"
#include "common/codec/json.h"
#include "common/codec/record_codec.h"

namespace zf {
namespace {

/// A draft of a new record has no document yet; its canonical text needs an author all the same.
std::string opened_text(const RecordDoc& opened) { return encode_record(opened); }

}  // namespace

void open_draft_table(Db& db) {
    db.execute(
        "CREATE TABLE IF NOT EXISTS draft(id BLOB PRIMARY KEY, is_new INTEGER NOT NULL, "
        "opened TEXT NOT NULL, entered TEXT NOT NULL, changed_ms INTEGER NOT NULL) WITHOUT ROWID");
}

Draft::Draft(DeviceStore& store, Uuid id, RecordDoc opened, bool is_new)
    : store_(&store), id_(id), opened_(std::move(opened)), is_new_(is_new) {}

Result<Draft> Draft::start(DeviceStore& store, const std::string& form) {
    if (!store.log().forms().find(form)) {
        return fail(ErrorCode::unknown_form, "there is no form of this name here", "form");
    }
    RecordDoc fresh;
    fresh.id = store.env().new_uuid();
    fresh.form = form;
    return Draft(store, store.env().new_uuid(), std::move(fresh), true);
}

Result<Draft> Draft::open(DeviceStore& store, const Uuid& record) {
    auto doc = store.log().find_record(record);
    if (!doc) return fail(ErrorCode::unknown_record, "there is no such record here", "record");
    return Draft(store, store.env().new_uuid(), std::move(*doc), false);
}

Result<Draft> Draft::reopen(DeviceStore& store, const Uuid& draft) {
    Statement find =
        store.db().prepare("SELECT is_new, opened, entered FROM draft WHERE id=?1");
    find.bind_bytes(1, draft.bytes);
    if (!find.step()) return fail(ErrorCode::not_found, "there is no such draft", "draft");
    auto opened = decode_record(find.text(1));
    if (!opened) return fail(opened.error());
    const auto entered = parse_json(find.text(2));
    if (!entered || !entered->members()) {
        return fail(ErrorCode::damaged, "this draft cannot be read; discard it", "draft");
    }
    Draft reopened(store, draft, std::move(*opened), find.integer(0) != 0);
    reopened.entered_ = *entered->members();
    reopened.dirty_ = false;
    return reopened;
}

std::vector<Uuid> Draft::list(DeviceStore& store) {
    std::vector<Uuid> ids;
    Statement find = store.db().prepare("SELECT id FROM draft ORDER BY changed_ms DESC, id");
    while (find.step()) ids.push_back(find.id<Uuid>(0));
    return ids;
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
    const std::string opened = opened_text(opened_);
    const std::string entered = canonical_text(Value(entered_));
    Statement put = store_->db().prepare(
        "INSERT INTO draft(id, is_new, opened, entered, changed_ms) VALUES(?1, ?2, ?3, ?4, ?5) "
        "ON CONFLICT(id) DO UPDATE SET entered=excluded.entered, changed_ms=excluded.changed_ms");
    put.bind_bytes(1, id_.bytes).bind(2, is_new_ ? 1 : 0).bind_text(3, opened);
    put.bind_text(4, entered).bind(5, store_->env().now_ms()).run();
    dirty_ = false;
}

Result<Saved> Draft::commit(const WriteOptions& options) {
    const auto end_draft = [this] {
        Statement remove = store_->db().prepare("DELETE FROM draft WHERE id=?1");
        remove.bind_bytes(1, id_.bytes).run();
    };
    const Entry entry{opened_, entered_, is_new_ ? EntryKind::create : EntryKind::edit};
    return save_entry(*store_, options, entry, end_draft);
}

void Draft::discard() {
    Statement remove = store_->db().prepare("DELETE FROM draft WHERE id=?1");
    remove.bind_bytes(1, id_.bytes).run();
}

}  // namespace zf
