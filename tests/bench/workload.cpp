#include "tests/bench/workload.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <utility>

namespace zf::bench {
namespace {

constexpr std::array<std::pair<const char*, FieldType>, 20> fields{{
    {"ent_code", FieldType::text},      {"ent_name", FieldType::text},
    {"legal", FieldType::text},         {"address", FieldType::text},
    {"industry", FieldType::text},      {"phone", FieldType::text},
    {"reg_date", FieldType::date},      {"visit_date", FieldType::date},
    {"employees", FieldType::integer},  {"revenue", FieldType::decimal},
    {"tax", FieldType::decimal},        {"lon", FieldType::decimal},
    {"lat", FieldType::decimal},        {"status", FieldType::text},
    {"has_license", FieldType::integer}, {"remark", FieldType::multiline},
    {"surveyor", FieldType::text},      {"area_code", FieldType::text},
    {"round", FieldType::integer},      {"score", FieldType::decimal},
}};

Value as_entered(const Value& value, FieldType type) {
    if (type != FieldType::decimal) return value;
    if (const OddNumber* number = value.odd_number()) return Value(number->text);
    if (const std::int64_t* whole = value.integer()) return Value(std::to_string(*whole));
    return value;
}

}  // namespace

std::shared_ptr<const FormCatalog> survey_forms() {
    auto catalog = std::make_shared<FormCatalog>();
    Form form;
    form.id = "survey";
    form.natural_key = {"ent_code"};
    for (const auto& [name, type] : fields) {
        Field field;
        field.name = name;
        field.type = type;
        field.decimals = 6;
        form.fields.push_back(std::move(field));
    }
    catalog->forms.push_back(std::move(form));
    return catalog;
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
