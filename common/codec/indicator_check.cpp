#include "common/codec/indicator_check.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/base/date.h"
#include "common/base/ids.h"
#include "common/codec/field_path.h"

namespace zf {

namespace {

// What two fields or a field and a constant must share to be compared.
enum class Sort { number, time, truth, text, record, set, other };

Sort sort_of(FieldType type) {
    switch (type) {
        case FieldType::integer:
        case FieldType::decimal:
            return Sort::number;
        case FieldType::date:
        case FieldType::month:
        case FieldType::datetime:
            return Sort::time;
        case FieldType::boolean:
            return Sort::truth;
        case FieldType::text:
        case FieldType::multiline:
        case FieldType::choice:
        case FieldType::code:
        case FieldType::user:
            return Sort::text;
        case FieldType::ref:
            return Sort::record;
        case FieldType::multi_choice:
        case FieldType::ref_multi:
        case FieldType::user_multi:
            return Sort::set;
        default:
            return Sort::other;
    }
}

std::string_view name_of(Sort sort) {
    switch (sort) {
        case Sort::number:
            return "a number";
        case Sort::time:
            return "a date, month or datetime";
        case Sort::truth:
            return "true or false";
        case Sort::text:
            return "a text";
        case Sort::record:
            return "a record's id";
        case Sort::set:
            return "a set";
        case Sort::other:
            return "a value that cannot be compared";
    }
    return {};
}

// What an operand must be to stand beside a field; of a set it is an element.
Sort operand_sort(FieldType type) {
    if (type == FieldType::ref_multi) return Sort::record;
    return sort_of(type) == Sort::set ? Sort::text : sort_of(type);
}

bool constant_fits(const Value& value, Sort sort) {
    const std::string* text = value.text();
    switch (sort) {
        case Sort::number:
            return value.integer() != nullptr ||
                   (text != nullptr && Decimal::parse(*text).has_value()) ||
                   (value.odd_number() != nullptr &&
                    Decimal::parse(value.odd_number()->text).has_value());
        case Sort::time:
            return text != nullptr &&
                   (parse_date(*text) || parse_month(*text) || parse_datetime(*text));
        case Sort::truth:
            return value.boolean() != nullptr;
        case Sort::text:
            return text != nullptr;
        case Sort::record:
            return text != nullptr && parse_uuid(*text).has_value();
        default:
            return false;
    }
}

bool comparison_takes(Comparison comparison, Sort sort) {
    const bool has_order = sort == Sort::number || sort == Sort::time || sort == Sort::text;
    switch (comparison) {
        case Comparison::is_null:
        case Comparison::not_null:
            return true;
        case Comparison::contains:
            return sort == Sort::set;
        case Comparison::eq:
        case Comparison::ne:
        case Comparison::in:
        case Comparison::not_in:
            return has_order || sort == Sort::truth || sort == Sort::record;
        case Comparison::is_null_or_after:
            return sort == Sort::number || sort == Sort::time;
        default:
            return has_order;
    }
}

using Sorts = std::set<Sort>;
const Sorts numbers = {Sort::number};
const Sorts times = {Sort::time};
const Sorts orders = {Sort::number, Sort::time};
const Sorts single = {Sort::number, Sort::time, Sort::truth, Sort::text, Sort::record};

std::string item_place(const std::string& list, std::size_t index) {
    return list + "[" + std::to_string(index) + "]";
}

Unexpected at_place(Error error, const std::string& place) {
    error.where = place;
    return fail(std::move(error));
}

// Checks one aggregate against its form.
class AggregateCheck {
public:
    AggregateCheck(const AggregateDefinition& definition, const Form& form,
                   const FormCatalog& forms, std::string place)
        : definition_(definition), form_(form), forms_(forms), place_(std::move(place)) {}

    Result<void> run() const;

private:
    [[nodiscard]] Result<FieldPath> find(const std::string& path, const std::string& place) const;
    [[nodiscard]] Result<void> need(const std::string& path, const std::string& place,
                                    const Sorts& sorts, std::string_view purpose) const;
    [[nodiscard]] Result<void> check_unnest() const;
    [[nodiscard]] Result<void> check_operand_field() const;
    [[nodiscard]] Result<void> check_period(const PeriodRule& rule) const;
    [[nodiscard]] Result<void> check_latest() const;
    [[nodiscard]] Result<void> check_conditions(const std::vector<Condition>& conditions,
                                                const std::string& place) const;
    [[nodiscard]] Result<void> check_comparison(const Condition& condition,
                                                const std::string& place) const;
    [[nodiscard]] Result<void> check_operand(const FieldPath& field, const Operand& operand,
                                             const std::string& place) const;

