// The form file that ships with the product.
#include <set>

#include "tests/unit/model/form_fixture.h"

namespace zf::test {

TEST_CASE("the shipped form file is sound and complete") {
    const FormCatalog& catalog = shipped_forms();
    CHECK(catalog.forms.size() == 28);
    CHECK(catalog.choice_lists.size() == 64);
    CHECK(catalog.categories.size() == 10);
    std::size_t rules = 0, fields = 0;
    for (const Form& form : catalog.forms) {
        rules += form.rules.size();
        fields += form.fields.size();
        for (const Field& field : form.fields) fields += field.fields.size();
        CHECK_MESSAGE(!form.natural_key.empty(), form.id);
        CHECK_MESSAGE(!form.review_chain.empty(), form.id);
    }
    CHECK(rules == 24);
    CHECK(fields == 446);
}

TEST_CASE("what a form file says arrives in the form") {
    const Form* form = shipped_forms().find("enterprise_report");
    REQUIRE(form != nullptr);
    CHECK(form->version == 1);
    CHECK(form->role == "periodic");
    CHECK(form->category == "enterprise");
    CHECK(form->date_field == "report_month");
    CHECK(form->natural_key == std::vector<std::string>{"enterprise", "report_month"});
    CHECK(form->review_chain == std::vector<std::string>{"section_head", "leader"});
    CHECK(form->label.zh_hant == "外來企業生產經營月報");
    CHECK(form->area == "enterprise.division");
    const Field* output = form->find("output_ytd");
    REQUIRE(output != nullptr);
    CHECK(output->type == FieldType::decimal);
    CHECK(output->decimals == 4);
    CHECK(output->unit == "wan_yuan");
    CHECK(output->required);
    CHECK(output->min == 0);
    CHECK(form->find("restate_reason")->visible_if != nullptr);
    CHECK(form->find("no_such_field") == nullptr);
    CHECK(shipped_forms().find("no_such_form") == nullptr);
    CHECK(shipped_forms().find_choice("origin_level", "out_province") != nullptr);
    CHECK(shipped_forms().find_choice("origin_level", "nowhere") == nullptr);
    CHECK(shipped_forms().find_choice("no_list", "x") == nullptr);
    CHECK(shipped_forms().find("capital_arrival")->find("currency")->default_value == Value("CNY"));
}

TEST_CASE("forms with a place say where it stands") {
    const std::map<std::string, std::string> areas{{"enterprise", "division"},
                                                   {"enterprise_report", "enterprise.division"},
                                                   {"project", "site_division"},
                                                   {"capital_arrival", "project.site_division"},
                                                   {"project_progress", "project.site_division"},
                                                   {"site_visit", "division"},
                                                   {"disaster_report", "division"},
                                                   {"building_check", "disaster_report.division"},
                                                   {"hazard", "division"},
                                                   {"relief_action", "division"},
                                                   {"complaint", "enterprise.division"},
                                                   {"funding_support", "enterprise.division"},
                                                   {"service_matter", "enterprise.division"},
                                                   {"duty_assignment", "division"},
                                                   {"difficulty", "enterprise.division"}};
    for (const Form& form : shipped_forms().forms) {
        const auto expected = areas.find(form.id);
        CHECK_MESSAGE(form.area == (expected == areas.end() ? "" : expected->second), form.id);
    }
}

TEST_CASE("type, language and level names lead back to themselves") {
    for (const Form& form : shipped_forms().forms) {
        for (const Field& field : form.fields) {
            CHECK(parse_field_type(name_of(field.type)) == field.type);
        }
    }
    CHECK(!parse_field_type("number"));
    for (const char* name : {"zh-Hans", "zh-Hant", "en"}) {
        const auto language = parse_language(name);
        REQUIRE(language.has_value());
        CHECK(name_of(*language) == name);
    }
    CHECK(!parse_language("fr"));
}

}  // namespace zf::test
