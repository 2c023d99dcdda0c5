// Every rule of the shipped forms, kept by one record and broken by another.
#include <set>

#include "tests/unit/model/form_fixture.h"

namespace zf::test {
namespace {

struct RuleCase {
    std::string form;
    std::string rule;
    std::string kept;
    std::string broken;
    std::string others;  // other records
    std::string more_kept;
};

constexpr const char* reports = R"({
 "a": {"form": "enterprise_report", "values": {"enterprise": "e1", "report_month": "2007-12",
       "output_ytd": "900", "employees_end": 10}},
 "b": {"form": "enterprise_report", "values": {"enterprise": "e1", "report_month": "2008-01",
       "output_ytd": "10.5", "employees_end": 10}},
 "c": {"form": "enterprise_report", "values": {"enterprise": "e2", "report_month": "2008-02",
       "output_ytd": "77", "employees_end": 500}},
 "d": {"form": "enterprise_report", "values": {"enterprise": "e1", "report_month": "2008-03",
       "output_ytd": "30", "employees_end": 900}}})";

constexpr const char* projects = R"({
 "p": {"form": "project", "values": {"agreed_amount": "100", "origin_level": "out_province"}},
 "x": {"form": "capital_arrival", "values": {"project": "p", "amount": "60.25"}},
 "y": {"form": "capital_arrival", "values": {"project": "q", "amount": "1000"}},
 "own": {"form": "capital_arrival", "values": {"project": "p", "amount": "500"}}})";

constexpr const char* progress = R"({
 "a": {"form": "project_progress", "values": {"project": "p", "as_of": "2007-12-31",
       "invested_cum": "500"}},
 "b": {"form": "project_progress", "values": {"project": "p", "as_of": "2008-06-01",
       "invested_cum": "900"}}})";

const RuleCase cases[] = {
    {"enterprise", "exit_after_entry",
     R"({"deregistered_on": "2008-05-01", "on_register_from": "2008-05-01"})",
     R"({"deregistered_on": "2008-04-30", "on_register_from": "2008-05-01"})", "{}",
     R"({"on_register_from": "2008-05-01"})"},
    {"enterprise_report", "ytd_ge_month", R"({"output_ytd": "9.5", "output_month": "9.50"})",
     R"({"output_ytd": "9.5", "output_month": "10"})", "{}", R"({"output_month": "10"})"},
    {"enterprise_report", "tax_ytd_ge_month", R"({"tax_ytd": "1", "tax_month": "1"})",
     R"({"tax_ytd": "0.9999", "tax_month": "1"})", "{}"},
    {"enterprise_report", "local_le_total", R"({"local_employees_end": 9, "employees_end": 10})",
     R"({"local_employees_end": 10, "employees_end": 9})", "{}", R"({"employees_end": 9})"},
    {"enterprise_report", "ytd_continuity",
     R"({"enterprise": "e1", "report_month": "2008-02", "output_ytd": "12.7",
         "output_month": "2.2"})",
     R"({"enterprise": "e1", "report_month": "2008-02", "output_ytd": "12.7",
         "output_month": "2.3"})",
     reports,
     R"({"enterprise": "e1", "report_month": "2008-01", "output_ytd": "3", "output_month": "2"})"},
    {"enterprise_report", "jump",
     R"({"enterprise": "e1", "report_month": "2008-02", "employees_end": 13})",
     R"({"enterprise": "e1", "report_month": "2008-02", "employees_end": 14})", reports,
     R"({"enterprise": "e1", "report_month": "2008-02", "employees_end": 7})"},
    {"project", "agreed_le_total", R"({"agreed_amount": "5", "total_investment": "5"})",
     R"({"agreed_amount": "5.0001", "total_investment": "5"})", "{}", R"({"agreed_amount": "5"})"},
    {"project", "dates", R"({"build_start": "2008-04-23", "sign_date": "2008-04-23"})",
     R"({"build_start": "2008-04-22", "sign_date": "2008-04-23"})", "{}",
     R"({"sign_date": "2008-04-23"})"},
    {"project", "stat_year", R"({"first_stat_year": 2008, "sign_date": "2008-12-31"})",
     R"({"first_stat_year": 2007, "sign_date": "2008-01-01"})", "{}",
     R"({"first_stat_year": 1990})"},
    {"capital_arrival", "not_future", R"({"arrival_date": "2008-06-30"})",
     R"({"arrival_date": "2008-07-01"})", "{}", "{}"},
    {"capital_arrival", "not_over_agreed", R"({"project": "p", "amount": "39.75"})",
     R"({"project": "p", "amount": "39.76"})", projects, R"({"project": "q", "amount": "9999"})"},
    {"capital_arrival", "origin_matches", R"({"project": "p", "origin_level": "out_province"})",
     R"({"project": "p", "origin_level": "overseas"})", projects,
     R"({"project": "gone", "origin_level": "overseas"})"},
    {"capital_arrival", "negative_only_reversal", R"({"amount": "-5", "reversal_of": "x"})",
     R"({"amount": "-5"})", "{}", R"({"amount": "0.01"})"},
    {"project_progress", "monotone",
     R"({"project": "p", "as_of": "2008-03-31", "invested_cum": "500"})",
     R"({"project": "p", "as_of": "2008-03-31", "invested_cum": "499.99"})", progress,
     R"({"project": "p", "as_of": "2007-12-31", "invested_cum": "1"})"},
    {"promo_material", "distributed_le", R"({"distributed": 2000, "copies": 2000})",
     R"({"distributed": 2001, "copies": 2000})", "{}", R"({"copies": 1})"},
    {"outreach_trip", "dates", R"({"start_date": "2008-03-09", "end_date": "2008-03-15"})",
     R"({"start_date": "2008-03-15", "end_date": "2008-03-09"})", "{}",
     R"({"start_date": "2008-03-15"})"},
    {"disaster_report", "loss_parts",
     R"({"loss_industry": "0.1", "loss_housing": "0.2", "direct_loss": "0.3"})",
     R"({"loss_industry": "0.1", "loss_housing": "0.2", "loss_infra": "0.01",
         "direct_loss": "0.3"})",
     "{}", R"({"loss_industry": "5"})"},
    {"disaster_report", "death_attach", R"({"deaths": 1, "narrative": "x"})", R"({"deaths": 1})",
     "{}", R"({"deaths": 0})"},
    {"building_check", "posting_matches", R"({"damage_grade": "III", "use_advice": "inspected"})",
     R"({"damage_grade": "IV", "use_advice": "inspected"})", "{}",
     R"({"damage_grade": "V", "use_advice": "unsafe"})"},
    {"building_check", "stat_class_matches", R"({"damage_grade": "I"})",
     R"({"damage_grade": "I", "stat_class": "severe"})", "{}",
     R"({"damage_grade": "II", "stat_class": "severe"})"},
    {"hazard", "close_after", R"({"closed_on": "2008-05-20", "found_on": "2008-05-20"})",
     R"({"closed_on": "2008-05-19", "found_on": "2008-05-20"})", "{}",
     R"({"found_on": "2008-05-20"})"},
    {"complaint", "closed_needs_result",
     R"({"state": "done", "closed_on": "2008-05-19", "result": "x"})",
     R"({"state": "done", "closed_on": "2008-05-19"})", "{}", R"({"state": "doing"})"},
    {"funding_support", "granted_le_applied", R"({"amount_granted": "35", "amount_applied": "35"})",
     R"({"amount_granted": "35.5", "amount_applied": "35"})", "{}", R"({"amount_granted": "35"})"},
    {"service_matter", "limit", R"({"time_limit_days": 60})", R"({"time_limit_days": 61})", "{}",
     "{}"},
};

