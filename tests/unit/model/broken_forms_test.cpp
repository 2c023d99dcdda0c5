// Form files with one mistake each: the refusal names the place and the mistake.
#include "tests/unit/model/form_fixture.h"

namespace zf::test {
namespace {

struct Mistake {
    std::string found;     // in the sample's text, first occurrence
    std::string replaced;  // by this
    std::string place;
    std::string says;
};

// Field numbers in "sample": 0 name, 1 note, 2 count, 4 amount, 6 day, 11 flag, 12 colour, 24 rows.
const Mistake mistakes[] = {
    {R"("field-forms/1")", R"("field-forms/2")", "schema", "field-forms/1"},
    {R"("type": "multiline")", R"("type": "memo")", "forms[0].fields[1].type", "\"memo\""},
    {R"("type": "multiline", )", R"()", "forms[0].fields[1].type", "no field type \"\""},
    {R"("forms": [{)", R"("forms": [{"id": "other", "version": 1, "category": "all",
     "label": {"zh-Hans": "a", "zh-Hant": "a", "en": "a"}, "title": "a", "review": {"chain":
     ["leader"]}, "fields": [{"name": "title", "type": "text", "label": {"zh-Hans": "a",
     "zh-Hant": "a", "en": "a"}}, {"name": "share", "type": "text", "label": {"zh-Hans": "a",
     "zh-Hant": "a", "en": "a"}}]}, {)",
     "forms[2].id", "a second form \"other\""},
    {R"("id": "sample")", R"("id": "Sample")", "forms[0].id", "is no name"},
    {R"("name": "time2")", R"("name": "time")", "forms[0].fields[10].name",
     "a second field \"time\""},
    {R"("name": "pct")", R"("name": "topic")", "forms[0].fields[24].fields[1].name",
     "a second field \"topic\""},
    {R"("name": "time2")", R"("name": "_void")", "forms[0].fields[10].name", "is no name"},
    {R"("unit": "yuan")", R"("unit": "euro")", "forms[0].fields[4].unit", "no unit \"euro\""},
    {R"("choices": "colour",
    "label": {"zh-Hans": "色", "zh-Hant": "色", "en": "Colour"})",
     R"("choices": "color",
    "label": {"zh-Hans": "色", "zh-Hant": "色", "en": "Colour"})",
     "forms[0].fields[12].choices", "no choice list \"color\""},
    {R"("type": "choice", "choices": "colour",)", R"("type": "choice",)",
     "forms[0].fields[12].choices", "missing"},
    {R"("type": "date", "label": {"zh-Hans": "日")",
     R"("type": "date", "choices": "colour", "label": {"zh-Hans": "日")",
     "forms[0].fields[6].choices", "has no choice list"},
    {R"("type": "ref", "ref": "other")", R"("type": "ref", "ref": "another")",
     "forms[0].fields[16].ref", "no form \"another\""},
    {R"("check": "uscc18")", R"("check": "uscc")", "forms[0].fields[14].constraint.check",
     "no code check \"uscc\""},
    {R"("min": 0, "max": 100)", R"("min": 101, "max": 100)", "forms[0].fields[2].constraint",
     "min 101 is greater than max 100"},
    {R"("min": 0, "max": 100)", R"("min": 0.5)", "forms[0].fields[2].constraint.min",
     "whole number"},
    {R"("max_length": 5)", R"("min": 5)", "forms[0].fields[0].constraint",
     "only integer and decimal"},
    {R"("max_length": 5)", R"("max_length": 0)", "forms[0].fields[0].constraint.max_length",
     "1 or more"},
    {R"("decimals": 2)", R"("decimals": 12)", "forms[0].fields[4].decimals", "0 to 9"},
    {R"("decimals": 2, )", "", "forms[0].fields[4].decimals", "missing"},
    {R"("default": false)", R"("default": "no")", "forms[0].fields[11].default", "true or false"},
    {R"("required": true, "constraint": {"max_length": 5}},
   {"name": "note")",
     R"("required": true, "default": "abcdef", "constraint": {"max_length": 5}},
   {"name": "note")",
     "forms[0].fields[0].default", "At most 5 characters"},
    {R"("natural_key": ["name", "other"])", R"("natural_key": ["name", "othr"])",
     "forms[0].natural_key[1]", "no field \"othr\""},
    {R"("natural_key": ["name", "other"])", R"("natural_key": "name")", "forms[0].natural_key",
     "must be a list"},
    {R"("date_field": "day")", R"("date_field": "dya")", "forms[0].date_field", "no field \"dya\""},
    {R"("date_field": "day")", R"("date_field": "name")", "forms[0].date_field", "is no date"},
    {R"("title": "{name}: {colour} {other}")", R"("title": "{name} {color}")", "forms[0].title",
     "no field \"color\""},
    {R"("title": "{name}: {colour} {other}")", R"("title": "{name")", "forms[0].title",
     "do not match"},
    {R"("title": "{name}: {colour} {other}", )", "", "forms[0].title", "missing"},
    {R"("area": "place")", R"("area": "plaza")", "forms[0].area", "no field \"plaza\""},
    {R"("area": "place")", R"("area": "code")", "forms[0].area", "no field \"code\""},
    {R"("area": "place")", R"("area": "other.place")", "forms[0].area", "no field \"place\""},
    {R"("area": "place")", R"("area": "name.place")", "forms[0].area", "of type ref"},
    {R"("category": "all")", R"("category": "none")", "forms[0].category", "no category \"none\""},
    {R"("chain": ["section_head"])", R"("chain": ["boss"])", "forms[0].review.chain[0]",
     "no reviewing role \"boss\""},
    {R"("review": {"chain": ["section_head"]},)", "", "forms[0].review.chain", "missing"},
    {R"("version": 1)", R"("version": 0)", "forms[0].version", "1 or more"},
    {R"("zh-Hant": "樣", )", "", "forms[0].label.zh-Hant", "missing"},
    {R"("zh-Hant": "紅", )", "", "choice_lists.colour[0].label.zh-Hant", "missing"},
    {R"("code": "blue")", R"("code": "red")", "choice_lists.colour[1].code",
     "a second choice \"red\""},
    {R"("zh-Hans": "元", )", "", "units.yuan.zh-Hans", "missing"},
    {R"("en": "All")", R"("en": "")", "categories[0].label.en", "missing"},
    {R"("en": "Topic")", R"("en": 5)", "forms[0].fields[24].fields[0].label.en", "missing"},
    {R"("en": "count above total")", R"("en": "")", "forms[0].rules[0].message.en", "missing"},
    {R"("expr": ["<=", "count", "total"])", R"("expr": ["=<", "count", "total"])",
     "forms[0].rules[0].expr", "unknown operator \"=<\""},
    {R"("expr": ["<=", "count", "total"])", R"("expr": ["<=", "count", "totla"])",
     "forms[0].rules[0].expr[2]", "\"totla\" is neither a field"},
    {R"("expr": ["<=", "count", "total"])", R"("expr": ["<=", "count"])", "forms[0].rules[0].expr",
     "takes 2 operands"},
    {R"("expr": ["<=", "count", "total"])", R"("expr": ["+", "count", "total"])",
     "forms[0].rules[0].expr", "true or false"},
    {R"("expr": ["<=", "count", "total"], )", "", "forms[0].rules[0].expr", "missing"},
    {R"("level": "warning")", R"("level": "hint")", "forms[0].rules[0].level", "\"error\""},
    {R"(["=", "flag", true])", R"(["=", "flga", true])", "forms[0].fields[1].visible_if[1]",
     "no field \"flga\""},
    {R"("computed": ["<=", "day", "until"])", R"("computed": ["<=", "day", "untill"])",
     "forms[0].fields[25].computed[2]", "\"untill\""},
    {R"("computed": ["<=", "day", "until"])", R"("computed": ["<=", "day", ["today"]])",
     "forms[0].fields[25].computed", "for rules only"},
    {R"("computed": ["<=", "day", "until"])", R"("computed": ["year", "day"])",
     "forms[0].fields[25].computed", "type boolean"},
    {R"("computed": ["+", "money", ["or0", "amount"]])",
     R"("computed": ["abs_change_pct", "money", "amount"])", "forms[0].fields[26].computed",
     "type decimal"},
    {R"("computed": ["-", "count", "total"])", R"("computed": ["+", "count", "all_of"])",
     "forms[0].fields[27].computed", "is computed itself"},
    {R"("name": "topic", "type": "text",)",
     R"("name": "topic", "type": "text", "visible_if": ["=", "flag", true],)",
     "forms[0].fields[24].fields[0].visible_if", "not possible within rows"},
};