    const AggregateDefinition& definition_;
    const Form& form_;
    const FormCatalog& forms_;
    std::string place_;
};

Result<FieldPath> AggregateCheck::find(const std::string& path, const std::string& place) const {
    auto found = find_field_path(path, form_, forms_, definition_.unnest);
    if (!found) return at_place(found.error(), place);
    return found;
}

Result<void> AggregateCheck::need(const std::string& path, const std::string& place,
                                  const Sorts& sorts, std::string_view purpose) const {
    const auto found = find(path, place);
    if (!found) return fail(found.error());
    if (sorts.count(sort_of(found->type)) > 0) return {};
    std::string expected;
    for (Sort sort : sorts) {
        expected += (expected.empty() ? "" : ", ") + std::string(name_of(sort));
    }
    return fail(ErrorCode::wrong_type,
                "field '" + path + "' is of type " + std::string(name_of(found->type)) + "; " +
                    std::string(purpose) + " needs " + expected,
                place);
}

Result<void> AggregateCheck::run() const {
    ZF_CHECK(check_unnest());
    ZF_CHECK(check_operand_field());
    ZF_CHECK(check_conditions(definition_.where, place_ + ".where"));
    if (definition_.period) ZF_CHECK(check_period(*definition_.period));
    return check_latest();
}

Result<void> AggregateCheck::check_unnest() const {
    if (definition_.unnest.empty()) return {};
    const Field* repeat = form_.find(definition_.unnest);
    if (repeat == nullptr) {
        return fail(ErrorCode::unknown_field,
                    "form '" + form_.id + "' has no field '" + definition_.unnest + "'",
                    place_ + ".unnest");
    }
    if (repeat->type == FieldType::repeat) return {};
    return fail(ErrorCode::wrong_type,
                "field '" + definition_.unnest + "' is no repeat field, so it has no rows",
                place_ + ".unnest");
}

Result<void> AggregateCheck::check_operand_field() const {
    const std::string place = place_ + ".field";
    switch (definition_.kind) {
        case AggregateDefinition::Kind::count:
            return {};
        case AggregateDefinition::Kind::sum:
            return need(definition_.field, place, numbers, "sum");
        case AggregateDefinition::Kind::count_distinct:
            return need(definition_.field, place, single, "count_distinct");
        case AggregateDefinition::Kind::latest:
            return need(definition_.field, place, numbers, "latest");
    }
    return {};
}

Result<void> AggregateCheck::check_period(const PeriodRule& rule) const {
    const std::string place = place_ + ".period";
    if (rule.kind != PeriodRule::Kind::as_of) {
        return need(rule.field, place + ".field", times, "a period");
    }
    ZF_CHECK(need(rule.from, place + ".from", times, "a period"));
    return need(rule.to, place + ".to", times, "a period");
}

Result<void> AggregateCheck::check_latest() const {
    if (!definition_.order.empty()) {
        ZF_CHECK(need(definition_.order, place_ + ".order", orders, "an order"));
    }
    if (!definition_.latest_per) return {};
    const std::string place = place_ + ".latest_per";
    ZF_CHECK(need(definition_.latest_per->order, place + ".order", orders, "an order"));
    for (std::size_t i = 0; i < definition_.latest_per->by.size(); ++i) {
        ZF_CHECK(
            need(definition_.latest_per->by[i], item_place(place + ".by", i), single, "a group"));
    }
    return {};
}

Result<void> AggregateCheck::check_conditions(const std::vector<Condition>& conditions,
                                              const std::string& place) const {
    for (std::size_t i = 0; i < conditions.size(); ++i) {
        const Condition& condition = conditions[i];
        const std::string here = item_place(place, i);
        switch (condition.kind) {
            case Condition::Kind::compare:
                ZF_CHECK(check_comparison(condition, here));
                break;
            case Condition::Kind::any:
                ZF_CHECK(check_conditions(condition.parts, here + ".any"));
                break;
            case Condition::Kind::all:
                ZF_CHECK(check_conditions(condition.parts, here + ".all"));
                break;
        }
    }
    return {};
}

Result<void> AggregateCheck::check_comparison(const Condition& condition,
                                              const std::string& place) const {
    const auto field = find(condition.field, place + ".field");
    if (!field) return fail(field.error());
    if (!comparison_takes(condition.comparison, sort_of(field->type))) {
        return fail(ErrorCode::wrong_type,
                    "this operator cannot take field '" + condition.field + "' of type " +
                        std::string(name_of(field->type)),
                    place + ".op");
    }
    const bool is_list =
        condition.comparison == Comparison::in || condition.comparison == Comparison::not_in;
    for (std::size_t i = 0; i < condition.operands.size(); ++i) {
        const std::string value_place = place + ".value";
        ZF_CHECK(check_operand(*field, condition.operands[i],
                               is_list ? item_place(value_place, i) : value_place));
    }
    return {};
}

Result<void> AggregateCheck::check_operand(const FieldPath& field, const Operand& operand,
                                           const std::string& place) const {
    const Sort wanted = operand_sort(field.type);
    const std::string remedy =
        "field '" + field.name + "' is compared with " + std::string(name_of(wanted));
    if (const auto* other = std::get_if<FieldOperand>(&operand)) {
        return need(other->path, place, {wanted}, remedy + ", so the other field too");
    }
    if (const auto* point = std::get_if<PeriodPoint>(&operand)) {
        const Sort given = *point == PeriodPoint::year ? Sort::number : Sort::time;
        if (given == wanted) return {};
        return fail(ErrorCode::wrong_type, remedy, place);
    }
    const Value& constant = std::get<Value>(operand);
    if (!constant_fits(constant, wanted)) return fail(ErrorCode::wrong_type, remedy, place);
    const bool has_choices =
        wanted == Sort::text && field.field != nullptr && !field.field->choices.empty();
    if (!has_choices || forms_.find_choice(field.field->choices, *constant.text()) != nullptr) {
        return {};
    }
    return fail(ErrorCode::unknown_choice,
                "'" + *constant.text() + "' is not in the choice list '" + field.field->choices +
                    "' of field '" + field.name + "'",
                place);
}

}  // namespace

Result<void> check_against_forms(const IndicatorCatalog& catalog, const FormCatalog& forms) {
    for (std::size_t i = 0; i < catalog.indicators.size(); ++i) {
        const auto* definition =
            std::get_if<AggregateDefinition>(&catalog.indicators[i].definition);
        if (definition == nullptr) continue;
        const std::string place = item_place("indicators", i) + ".def";
        const Form* form = forms.find(definition->form);
        if (form == nullptr) {
            return fail(ErrorCode::unknown_form, "there is no form '" + definition->form + "'",
                        place + ".form");
        }
        ZF_CHECK(AggregateCheck(*definition, *form, forms, place).run());
    }
    return {};
}

}  // namespace zf
