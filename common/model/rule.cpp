#include "common/model/rule.h"

#include <algorithm>
#include <charconv>
#include <compare>
#include <variant>

#include "common/base/assert.h"
#include "common/model/rational.h"

namespace zf {
namespace {

/// What an operand that is missing does to a comparison.
enum class Missing { holds, fails, spreads };

/// There is a value, but none that can be compared: a list, a place.
struct Present {
    bool operator==(const Present&) const = default;
};

/// The value of an expression; monostate = missing.
using Operand = std::variant<std::monostate, bool, Rational, std::string, Present>;

bool is_missing(const Operand& operand) {
    return std::holds_alternative<std::monostate>(operand);
}

Operand number_operand(const Value& value) {
    if (const std::int64_t* whole = value.integer()) return Rational(*whole);
    if (const std::string* text = value.text()) {
        if (const auto number = Rational::parse(*text)) return *number;
    }
    return std::monostate{};
}

/// Reads a value as its field's type has it; one that does not fit is missing.
Operand operand_of(const Value& value, ValueKind kind) {
    if (is_empty_value(value)) return std::monostate{};
    const bool* boolean = value.boolean();
    const std::string* text = value.text();
    switch (kind) {
        case ValueKind::boolean:
            return boolean != nullptr ? Operand(*boolean) : std::monostate{};
        case ValueKind::integer:
        case ValueKind::decimal:
        case ValueKind::quotient:
            return number_operand(value);
        case ValueKind::list:
            return Present{};
        case ValueKind::unknown:
            if (boolean != nullptr) return *boolean;
            if (value.integer() != nullptr) return number_operand(value);
            return text != nullptr ? Operand(*text) : Present{};
        default:
            return text != nullptr ? Operand(*text) : std::monostate{};
    }
}

/// A calendar text of any of the three precisions as a day at the bureau.
std::optional<Date> day_of(const std::string& text) {
    if (const auto date = parse_date(text)) return date;
    if (const auto month = parse_month(text)) return first_day(*month);
    if (const auto instant = parse_datetime(text)) return date_at(*instant, bureau_offset_minutes);
    return std::nullopt;
}

/// An operand ready for comparing; both sides hold the same alternative or cannot be compared.
using Comparable = std::variant<std::monostate, bool, std::int64_t, Rational, std::string>;

Comparable calendar_comparable(const std::string& text, ValueKind kind) {
    if (kind == ValueKind::datetime) {
        const auto instant = parse_datetime(text);
        return instant ? Comparable(*instant) : std::monostate{};
    }
    const std::optional<Date> day = day_of(text);
    if (!day) return std::monostate{};
    if (kind == ValueKind::month) return std::int64_t{day->year} * 12 + day->month;
    return days_of(*day);
}

Comparable comparable(const Operand& operand, ValueKind kind) {
    const std::string* text = std::get_if<std::string>(&operand);
    switch (kind) {
        case ValueKind::date:
        case ValueKind::month:
        case ValueKind::datetime:
            return text != nullptr ? calendar_comparable(*text, kind) : std::monostate{};
        case ValueKind::integer:
        case ValueKind::decimal:
        case ValueKind::quotient:
            if (text != nullptr) {
                const auto number = Rational::parse(*text);
                return number ? Comparable(*number) : std::monostate{};
            }
            break;
        default:
            break;
    }
    if (text != nullptr) return *text;
    if (const bool* boolean = std::get_if<bool>(&operand)) return *boolean;
    if (const Rational* number = std::get_if<Rational>(&operand)) return *number;
    return std::monostate{};
}

/// Nothing when one of the two is missing or they are of different types.
std::optional<std::strong_ordering> compare(const Operand& a, const Operand& b, ValueKind kind) {
    const Comparable left = comparable(a, kind);
    const Comparable right = comparable(b, kind);
    if (left.index() != right.index() || left.index() == 0) return std::nullopt;
    if (const bool* boolean = std::get_if<bool>(&left)) return *boolean <=> std::get<bool>(right);
    if (const auto* count = std::get_if<std::int64_t>(&left)) {
        return *count <=> std::get<std::int64_t>(right);
    }
    if (const auto* number = std::get_if<Rational>(&left)) {
        return *number <=> std::get<Rational>(right);
    }
    return std::get<std::string>(left) <=> std::get<std::string>(right);
}

bool holds(Operator op, std::strong_ordering ordering) {
    switch (op) {
        case Operator::equal:
            return ordering == 0;
        case Operator::not_equal:
            return ordering != 0;
        case Operator::less:
            return ordering < 0;
        case Operator::less_equal:
            return ordering <= 0;
        case Operator::greater:
            return ordering > 0;
        case Operator::greater_equal:
            return ordering >= 0;
        default:
            break;
    }
    ZF_ASSERT(false);
}

class Evaluator {
public:
    Evaluator(const RuleContext& context, Missing missing) : context_(context), missing_(missing) {
        ZF_ASSERT(context.values != nullptr);
    }

