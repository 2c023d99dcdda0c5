// Conflicts that one document alone does not show: joins in a cycle, and rules that only the
// merge of two people's edits breaks.
#include <algorithm>
#include <map>
#include <set>

#include "common/codec/changeset_codec.h"
#include "common/store/store_records.h"

namespace zf {
namespace {

/// The document as the author of `head` saw it right after that changeset: the fold of its
/// causal past on this record.
RecordDoc view_of_head(const Uuid& id, const std::map<ChangesetRef, Changeset>& history,
                       const std::vector<ChangesetRef>& order, const ChangesetRef& head) {
    std::set<ChangesetRef> past{head};
    // Children come after their parents in `order`, so one pass backwards closes the set.
    for (std::size_t i = order.size(); i-- > 0;) {
        if (!past.contains(order[i])) continue;
        for (const TouchedRecord& touched : history.at(order[i]).records) {
            if (touched.id != id) continue;
            past.insert(touched.parents.begin(), touched.parents.end());
        }
    }
    RecordDoc view;
    view.id = id;
    const FindWrite find_write = [&](const Dot& dot) -> std::optional<LiveValue> {
        const auto entry = history.find({dot.device, dot.seq});
        if (entry == history.end()) return std::nullopt;
        const auto n = static_cast<std::size_t>(dot.n);
        if (n >= entry->second.ops.size() || !entry->second.ops[n].value) return std::nullopt;
        return LiveValue{dot, entry->second.hlc, *entry->second.ops[n].value,
                         entry->second.ops[n].saw};
    };
    for (const ChangesetRef& ref : order) {
        if (past.contains(ref)) apply_changeset(view, history.at(ref), find_write);
    }
    return view;
}

std::vector<std::string> broken_error_rules(ChangeLog& log, const RecordDoc& doc, const Date& today,
                                            const StoreRecords& source) {
    std::vector<std::string> ids;
    const Form* form = log.forms().find(doc.form);
    if (!form) return ids;
    const FieldValues values = shown_values(doc, form);
    const RuleContext context{form, doc.id.text(), &values, &source, today};
    for (const Rule& rule : form->rules) {
        if (rule.level == Level::error && !rule_holds(*rule.expression, context)) {
            ids.push_back(rule.id);
        }
    }
    return ids;
}

std::vector<LiveValue> values_read_by(const RecordDoc& doc, const Form& form, const Rule& rule) {
    std::vector<LiveValue> values;
    for (const std::string& field : fields_read_by(*rule.expression, form)) {
        const auto live = doc.fields.find(field);
        if (live == doc.fields.end()) continue;
        values.insert(values.end(), live->second.begin(), live->second.end());
    }
    return values;
}

void find_rule_conflicts(ChangeLog& log, const RecordDoc& doc, const Date& today,
                         std::vector<Conflict>& out) {
    if (doc.heads.size() < 2 || shown_void(doc)) return;
    const StoreRecords source(log, ReadValues::shown);
    std::vector<std::string> broken = broken_error_rules(log, doc, today, source);
    if (broken.empty()) return;
    std::map<ChangesetRef, Changeset> history;
    std::vector<ChangesetRef> order;
    for (const StoredChangeset& stored : log.changesets_of(doc.id)) {
        auto changeset = decode_changeset(stored.signed_changeset.bytes);
        if (!changeset) throw DbError(0, "a stored changeset is damaged; run verify");
        order.push_back({changeset->device, changeset->seq});
        history.emplace(order.back(), std::move(*changeset));
    }
    for (const ChangesetRef& head : doc.heads) {
        const RecordDoc view = view_of_head(doc.id, history, order, head);
        const auto own = broken_error_rules(log, view, today, source);
        std::erase_if(broken, [&](const std::string& rule) {
            return std::find(own.begin(), own.end(), rule) != own.end();
        });
    }
    const Form* form = log.forms().find(doc.form);
    for (const Rule& rule : form->rules) {
        if (std::find(broken.begin(), broken.end(), rule.id) == broken.end()) continue;
        out.push_back({rule.id, ConflictKind::rule, values_read_by(doc, *form, rule)});
    }
}

}  // namespace

std::vector<Conflict> conflicts_of(ChangeLog& log, const RecordDoc& doc, const Date& today) {
    std::vector<Conflict> conflicts = find_conflicts(doc, log.forms().find(doc.form));
    if (shown_alias(doc) && log.follow_joins(doc.id).in_cycle) {
        conflicts.push_back(
            {std::string(field_alias), ConflictKind::alias, doc.fields.find(field_alias)->second});
    }
    find_rule_conflicts(log, doc, today, conflicts);
    return conflicts;
}

std::vector<StoredConflict> open_conflicts(ChangeLog& log, const Date& today) {
    std::set<Uuid> records;
    for (const StoredConflict& conflict : log.conflicts()) records.insert(conflict.record);
    for (const Uuid& id : log.joined_records()) records.insert(id);
    for (const Uuid& id : log.records_worked_on_apart()) records.insert(id);
    std::vector<StoredConflict> all;
    for (const Uuid& id : records) {
        const auto doc = log.find_record(id);
        if (!doc) continue;
        for (const Conflict& conflict : conflicts_of(log, *doc, today)) {
            all.push_back({id, doc->form, conflict.field, conflict.kind});
        }
    }
    return all;
}

}  // namespace zf
