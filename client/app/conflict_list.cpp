#include "client/app/conflict_list.h"

#include <algorithm>
#include <map>
#include <set>

#include "client/app/fill_box.h"
#include "client/app/record_page.h"
#include "common/model/changeset.h"

namespace zf {
namespace {

using History = std::map<Dot, HistoryEntry>;

/// Everything that a write had before it in its field, itself not included.
std::set<Dot> before(const History& history, const Dot& version) {
    std::set<Dot> found;
    std::vector<Dot> open{version};
    while (!open.empty()) {
        const auto entry = history.find(open.back());
        open.pop_back();
        if (entry == history.end()) continue;
        for (const Dot& dot : entry->second.supersedes) {
            if (found.insert(dot).second) open.push_back(dot);
        }
    }
    return found;
}

void find_base(const History& history, OpenConflict& conflict) {
    std::set<Dot> common;
    bool is_first = true;
    for (const ConflictSide& side : conflict.sides) {
        const std::set<Dot> own = before(history, side.live.dot);
        if (is_first) common = own;
        std::erase_if(common, [&](const Dot& dot) { return !own.contains(dot); });
        is_first = false;
    }
    const std::set<Dot> all = common;
    for (const Dot& dot : all) {
        for (const Dot& older : before(history, dot)) common.erase(older);
    }
    for (const Dot& dot : common) {
        const auto entry = history.find(dot);
        if (entry == history.end() || !entry->second.value) continue;
        conflict.base.push_back(*entry->second.value);
        if (entry->second.at_ms < conflict.base_at_ms) continue;
        conflict.base_at_ms = entry->second.at_ms;
        conflict.base_user = entry->second.user;
    }
}

OpenConflict open_conflict(DeviceStore& store, const Form* form, const Conflict& conflict,
                           const History& history) {
    OpenConflict open;
    open.field = conflict.field;
    open.kind = conflict.kind;
    for (const LiveValue& live : conflict.values) {
        ConflictSide side;
        side.live = live;
        side.field = conflict.field;
        side.is_of_this_laptop = live.dot.device == store.device();
        side.device = name_of_device(store, live.dot.device);
        const auto entry = history.find(live.dot);
        if (entry != history.end()) {
            side.field = entry->second.field;
            side.user = entry->second.user;
            side.at_ms = entry->second.at_ms;
        }
        open.sides.push_back(std::move(side));
    }
    std::sort(
        open.sides.begin(), open.sides.end(),
        [](const ConflictSide& a, const ConflictSide& b) { return shown_before(a.live, b.live); });
    if (open.kind == ConflictKind::value) find_base(history, open);
    if (open.kind != ConflictKind::rule || !form) return open;
    for (const Rule& rule : form->rules) {
        if (rule.id != conflict.field) continue;
        open.rule = rule.message;
        open.rule_fields = fields_read_by(*rule.expression, *form);
    }
    return open;
}

}  // namespace

std::optional<RecordConflicts> conflicts_of_record(DeviceStore& store, const Uuid& record,
                                                   Language language) {
    const auto view = view_record(store, record);
    if (!view || view->conflicts.empty()) return std::nullopt;
    const auto entries = history_of(store, record, "");
    if (!entries) return std::nullopt;
    History history;
    for (const HistoryEntry& entry : *entries) {
        if (!entry.set_aside) history.emplace(entry.version, entry);
    }
    const Form* form = store.log().forms().find(view->doc.form);
    RecordConflicts found;
    found.record = record;
    found.form = view->doc.form;
    found.title = title_of_record(store, view->doc, language);
    for (const Conflict& conflict : view->conflicts) {
        found.conflicts.push_back(open_conflict(store, form, conflict, history));
    }
    for (const auto& [name, value] : view->values) {
        const Field* field = form ? form->find(name) : nullptr;
        if (!field || !holds_files(field->type) || !value.list()) continue;
        for (const Value& one : *value.list()) {
            const auto hash = one.text() ? parse_hash256(*one.text()) : std::nullopt;
            if (hash && store.blobs().has(*hash)) found.evidence.push_back(*hash);
        }
    }
    return found;
}

std::vector<Uuid> records_in_conflict(RecordLines& lines, std::size_t count_max) {
    std::vector<Uuid> records;
    Statement find =
        lines.db().prepare("SELECT id FROM line WHERE state & 4 ORDER BY updated_ms DESC LIMIT ?1");
    find.bind(1, static_cast<std::int64_t>(count_max));
    while (find.step()) records.push_back(find.id<Uuid>(0));
    return records;
}

std::int64_t count_in_conflict(RecordLines& lines) {
    Statement count = lines.db().prepare("SELECT COUNT(*) FROM line WHERE state & 4");
    count.step();
    return count.integer(0);
}

Result<Saved> settle_on(DeviceStore& store, const WriteOptions& options, const Uuid& record,
                        const OpenConflict& conflict, const ConflictSide& side) {
    // Of a void conflict a side that wrote data speaks for the record to stay.
    if (conflict.kind == ConflictKind::voiding) {
        const bool* voids = side.field == field_void ? side.live.value.boolean() : nullptr;
        const bool stays_void = voids && *voids;
        return resolve_record(store, options, record,
                              {{std::string(field_void), Value(stays_void)}});
    }
    return pick_version(store, options, record, conflict.field, dot_text(side.live.dot));
}

std::vector<Settling> settling_of_all(const RecordConflicts& record, bool is_for_this_laptop) {
    std::vector<Settling> all;
    for (const OpenConflict& conflict : record.conflicts) {
        if (conflict.kind != ConflictKind::value) continue;
        const auto side = std::find_if(
            conflict.sides.begin(), conflict.sides.end(),
            [&](const ConflictSide& one) { return one.is_of_this_laptop == is_for_this_laptop; });
        const auto mine = std::count_if(conflict.sides.begin(), conflict.sides.end(),
                                        [](const auto& one) { return one.is_of_this_laptop; });
        if (conflict.sides.size() != 2 || mine != 1) return {};
        all.push_back({&conflict, &*side});
    }
    return all.size() > 1 ? all : std::vector<Settling>{};
}

}  // namespace zf