    Operand evaluate(const Expression& expression) const {
        switch (expression.kind) {
            case Expression::Kind::constant:
                return operand_of(expression.constant, expression.yields);
            case Expression::Kind::field:
                return operand_of(own_value(expression.name), expression.yields);
            case Expression::Kind::call:
                return call(expression);
        }
        ZF_ASSERT(false);
    }

private:
    Value own_value(const std::string& name) const {
        const auto found = context_.values->find(name);
        if (found != context_.values->end()) return found->second;
        // A draft's values are what was entered; a computed field never names another one.
        const Field* field = context_.form == nullptr ? nullptr : context_.form->find(name);
        if (field == nullptr || field->computed == nullptr) return {};
        return compute_value(*field->computed, context_);
    }

    Operand argument(const Expression& expression, std::size_t index) const {
        return evaluate(*expression.arguments[index]);
    }

    Operand call(const Expression& expression) const {
        switch (expression.op) {
            case Operator::logical_and:
                return combine(expression, false);
            case Operator::logical_or:
                return combine(expression, true);
            case Operator::logical_not:
                return negate(argument(expression, 0));
            case Operator::in:
                return is_in(expression);
            case Operator::is_null:
                return is_missing(argument(expression, 0));
            case Operator::not_null:
                return !is_missing(argument(expression, 0));
            case Operator::add:
                return sum(expression);
            case Operator::subtract:
                return difference(expression);
            case Operator::or_zero:
                return or_zero(argument(expression, 0));
            case Operator::year:
                return year(argument(expression, 0));
            case Operator::today:
                return context_.today.text();
            case Operator::related:
                return related(expression);
            case Operator::sum_related:
                return sum_related(expression);
            case Operator::previous:
                return previous(expression);
            case Operator::abs_change_pct:
                return abs_change_pct(expression);
            default:
                return comparison(expression);
        }
    }

    /// `and` (decisive = false) or `or` (decisive = true). A computed value has no answer while
    /// one operand is missing, even where the others would decide.
    Operand combine(const Expression& expression, bool decisive) const {
        bool decided = false;
        for (const ExpressionPtr& item : expression.arguments) {
            const Operand operand = evaluate(*item);
            if (is_missing(operand) && missing_ == Missing::spreads) return operand;
            if (truth(operand) == decisive) decided = true;
            if (decided && missing_ != Missing::spreads) break;
        }
        return decided ? decisive : !decisive;
    }

    Operand negate(const Operand& operand) const {
        if (is_missing(operand) && missing_ == Missing::spreads) return operand;
        return !truth(operand);
    }

    static bool truth(const Operand& operand) {
        const bool* boolean = std::get_if<bool>(&operand);
        return boolean != nullptr && *boolean;
    }

    Operand comparison(const Expression& expression) const {
        const auto ordering =
            compare(argument(expression, 0), argument(expression, 1), expression.compared_as);
        if (ordering) return holds(expression.op, *ordering);
        if (missing_ == Missing::spreads) return std::monostate{};
        return missing_ == Missing::holds;
    }

    Operand is_in(const Expression& expression) const {
        const Operand operand = argument(expression, 0);
        if (is_missing(operand)) {
            return missing_ == Missing::spreads ? Operand() : Operand(false);
        }
        const List* list = expression.constant.list();
        ZF_ASSERT(list != nullptr);
        return std::any_of(list->begin(), list->end(), [&](const Value& element) {
            const Operand literal = operand_of(element, ValueKind::unknown);
            return compare(operand, literal, expression.compared_as) == std::strong_ordering::equal;
        });
    }

