// What `set` refuses: each field type with values that fit and values that do not.
#include <algorithm>

#include "tests/unit/model/form_fixture.h"

namespace zf::test {
namespace {

struct Row {
    std::string field;
    std::string value;  // JSON
    std::string code;   // empty: well-formed
    std::string where;
};

constexpr const char* hash_64 =
    R"(["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"])";

const std::vector<Row>& table() {
    static const std::vector<Row> rows{
        {"name", R"("abc")"},
        {"name", R"("柳树村甲乙")"},
        {"name", R"("")"},
        {"name", "null"},
        {"name", R"("柳树村甲乙丙")", "too_long"},
        {"name", R"("a\u0000b")", "wrong_type"},
        {"name", R"("a\rb")", "wrong_type"},
        {"name", R"("a\u007fb")", "wrong_type"},
        {"name", R"("a\u0085b")", "wrong_type"},
        {"name", "5", "wrong_type"},
        {"name", "true", "wrong_type"},
        {"name", R"(["a"])", "wrong_type"},
        {"note", R"("two\nlines\tand a tab")"},
        {"note", R"({"a": 1})", "wrong_type"},
        {"count", "0"},
        {"count", "100"},
        {"count", "-1", "out_of_range"},
        {"count", "101", "out_of_range"},
        {"count", R"("5")", "wrong_type"},
        {"count", R"("")", "wrong_type"},
        {"count", "5.0", "wrong_type"},
        {"count", "1e3", "wrong_type"},
        {"count", "true", "wrong_type"},
        {"total", "9223372036854775807"},
        {"total", "9223372036854775808", "wrong_type"},
        {"amount", R"("12.50")"},
        {"amount", R"("0")"},
        {"amount", R"("12.505")", "wrong_type"},
        {"amount", R"("12.500")", "wrong_type"},
        {"amount", R"("-0.01")", "out_of_range"},
        {"amount", "12.5", "wrong_type"},
        {"amount", "12", "wrong_type"},
        {"amount", R"("1e3")", "wrong_type"},
        {"amount", R"("+5")", "wrong_type"},
        {"amount", R"("1,000")", "wrong_type"},
        {"amount", R"("1 000")", "wrong_type"},
        {"amount", R"("５")", "wrong_type"},
        {"amount", R"(".5")", "wrong_type"},
        {"amount", R"("5.")", "wrong_type"},
        {"amount", R"("NaN")", "wrong_type"},
        {"amount", R"(["1"])", "wrong_type"},
        {"money", R"("0.0000000001")", "wrong_type"},
        {"day", R"("2008-02-29")"},
        {"day", R"("0001-01-01")"},
        {"day", R"("9999-12-31")"},
        {"day", R"("2007-02-29")", "wrong_type"},
        {"day", R"("2008-2-9")", "wrong_type"},
        {"day", R"("2008.06.30")", "wrong_type"},
        {"day", R"("2008-06")", "wrong_type"},
        {"day", R"("0000-01-01")", "wrong_type"},
        {"day", "20080630", "wrong_type"},
        {"month", R"("2008-12")"},
        {"month", R"("2008-13")", "wrong_type"},
        {"month", R"("2008-12-01")", "wrong_type"},
        {"time", R"("2008-05-12T14:28:00+08:00")"},
        {"time", R"("2008-05-12T06:28:00.5Z")"},
        {"time", R"("2008-05-12T14:28:00")", "wrong_type"},
        {"time", R"("2008-05-12")", "wrong_type"},
        {"time", R"("2008-05-12T24:28:00Z")", "wrong_type"},
        {"time", R"("9999-12-31T23:00:00-05:00")", "wrong_type"},
        {"flag", "true"},
        {"flag", "false"},
        {"flag", R"("true")", "wrong_type"},
        {"flag", "1", "wrong_type"},
        {"colour", R"("red")"},
        {"colour", R"("Red")", "unknown_choice"},
        {"colour", R"("green")", "unknown_choice"},
        {"colour", "1", "wrong_type"},
        {"colours", R"(["red", "blue"])"},
        {"colours", "[]"},
        {"colours", R"(["red", "green"])", "unknown_choice", "colours[1]"},
        {"colours", R"("red")", "wrong_type"},
        {"colours", R"([null])", "wrong_type", "colours[0]"},
        {"colours", R"(["red", 5])", "wrong_type", "colours[1]"},
        {"code", R"("91110000600037341L")"},
        {"code", R"("91110000600037341M")", "bad_code"},
        {"place", R"("511923203")"},
        {"place", R"("5119232")", "bad_code"},
        {"other", R"("0193a1b2-4c5d-7e6f-8a9b-0c1d2e3f4a5b")"},
        {"other", R"("0193A1B2-4C5D-7E6F-8A9B-0C1D2E3F4A5B")", "wrong_type"},
        {"other", R"("ent-01")", "wrong_type"},
        {"others", R"(["0193a1b2-4c5d-7e6f-8a9b-0c1d2e3f4a5b"])"},
        {"others", R"(["x"])", "wrong_type", "others[0]"},
        {"who", R"("staff_a")"},
        {"who", R"(["staff_a"])", "wrong_type"},
        {"whom", R"(["staff_a", "staff_b"])"},
        {"whom", R"([""])", "wrong_type", "whom[0]"},
        {"where", R"({"lat": "31.56", "lon": "107.10"})"},
        {"where", R"({"lat": "-90", "lon": "180.0", "accuracy_m": "15.5"})"},
        {"where", R"({"lat": "1", "lon": "1", "accuracy_m": null})"},
        {"where", R"({"lat": "90.000001", "lon": "0"})", "wrong_type", "where.lat"},
        {"where", R"({"lat": "0", "lon": "-180.1"})", "wrong_type", "where.lon"},
        {"where", R"({"lat": 31.56, "lon": "107.10"})", "wrong_type", "where.lat"},
        {"where", R"({"lat": "31.56"})", "wrong_type"},
        {"where", R"({"lat": "1", "lon": "1", "accuracy_m": "-1"})", "wrong_type",
         "where.accuracy_m"},
        {"where", R"({"lat": "1", "lon": "1", "alt": "5"})", "wrong_type", "where.alt"},
        {"where", R"("31.56,107.10")", "wrong_type"},
        {"photos", hash_64},
        {"files", hash_64},
        {"sign", hash_64},
        {"photos", R"(["e3b0"])", "wrong_type", "photos[0]"},
        {"photos", R"(["E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"])",
         "wrong_type", "photos[0]"},
        {"files", R"("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")",
         "wrong_type"},
        {"rows", "[]"},
        {"rows", R"([{"topic": "a", "pct": "1.5"}, {"pct": null}])"},
        {"rows", R"([{"_row": "0193a1b2-4c5d-7e6f-8a9b-0c1d2e3f4a5b", "topic": "a"}])"},
        {"rows", R"([{"topic": "a"}, {"topic": "abcdef"}])", "too_long", "rows[1].topic"},
        {"rows", R"([{"topic": "a"}, {"topic": "a"}, {"pct": 5}])", "wrong_type", "rows[2].pct"},
        {"rows", R"([{"tags": ["red", "x"]}])", "unknown_choice", "rows[0].tags[1]"},
        {"rows", R"([{"title": "a"}])", "unknown_field", "rows[0].title"},
        {"rows", R"([{"_row": "1", "topic": "a"}])", "wrong_type", "rows[0]._row"},
        {"rows",
         R"([{"_row": "0193a1b2-4c5d-7e6f-8a9b-0c1d2e3f4a5b", "topic": "a"},
             {"_row": "0193a1b2-4c5d-7e6f-8a9b-0c1d2e3f4a5b", "topic": "b"}])",
         "wrong_type", "rows[1]._row"},
        {"rows", R"(["a"])", "wrong_type", "rows[0]"},
        {"rows", R"({"topic": "a"})", "wrong_type"},
        {"on_time", "true", "computed_field"},
        {"on_time", "null", "computed_field"},
    };
    return rows;
}

}  // namespace

