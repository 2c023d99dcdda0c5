#include "common/merge/record_view.h"

#include <algorithm>
#include <array>
#include <map>

namespace zf {
namespace {

constexpr std::array<std::string_view, 4> conflict_names{"value", "void", "alias", "rule"};
constexpr std::array<std::string_view, 5> status_names{"saved", "submitted", "checked", "approved",
                                                       "returned"};

using Live = std::vector<LiveValue>;
using LiveFields = std::map<std::string, Live, std::less<>>;

const Live* find_live(const LiveFields& fields, std::string_view name) {
    const auto entry = fields.find(name);
    return entry == fields.end() || entry->second.empty() ? nullptr : &entry->second;
}

const LiveValue& shown_of(const Live& live) {
    return *std::min_element(live.begin(), live.end(), shown_before);
}

std::string row_id(const Value& row) {
    const Value* id = row.find("_row");
    return id && id->text() ? *id->text() : std::string();
}

/// Versions of each row, by `_row`; rows without one (from a foreign client) stand alone.
std::map<std::string, Live> versions_by_row(const Live& live) {
    std::map<std::string, Live> rows;
    for (const LiveValue& version : live) {
        std::string id = row_id(version.value);
        if (id.empty()) id = "dot " + dot_text(version.dot);
        rows[id].push_back(version);
    }
    return rows;
}

Value shown_set(const Field& field, const Live& live) {
    List elements;
    if (field.type == FieldType::repeat) {
        for (const auto& [id, versions] : versions_by_row(live)) {
            elements.push_back(shown_of(versions).value);
        }
    } else {
        for (const LiveValue& element : live) elements.push_back(element.value);
    }
    return canonical_value(field, Value(std::move(elements)));
}

FieldValues values_of(const LiveFields& fields, const Form* form, const Uuid& id) {
    FieldValues values;
    for (const auto& [name, live] : fields) {
        if (name.starts_with("_")) continue;
        Value value = shown_value(form ? form->find(name) : nullptr, live);
        if (!value.is_null()) values.emplace(name, std::move(value));
    }
    if (!form) return values;
    for (const Field& field : form->fields) {
        if (!field.computed) continue;
        const RuleContext context{form, id.text(), &values, nullptr, {}};
        Value value = compute_value(*field.computed, context);
        if (!value.is_null()) values.insert_or_assign(field.name, std::move(value));
    }
    return values;
}

bool void_in(const LiveFields& fields) {
    const Live* live = find_live(fields, field_void);
    if (!live) return false;
    const bool* value = shown_of(*live).value.boolean();
    return value && *value;
}

std::optional<Uuid> alias_in(const LiveFields& fields) {
    const Live* live = find_live(fields, field_alias);
    if (!live) return std::nullopt;
    const std::string* target = shown_of(*live).value.text();
    return target ? parse_uuid(*target) : std::nullopt;
}

/// One write per distinct value, the shown one of each; distinct by canonical text.
Live distinct_values(const Field* field, const Live& live, bool as_row) {
    std::map<std::string, const LiveValue*> by_text;
    for (const LiveValue& value : live) {
        Value whole = as_row ? Value(List{value.value}) : value.value;
        const std::string text =
            canonical_text(field ? canonical_value(*field, whole) : std::move(whole));
        const LiveValue*& best = by_text[text];
        if (!best || shown_before(value, *best)) best = &value;
    }
    Live distinct;
    for (const auto& [text, value] : by_text) distinct.push_back(*value);
    std::sort(distinct.begin(), distinct.end(), shown_before);
    return distinct;
}

void find_value_conflict(const std::string& name, const Field* field, const Live& live,
                         std::vector<Conflict>& out) {
    Conflict conflict{name, ConflictKind::value, {}};
    if (field && field->type == FieldType::repeat) {
        for (const auto& [id, versions] : versions_by_row(live)) {
            Live distinct = distinct_values(field, versions, true);
            if (distinct.size() < 2) continue;
            conflict.values.insert(conflict.values.end(), distinct.begin(), distinct.end());
        }
    } else if (!field || !is_set_typed(field->type)) {
        conflict.values = distinct_values(field, live, false);
        if (conflict.values.size() < 2) conflict.values.clear();
    }
    if (!conflict.values.empty()) out.push_back(std::move(conflict));
}

bool saw_dot(const std::vector<SeenField>& saw, std::string_view field, const Dot& dot) {
    for (const SeenField& seen : saw) {
        if (seen.field == field) {
            return std::binary_search(seen.dots.begin(), seen.dots.end(), dot);
        }
    }
    return false;
}

void find_void_conflict(const RecordDoc& doc, std::vector<Conflict>& out) {
    const Live* voids = find_live(doc.fields, field_void);
    if (!voids) return;
    Live is_true, is_other;
    for (const LiveValue& value : *voids) {
        const bool* flag = value.value.boolean();
        (flag && *flag ? is_true : is_other).push_back(value);
    }
    if (is_true.empty()) return;
    Live unseen;
    // Clang 14 captures no structured binding, and a lambda below needs the name.
    for (const auto& field : doc.fields) {
        if (field.first.starts_with("_")) continue;
        for (const LiveValue& value : field.second) {
            const bool seen =
                std::any_of(is_true.begin(), is_true.end(), [&](const LiveValue& voiding) {
                    return saw_dot(voiding.saw, field.first, value.dot);
                });
            if (!seen) unseen.push_back(value);
        }
    }
    if (unseen.empty() && is_other.empty()) return;
    Conflict conflict{std::string(field_void), ConflictKind::voiding, *voids};
    conflict.values.insert(conflict.values.end(), unseen.begin(), unseen.end());
    std::sort(conflict.values.begin(), conflict.values.end(), shown_before);
    out.push_back(std::move(conflict));
}

bool saw_everything_live(const RecordDoc& doc, const Review& review) {
    for (const auto& [name, live] : doc.fields) {
        if (!is_data_field(name)) continue;
        for (const LiveValue& value : live) {
            if (!saw_dot(review.saw, name, value.dot)) return false;
        }
    }
    return true;
}

}  // namespace

Value shown_value(const Field* field, const std::vector<LiveValue>& live) {
    if (live.empty()) return {};
    if (!field) return shown_of(live).value;
    if (is_set_typed(field->type)) return shown_set(*field, live);
    return canonical_value(*field, shown_of(live).value);
}

FieldValues shown_values(const RecordDoc& doc, const Form* form) {
    return values_of(doc.fields, form, doc.id);
}

FieldValues approved_values(const RecordDoc& doc, const Form* form) {
    if (!doc.reviews.contains(ReviewKind::approved)) return {};
    return values_of(doc.approved, form, doc.id);
}

bool shown_void(const RecordDoc& doc) {
    return void_in(doc.fields);
}
bool approved_void(const RecordDoc& doc) {
    return void_in(doc.approved);
}
std::optional<Uuid> shown_alias(const RecordDoc& doc) {
    return alias_in(doc.fields);
}
std::optional<Uuid> approved_alias(const RecordDoc& doc) {
    return alias_in(doc.approved);
}

std::string_view name_of(ConflictKind kind) {
    return conflict_names.at(static_cast<std::size_t>(kind));
}

std::string_view name_of(Status status) {
    return status_names.at(static_cast<std::size_t>(status));
}

std::vector<Conflict> find_conflicts(const RecordDoc& doc, const Form* form) {
    std::vector<Conflict> conflicts;
    for (const auto& [name, live] : doc.fields) {
        if (live.size() < 2) continue;
        if (name == field_alias) {
            find_value_conflict(name, nullptr, live, conflicts);
        } else if (!name.starts_with("_")) {
            // Whether a field is plain or a set is for the form to say; an unknown one is
            // carried and shown raw.
            const Field* field = form ? form->find(name) : nullptr;
            if (field) find_value_conflict(name, field, live, conflicts);
        }
    }
    find_void_conflict(doc, conflicts);
    std::sort(conflicts.begin(), conflicts.end(),
              [](const Conflict& a, const Conflict& b) { return a.field < b.field; });
    return conflicts;
}

Status status_of(const RecordDoc& doc, bool errors_stand) {
    if (!doc.submitted) return Status::saved;
    if (errors_stand && !shown_void(doc)) return Status::saved;
    const Review* newest = nullptr;
    Status status = Status::submitted;
    for (const auto& [kind, review] : doc.reviews) {
        if (newest && std::pair(review.hlc, review.dot) < std::pair(newest->hlc, newest->dot)) {
            continue;
        }
        if (!saw_everything_live(doc, review)) continue;
        newest = &review;
        status = kind == ReviewKind::checked    ? Status::checked
                 : kind == ReviewKind::approved ? Status::approved
                                                : Status::returned;
    }
    return status;
}

bool has_pending_amendment(const RecordDoc& doc) {
    const auto approval = doc.reviews.find(ReviewKind::approved);
    if (approval == doc.reviews.end()) return false;
    if (!saw_everything_live(doc, approval->second)) return true;
    for (const SeenField& seen : approval->second.saw) {
        const Live* live = find_live(doc.fields, seen.field);
        for (const Dot& dot : seen.dots) {
            if (!live || std::none_of(live->begin(), live->end(),
                                      [&](const LiveValue& v) { return v.dot == dot; })) {
                return true;
            }
        }
    }
    return false;
}

}  // namespace zf
