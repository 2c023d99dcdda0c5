// A small world for figures: two invented forms, records held in memory, and indicators written
// as JSON. Shared by the tests of this folder.
#pragma once

#include <doctest/doctest.h>

#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/codec/indicator_codec.h"
#include "common/codec/json.h"
#include "common/report/figures.h"

namespace zf::test {

/// Approved records in memory, with joins and voids by hand.
class MemoryRecords : public ApprovedRecords {
public:
    std::map<Uuid, ApprovedRecord> records;
    std::map<Uuid, Uuid> joins;
    std::set<Uuid> voided;

    void visit(std::string_view form, const Visitor& visitor) const override {
        for (const auto& [id, record] : records) {
            if (record.form != form || voided.count(id) > 0 || joins.count(id) > 0) continue;
            visitor(record);
        }
    }

    JoinedTarget resolve(const Uuid& reference) const override {
        JoinedTarget target{reference, nullptr};
        for (auto join = joins.find(reference); join != joins.end(); join = joins.find(target.id)) {
            target.id = join->second;
        }
        const auto record = records.find(target.id);
        if (record != records.end() && voided.count(target.id) == 0) {
            target.record = &record->second;
        }
        return target;
    }
};

/// The id of the n-th record; greater n, greater id.
inline std::string id_text(int n) {
    char text[37];
    std::snprintf(text, sizeof text, "00000000-0000-5000-8000-%012d", n);
    return text;
}

inline Uuid id_of(int n) {
    return *parse_uuid(id_text(n));
}

inline Value json_of(std::string_view text) {
    auto parsed = parse_json(text);
    REQUIRE_MESSAGE(parsed.has_value(), text);
    return *parsed;
}

inline Field field_of(std::string name, FieldType type, std::string ref_or_choices = {}) {
    Field field;
    field.name = std::move(name);
    field.type = type;
    (type == FieldType::ref || type == FieldType::ref_multi ? field.ref : field.choices) =
        std::move(ref_or_choices);
    return field;
}

/// Form `visit` with a field of each kind, and form `firm` that it refers to.
inline FormCatalog small_forms() {
    FormCatalog catalog;
    catalog.choice_lists["kinds"] = {{"red", {}}, {"blue", {}}};
    catalog.units["wan_yuan"] = {"万元", "萬元", "10 000 yuan"};
    catalog.units["yi_yuan"] = {"亿元", "億元", "100 million yuan"};
    catalog.units["percent"] = {"%", "%", "%"};
    catalog.categories = {{"work", {"走访工作", "走訪工作", "Visits"}},
                          {"empty", {"空", "空", "Empty"}}};
    Form firm;
    firm.id = "firm";
    firm.fields = {field_of("name", FieldType::text), field_of("since", FieldType::date),
                   field_of("until", FieldType::date), field_of("parent", FieldType::ref, "firm")};
    Form visit;
    visit.id = "visit";
    visit.category = "work";
    Field rows = field_of("rows", FieldType::repeat);
    rows.fields = {field_of("level", FieldType::choice, "kinds"),
                   field_of("score", FieldType::integer), field_of("firm", FieldType::ref, "firm")};
    visit.fields = {field_of("day", FieldType::date),
                    field_of("due", FieldType::date),
                    field_of("month", FieldType::month),
                    field_of("moment", FieldType::datetime),
                    field_of("year", FieldType::integer),
                    field_of("amount", FieldType::decimal),
                    field_of("ok", FieldType::boolean),
                    field_of("kind", FieldType::choice, "kinds"),
                    field_of("name", FieldType::text),
                    field_of("tags", FieldType::multi_choice, "kinds"),
                    field_of("firm", FieldType::ref, "firm"),
                    field_of("firms", FieldType::ref_multi, "firm"),
                    field_of("place", FieldType::geopoint),
                    rows};
    catalog.forms = {visit, firm};
    return catalog;
}

/// Adds a record of a form; `values` is a JSON object.
inline void put(MemoryRecords& records, int n, std::string form, std::string_view values) {
    ApprovedRecord record{id_of(n), std::move(form), {}};
    const Value object = json_of(values);
    for (const auto& [name, value] : *object.members()) record.values[name] = value;
    records.records[record.id] = std::move(record);
}

/// Indicators from the text of their JSON objects, checked against the small forms.
inline Result<IndicatorCatalog> decode(std::string_view indicators) {
    const FormCatalog forms = small_forms();
    return decode_indicators(json_of(R"({"schema":"field-indicators/1","indicators":[)" +
                                     std::string(indicators) + "]}"),
                             &forms);
}

/// All figures of indicators that must decode.
inline FigureSet figures_of(std::string_view indicators, const MemoryRecords& records,
                            std::string_view period = "2008H1") {
    const auto catalog = decode(indicators);
    REQUIRE_MESSAGE(catalog.has_value(), (catalog ? "" : catalog.error().message),
                    (catalog ? "" : catalog.error().where));
    const auto asked = parse_period(period);
    REQUIRE(asked.has_value());
    return compute_figures(catalog->indicators, *asked, small_forms(), records);
}

/// The figure of one definition.
inline Figure figure_of(std::string_view definition, const MemoryRecords& records,
                        std::string_view period = "2008H1", std::string_view display = "{}") {
    const std::string indicator = R"({"id":"it","def":)" + std::string(definition) +
                                  R"(,"display":)" + std::string(display) + "}";
    return figures_of(indicator, records, period).figures.at(0);
}

/// Numbers of the records behind a figure, as in id_of.
inline std::vector<int> numbers_of(const Figure& figure) {
    std::vector<int> numbers;
    for (const Uuid& id : figure.records) numbers.push_back(std::stoi(id.text().substr(24)));
    return numbers;
}

}  // namespace zf::test
