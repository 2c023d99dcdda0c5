// Indicators as data: what a figure of the report is made of. Plain structs; reading them from
// JSON is common/codec/indicator_codec.h, computing them is common/report/figures.h. Field names
// are dotted paths as written: "amount", "enterprise.deregistered_on", "adoptions.level", "_id".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/base/decimal.h"
#include "common/model/form.h"
#include "common/model/value.h"

namespace zf {

enum class Comparison {
    eq,
    ne,
    lt,
    le,
    gt,
    ge,
    in,
    not_in,
    contains,
    is_null,
    not_null,
    is_null_or_after,
};

/// A point of the period asked for: {"$": "period.year"}.
enum class PeriodPoint { year, start, end, year_start, end_month };

/// The value of another field of the same record: {"$field": "due_date"}.
struct FieldOperand {
    std::string path;
};

using Operand = std::variant<Value, PeriodPoint, FieldOperand>;

/// A comparison of one field, or several conditions of which any or all must hold.
struct Condition {
    enum class Kind { compare, any, all };
    Kind kind = Kind::compare;
    std::string field;
    Comparison comparison = Comparison::eq;
    std::vector<Operand> operands;  // one; several for in and not_in; none for is_null, not_null
    std::vector<Condition> parts;   // of any and all
};

struct PeriodRule {
    enum class Kind { in_period, year_to_date, up_to_end, as_of };
    Kind kind = Kind::in_period;
    std::string field;     // all but as_of
    std::string from, to;  // as_of
};

/// Of the records with equal `by`, only the one with the greatest `order` goes on (a missing order
/// is the smallest); ties: the greater record id. Records without a `by` are a group of their own.
struct LatestPer {
    std::vector<std::string> by;
    std::string order;
};

struct AggregateDefinition {
    enum class Kind { count, sum, count_distinct, latest };
    Kind kind = Kind::count;
    std::string form;
    std::string field;             // empty for count
    std::vector<Condition> where;  // all must hold
    std::optional<PeriodRule> period;
    std::string unnest;  // a repeat field: each of its rows is looked at by itself
    std::optional<LatestPer> latest_per;
    std::string order;  // of latest
};

/// numerator / denominator * scale, both the ids of indicators.
struct RatioDefinition {
    std::string numerator, denominator;
    Decimal scale{1};
};

/// first - second, both the ids of indicators.
struct MinusDefinition {
    std::string first, second;
};

using IndicatorDefinition = std::variant<AggregateDefinition, RatioDefinition, MinusDefinition>;

/// How a figure is shown: divided, rounded half up once, with a suffix.
struct Display {
    std::string unit;               // key of FormCatalog::units; empty: the indicator's own
    std::optional<Decimal> divide;  // by 10000: 万元 as 亿元
    std::optional<int> decimals;    // places kept; nothing: the plain value
    std::string suffix;             // "%"
};

struct Indicator {
    std::string id;
    LocalText label;
    std::string unit;  // key of FormCatalog::units
    IndicatorDefinition definition;
    Display display;
    std::string note;
};

/// All indicators of a bureau, in the order of their file.
struct IndicatorCatalog {
    std::vector<Indicator> indicators;

    [[nodiscard]] const Indicator* find(std::string_view id) const {
        for (const Indicator& indicator : indicators) {
            if (indicator.id == id) return &indicator;
        }
        return nullptr;
    }
};

}  // namespace zf
