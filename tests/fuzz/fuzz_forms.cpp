// Form catalogues: a refusal names the place; what is accepted is accepted again from its canonical
// text, means the same then, and can be used with values of any shape.
#include "common/codec/form_codec.h"
#include "common/codec/json.h"
#include "common/model/natural_key.h"
#include "common/model/title.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/unit/model/sample_catalog.h"

namespace {

using zf::Field;
using zf::Form;
using zf::FormCatalog;
using zf::List;
using zf::Members;
using zf::Value;

const std::vector<Value>& any_values() {
    static const std::vector<Value> values{Value(),
                                           true,
                                           0,
                                           -7,
                                           2008,
                                           "",
                                           "12.50",
                                           "red",
                                           "2008-05-12",
                                           "2008-05",
                                           "2008-05-12T14:28:00Z",
                                           "0193a1b2-4c5d-7e6f-8a9b-0c1d2e3f4a5b",
                                           List{"red", "blue"},
                                           List{Members{{"topic", "a"}, {"pct", "1.50"}}},
                                           Members{{"lat", "31.5"}, {"lon", "107.10"}},
                                           zf::OddNumber{"1e99"}};
    return values;
}

/// A value for each field, another one in every round.
zf::FieldValues values_for(const Form& form, std::size_t round) {
    zf::FieldValues values;
    std::size_t next = round;
    for (const Field& field : form.fields) {
        values[field.name] = any_values()[next % any_values().size()];
        next += 5;
    }
    return values;
}

/// What people would be told about such a record; asserts what holds for single values.
std::string told_about(const FormCatalog& catalog, const Form& form,
                       const zf::FieldValues& values) {
    const zf::test::FakeRecords records;
    const auto context = zf::test::context_of(form, values, &records);
    std::string told = zf::title_of(catalog, form, values, zf::Language::zh_hans, nullptr);
    ZF_ASSERT(zf::is_valid_utf8(told));
    told += zf::natural_key_of(form, values, nullptr).value_or("-");
    for (const zf::Issue& issue : zf::check_record(catalog, context)) {
        ZF_ASSERT(!issue.code.empty() && !issue.where.empty());
        told += issue.where + issue.code + issue.message.en;
    }
    for (const Field& field : form.fields) {
        const Value& value = values.at(field.name);
        const Value canonical = zf::canonical_value(field, value);
        ZF_ASSERT(zf::canonical_value(field, canonical) == canonical);
        if (zf::check_value(catalog, field, value).empty()) {
            ZF_ASSERT(zf::check_value(catalog, field, canonical).empty());
        }
        if (!field.computed) continue;
        const Value computed = zf::compute_value(*field.computed, context);
        Field entered = field;
        entered.computed = nullptr;
        ZF_ASSERT(computed == zf::canonical_value(entered, computed));
        told += zf::canonical_text(computed);
    }
    return told;
}

}  // namespace

zf::Verdict zf::take_input(std::string_view bytes) {
    const auto json = parse_json(bytes);
    if (!json) return Verdict::refused;
    const auto catalog = decode_forms(*json);
    const auto again = decode_forms(*parse_json(canonical_text(*json)));
    ZF_ASSERT(catalog.has_value() == again.has_value());
    if (!catalog) {
        check_refusal(catalog.error());
        ZF_ASSERT(again.error().code == catalog.error().code);
        return Verdict::refused;
    }
    ZF_ASSERT(again->forms.size() == catalog->forms.size());
    for (std::size_t i = 0; i < catalog->forms.size(); ++i) {
        const Form& form = catalog->forms[i];
        ZF_ASSERT(again->forms[i].id == form.id);
        for (std::size_t round = 0; round < 4; ++round) {
            const FieldValues values = values_for(form, i + round);
            ZF_ASSERT(told_about(*catalog, form, values) ==
                      told_about(*again, again->forms[i], values));
        }
    }
    return Verdict::accepted;
}