Value with_mistake(const Mistake& mistake) {
    std::string text(sample_text);
    const std::size_t at = text.find(mistake.found);
    REQUIRE(at != std::string::npos);
    text.replace(at, mistake.found.size(), mistake.replaced);
    return json(text);
}

}  // namespace

TEST_CASE("a mistake in a form file is refused with its place") {
    for (const Mistake& mistake : mistakes) {
        CAPTURE(mistake.replaced);
        CAPTURE(mistake.place);
        const Result<FormCatalog> catalog = decode_forms(with_mistake(mistake));
        REQUIRE_FALSE(catalog.has_value());
        CHECK(catalog.error().code == ErrorCode::malformed);
        CHECK(catalog.error().where == mistake.place);
        const std::string& message = catalog.error().message;
        CHECK_MESSAGE(message.starts_with(mistake.place + ": "), message);
        CHECK_MESSAGE(message.find(mistake.says) != std::string::npos, message);
    }
}

TEST_CASE("every mistake is named, as far as a message can hold") {
    Value source = json(sample_text);
    Value& form = (*source.members()->back().second.list())[0];
    form.set("date_field", "nothing");
    form.set("category", "nowhere");
    const Result<FormCatalog> two = decode_forms(source);
    REQUIRE_FALSE(two.has_value());
    CHECK(two.error().message.find("forms[0].date_field: ") != std::string::npos);
    CHECK(two.error().message.find("forms[0].category: ") != std::string::npos);
    for (auto& [name, value] : *form.members()) {
        if (name != "fields") continue;
        for (Value& field : *value.list()) field.set("label", Value());
    }
    const Result<FormCatalog> many = decode_forms(source);
    REQUIRE_FALSE(many.has_value());
    CHECK(many.error().message.find("; and 66 more") != std::string::npos);
}

TEST_CASE("what a later version adds is ignored") {
    Value source = json(sample_text);
    source.set("colour_scheme", "warm");
    Value& form = (*source.members())[4].second.list()->front();
    REQUIRE(form.members() != nullptr);
    form.set("icon", "leaf");
    const Result<FormCatalog> catalog = decode_forms(source);
    CHECK(catalog.has_value());
}

TEST_CASE("what is no form file at all") {
    for (const char* text : {"[]", "5", "null", "{}", R"({"schema": "field-forms/1"})",
                             R"({"schema": "field-forms/1", "forms": {}})",
                             R"({"schema": "field-forms/1", "forms": [5]})",
                             R"({"schema": "field-forms/1", "forms": [{"fields": [5]}]})",
                             R"({"schema": "field-forms/1", "units": [], "forms": []})"}) {
        CAPTURE(text);
        CHECK_FALSE(decode_forms(json(text)).has_value());
    }
}

}  // namespace zf::test
