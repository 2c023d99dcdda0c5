#include "common/codec/indicator_codec.h"

#include <algorithm>
#include <initializer_list>
#include <tuple>
#include <utility>

#include "common/codec/indicator_check.h"
#include "common/codec/indicator_references.h"

namespace zf {

namespace {

template <class T>
using Named = std::pair<std::string_view, T>;

constexpr Named<AggregateDefinition::Kind> aggregate_names[] = {
    {"count", AggregateDefinition::Kind::count},
    {"sum", AggregateDefinition::Kind::sum},
    {"count_distinct", AggregateDefinition::Kind::count_distinct},
    {"latest", AggregateDefinition::Kind::latest},
};

constexpr Named<Comparison> comparison_names[] = {
    {"eq", Comparison::eq},
    {"ne", Comparison::ne},
    {"lt", Comparison::lt},
    {"le", Comparison::le},
    {"gt", Comparison::gt},
    {"ge", Comparison::ge},
    {"in", Comparison::in},
    {"not_in", Comparison::not_in},
    {"contains", Comparison::contains},
    {"is_null", Comparison::is_null},
    {"not_null", Comparison::not_null},
    {"is_null_or_after", Comparison::is_null_or_after},
};

constexpr Named<Condition::Kind> group_names[] = {
    {"any", Condition::Kind::any},
    {"all", Condition::Kind::all},
};

constexpr Named<PeriodRule::Kind> rule_names[] = {
    {"in_period", PeriodRule::Kind::in_period},
    {"year_to_date", PeriodRule::Kind::year_to_date},
    {"up_to_end", PeriodRule::Kind::up_to_end},
    {"as_of", PeriodRule::Kind::as_of},
};

constexpr Named<PeriodPoint> point_names[] = {
    {"period.year", PeriodPoint::year},
    {"period.start", PeriodPoint::start},
    {"period.end", PeriodPoint::end},
    {"period.year_start", PeriodPoint::year_start},
    {"period.end_month", PeriodPoint::end_month},
};

std::string item_place(const std::string& list, std::size_t index) {
    return list + "[" + std::to_string(index) + "]";
}

std::optional<Decimal> number_in(const Value& value) {
    if (const auto* whole = value.integer()) return Decimal(*whole);
    if (const auto* text = value.text()) return Decimal::parse(*text);
    if (const auto* odd = value.odd_number()) return Decimal::parse(odd->text);
    return std::nullopt;
}

// Reads on after a fault with empty values and keeps the first fault: what is wrong is said
// once, and reading stays free of branches.
class Decoder {
public:
    IndicatorCatalog read_file(const Value& json);
    [[nodiscard]] const std::optional<Error>& fault() const { return fault_; }

private:
    Indicator read_indicator(const Value& json, const std::string& place);
    LocalText read_label(const Value& json, const std::string& place);
    IndicatorDefinition read_definition(const Value& json, const std::string& place);
    AggregateDefinition read_aggregate(const Value& json, const std::string& place);
    void check_shape(const AggregateDefinition& definition, const std::string& place);
    Condition read_condition(const Value& json, const std::string& place);
    std::vector<Condition> read_conditions(const Value* json, const std::string& place);
    void read_operands(const Value* value, const std::string& place, Condition& condition);
    Operand read_operand(const Value& json, const std::string& place);
    PeriodRule read_period(const Value& json, const std::string& place);
    LatestPer read_latest_per(const Value& json, const std::string& place);
    Display read_display(const Value& json, const std::string& place);
    std::pair<std::string, std::string> read_pair(const Value* json, const std::string& place);

    void note(std::string message, const std::string& place) {
        if (!fault_) fault_ = Error{ErrorCode::malformed, std::move(message), place};
    }
    void allow_only(const Value& json, const std::string& place,
                    std::initializer_list<std::string_view> names);
    std::string read_text(const Value& json, std::string_view name, const std::string& place,
                          bool is_required);
    template <class T, std::size_t count>
    T read_name(const std::string& name, const Named<T> (&names)[count], std::string_view what,
                const std::string& place);

