#include "common/model/rule_types.h"

#include <algorithm>
#include <array>

#include "common/base/date.h"
#include "common/model/rational.h"

namespace zf {
namespace {

constexpr std::array<OperatorFacts, 21> operators{{
    {"and", Operator::logical_and, 1, operands_unlimited},
    {"or", Operator::logical_or, 1, operands_unlimited},
    {"not", Operator::logical_not, 1, 1},
    {"=", Operator::equal, 2, 2},
    {"!=", Operator::not_equal, 2, 2},
    {"<", Operator::less, 2, 2},
    {"<=", Operator::less_equal, 2, 2},
    {">", Operator::greater, 2, 2},
    {">=", Operator::greater_equal, 2, 2},
    {"in", Operator::in, 2, 2},
    {"isnull", Operator::is_null, 1, 1},
    {"notnull", Operator::not_null, 1, 1},
    {"+", Operator::add, 2, operands_unlimited},
    {"-", Operator::subtract, 2, 2},
    {"or0", Operator::or_zero, 1, 1},
    {"year", Operator::year, 1, 1},
    {"today", Operator::today, 0, 0},
    {"related", Operator::related, 2, 2},
    {"sum_related", Operator::sum_related, 3, 3},
    {"prev", Operator::previous, 2, 2},
    {"abs_change_pct", Operator::abs_change_pct, 2, 2},
}};

}  // namespace

const OperatorFacts* find_operator(std::string_view name) {
    const auto found = std::find_if(operators.begin(), operators.end(),
                                    [&](const OperatorFacts& facts) { return facts.name == name; });
    return found == operators.end() ? nullptr : &*found;
}

bool is_number_kind(ValueKind kind) {
    return kind == ValueKind::integer || kind == ValueKind::decimal || kind == ValueKind::quotient;
}

bool is_calendar_kind(ValueKind kind) {
    return kind == ValueKind::date || kind == ValueKind::month || kind == ValueKind::datetime;
}

std::string_view describe(ValueKind kind) {
    switch (kind) {
        case ValueKind::boolean:
            return "a boolean";
        case ValueKind::integer:
        case ValueKind::decimal:
        case ValueKind::quotient:
            return "a number";
        case ValueKind::date:
            return "a date";
        case ValueKind::month:
            return "a month";
        case ValueKind::datetime:
            return "a datetime";
        case ValueKind::text:
            return "text";
        case ValueKind::list:
            return "a list";
        case ValueKind::unknown:
            break;
    }
    return "a value of unknown type";
}

std::optional<ValueKind> kind_of_literal(const std::string& text, ValueKind kind) {
    if (is_number_kind(kind)) {
        if (Rational::parse(text)) return ValueKind::decimal;
        return std::nullopt;
    }
    if (is_calendar_kind(kind)) {
        if (parse_date(text)) return ValueKind::date;
        if (parse_month(text)) return ValueKind::month;
        if (parse_datetime(text)) return ValueKind::datetime;
        return std::nullopt;
    }
    if (kind == ValueKind::text || kind == ValueKind::unknown) return kind;
    return std::nullopt;
}

std::optional<ValueKind> common_kind(ValueKind a, ValueKind b) {
    if (a == ValueKind::list || b == ValueKind::list) return std::nullopt;
    if (a == b || b == ValueKind::unknown) return a;
    if (a == ValueKind::unknown) return b;
    if (is_number_kind(a) && is_number_kind(b)) return ValueKind::decimal;
    if (is_calendar_kind(a) && is_calendar_kind(b)) {
        const bool months = a == ValueKind::month || b == ValueKind::month;
        return months ? ValueKind::month : ValueKind::date;
    }
    return std::nullopt;
}

ValueKind kind_of(FieldType type) {
    switch (type) {
        case FieldType::integer:
            return ValueKind::integer;
        case FieldType::decimal:
            return ValueKind::decimal;
        case FieldType::boolean:
            return ValueKind::boolean;
        case FieldType::date:
            return ValueKind::date;
        case FieldType::month:
            return ValueKind::month;
        case FieldType::datetime:
            return ValueKind::datetime;
        case FieldType::geopoint:
            return ValueKind::list;
        default:
            return is_set_typed(type) ? ValueKind::list : ValueKind::text;
    }
}

}  // namespace zf