    Operand sum(const Expression& expression) const {
        Rational total;
        for (const ExpressionPtr& item : expression.arguments) {
            const Operand operand = evaluate(*item);
            const Rational* number = std::get_if<Rational>(&operand);
            if (number == nullptr) return std::monostate{};
            total = total + *number;
        }
        return total;
    }

    Operand difference(const Expression& expression) const {
        const Operand left = argument(expression, 0);
        const Operand right = argument(expression, 1);
        const Rational* a = std::get_if<Rational>(&left);
        const Rational* b = std::get_if<Rational>(&right);
        if (a == nullptr || b == nullptr) return std::monostate{};
        return *a - *b;
    }

    static Operand or_zero(const Operand& operand) {
        return is_missing(operand) ? Operand(Rational()) : operand;
    }

    static Operand year(const Operand& operand) {
        const std::string* text = std::get_if<std::string>(&operand);
        const std::optional<Date> day = text != nullptr ? day_of(*text) : std::nullopt;
        return day ? Operand(Rational(std::int64_t{day->year})) : std::monostate{};
    }

    Operand abs_change_pct(const Expression& expression) const {
        const Operand now = argument(expression, 0);
        const Operand before = argument(expression, 1);
        const Rational* a = std::get_if<Rational>(&now);
        const Rational* b = std::get_if<Rational>(&before);
        if (a == nullptr || b == nullptr) return std::monostate{};
        const auto percent = Rational::divide((*a - *b).absolute() * Rational(100), *b);
        return percent ? Operand(*percent) : std::monostate{};
    }

    Operand related(const Expression& expression) const {
        const Value reference = own_value(expression.name);
        const std::string* id = reference.text();
        if (id == nullptr || id->empty() || context_.source == nullptr) return std::monostate{};
        const std::optional<FieldValues> values = context_.source->find_record(*id);
        if (!values) return std::monostate{};
        const auto found = values->find(expression.target_field);
        if (found == values->end()) return std::monostate{};
        return operand_of(found->second, expression.yields);
    }

    Operand sum_related(const Expression& expression) const {
        if (context_.source == nullptr || is_empty_value(own_value(expression.by))) {
            return std::monostate{};
        }
        const std::string own_form = context_.form == nullptr ? "" : context_.form->id;
        return operand_of(
            context_.source->sum_related(expression.form, expression.target_field, expression.by,
                                         own_form, context_.record_id, *context_.values),
            expression.yields);
    }

    Operand previous(const Expression& expression) const {
        if (context_.source == nullptr || is_empty_value(own_value(expression.by)) ||
            is_empty_value(own_value(expression.order))) {
            return std::monostate{};
        }
        return operand_of(
            context_.source->find_previous(expression.form, expression.target_field, expression.by,
                                           expression.order, expression.same_year,
                                           context_.record_id, *context_.values),
            expression.yields);
    }

    const RuleContext& context_;
    Missing missing_;
};

/// A whole number as Value; null beyond 64 bits.
Value whole_value(const std::string& digits) {
    std::int64_t whole = 0;
    const char* end = digits.data() + digits.size();
    const auto [stopped, error] = std::from_chars(digits.data(), end, whole);
    return error == std::errc{} && stopped == end ? Value(whole) : Value();
}

bool is_true(const Operand& operand) {
    const bool* boolean = std::get_if<bool>(&operand);
    return boolean != nullptr && *boolean;
}

}  // namespace

bool rule_holds(const Expression& expression, const RuleContext& context) {
    return is_true(Evaluator(context, Missing::holds).evaluate(expression));
}

bool condition_holds(const Expression& expression, const RuleContext& context) {
    return is_true(Evaluator(context, Missing::fails).evaluate(expression));
}

Value compute_value(const Expression& expression, const RuleContext& context) {
    const Operand operand = Evaluator(context, Missing::spreads).evaluate(expression);
    if (const bool* boolean = std::get_if<bool>(&operand)) return *boolean;
    if (const std::string* entered = std::get_if<std::string>(&operand)) return *entered;
    const Rational* number = std::get_if<Rational>(&operand);
    const std::optional<std::string> text = number != nullptr ? number->text() : std::nullopt;
    if (!text) return {};
    return expression.yields == ValueKind::integer ? whole_value(*text) : Value(*text);
}

bool is_visible(const Field& field, const RuleContext& context) {
    return field.visible_if == nullptr || condition_holds(*field.visible_if, context);
}

}  // namespace zf
