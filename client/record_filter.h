// Which records of a list a reader asked for: comparisons of shown values with constants, by the
// field's type. Pure; knows no store.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/model/form.h"
#include "common/model/rule.h"

namespace zf {

/// How a field is compared: "eq", "ne", "lt", "le", "gt", "ge", "contains", "is_null".
enum class ListComparison { eq, ne, lt, le, gt, ge, contains, is_null };
std::optional<ListComparison> parse_list_comparison(std::string_view name);

struct ListCondition {
    std::string field;
    ListComparison comparison = ListComparison::eq;
    Value value;  // unused by is_null
};

/// Whether the conditions make sense for a form: fields that exist (`_void` and `_alias_of` do),
/// values of their types, an order where one is asked for. Errors: `unknown_field`, `wrong_type`,
/// `unknown_choice`, where = "where.FIELD". `form` may be null: then any field will do.
Result<void> check_conditions(const FormCatalog& forms, const Form* form,
                              const std::vector<ListCondition>& conditions);

/// Whether a record with these shown values meets all conditions. A missing value equals null and
/// nothing else, and meets no other comparison; `contains` looks for an element of a set or a
/// part of a text.
bool meets_conditions(const Form* form, const FieldValues& values,
                      const std::vector<ListCondition>& conditions);

}  // namespace zf