TEST_CASE("each field type takes what fits and refuses the rest") {
    for (const Row& row : table()) {
        CAPTURE(row.field);
        CAPTURE(row.value);
        const Field* field = sample_form().find(row.field);
        REQUIRE(field != nullptr);
        const std::vector<Issue> issues = check_value(sample_forms(), *field, json(row.value));
        if (row.code.empty()) {
            CHECK_MESSAGE(issues.empty(), (issues.empty() ? "" : issues[0].message.en));
            continue;
        }
        REQUIRE(issues.size() == 1);
        CHECK(issues[0].code == row.code);
        CHECK(issues[0].level == Level::error);
        CHECK(issues[0].where == (row.where.empty() ? row.field : row.where));
        for (const Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
            CHECK_FALSE(issues[0].message.in(language).empty());
            CHECK(issues[0].message.in(language).find("{0}") == std::string::npos);
        }
    }
}

TEST_CASE("one value can have several findings") {
    const Field& rows = *sample_form().find("rows");
    const Value value = json(R"([{"topic": "abcdef", "pct": "1.55", "x": 1}, 5])");
    const std::vector<Issue> issues = check_value(sample_forms(), rows, value);
    REQUIRE(issues.size() == 4);
    CHECK(issues[0].where == "rows[0].topic");
    CHECK(issues[1].where == "rows[0].pct");
    CHECK(issues[2].where == "rows[0].x");
    CHECK(issues[3].where == "rows[1]");
}

