// The half-year of 2008, replayed naively: for each record the values entered in file order up to
// its last approval. Every expected figure must come out, and the planted mistakes must not.
#include <fstream>
#include <iterator>

#include "common/codec/form_codec.h"
#include "tests/unit/report/figure_world.h"

using namespace zf;
using namespace zf::test;

namespace {

Value read_data(const std::string& name) {
    std::ifstream file(std::string(ZF_DATA_DIR) + "/" + name, std::ios::binary);
    REQUIRE_MESSAGE(file.good(), name);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    return json_of(text);
}

const std::string& text_at(const Value& object, std::string_view name) {
    const Value* value = object.find(name);
    REQUIRE(value != nullptr);
    REQUIRE(value->text() != nullptr);
    return *value->text();
}

Uuid case_id_of(const Value& file, const std::string& name) {
    static const Uuid name_space = *parse_uuid("6ba7b811-9dad-11d1-80b4-00c04fd430c8");
    return uuid_v5(name_space, text_at(file, "case_id") + "/" + name);
}

// References of the case name records; in stores they hold ids.
void name_to_id(const Value& file, const Field* field, Value& value) {
    if (field == nullptr || value.is_null()) return;
    if (field->type == FieldType::ref) value = case_id_of(file, *value.text()).text();
    if (field->type == FieldType::ref_multi) {
        for (Value& element : *value.list()) element = case_id_of(file, *element.text()).text();
    }
    if (field->type != FieldType::repeat) return;
    for (Value& row : *value.list()) {
        for (auto& [name, member] : *row.members()) name_to_id(file, field->find(name), member);
    }
}

// When each record was approved last.
std::map<std::string, std::string> last_approvals(const Value& file) {
    std::map<std::string, std::string> approvals;
    for (const Value& review : *file.find("reviews")->list()) {
        if (text_at(*review.find("set"), "_status") != "approved") continue;
        for (const Value& record : *review.find("records")->list()) {
            approvals[*record.text()] = text_at(review, "at");
        }
    }
    return approvals;
}

enum class Slip { none, keep_voided, keep_joined, first_values_only };

MemoryRecords replay(const Value& file, const FormCatalog& forms, Slip slip = Slip::none) {
    MemoryRecords records;
    const auto approvals = last_approvals(file);
    for (const Value& op : *file.find("ops")->list()) {
        const std::string& name = text_at(op, "record");
        const auto approval = approvals.find(name);
        // All times of a case are written alike, so their texts are in their order.
        if (approval == approvals.end() || text_at(op, "at") > approval->second) continue;
        const Uuid id = case_id_of(file, name);
        const Form* form = forms.find(text_at(op, "form"));
        REQUIRE(form != nullptr);
        ApprovedRecord& record = records.records[id];
        if (slip == Slip::first_values_only && text_at(op, "kind") == "set") continue;
        record.id = id;
        record.form = form->id;
        for (auto [field, value] : *op.find("set")->members()) {
            if (field == "_void" && slip != Slip::keep_voided) records.voided.insert(id);
            if (field == "_alias_of" && slip != Slip::keep_joined) {
                records.joins[id] = case_id_of(file, *value.text());
            }
            name_to_id(file, form->find(field), value);
            record.values[field] = value;
        }
    }
    return records;
}

struct World {
    FormCatalog forms;
    IndicatorCatalog indicators;
    Value file;
};

World read_world() {
    auto forms = decode_forms(read_data("forms.json"));
    REQUIRE_MESSAGE(forms.has_value(), (forms ? "" : forms.error().message));
    auto indicators = decode_indicators(read_data("indicators.json"), &*forms);
    REQUIRE_MESSAGE(indicators.has_value(), (indicators ? "" : indicators.error().where),
                    (indicators ? "" : indicators.error().message));
    return {*forms, *indicators, read_data("case-2008h1.json")};
}

FigureSet compute(const World& world, const MemoryRecords& records) {
    return compute_figures(world.indicators.indicators, *parse_period("2008H1"), world.forms,
                           records);
}

}  // namespace

TEST_CASE("all 58 indicators are read") {
    const World world = read_world();
    CHECK(world.indicators.indicators.size() == 58);
}

TEST_CASE("the expected figures of the first half of 2008") {
    const World world = read_world();
    const MemoryRecords records = replay(world.file, world.forms);
    CHECK(records.records.size() > 400);
    const FigureSet figures = compute(world, records);
    CHECK(figures.figures.size() == 58);
    const Members& expected = *world.file.find("expected")->members();
    CHECK(expected.size() == 57);
    for (const auto& [id, wanted] : expected) {
        CAPTURE(id);
        const Figure* figure = figures.find(id);
        REQUIRE(figure != nullptr);
        CHECK(figure->value.value_or("null") == text_at(wanted, "value"));
        CHECK(figure->display == text_at(wanted, "display"));
        CHECK(!figure->records.empty());
    }
    // The control figure: what adding up the months would give.
    CHECK(figures.find("naive_output_sum_of_months")->value ==
          std::optional<std::string>("7733.5"));
    CHECK(figures.find("projects_total")->records.size() == 30);
    CHECK(figures.find("output_ytd")->records.size() == 28);
    CHECK(figures.find("reports_missing")->records.size() == 28 + 27);
    CHECK(figures.find("adoption_events")->records.size() == 17);
}

TEST_CASE("the planted mistakes show") {
    const World world = read_world();
    const auto value_of = [](const FigureSet& figures, const char* id) {
        return figures.find(id)->value.value_or("null");
    };
    const FigureSet voided = compute(world, replay(world.file, world.forms, Slip::keep_voided));
    CHECK(value_of(voided, "projects_total") == "31");
    CHECK(voided.find("capital_agreed")->display == "4.27");
    CHECK(value_of(voided, "complaints") == "6");
    CHECK(value_of(voided, "complaint_persons") == "14");
    const FigureSet joined = compute(world, replay(world.file, world.forms, Slip::keep_joined));
    CHECK(value_of(joined, "enterprises_on_register") == "29");
    CHECK(value_of(joined, "output_ytd") == "7821");
    CHECK(value_of(joined, "employees") == "717");
    const FigureSet first =
        compute(world, replay(world.file, world.forms, Slip::first_values_only));
    CHECK(value_of(first, "pipeline_promoted") == "0");
    CHECK(value_of(first, "wode_foundation_pct") == "85");
    CHECK(value_of(first, "wode_invested") == "500");
}
