#include "client/batch_arguments.h"

namespace zf {
namespace {

Unexpected missing(std::string_view name, const std::string& what) {
    return fail(ErrorCode::missing_argument, "this command needs " + what + " here",
                std::string(name));
}

Unexpected wrong(std::string_view name, const std::string& what) {
    return fail(ErrorCode::wrong_type, what + " is expected here", std::string(name));
}

Result<ListCondition> read_condition(const Value& json, const std::string& where) {
    const Value* field = json.find("field");
    const Value* op = json.find("op");
    const Value* value = json.find("value");
    if (!field || !field->text()) return missing(where + ".field", "a field's name");
    const std::string name = op && op->text() ? *op->text() : "eq";
    const auto comparison = parse_list_comparison(name);
    if (!comparison || (op && !op->text())) {
        return wrong(where + ".op", "one of eq, ne, lt, le, gt, ge, contains, is_null");
    }
    if (!value && *comparison != ListComparison::is_null) {
        return missing(where + ".value", "a value to compare with");
    }
    return ListCondition{*field->text(), *comparison, value ? *value : Value()};
}

}  // namespace

bool BatchArguments::has(std::string_view name) const {
    const Value* value = find(name);
    return value && !value->is_null();
}

Result<std::string> BatchArguments::text(std::string_view name) const {
    if (!has(name)) return missing(name, "a text");
    if (!find(name)->text()) return wrong(name, "a text");
    return *find(name)->text();
}

Result<std::string> BatchArguments::text_or(std::string_view name, std::string other) const {
    if (!has(name)) return other;
    return text(name);
}

Result<Uuid> BatchArguments::record(std::string_view name) const {
    auto written = text(name);
    if (!written) return fail(written.error());
    const auto id = parse_uuid(*written);
    if (!id) return wrong(name, "a record id like 0193a1b2-4c5d-7e6f-8a9b-0c1d2e3f4a5b");
    return *id;
}

Result<std::optional<Uuid>> BatchArguments::record_if_given(std::string_view name) const {
    if (!has(name)) return std::optional<Uuid>();
    auto id = record(name);
    if (!id) return fail(id.error());
    return std::optional<Uuid>(*id);
}

Result<Members> BatchArguments::members(std::string_view name) const {
    if (!has(name)) return missing(name, "an object of field and value");
    if (!find(name)->members()) return wrong(name, "an object of field and value");
    return *find(name)->members();
}

Result<std::int64_t> BatchArguments::count_or(std::string_view name, std::int64_t other) const {
    if (!has(name)) return other;
    const std::int64_t* count = find(name)->integer();
    if (!count || *count < 0) return wrong(name, "a whole number of at least 0");
    return *count;
}

Result<bool> BatchArguments::flag(std::string_view name) const {
    if (!has(name)) return false;
    if (!find(name)->boolean()) return wrong(name, "true or false");
    return *find(name)->boolean();
}

Result<std::vector<ListCondition>> BatchArguments::conditions(std::string_view name) const {
    std::vector<ListCondition> conditions;
    if (!has(name)) return conditions;
    const Value& given = *find(name);
    if (const Members* members = given.members()) {
        for (const auto& [field, value] : *members) {
            conditions.push_back({field, ListComparison::eq, value});
        }
        return conditions;
    }
    const List* list = given.list();
    if (!list) {
        return wrong(name, R"({"field": value} or [{"field", "op", "value"}])");
    }
    for (std::size_t i = 0; i < list->size(); ++i) {
        auto condition =
            read_condition((*list)[i], std::string(name) + "[" + std::to_string(i) + "]");
        if (!condition) return fail(condition.error());
        conditions.push_back(std::move(*condition));
    }
    return conditions;
}

}  // namespace zf
