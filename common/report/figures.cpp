#include "common/report/figures.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <map>
#include <utility>

#include "common/base/assert.h"
#include "common/report/record_reader.h"
#include "common/report/tally.h"

namespace zf {

namespace {

struct Computed {
    std::optional<Exact> value;
    std::vector<Uuid> records;
    bool is_quotient = false;  // a ratio, or a difference with one in it: may never end
};

using Aggregates = std::map<std::string, Computed, std::less<>>;  // by indicator id

void offer_rows(const ApprovedRecord& record, const std::string& repeat, RecordReader& reader,
                std::vector<Tally*>& tallies) {
    const auto found = record.values.find(repeat);
    const List* rows = found != record.values.end() ? found->second.list() : nullptr;
    if (rows == nullptr) return;
    for (const Value& row : *rows) {
        if (row.members() == nullptr) continue;
        reader.read_row(repeat, *row.members());
        for (Tally* tally : tallies) tally->offer(record.id, reader, &row);
    }
}

void compute_form(const std::vector<const Indicator*>& indicators, const Form& form,
                  const Period& period, const FormCatalog& forms, const ApprovedRecords& records,
                  Aggregates& results) {
    RecordReader reader(form, forms, records, period.end);
    std::deque<Tally> tallies;
    std::vector<Tally*> of_records;
    std::map<std::string, std::vector<Tally*>, std::less<>> of_rows;  // by repeat field
    for (const Indicator* indicator : indicators) {
        const auto& definition = std::get<AggregateDefinition>(indicator->definition);
        Tally& tally = tallies.emplace_back(definition, period, reader, records);
        auto& group = definition.unnest.empty() ? of_records : of_rows[definition.unnest];
        group.push_back(&tally);
    }
    records.visit(form.id, [&](const ApprovedRecord& record) {
        reader.read(record);
        for (Tally* tally : of_records) tally->offer(record.id, reader, nullptr);
        for (auto& [repeat, group] : of_rows) offer_rows(record, repeat, reader, group);
    });
    for (std::size_t i = 0; i < indicators.size(); ++i) {
        TallyResult result = tallies[i].finish();
        results[indicators[i]->id] = {std::move(result.value), std::move(result.records), false};
    }
}

// An indicator of a form that is not there: as if it had no records.
Computed compute_empty(const AggregateDefinition& definition) {
    if (definition.kind == AggregateDefinition::Kind::latest) return {};
    return {Exact{}, {}, false};
}

class Derivation {
public:
    Derivation(const std::vector<Indicator>& indicators, Aggregates computed)
        : indicators_(indicators), computed_(std::move(computed)) {}

    const Computed& of(const std::string& id) {
        const auto known = computed_.find(id);
        if (known != computed_.end()) return known->second;
        const auto indicator =
            std::find_if(indicators_.begin(), indicators_.end(),
                         [&](const Indicator& candidate) { return candidate.id == id; });
        ZF_ASSERT(indicator != indicators_.end());
        if (const auto* ratio = std::get_if<RatioDefinition>(&indicator->definition)) {
            return keep(id, ratio_of(of(ratio->numerator), of(ratio->denominator), ratio->scale));
        }
        const auto* minus = std::get_if<MinusDefinition>(&indicator->definition);
        ZF_ASSERT(minus != nullptr);
        return keep(id, minus_of(of(minus->first), of(minus->second)));
    }

private:
    const Computed& keep(const std::string& id, Computed computed) {
        return computed_.insert_or_assign(id, std::move(computed)).first->second;
    }

    static std::vector<Uuid> records_of(const Computed& a, const Computed& b) {
        std::vector<Uuid> records;
        std::set_union(a.records.begin(), a.records.end(), b.records.begin(), b.records.end(),
                       std::back_inserter(records));
        return records;
    }

    static Computed ratio_of(const Computed& a, const Computed& b, const Decimal& scale) {
        Computed result{std::nullopt, records_of(a, b), true};
        if (a.value && b.value) result.value = quotient_of(*a.value, *b.value, scale);
        return result;
    }

    static Computed minus_of(const Computed& a, const Computed& b) {
        Computed result{std::nullopt, records_of(a, b), a.is_quotient || b.is_quotient};
        if (a.value && b.value) result.value = difference_of(*a.value, *b.value);
        return result;
    }

    const std::vector<Indicator>& indicators_;
    Aggregates computed_;
};

std::optional<std::string> value_text(const Computed& computed, const Display& display) {
    if (!computed.value) return std::nullopt;
    if (computed.is_quotient) return rounded_text(*computed.value, display.decimals.value_or(0));
    return computed.value->numerator.text();
}

std::optional<std::string> display_text(const Computed& computed, const Display& display) {
    std::optional<Exact> shown = computed.value;
    if (shown && display.divide) shown = quotient_of(*shown, Exact{*display.divide}, Decimal(1));
    if (!shown) return std::nullopt;
    const bool is_whole = !computed.is_quotient && !display.divide;
    if (is_whole && !display.decimals) return shown->numerator.text() + display.suffix;
    const auto text = rounded_text(*shown, display.decimals.value_or(0));
    return text ? std::optional(*text + display.suffix) : std::nullopt;
}

Figure figure_of(const Indicator& indicator, const Computed& computed) {
    Figure figure;
    figure.id = indicator.id;
    figure.records = computed.records;
    figure.value = value_text(computed, indicator.display);
    const auto display = display_text(computed, indicator.display);
    figure.display = figure.value && display ? *display : std::string(no_figure);
    if (figure.value) figure.exact = computed.value;
    return figure;
}

}  // namespace

const Figure* FigureSet::find(std::string_view id) const {
    const auto found = std::find_if(figures.begin(), figures.end(),
                                    [&](const Figure& figure) { return figure.id == id; });
    return found != figures.end() ? &*found : nullptr;
}

FigureSet compute_figures(const std::vector<Indicator>& indicators, const Period& period,
                          const FormCatalog& forms, const ApprovedRecords& records) {
    std::map<std::string, std::vector<const Indicator*>> by_form;
    for (const Indicator& indicator : indicators) {
        if (const auto* definition = std::get_if<AggregateDefinition>(&indicator.definition)) {
            by_form[definition->form].push_back(&indicator);
        }
    }
    Aggregates aggregates;
    for (const auto& [form_id, group] : by_form) {
        if (const Form* form = forms.find(form_id)) {
            compute_form(group, *form, period, forms, records, aggregates);
            continue;
        }
        for (const Indicator* indicator : group) {
            aggregates[indicator->id] =
                compute_empty(std::get<AggregateDefinition>(indicator->definition));
        }
    }
    Derivation derivation(indicators, std::move(aggregates));
    FigureSet set{period, {}};
    for (const Indicator& indicator : indicators) {
        set.figures.push_back(figure_of(indicator, derivation.of(indicator.id)));
    }
    return set;
}

}  // namespace zf
