// The operators of rules and the types of their operands: what parse_expression checks against.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "common/model/rule.h"

namespace zf {

inline constexpr std::size_t operands_unlimited = 64;  // far more than a rule people can read

struct OperatorFacts {
    std::string_view name;
    Operator op;
    std::size_t operands_min, operands_max;
};

/// By the name in form files; nothing when unknown.
const OperatorFacts* find_operator(std::string_view name);

bool is_number_kind(ValueKind kind);
/// Dates, months and datetimes.
bool is_calendar_kind(ValueKind kind);
/// "a number", "a date": for messages.
std::string_view describe(ValueKind kind);

/// How a literal text is read beside an operand of `kind`; nothing when it cannot be.
std::optional<ValueKind> kind_of_literal(const std::string& text, ValueKind kind);

/// What two kinds are compared as, dates and months as the coarser of the two; nothing when they
/// cannot be compared.
std::optional<ValueKind> common_kind(ValueKind a, ValueKind b);

}  // namespace zf
