// What a LogBatch writes besides the log itself: documents and all that is derived from them.
#include <algorithm>

#include "common/base/assert.h"
#include "common/codec/record_codec.h"
#include "common/model/natural_key.h"
#include "common/store/attachments.h"
#include "common/store/log_batch.h"
#include "common/store/record_changes.h"
#include "common/store/schema.h"

namespace zf {
namespace {

bool may_conflict(const RecordDoc& doc) {
    for (const auto& [field, live] : doc.fields) {
        if (live.size() > 1 || field == field_void) return true;
    }
    return false;
}

void collect_references(const Field& field, const Value& value, std::vector<Uuid>& out) {
    const auto take = [&](const Value& text) {
        if (!text.text()) return;
        if (const auto id = parse_uuid(*text.text())) out.push_back(*id);
    };
    switch (field.type) {
        case FieldType::ref:
            take(value);
            break;
        case FieldType::ref_multi:
            take(value);  // one live value is one element
            break;
        case FieldType::repeat:
            for (const Field& sub : field.fields) {
                const Value* part = value.find(sub.name);
                if (!part) continue;
                if (const List* list = part->list()) {
                    for (const Value& element : *list) collect_references(sub, element, out);
                } else {
                    collect_references(sub, *part, out);
                }
            }
            break;
        default:
            break;
    }
}

const LiveValue* shown_of(const RecordDoc& doc, std::string_view field) {
    const auto entry = doc.fields.find(field);
    if (entry == doc.fields.end() || entry->second.empty()) return nullptr;
    return &*std::min_element(entry->second.begin(), entry->second.end(), shown_before);
}

}  // namespace

std::vector<Uuid> LogBatch::references_of(const RecordDoc& doc) const {
    std::vector<Uuid> targets;
    const Form* form = log_.forms_->find(doc.form);
    if (!form) return targets;
    for (const Field& field : form->fields) {
        if (field.type != FieldType::ref && field.type != FieldType::ref_multi &&
            field.type != FieldType::repeat) {
            continue;
        }
        // Approved values may refer to what a pending amendment has replaced.
        for (const auto* fields : {&doc.fields, &doc.approved}) {
            const auto entry = fields->find(field.name);
            if (entry == fields->end()) continue;
            for (const LiveValue& live : entry->second) {
                collect_references(field, live.value, targets);
            }
        }
    }
    std::sort(targets.begin(), targets.end());
    targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
    return targets;
}

void LogBatch::note_attachments(const RecordDoc& doc) {
    const Form* form = log_.forms_->find(doc.form);
    if (!form) return;
    for (const Field& field : form->fields) {
        if (!holds_attachments(field.type) && field.type != FieldType::repeat) continue;
        const auto entry = doc.fields.find(field.name);
        if (entry == doc.fields.end()) continue;
        for (const LiveValue& live : entry->second) {
            std::vector<Hash256> hashes;
            collect_attachments(field, live.value, hashes);
            for (const Hash256& hash : hashes) {
                Statement add =
                    db_.prepare("INSERT OR IGNORE INTO attachment(hash, named_ms) VALUES(?1, ?2)");
                add.bind_bytes(1, hash.bytes).bind(2, live.hlc.ms).run();
            }
        }
    }
}

std::optional<std::string> LogBatch::natural_key_of_record(const RecordDoc& doc) {
    const Form* form = log_.forms_->find(doc.form);
    if (!form || form->natural_key.empty()) return std::nullopt;
    FieldValues values;
    for (const std::string& name : form->natural_key) {
        const auto entry = doc.fields.find(name);
        if (entry == doc.fields.end()) return std::nullopt;
        values.emplace(name, shown_value(form->find(name), entry->second));
    }
    return natural_key_of(*form, values, [this](std::string_view id) {
        const auto target = parse_uuid(id);
        return target ? log_.join_target(*target).text() : std::string(id);
    });
}

std::string LogBatch::effective_area(const std::optional<std::string>& area,
                                     const std::optional<Uuid>& area_from) {
    if (area) return *area;
    if (!area_from) return {};
    Statement find = db_.prepare("SELECT area FROM record WHERE id=?1");
    find.bind_bytes(1, area_from->bytes);
    if (!find.step() || find.is_null(0)) return {};
    return std::string(find.text(0));
}

void LogBatch::set_area(const RecordRow& row, Derived& now) {
    const Form* form = log_.forms_->find(row.doc.form);
    if (!form || form->area.empty()) return;
    const std::size_t dot = form->area.find('.');
    const LiveValue* live = shown_of(row.doc, form->area.substr(0, dot));
    if (!live || !live->value.text()) return;
    if (dot == std::string::npos) {
        now.area = *live->value.text();
    } else {
        now.area_from = parse_uuid(*live->value.text());
    }
}

void LogBatch::note_area_move(const Uuid& id, const std::string& from, const std::string& to) {
    Statement note = db_.prepare(
        "INSERT INTO area_move(ssn, record, from_area, to_area) VALUES(?1, ?2, ?3, ?4)");
    note.bind(1, ssn_).bind_bytes(2, id.bytes).bind_text(3, from).bind_text(4, to).run();
}

void LogBatch::write_references(const RecordRow& row, const std::vector<Uuid>& now) {
    for (const Uuid& old : row.derived.references) {
        if (std::binary_search(now.begin(), now.end(), old)) continue;
        Statement remove = db_.prepare("DELETE FROM reference WHERE target=?1 AND record=?2");
        remove.bind_bytes(1, old.bytes).bind(2, row.n).run();
    }
    for (const Uuid& target : now) {
        Statement add =
            db_.prepare("INSERT OR IGNORE INTO reference(target, record) VALUES(?1, ?2)");
        add.bind_bytes(1, target.bytes).bind(2, row.n).run();
    }
}

void LogBatch::write_conflicts(const RecordRow& row, std::int64_t& count) {
    std::vector<Conflict> conflicts;
    const Form* form = log_.forms_->find(row.doc.form);
    if (form && may_conflict(row.doc)) conflicts = find_conflicts(row.doc, form);
    if (row.derived.conflicts > 0) {
        Statement remove = db_.prepare("DELETE FROM conflict WHERE record=?1");
        remove.bind(1, row.n).run();
    }
    for (const Conflict& conflict : conflicts) {
        Statement add = db_.prepare("INSERT INTO conflict(record, field, kind) VALUES(?1, ?2, ?3)");
        add.bind(1, row.n)
            .bind_text(2, conflict.field)
            .bind(3, static_cast<int>(conflict.kind))
            .run();
    }
    count = static_cast<std::int64_t>(conflicts.size());
}

void LogBatch::write_record(RecordRow& row) {
    std::string text = encode_record(row.doc);
    Derived now;
    if (const LiveValue* alias = shown_of(row.doc, field_alias); alias && alias->value.text()) {
        now.alias = parse_uuid(*alias->value.text());
    }
    now.natural_key = natural_key_of_record(row.doc);
    set_area(row, now);
    now.references = references_of(row.doc);
    write_references(row, now.references);
    note_attachments(row.doc);
    write_conflicts(row, now.conflicts);

    const std::string area_before =
        row.is_new ? std::string() : effective_area(row.derived.area, row.derived.area_from);
    Statement put = db_.prepare(
        "INSERT INTO record(n, id, form, doc, natural_key, alias, area, area_from, heads, "
        "conflicts, approved_alias, revision) "
        "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) "
        "ON CONFLICT(n) DO UPDATE SET form=excluded.form, doc=excluded.doc, "
        "natural_key=excluded.natural_key, alias=excluded.alias, area=excluded.area, "
        "area_from=excluded.area_from, heads=excluded.heads, conflicts=excluded.conflicts, "
        "approved_alias=excluded.approved_alias, revision=excluded.revision");
    put.bind(1, row.n).bind_bytes(2, row.doc.id.bytes).bind_text(3, row.doc.form);
    put.bind_text(4, text);
    if (now.natural_key) put.bind_text(5, *now.natural_key);
    if (now.alias) put.bind_bytes(6, now.alias->bytes);
    if (now.area) put.bind_text(7, *now.area);
    if (now.area_from) put.bind_bytes(8, now.area_from->bytes);
    put.bind(9, static_cast<std::int64_t>(row.doc.heads.size())).bind(10, now.conflicts);
    const auto joined = approved_alias(row.doc);
    if (joined) put.bind_bytes(11, joined->bytes);
    put.bind(12, ++revision_);
    put.run();

    const std::string area_after = effective_area(now.area, now.area_from);
    // While rebuilding, the moves are known already, with their numbers.
    if (log_.role_ == StoreRole::server && !rebuilt_only_ && area_before != area_after) {
        if (!row.is_new) note_area_move(row.doc.id, area_before, area_after);
        std::vector<Uuid> inheriting;
        Statement find = db_.prepare("SELECT id FROM record WHERE area_from=?1");
        find.bind_bytes(1, row.doc.id.bytes);
        while (find.step()) inheriting.push_back(find.id<Uuid>(0));
        for (const Uuid& id : inheriting) note_area_move(id, area_before, area_after);
    }
    if (now.alias != row.derived.alias) rekey_referring(row.doc.id);

    Statement todo = db_.prepare("INSERT OR IGNORE INTO search_todo(record) VALUES(?1)");
    todo.bind(1, row.n).run();
    written_docs_.emplace_back(row.n, std::move(text));
    row.derived = std::move(now);
    row.is_new = row.dirty = false;
}

/// A join or un-join changes what references to the record mean, and so the natural keys of the
/// records that refer to it or to anything joined into it.
void LogBatch::rekey_referring(const Uuid& joined) {
    std::vector<Uuid> sources{joined};
    for (std::size_t i = 0; i < sources.size(); ++i) {
        const Uuid source = sources[i];
        Statement into = db_.prepare("SELECT id FROM record WHERE alias=?1");
        into.bind_bytes(1, source.bytes);
        while (into.step()) {
            const Uuid id = into.id<Uuid>(0);
            if (std::find(sources.begin(), sources.end(), id) == sources.end()) {
                sources.push_back(id);
            }
        }
    }
    for (const Uuid& source : sources) {
        for (const Uuid& referring : log_.referring_to(source)) {
            RecordRow& row = record(referring);
            if (row.dirty) continue;  // will be written with its new key anyway
            const auto key = natural_key_of_record(row.doc);
            if (key == row.derived.natural_key) continue;
            Statement set = db_.prepare("UPDATE record SET natural_key=?2 WHERE n=?1");
            set.bind(1, row.n);
            if (key) set.bind_text(2, *key);
            set.run();
            row.derived.natural_key = key;
        }
    }
}

void LogBatch::drop_record(const Uuid& id) {
    Statement find = db_.prepare("SELECT n FROM record WHERE id=?1");
    find.bind_bytes(1, id.bytes);
    if (!find.step()) return;
    const std::int64_t n = find.integer(0);
    find.reset();
    Statement mark = db_.prepare(
        "UPDATE changeset SET standing=3 WHERE standing=0 AND key IN "
        "(SELECT changeset FROM record_changeset WHERE record=?1)");
    mark.bind(1, n).run();
    for (const char* sql :
         {"DELETE FROM record_changeset WHERE record=?1", "DELETE FROM conflict WHERE record=?1",
          "DELETE FROM reference WHERE record=?1", "DELETE FROM search WHERE rowid=?1",
          "DELETE FROM search_todo WHERE record=?1", "DELETE FROM record WHERE n=?1"}) {
        Statement remove = db_.prepare(sql);
        remove.bind(1, n).run();
    }
    note_dropped(db_, ++revision_);
    records_.erase(id);
    std::erase(order_, id);
}

void LogBatch::rederive_all() {
    std::vector<Uuid> ids;
    {
        Statement all = db_.prepare("SELECT id FROM record ORDER BY n");
        while (all.step()) ids.push_back(all.id<Uuid>(0));
    }
    // References found with the old forms cannot be told apart from those of the new ones.
    db_.execute("DELETE FROM reference");
    for (const Uuid& id : ids) {
        RecordRow& row = record(id);
        row.derived.references.clear();
        row.dirty = true;
    }
}

void LogBatch::write_devices() {
    for (const auto& [id, row] : devices_) {
        if (!row.dirty) continue;
        Statement put = db_.prepare(
            "UPDATE device SET head_seq=?2, head_hash=?3, delivered_seq=?4, complete_seq=?5 WHERE "
            "n=?1");
        put.bind(1, row.n)
            .bind(2, row.head_seq)
            .bind(4, row.delivered_seq)
            .bind(5, row.complete_seq);
        if (row.head_hash) put.bind_bytes(3, row.head_hash->bytes);
        put.run();
    }
}

void LogBatch::check_written() {
    for (const Written& written : written_) {
        Statement find = db_.prepare("SELECT bytes FROM changeset WHERE key=?1");
        find.bind(1, written.key);
        if (!find.step() || find.blob(0) != written.bytes) {
            throw DbError(0,
                          "a changeset read back differs from what was written; nothing was "
                          "saved: check the disk");
        }
    }
    for (const auto& [n, text] : written_docs_) {
        Statement find = db_.prepare("SELECT doc FROM record WHERE n=?1");
        find.bind(1, n);
        if (!find.step() || find.text(0) != text) {
            throw DbError(0,
                          "a record read back differs from what was written; nothing was "
                          "saved: check the disk");
        }
    }
}

}  // namespace zf