bool holds(const RuleCase& rule_case, const std::string& text) {
    const Form* form = shipped_forms().find(rule_case.form);
    REQUIRE(form != nullptr);
    const FakeRecords records(rule_case.others);
    const FieldValues values = values_of(text);
    for (const Rule& rule : form->rules) {
        if (rule.id == rule_case.rule) {
            return rule_holds(*rule.expression, context_of(*form, values, &records));
        }
    }
    FAIL("no rule " << rule_case.rule);
    return false;
}

}  // namespace

TEST_CASE("each shipped rule holds and is broken as it says") {
    for (const RuleCase& rule_case : cases) {
        CAPTURE(rule_case.form);
        CAPTURE(rule_case.rule);
        CHECK(holds(rule_case, rule_case.kept));
        CHECK_FALSE(holds(rule_case, rule_case.broken));
        if (!rule_case.more_kept.empty()) CHECK(holds(rule_case, rule_case.more_kept));
    }
}

TEST_CASE("no shipped rule is left out above") {
    std::set<std::string> covered, shipped;
    for (const RuleCase& rule_case : cases) {
        covered.insert(rule_case.form + "." + rule_case.rule);
    }
    for (const Form& form : shipped_forms().forms) {
        for (const Rule& rule : form.rules) shipped.insert(form.id + "." + rule.id);
    }
    CHECK(covered == shipped);
}

TEST_CASE("a rule that is broken is an issue with its id, level and message") {
    const Form& form = *shipped_forms().find("enterprise_report");
    const FakeRecords records(reports);
    const FieldValues values =
        values_of(R"({"enterprise": "e1", "report_month": "2008-02", "employees_end": 14})");
    std::vector<Issue> found;
    for (const Issue& issue : check_record(shipped_forms(), context_of(form, values, &records))) {
        if (issue.code == "rule") found.push_back(issue);
    }
    REQUIRE(found.size() == 1);
    CHECK(found[0].where == "jump");
    CHECK(found[0].level == Level::warning);
    CHECK(found[0].message.en == "Persons employed changed by over 30 %: please verify");
}

TEST_CASE("on_time is computed and missing while the matter is open") {
    const Form& form = *shipped_forms().find("service_matter");
    const Field& on_time = *form.find("on_time");
    REQUIRE(on_time.computed != nullptr);
    const auto computed = [&](const char* text) {
        const FieldValues values = values_of(text);
        return compute_value(*on_time.computed, context_of(form, values));
    };
    CHECK(computed(R"({"closed_on": "2008-05-10", "due_date": "2008-05-10"})") == Value(true));
    CHECK(computed(R"({"closed_on": "2008-05-11", "due_date": "2008-05-10"})") == Value(false));
    CHECK(computed(R"({"due_date": "2008-05-10"})") == Value());
    CHECK(computed(R"({"closed_on": null, "due_date": "2008-05-10"})") == Value());
}

TEST_CASE("beside a choice a code is meant, also one that is a field's name too") {
    const Form& visit = *shipped_forms().find("site_visit");
    for (const char* kind : {"enterprise", "project", "village"}) {
        const FieldValues values{{"target_kind", Value(kind)}};
        RuleContext context;
        context.form = &visit;
        context.values = &values;
        for (const char* field : {"enterprise", "project"}) {
            INFO(kind, " ", field);
            CHECK(is_visible(*visit.find(field), context) == (std::string_view(kind) == field));
        }
    }
}

}  // namespace zf::test