TEST_CASE("a decimal has as many digits as can be summed exactly") {
    for (const char* name : {"amount", "money"}) {
        const Field& field = *sample_form().find(name);
        const int whole = std::min(Decimal::whole_digits_max, Decimal::digits_max - field.decimals);
        const std::string places(static_cast<std::size_t>(field.decimals), '9');
        const std::string longest(static_cast<std::size_t>(whole), '9');
        CAPTURE(longest);
        CHECK(check_value(sample_forms(), field, longest + "." + places).empty());
        const auto issues = check_value(sample_forms(), field, longest + "9");
        REQUIRE(issues.size() == 1);
        CHECK(issues[0].code == "wrong_type");
    }
}

TEST_CASE("text is bounded even without max_length") {
    const Field& note = *sample_form().find("note");
    const auto code_of_length = [&](std::size_t length) {
        const auto issues = check_value(sample_forms(), note, std::string(length, 'a'));
        return issues.empty() ? "" : issues[0].code;
    };
    CHECK(code_of_length(65536) == "");
    CHECK(code_of_length(65537) == "too_large");
    CHECK(check_value(sample_forms(), note, Value("\xff")).size() == 1);
}

TEST_CASE("messages say what is wrong and what would be right") {
    const auto message = [](const char* field, const char* value) {
        const auto issues = check_value(sample_forms(), *sample_form().find(field), json(value));
        REQUIRE(issues.size() == 1);
        return issues[0].message;
    };
    CHECK(message("count", "101").en == "Must be between 0 and 100, but is 101");
    CHECK(message("count", "101").zh_hant == "應在0至100之間，現為101；請核對");
    CHECK(message("amount", R"("-1")").en == "Must be at least 0 yuan, but is -1 yuan");
    CHECK(message("amount", R"("-1")").zh_hans == "应不小于0 元，现为-1 元；请核对");
    CHECK(message("colour", R"("x")").en ==
          "\"x\" is not among the choices: red (Red), blue (Blue)");
    CHECK(message("amount", "12.5").en.find("written as text, such as \"12.5\"") !=
          std::string::npos);
    CHECK(message("name", R"("abcdef")").en ==
          "At most 5 characters are allowed, there are 6; make it shorter");
    CHECK(message("code", R"("91110000600037341M")").zh_hant.find("統一社會信用代碼") !=
          std::string::npos);
    CHECK(message("note", R"("a\u001bb")").en.find("U+001B") != std::string::npos);
}

