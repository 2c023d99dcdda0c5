#include "tests/bench/workload.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <utility>

#include "common/codec/form_codec.h"

namespace zf::bench {
namespace {

constexpr std::array<std::pair<const char*, FieldType>, 20> fields{{
    {"ent_code", FieldType::text},       {"ent_name", FieldType::text},
    {"legal", FieldType::text},          {"address", FieldType::text},
    {"industry", FieldType::text},       {"phone", FieldType::text},
    {"reg_date", FieldType::text},       {"visit_date", FieldType::text},
    {"employees", FieldType::integer},   {"revenue", FieldType::decimal},
    {"tax", FieldType::decimal},         {"lon", FieldType::decimal},
    {"lat", FieldType::decimal},         {"status", FieldType::text},
    {"has_license", FieldType::integer}, {"remark", FieldType::multiline},
    {"surveyor", FieldType::text},       {"area_code", FieldType::text},
    {"round", FieldType::integer},       {"score", FieldType::decimal},
}};

Value as_entered(const Value& value, FieldType type) {
    if (type != FieldType::decimal) return value;
    if (const OddNumber* number = value.odd_number()) return Value(number->text);
    if (const std::int64_t* whole = value.integer()) return Value(std::to_string(*whole));
    return value;
}

}  // namespace

Value survey_catalog() {
    const auto label = [](const char* text) {
        return Value(Members{{"zh-Hans", text}, {"zh-Hant", text}, {"en", text}});
    };
    List form_fields;
    for (const auto& [name, type] : fields) {
        Members field{{"name", name},
                      {"type", Value(name_of(type))},
                      {"label", label(name)},
                      {"required", false}};
        if (type == FieldType::decimal) field.emplace_back("decimals", 6);
        form_fields.emplace_back(std::move(field));
    }
    // Edits of W2 write any text into any text field, so no field of the workload is a date.
    form_fields.emplace_back(Members{
        {"name", "entered_on"}, {"type", "date"}, {"label", label("d")}, {"required", false}});
    const Value review(Members{{"chain", List{Value("section_head")}}});
    Members form{{"id", "survey"},        {"version", 1},
                 {"category", "survey"},  {"role", "event"},
                 {"label", label("s")},   {"date_field", "entered_on"},
                 {"title", "{ent_name}"}, {"natural_key", List{Value("ent_code")}},
                 {"review", review},      {"fields", std::move(form_fields)}};
    return Value(
        Members{{"schema", "field-forms/1"},
                {"languages", List{Value("zh-Hans"), Value("zh-Hant"), Value("en")}},
                {"units", Value(Members{})},
                {"choice_lists", Value(Members{})},
                {"categories", List{Value(Members{{"id", "survey"}, {"label", label("s")}})}},
                {"forms", List{Value(std::move(form))}}});
}

std::shared_ptr<const FormCatalog> survey_forms() {
    auto catalog = decode_forms(survey_catalog());
    if (!catalog) {
        std::fprintf(stderr, "zf_bench: the survey form: %s [%s]\n",
                     catalog.error().message.c_str(), catalog.error().where.c_str());
        std::exit(1);
    }
    return std::make_shared<const FormCatalog>(std::move(*catalog));
}

std::vector<Row> load_rows(const std::filesystem::path& file) {
    std::ifstream in(file);
    if (!in) {
        std::fprintf(stderr, "zf_bench: cannot read %s; make it with gen_workload.py\n",
                     file.c_str());
        std::exit(1);
    }
    std::vector<Row> rows;
    for (std::string line; std::getline(in, line);) {
        const auto json = parse_json(line);
        if (!json) {
            std::fprintf(stderr, "zf_bench: %s: %s\n", file.c_str(), json.error().message.c_str());
            std::exit(1);
        }
        // The files name records by 32 hex digits.
        std::string id = *json->find("id")->text();
        for (const std::size_t at : {8u, 13u, 18u, 23u}) id.insert(at, "-");
        Row row{*parse_uuid(id), {}};
        for (const auto& [name, type] : fields) {
            const Value* value = json->find("f")->find(name);
            if (value) row.values.emplace_back(name, as_entered(*value, type));
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

PlannedEdit creation_of(const FormCatalog& forms, const Row& row) {
    auto plan = plan_create(forms, forms.forms.front(), row.values, [] { return Uuid{}; });
    if (!plan) {
        std::fprintf(stderr, "zf_bench: %s\n", plan.error().message.c_str());
        std::exit(1);
    }
    return std::move(*plan);
}

}  // namespace zf::bench