    std::optional<Error> fault_;
};

void Decoder::allow_only(const Value& json, const std::string& place,
                         std::initializer_list<std::string_view> names) {
    if (json.members() == nullptr) return note("an object is expected here", place);
    for (const auto& [name, value] : *json.members()) {
        if (std::find(names.begin(), names.end(), name) != names.end()) continue;
        std::string known;
        for (std::string_view allowed : names) known += " " + std::string(allowed);
        note("unknown member '" + name + "'; known here:" + known, place);
    }
}

std::string Decoder::read_text(const Value& json, std::string_view name, const std::string& place,
                               bool is_required) {
    const Value* value = json.find(name);
    if (value == nullptr || value->is_null()) {
        if (is_required) note("'" + std::string(name) + "' is missing", place);
        return {};
    }
    if (value->text() == nullptr || (is_required && value->text()->empty())) {
        note("a text is expected here", place + "." + std::string(name));
        return {};
    }
    return *value->text();
}

template <class T, std::size_t count>
T Decoder::read_name(const std::string& name, const Named<T> (&names)[count], std::string_view what,
                     const std::string& place) {
    std::string known;
    for (const auto& [candidate, meaning] : names) {
        if (candidate == name) return meaning;
        known += " " + std::string(candidate);
    }
    note("unknown " + std::string(what) + " '" + name + "'; known:" + known, place);
    return names[0].second;
}

IndicatorCatalog Decoder::read_file(const Value& json) {
    IndicatorCatalog catalog;
    if (read_text(json, "schema", "", false) != "field-indicators/1") {
        note("the file's schema must be \"field-indicators/1\"", "schema");
    }
    const Value* status = json.find("default_status");
    if (status != nullptr && *status != Value(List{Value("approved")})) {
        note("figures count approved records only: [\"approved\"]", "default_status");
    }
    const Value* list = json.find("indicators");
    if (list == nullptr || list->list() == nullptr) {
        note("a list of indicators is expected here", "indicators");
        return catalog;
    }
    for (std::size_t i = 0; i < list->list()->size(); ++i) {
        catalog.indicators.push_back(
            read_indicator((*list->list())[i], item_place("indicators", i)));
    }
    return catalog;
}

Indicator Decoder::read_indicator(const Value& json, const std::string& place) {
    Indicator indicator;
    if (json.members() == nullptr) {
        note("an object is expected here", place);
        return indicator;
    }
    indicator.id = read_text(json, "id", place, true);
    indicator.unit = read_text(json, "unit", place, false);
    indicator.note = read_text(json, "note", place, false);
    if (const Value* label = json.find("label")) {
        indicator.label = read_label(*label, place + ".label");
    }
    if (const Value* display = json.find("display"); display != nullptr && !display->is_null()) {
        indicator.display = read_display(*display, place + ".display");
    }
    const Value* definition = json.find("def");
    if (definition == nullptr) {
        note("'def' is missing", place);
        return indicator;
    }
    indicator.definition = read_definition(*definition, place + ".def");
    return indicator;
}

LocalText Decoder::read_label(const Value& json, const std::string& place) {
    return {read_text(json, "zh-Hans", place, false), read_text(json, "zh-Hant", place, false),
            read_text(json, "en", place, false)};
}

IndicatorDefinition Decoder::read_definition(const Value& json, const std::string& place) {
    if (json.find("ratio") != nullptr) {
        allow_only(json, place, {"ratio", "scale"});
        RatioDefinition ratio;
        std::tie(ratio.numerator, ratio.denominator) =
            read_pair(json.find("ratio"), place + ".ratio");
        if (const Value* scale = json.find("scale")) {
            const auto number = number_in(*scale);
            if (!number) note("a decimal number is expected here", place + ".scale");
            ratio.scale = number.value_or(Decimal(1));
        }
        return ratio;
    }
    if (json.find("minus") != nullptr) {
        allow_only(json, place, {"minus"});
        MinusDefinition minus;
        std::tie(minus.first, minus.second) = read_pair(json.find("minus"), place + ".minus");
        return minus;
    }
    return read_aggregate(json, place);
}

std::pair<std::string, std::string> Decoder::read_pair(const Value* json,
                                                       const std::string& place) {
    const List* list = json->list();
    if (list == nullptr || list->size() != 2 || (*list)[0].text() == nullptr ||
        (*list)[1].text() == nullptr) {
        note("the ids of two indicators are expected here", place);
        return {};
    }
    return {*(*list)[0].text(), *(*list)[1].text()};
}

AggregateDefinition Decoder::read_aggregate(const Value& json, const std::string& place) {
    allow_only(json, place,
               {"agg", "form", "field", "where", "period", "unnest", "latest_per", "order"});
    AggregateDefinition definition;
    if (json.find("agg") == nullptr) {
        note("a definition has one of 'agg', 'ratio' and 'minus'", place);
        return definition;
    }
    definition.kind = read_name(read_text(json, "agg", place, true), aggregate_names, "aggregate",
                                place + ".agg");
    definition.form = read_text(json, "form", place, true);
    definition.field = read_text(json, "field", place, false);
    definition.unnest = read_text(json, "unnest", place, false);
    definition.order = read_text(json, "order", place, false);
    definition.where = read_conditions(json.find("where"), place + ".where");
    if (const Value* period = json.find("period"); period != nullptr && !period->is_null()) {
        definition.period = read_period(*period, place + ".period");
    }
    if (const Value* latest = json.find("latest_per"); latest != nullptr && !latest->is_null()) {
        definition.latest_per = read_latest_per(*latest, place + ".latest_per");
    }
    check_shape(definition, place);
    return definition;
}

void Decoder::check_shape(const AggregateDefinition& definition, const std::string& place) {
    const bool is_count = definition.kind == AggregateDefinition::Kind::count;
    const bool is_latest = definition.kind == AggregateDefinition::Kind::latest;
    if (is_count && !definition.field.empty()) {
        note(
            "count counts records and takes no field; to count those with a value, "
            "add a condition not_null",
            place + ".field");
    }
    if (!is_count && definition.field.empty()) note("'field' is missing", place);
    if (is_latest && definition.order.empty()) {
        note("'order' is missing: the field whose greatest value is the latest", place);
    }
    if (!is_latest && !definition.order.empty()) {
        note("'order' belongs to the aggregate latest", place + ".order");
    }
}

std::vector<Condition> Decoder::read_conditions(const Value* json, const std::string& place) {
    std::vector<Condition> conditions;
    if (json == nullptr || json->is_null()) return conditions;
    if (json->list() == nullptr) {
        note("a list of conditions is expected here", place);
        return conditions;
    }
    for (std::size_t i = 0; i < json->list()->size(); ++i) {
        conditions.push_back(read_condition((*json->list())[i], item_place(place, i)));
    }
    return conditions;
}

Condition Decoder::read_condition(const Value& json, const std::string& place) {
    Condition condition;
    for (const auto& [name, kind] : group_names) {
        const Value* parts = json.find(name);
        if (parts == nullptr) continue;
        allow_only(json, place, {name});
        condition.kind = kind;
        condition.parts = read_conditions(parts, place + "." + std::string(name));
        return condition;
    }
    allow_only(json, place, {"field", "op", "value"});
    condition.field = read_text(json, "field", place, true);
    condition.comparison =
        read_name(read_text(json, "op", place, true), comparison_names, "operator", place + ".op");
    read_operands(json.find("value"), place, condition);
    return condition;
}

void Decoder::read_operands(const Value* value, const std::string& place, Condition& condition) {
    const Comparison comparison = condition.comparison;
    if (comparison == Comparison::is_null || comparison == Comparison::not_null) {
        if (value != nullptr) note("is_null and not_null take no value", place + ".value");
        return;
    }
    if (value == nullptr) return note("'value' is missing", place);
    const std::string value_place = place + ".value";
    if (comparison != Comparison::in && comparison != Comparison::not_in) {
        condition.operands.push_back(read_operand(*value, value_place));
        return;
    }
    if (value->list() == nullptr) return note("in and not_in take a list of values", value_place);
    for (std::size_t i = 0; i < value->list()->size(); ++i) {
        condition.operands.push_back(read_operand((*value->list())[i], item_place(value_place, i)));
    }
}

Operand Decoder::read_operand(const Value& json, const std::string& place) {
    if (json.is_null()) note("nothing equals null; use is_null or not_null", place);
    if (json.list() != nullptr) note("one value is expected here, not a list", place);
    if (json.members() == nullptr) return json;
    allow_only(json, place, {"$", "$field"});
    if (json.find("$field") != nullptr) return FieldOperand{read_text(json, "$field", place, true)};
    return read_name(read_text(json, "$", place, true), point_names, "point of the period",
                     place + ".$");
}

PeriodRule Decoder::read_period(const Value& json, const std::string& place) {
    PeriodRule rule;
    rule.kind =
        read_name(read_text(json, "rule", place, true), rule_names, "period rule", place + ".rule");
    if (rule.kind == PeriodRule::Kind::as_of) {
        allow_only(json, place, {"rule", "from", "to"});
        rule.from = read_text(json, "from", place, true);
        rule.to = read_text(json, "to", place, true);
        return rule;
    }
    allow_only(json, place, {"rule", "field"});
    rule.field = read_text(json, "field", place, true);
    return rule;
}

LatestPer Decoder::read_latest_per(const Value& json, const std::string& place) {
    allow_only(json, place, {"by", "order"});
    LatestPer latest;
    latest.order = read_text(json, "order", place, true);
    const Value* by = json.find("by");
    if (by == nullptr || by->list() == nullptr || by->list()->empty()) {
        note("a list of fields is expected here", place + ".by");
        return latest;
    }
    for (std::size_t i = 0; i < by->list()->size(); ++i) {
        const std::string* field = (*by->list())[i].text();
        if (field == nullptr) note("the name of a field is expected here", item_place(place, i));
        latest.by.push_back(field != nullptr ? *field : std::string());
    }
    return latest;
}

Display Decoder::read_display(const Value& json, const std::string& place) {
    constexpr std::int64_t decimals_max = 9;
    allow_only(json, place, {"unit", "divide", "decimals", "rounding", "suffix"});
    Display display;
    display.unit = read_text(json, "unit", place, false);
    display.suffix = read_text(json, "suffix", place, false);
    const std::string rounding = read_text(json, "rounding", place, false);
    if (!rounding.empty() && rounding != "half_up") {
        note("unknown rounding '" + rounding + "'; known: half_up", place + ".rounding");
    }
    if (const Value* divide = json.find("divide")) {
        display.divide = number_in(*divide);
        if (!display.divide || display.divide->is_zero()) {
            note("a decimal number other than 0 is expected here", place + ".divide");
        }
    }
    if (const Value* decimals = json.find("decimals")) {
        const std::int64_t* places = decimals->integer();
        if (places == nullptr || *places < 0 || *places > decimals_max) {
            note("a whole number from 0 to 9 is expected here", place + ".decimals");
        } else {
            display.decimals = static_cast<int>(*places);
        }
    }
    return display;
}

}  // namespace

Result<IndicatorCatalog> decode_indicators(const Value& json, const FormCatalog* forms) {
    Decoder decoder;
    IndicatorCatalog catalog = decoder.read_file(json);
    if (decoder.fault()) return fail(*decoder.fault());
    ZF_CHECK(check_references(catalog));
    if (forms != nullptr) ZF_CHECK(check_against_forms(catalog, *forms));
    return catalog;
}

}  // namespace zf
