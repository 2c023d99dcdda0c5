// Rule expressions over the form `sample`. The first line is the expression, the rest the values of
// a record. What is accepted means the same after it was written canonically, and reads no field
// but those that it says it reads.
#include <algorithm>

#include "common/codec/json.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/unit/model/sample_catalog.h"

namespace {

using zf::Value;

const zf::test::FakeRecords& records() {
    static const zf::test::FakeRecords others(
        R"({"0193a1b2-4c5d-7e6f-8a9b-0c1d2e3f4a5b":
              {"form":"other","values":{"title":"a","share":"0.1250","started":"2008-01-01"}},
            "0193a1b2-4c5d-7e6f-8a9b-000000000001":
              {"form":"sample","values":{"name":"a","count":3,"amount":"7.25","day":"2008-05-01",
               "month":"2008-04","other":"0193a1b2-4c5d-7e6f-8a9b-0c1d2e3f4a5b"}}})");
    return others;
}

struct Outcome {
    bool holds, applies;
    Value computed;
    bool operator==(const Outcome&) const = default;
};

Outcome outcome_of(const zf::Expression& expression, const zf::FieldValues& values) {
    const zf::Form& form = zf::test::sample_form();
    const auto context = zf::test::context_of(form, values, &records());
    const auto with = [&](const zf::RecordSource* source) {
        auto other = context;
        other.source = source;
        return Outcome{zf::rule_holds(expression, other), zf::condition_holds(expression, other),
                       zf::compute_value(expression, other)};
    };
    static_cast<void>(with(nullptr));
    return with(&records());
}

zf::FieldValues values_in(std::string_view text) {
    zf::FieldValues values;
    const auto json = zf::parse_json(text);
    if (!json || !json->members()) return values;
    for (const auto& [name, value] : *json->members()) values[name] = value;
    return values;
}

}  // namespace

zf::Verdict zf::take_input(std::string_view bytes) {
    const std::size_t line_end = std::min(bytes.find('\n'), bytes.size());
    const auto json = parse_json(bytes.substr(0, line_end));
    if (!json) return Verdict::refused;
    const Form& form = test::sample_form();
    const auto expression = parse_expression(*json, form, &test::sample_forms());
    if (!expression) {
        check_refusal(expression.error());
        return Verdict::refused;
    }
    // What is sound with all forms known is sound with this one alone.
    ZF_ASSERT(parse_expression(*json, form).has_value());
    const auto again =
        parse_expression(*parse_json(canonical_text(*json)), form, &test::sample_forms());
    ZF_ASSERT(again.has_value());
    const FieldValues values = values_in(bytes.substr(line_end));
    const Outcome outcome = outcome_of(**expression, values);
    ZF_ASSERT(outcome_of(**again, values) == outcome);
    FieldValues read;
    for (const std::string& name : fields_read_by(**expression, form)) {
        if (const auto found = values.find(name); found != values.end()) read.insert(*found);
    }
    ZF_ASSERT(outcome_of(**expression, read) == outcome);
    return Verdict::accepted;
}
