#include "client/record_filter.h"

#include <algorithm>
#include <array>
#include <compare>

#include "common/base/date.h"
#include "common/base/decimal.h"
#include "common/model/changeset.h"

namespace zf {
namespace {

constexpr std::array<std::string_view, 8> comparison_names{"eq", "ne", "lt",       "le",
                                                           "gt", "ge", "contains", "is_null"};

bool has_order(FieldType type) {
    return !is_set_typed(type) && type != FieldType::boolean && type != FieldType::geopoint;
}

/// The fields of a record that no form names.
const Field* find_envelope_field(std::string_view name) {
    static const auto make = [](std::string_view field, FieldType type) {
        Field made;
        made.name = std::string(field);
        made.type = type;
        return made;
    };
    static const Field voided = make(field_void, FieldType::boolean);
    static const Field alias = make(field_alias, FieldType::ref);
    return name == field_void ? &voided : name == field_alias ? &alias : nullptr;
}

const Field* find_field(const Form* form, std::string_view name) {
    if (const Field* envelope = find_envelope_field(name)) return envelope;
    return form ? form->find(name) : nullptr;
}

/// What a constant must be for this comparison: one element, where a set is searched.
Field type_of_constant(const Field& field, ListComparison comparison) {
    Field type = field;
    type.computed = nullptr;  // nobody sets it here
    if (comparison == ListComparison::contains && is_set_typed(field.type)) {
        switch (field.type) {
            case FieldType::multi_choice:
                type.type = FieldType::choice;
                break;
            case FieldType::ref_multi:
                type.type = FieldType::ref;
                break;
            default:
                type.type = FieldType::text;
        }
    }
    return type;
}

Result<void> check_condition(const FormCatalog& forms, const Field& field,
                             const ListCondition& condition, const std::string& where) {
    const ListComparison comparison = condition.comparison;
    if (comparison == ListComparison::is_null) return {};
    const bool asks_order = comparison != ListComparison::eq && comparison != ListComparison::ne &&
                            comparison != ListComparison::contains;
    if (asks_order && !has_order(field.type)) {
        return fail(ErrorCode::wrong_type, "values of this field have no order; use eq or contains",
                    where);
    }
    if (comparison == ListComparison::contains &&
        (field.type == FieldType::repeat ||
         (!is_set_typed(field.type) && !condition.value.text()))) {
        return fail(ErrorCode::wrong_type, "contains looks for a text, or for an element of a set",
                    where);
    }
    // A part of a text need not be a value of the field.
    if (comparison == ListComparison::contains && !is_set_typed(field.type)) return {};
    for (const Issue& issue :
         check_value(forms, type_of_constant(field, comparison), condition.value)) {
        if (issue.code == "unknown_choice") {
            return fail(ErrorCode::unknown_choice, issue.message.en, where);
        }
        if (issue.code == "wrong_type") {
            return fail(ErrorCode::wrong_type, issue.message.en, where);
        }
    }
    return {};
}

std::optional<std::strong_ordering> compare(const Field* field, const Value& a, const Value& b) {
    const auto number = [](const Value& value) -> std::optional<Decimal> {
        if (value.integer()) return Decimal(*value.integer());
        return value.text() ? Decimal::parse(*value.text()) : std::nullopt;
    };
    if (!field || is_number(field->type)) {
        const auto left = number(a), right = number(b);
        if (left && right) return *left <=> *right;
        if (field) return std::nullopt;
    }
    if (!a.text() || !b.text()) return std::nullopt;
    if (field && field->type == FieldType::datetime) {
        const auto left = parse_datetime(*a.text()), right = parse_datetime(*b.text());
        if (!left || !right) return std::nullopt;
        return *left <=> *right;
    }
    return *a.text() <=> *b.text();
}

bool contains(const Value& shown, const Value& wanted) {
    if (const List* list = shown.list()) {
        return std::find(list->begin(), list->end(), wanted) != list->end();
    }
    return shown.text() && wanted.text() && shown.text()->find(*wanted.text()) != std::string::npos;
}

bool meets(const Form* form, const FieldValues& values, const ListCondition& condition) {
    const Field* field = find_field(form, condition.field);
    const auto entry = values.find(condition.field);
    const Value shown = entry == values.end() ? Value() : entry->second;
    if (condition.comparison == ListComparison::is_null) return shown.is_null();
    const Value wanted = field ? canonical_value(*field, condition.value) : condition.value;
    switch (condition.comparison) {
        case ListComparison::eq:
            return shown == wanted;
        case ListComparison::ne:
            return !shown.is_null() && shown != wanted;
        case ListComparison::contains:
            return contains(shown, condition.value);
        default:
            break;
    }
    const auto order = compare(field, shown, wanted);
    if (!order) return false;
    switch (condition.comparison) {
        case ListComparison::lt:
            return *order < 0;
        case ListComparison::le:
            return *order <= 0;
        case ListComparison::gt:
            return *order > 0;
        default:
            return *order >= 0;
    }
}

}  // namespace

std::optional<ListComparison> parse_list_comparison(std::string_view name) {
    const auto found = std::find(comparison_names.begin(), comparison_names.end(), name);
    if (found == comparison_names.end()) return std::nullopt;
    return static_cast<ListComparison>(found - comparison_names.begin());
}

Result<void> check_conditions(const FormCatalog& forms, const Form* form,
                              const std::vector<ListCondition>& conditions) {
    for (const ListCondition& condition : conditions) {
        const std::string where = "where." + condition.field;
        const Field* field = find_field(form, condition.field);
        if (!field && form) {
            return fail(ErrorCode::unknown_field,
                        "the form " + form->id + " has no field of this name", where);
        }
        if (field) ZF_CHECK(check_condition(forms, *field, condition, where));
    }
    return {};
}

bool meets_conditions(const Form* form, const FieldValues& values,
                      const std::vector<ListCondition>& conditions) {
    return std::all_of(conditions.begin(), conditions.end(), [&](const ListCondition& condition) {
        return meets(form, values, condition);
    });
}

}  // namespace zf
