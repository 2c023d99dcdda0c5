// All records of the 2008 case against all rules and checks, with the case's ops played in the
// order of their times: what a careful reader of the file finds by hand.
#include <algorithm>

#include "common/base/ids.h"
#include "tests/unit/model/form_fixture.h"

namespace zf::test {
namespace {

std::string text_at(const Value& object, std::string_view name) {
    const Value* value = object.find(name);
    return value == nullptr || value->text() == nullptr ? "" : *value->text();
}

Uuid id_in_case(const std::string& name) {
    const Uuid name_space = *parse_uuid("6ba7b811-9dad-11d1-80b4-00c04fd430c8");
    return uuid_v5(name_space, "case/" + name);
}

/// `value` with every reference to a record of the case as that record's id.
Value with_ids(const Field& field, const Value& value) {
    const bool refers = field.type == FieldType::ref || field.type == FieldType::ref_multi;
    if (refers && value.text() != nullptr) return id_in_case(*value.text()).text();
    const List* list = value.list();
    if (list == nullptr || !(refers || field.type == FieldType::repeat)) return value;
    List result;
    for (const Value& item : *list) {
        if (item.members() == nullptr) {
            result.push_back(with_ids(field, item));
            continue;
        }
        Members row;
        for (const auto& [name, part] : *item.members()) {
            const Field* known = field.find(name);
            row.emplace_back(name, known == nullptr ? part : with_ids(*known, part));
        }
        result.push_back(row);
    }
    return result;
}

/// The records left in the end, under their case names: neither voided nor joined.
FakeRecords play_case(std::map<std::string, std::string>& names) {
    const Value source = read_json("common/data/case-2008h1.json");
    List ops = *source.find("ops")->list();
    std::stable_sort(ops.begin(), ops.end(), [](const Value& a, const Value& b) {
        return *parse_datetime(text_at(a, "at")) < *parse_datetime(text_at(b, "at"));
    });
    FakeRecords records;
    std::vector<std::string> gone;
    std::map<std::string, std::string> joined;
    for (const Value& op : ops) {
        const std::string name = text_at(op, "record");
        const std::string id = id_in_case(name).text();
        const Form* form = shipped_forms().find(text_at(op, "form"));
        REQUIRE(form != nullptr);
        names[id] = name;
        FakeRecords::Record& record = records.records[id];
        record.form = form->id;
        for (const auto& [field_name, value] : *op.find("set")->members()) {
            const Field* field = form->find(field_name);
            if (field != nullptr) record.values[field_name] = with_ids(*field, value);
            if (field_name == "_alias_of") {
                gone.push_back(id);
                joined[id] = id_in_case(*value.text()).text();
            }
            if (field_name == "_void" && value == Value(true)) gone.push_back(id);
        }
    }
    for (const std::string& id : gone) records.records.erase(id);
    for (auto& [id, record] : records.records) {
        for (auto& [name, value] : record.values) {
            if (value.text() != nullptr && joined.contains(*value.text())) {
                value = joined[*value.text()];
            }
        }
    }
    return records;
}

}  // namespace

TEST_CASE("the 2008 case breaks one rule and no check") {
    std::map<std::string, std::string> names;
    const FakeRecords records = play_case(names);
    CHECK(records.records.size() > 440);
    std::vector<std::string> rules, others;
    for (const auto& [id, record] : records.records) {
        RuleContext context =
            context_of(*shipped_forms().find(record.form), record.values, &records, {2008, 7, 7});
        context.record_id = id;
        for (const Issue& issue : check_record(shipped_forms(), context)) {
            const std::string found = names[id] + " " + issue.where + " " + issue.code;
            (issue.code == "rule" ? rules : others).push_back(found);
        }
    }
    const auto joined = [](const std::vector<std::string>& found) {
        std::string all;
        for (const std::string& one : found) all += one + "; ";
        return all;
    };
    CHECK(joined(rules) == "rep-05-05 ytd_continuity rule; ");
    CHECK(joined(others) == "");
}

}  // namespace zf::test
