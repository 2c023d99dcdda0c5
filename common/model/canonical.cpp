// canonical_value of form.h: what makes two values of a field equal.
#include <algorithm>

#include "common/base/date.h"
#include "common/base/decimal.h"
#include "common/model/form.h"

namespace zf {
namespace {

Value canonical_decimal(const Value& value) {
    const std::string* text = value.text();
    if (text == nullptr) return value;
    const std::optional<Decimal> decimal = Decimal::parse(*text);
    return decimal ? Value(decimal->text()) : value;
}

Value canonical_datetime(const Value& value) {
    const std::string* text = value.text();
    if (text == nullptr) return value;
    const std::optional<std::int64_t> instant = parse_datetime(*text);
    if (!instant) return value;
    std::string canonical = datetime_text(*instant, bureau_offset_minutes);
    // The calendar's first and last hours exist in some zones only.
    return parse_datetime(canonical) == instant ? Value(std::move(canonical)) : value;
}

void sort_members(Members& members) {
    std::stable_sort(members.begin(), members.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
}

Value canonical_geopoint(const Value& value) {
    const Members* members = value.members();
    if (members == nullptr) return value;
    Members result;
    for (const auto& [name, part] : *members) {
        if (part.is_null()) continue;
        const std::int64_t* whole = part.integer();
        result.emplace_back(
            name, whole != nullptr ? Value(std::to_string(*whole)) : canonical_decimal(part));
    }
    sort_members(result);
    return result;
}

Value canonical_row(const Field& repeat, const Members& row) {
    Members result;
    for (const auto& [name, value] : row) {
        const Field* field = repeat.find(name);
        Value canonical = field != nullptr ? canonical_value(*field, value) : value;
        if (!is_empty_value(canonical)) result.emplace_back(name, std::move(canonical));
    }
    sort_members(result);
    return result;
}

/// Elements in the order of their canonical texts; equal ones once, except rows without `_row`.
Value sorted_set(List elements) {
    std::vector<std::pair<std::string, Value>> keyed;
    keyed.reserve(elements.size());
    for (Value& element : elements) {
        std::string key = canonical_text(element);
        keyed.emplace_back(std::move(key), std::move(element));
    }
    std::stable_sort(keyed.begin(), keyed.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    List result;
    const std::string* last = nullptr;
    for (auto& [key, element] : keyed) {
        const bool distinct_rows = element.members() != nullptr && element.find("_row") == nullptr;
        if (last != nullptr && *last == key && !distinct_rows) continue;
        last = &key;
        result.push_back(std::move(element));
    }
    return result;
}

Value canonical_set(const Field& field, const Value& value) {
    const List* list = value.list();
    if (list == nullptr) return value;
    List elements;
    for (const Value& element : *list) {
        if (field.type == FieldType::repeat) {
            const Members* row = element.members();
            if (row == nullptr) return value;
            elements.push_back(canonical_row(field, *row));
        } else {
            if (element.text() == nullptr) return value;
            elements.push_back(element);
        }
    }
    return elements.empty() ? Value() : sorted_set(std::move(elements));
}

}  // namespace

Value canonical_value(const Field& field, const Value& value) {
    if (is_set_typed(field.type)) return canonical_set(field, value);
    switch (field.type) {
        case FieldType::integer:
        case FieldType::boolean:
            return value;
        case FieldType::geopoint:
            return canonical_geopoint(value);
        default:
            break;
    }
    if (value.text() != nullptr && value.text()->empty()) return {};
    if (field.type == FieldType::decimal) return canonical_decimal(value);
    if (field.type == FieldType::datetime) return canonical_datetime(value);
    return value;
}

}  // namespace zf