TEST_CASE("a record is checked as a whole") {
    struct Expected {
        std::string values;
        std::vector<std::string> issues;  // "code where"
    };
    const std::vector<Expected> expected{
        {R"({"name": "a"})", {}},
        {"{}", {"required name"}},
        {R"({"name": ""})", {"required name"}},
        {R"({"name": null})", {"required name"}},
        {R"({"name": "a", "count": 5, "total": 4})", {"rule small"}},
        {R"({"name": "a", "count": 500})", {"out_of_range count"}},
        {R"({"name": "a", "rows": [{"topic": "x"}, {"pct": "1"}, {"topic": ""}]})",
         {"required rows[1].topic", "required rows[2].topic"}},
        // Hidden: neither required nor checked, whatever it holds.
        {R"({"name": "a", "note": 5})", {}},
        {R"({"name": "a", "flag": false, "note": 5})", {}},
        {R"({"name": "a", "flag": true, "note": 5})", {"wrong_type note"}},
        // Computed values come with the rest and are nobody's entry.
        {R"({"name": "a", "on_time": true})", {}},
    };
    for (const Expected& row : expected) {
        CAPTURE(row.values);
        const FieldValues values = values_of(row.values);
        std::vector<std::string> found;
        for (const Issue& issue : check_record(sample_forms(), context_of(sample_form(), values))) {
            found.push_back(issue.code + " " + issue.where);
        }
        CHECK(found == row.issues);
    }
}

TEST_CASE("only errors bar, and a required field is named by its label") {
    const FieldValues rule_broken = values_of(R"({"name": "a", "count": 5, "total": 4})");
    CHECK_FALSE(has_error(check_record(sample_forms(), context_of(sample_form(), rule_broken))));
    const FieldValues empty;
    const auto issues = check_record(sample_forms(), context_of(sample_form(), empty));
    CHECK(has_error(issues));
    CHECK(issues[0].message.zh_hant == "請填寫「名稱」：此項必填");
}

TEST_CASE("hidden and required fields of a shipped form") {
    const Form& form = *shipped_forms().find("enterprise_report");
    const Field& reason = *form.find("restate_reason");
    const auto visible = [&](const char* text) {
        const FieldValues values = values_of(text);
        return is_visible(reason, context_of(form, values));
    };
    CHECK(visible(R"({"restated": true})"));
    CHECK_FALSE(visible(R"({"restated": false})"));
    CHECK_FALSE(visible("{}"));
    // `!=` with a missing operand: false in a condition.
    const Form& arrival = *shipped_forms().find("capital_arrival");
    const FieldValues none;
    CHECK_FALSE(is_visible(*arrival.find("exchange_rate"), context_of(arrival, none)));
    const FieldValues dollars = values_of(R"({"currency": "USD"})");
    CHECK(is_visible(*arrival.find("exchange_rate"), context_of(arrival, dollars)));
}

TEST_CASE("a reference to a record that is not here is a warning") {
    FakeRecords records;
    records.records["0193a1b2-4c5d-7e6f-8a9b-0c1d2e3f4a5b"] = {"other", {}};
    const FieldValues values = values_of(R"({"name": "a",
        "other": "0193a1b2-4c5d-7e6f-8a9b-0c1d2e3f4a5b",
        "others": ["0193a1b2-4c5d-7e6f-8a9b-0c1d2e3f4a5b", "0193a1b2-4c5d-7e6f-8a9b-000000000000"],
        "rows": [{"topic": "x", "about": "0193a1b2-4c5d-7e6f-8a9b-000000000001"}]})");
    const auto issues = check_record(sample_forms(), context_of(sample_form(), values, &records));
    REQUIRE(issues.size() == 2);
    CHECK(issues[0].where == "others[1]");
    CHECK(issues[1].where == "rows[0].about");
    for (const Issue& issue : issues) {
        CHECK(issue.code == "unknown_reference");
        CHECK(issue.level == Level::warning);
    }
    CHECK(check_record(sample_forms(), context_of(sample_form(), values)).empty());
}

}  // namespace zf::test
