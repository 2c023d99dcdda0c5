// The language of rules: what each operator means, with and without its operands.
#include "tests/unit/model/form_fixture.h"

namespace zf::test {
namespace {

constexpr const char* other_records = R"({
 "o1": {"form": "other", "values": {"title": "one", "colour": "red", "started": "2008-05-12",
        "share": "12.50", "other": "o2"}},
 "s1": {"form": "sample", "values": {"other": "o1", "day": "2008-01-31", "count": 3,
        "money": "333333333333333333", "amount": "1.10", "flag": true}},
 "s2": {"form": "sample", "values": {"other": "o1", "day": "2008-02-29", "count": 7,
        "amount": "2.20"}},
 "s3": {"form": "sample", "values": {"other": "o1", "day": "2008-02-29", "count": 8}},
 "s4": {"form": "sample", "values": {"other": "o1", "day": "2007-11-30", "count": 1}},
 "s5": {"form": "sample", "values": {"other": "o9", "day": "2008-03-01", "count": 100}},
 "own": {"form": "sample", "values": {"other": "o1", "day": "2008-02-29", "count": 50}}})";

ExpressionPtr parsed(std::string_view text) {
    Result<ExpressionPtr> expression = parse_expression(json(text), sample_form(), &sample_forms());
    const std::string message = expression ? "" : expression.error().message;
    REQUIRE_MESSAGE(expression.has_value(), text << ": " << message);
    return expression.value();
}

struct Holds {
    std::string expression;
    std::string values;
    bool in_rule;
    bool in_condition;
};

void check_all(const std::vector<Holds>& table) {
    const FakeRecords records(other_records);
    for (const Holds& row : table) {
        CAPTURE(row.expression);
        CAPTURE(row.values);
        const ExpressionPtr expression = parsed(row.expression);
        const FieldValues values = values_of(row.values);
        const RuleContext context = context_of(sample_form(), values, &records);
        CHECK(rule_holds(*expression, context) == row.in_rule);
        CHECK(condition_holds(*expression, context) == row.in_condition);
    }
}

}  // namespace

TEST_CASE("comparisons by the type of their fields") {
    check_all({
        {R"(["=", "amount", "money"])", R"({"amount": "1.50", "money": "1.5"})", true, true},
        {R"(["<", "amount", "money"])", R"({"amount": "9", "money": "10"})", true, true},
        {R"(["<", "count", "amount"])", R"({"count": 9, "amount": "9.01"})", true, true},
        {R"(["=", "amount", 5])", R"({"amount": "5.00"})", true, true},
        {R"([">", "amount", "0.5"])", R"({"amount": "0.49"})", false, false},
        {R"(["=", "amount", "-0"])", R"({"amount": "0.00"})", true, true},
        {R"(["<", "day", "until"])", R"({"day": "2008-05-09", "until": "2008-05-10"})", true, true},
        {R"([">=", "day", "2008-05-10"])", R"({"day": "2008-05-10"})", true, true},
        {R"(["=", "day", "month"])", R"({"day": "2008-05-31", "month": "2008-05"})", true, true},
        {R"(["<=", "day", "2008-05"])", R"({"day": "2008-05-31"})", true, true},
        {R"(["<", "month", "day"])", R"({"month": "2008-05", "day": "2008-05-31"})", false, false},
        {R"(["=", "time", "time2"])",
         R"({"time": "2008-05-12T14:28:00+08:00", "time2": "2008-05-12T06:28:00Z"})", true, true},
        {R"(["<", "time", "time2"])",
         R"({"time": "2008-05-12T23:00:00+08:00", "time2": "2008-05-12T16:00:00Z"})", true, true},
        {R"(["=", "time", "day"])", R"({"time": "2008-05-11T16:30:00Z", "day": "2008-05-12"})",
         true, true},
        {R"([">", "time", "2008-05-12T14:27:59+08:00"])", R"({"time": "2008-05-12T06:28:00Z"})",
         true, true},
        {R"(["=", "colour", "red"])", R"({"colour": "red"})", true, true},
        {R"(["!=", "colour", "red"])", R"({"colour": "red"})", false, false},
        {R"(["<", "name", "note"])", R"({"name": "Z", "note": "a"})", true, true},
        {R"(["<", "name", "note"])", R"({"name": "10", "note": "9"})", true, true},
        {R"(["=", "flag", true])", R"({"flag": true})", true, true},
        {R"(["!=", "flag", true])", R"({"flag": false})", true, true},
        {R"(["=", "red", "colour"])", R"({"colour": "blue"})", false, false},
    });
}

TEST_CASE("a missing operand") {
    check_all({
        {R"(["=", "amount", 1])", "{}", true, false},
        {R"(["!=", "amount", 1])", "{}", true, false},
        {R"(["<", "amount", "money"])", R"({"amount": "1"})", true, false},
        {R"([">", "amount", 1])", R"({"amount": null})", true, false},
        {R"(["=", "name", "x"])", R"({"name": ""})", true, false},
        {R"(["in", "colour", ["red"]])", "{}", false, false},
        {R"(["not", ["in", "colour", ["red"]]])", "{}", true, true},
        {R"(["not", ["=", "amount", 1]])", "{}", false, true},
        {R"(["isnull", "amount"])", "{}", true, true},
        {R"(["notnull", "amount"])", R"({"amount": "0"})", true, true},
        {R"(["isnull", "whom"])", R"({"whom": []})", true, true},
        {R"(["notnull", "whom"])", R"({"whom": ["a"]})", true, true},
        {R"(["notnull", "where"])", R"({"where": {"lat": "1", "lon": "2"}})", true, true},
        {R"(["=", ["+", "amount", "money"], 1])", R"({"amount": "5"})", true, false},
        {R"(["=", ["+", "amount", ["or0", "money"]], 1])", R"({"amount": "5"})", false, false},
        {R"(["=", ["year", "day"], 2008])", "{}", true, false},
        {R"(["and", "flag", ["=", "count", 1]])", R"({"count": 1})", false, false},
        {R"(["or", "flag", ["=", "count", 1]])", R"({"count": 1})", true, true},
        // A value of another type than its field's came by sync: nothing to compare.
        {R"(["=", "amount", 1])", R"({"amount": true})", true, false},
        {R"(["=", "day", "until"])", R"({"day": "2008-02-30", "until": "2008-02-01"})", true,
         false},
    });
}

TEST_CASE("logic, sums and calendar") {
    check_all({
        {R"(["and", ["=", "count", 1], ["=", "total", 2]])", R"({"count": 1, "total": 2})", true,
         true},
        {R"(["and", ["=", "count", 1], ["=", "total", 2]])", R"({"count": 1, "total": 3})", false,
         false},
        {R"(["or", ["=", "count", 1], ["=", "total", 2]])", R"({"count": 0, "total": 3})", false,
         false},
        {R"(["not", "flag"])", R"({"flag": false})", true, true},
        {R"(["=", ["+", "amount", "money", "count"], "0.6"])",
         R"({"amount": "0.1", "money": "0.2", "count": 0})", false, false},
        {R"(["=", ["+", "amount", "money", "count"], "0.3"])",
         R"({"amount": "0.1", "money": "0.2", "count": 0})", true, true},
        {R"(["=", ["-", "amount", "money"], "-0.05"])", R"({"amount": "0.1", "money": "0.15"})",
         true, true},
        {R"(["=", ["year", "day"], 2008])", R"({"day": "2008-12-31"})", true, true},
        {R"(["=", ["year", "month"], 2008])", R"({"month": "2009-01"})", false, false},
        // 2008 in the bureau, still 2007 in UTC.
        {R"(["=", ["year", "time"], 2008])", R"({"time": "2007-12-31T16:00:00Z"})", true, true},
        {R"(["<=", "day", ["today"]])", R"({"day": "2008-06-30"})", true, true},
        {R"(["<=", "day", ["today"]])", R"({"day": "2008-07-01"})", false, false},
        {R"(["in", "colour", ["red", "blue"]])", R"({"colour": "blue"})", true, true},
        {R"(["in", "count", [1, 2]])", R"({"count": 3})", false, false},
        {R"(["in", "amount", [1, "2.50"]])", R"({"amount": "2.5"})", true, true},
        {R"(["in", "day", ["2008-05", "2008-07-01"]])", R"({"day": "2008-05-09"})", true, true},
    });
}

TEST_CASE("other records") {
    check_all({
        {R"(["=", ["related", "other", "colour"], "red"])", R"({"other": "o1"})", true, true},
        {R"(["=", ["related", "other", "colour"], "blue"])", R"({"other": "o1"})", false, false},
        {R"(["=", ["related", "other", "colour"], "blue"])", R"({"other": "gone"})", true, false},
        {R"(["=", ["related", "other", "colour"], "blue"])", "{}", true, false},
        {R"(["=", "amount", ["related", "other", "share"]])",
         R"({"other": "o1", "amount": "12.5"})", true, true},
        {R"(["<", "day", ["related", "other", "started"]])",
         R"({"other": "o1", "day": "2008-05-12"})", false, false},
        // The newest earlier record of the same `other`; ties: the greater id; itself not.
        {R"(["=", ["prev", "count", {"by": "other", "order": "day"}], 8])",
         R"({"other": "o1", "day": "2008-03-01"})", true, true},
        {R"(["=", ["prev", "count", {"by": "other", "order": "day"}], 3])",
         R"({"other": "o1", "day": "2008-02-29"})", true, true},
        {R"(["=", ["prev", "count", {"by": "other", "order": "day"}], 1])",
         R"({"other": "o1", "day": "2008-01-31"})", true, true},
        {R"(["=", ["prev", "count", {"by": "other", "order": "day", "same_year": true}], 1])",
         R"({"other": "o1", "day": "2008-01-31"})", true, false},
        {R"(["=", ["prev", "count", {"by": "other", "order": "day"}], 0])",
         R"({"day": "2008-03-01"})", true, false},
        {R"(["=", ["prev", "count", {"by": "other", "order": "day"}], 0])", R"({"other": "o1"})",
         true, false},
        {R"(["=", ["sum_related", "sample", "count", {"by": "other"}], 21])",
         R"({"other": "o1", "count": 2})", true, true},
        {R"(["=", ["sum_related", "sample", "amount", {"by": "other"}], "3.3"])",
         R"({"other": "o1"})", true, true},
        {R"(["=", ["sum_related", "sample", "count", {"by": "other"}], 21])", R"({"count": 2})",
         true, false},
    });
    const FieldValues values = values_of(R"({"other": "o1", "day": "2008-03-01"})");
    for (const char* text : {R"(["=", ["related", "other", "colour"], "blue"])",
                             R"(["=", ["sum_related", "sample", "count", {"by": "other"}], 0])",
                             R"(["=", ["prev", "count", {"by": "other", "order": "day"}], 0])"}) {
        CHECK_MESSAGE(rule_holds(*parsed(text), context_of(sample_form(), values)), text);
    }
}

TEST_CASE("quotients are compared exactly") {
    constexpr const char* within = R"(["<=", ["abs_change_pct", "money", "amount"], 30])";
    check_all({
        {within, R"({"money": "13", "amount": "10"})", true, true},
        {within, R"({"money": "7", "amount": "10"})", true, true},
        {within, R"({"money": "13.000000001", "amount": "10"})", false, false},
        {within, R"({"money": "6.999999999", "amount": "10"})", false, false},
        // 30 % of 333333333333333333 is 99999999999999999.9: binary floats see no difference.
        {within, R"({"money": "433333333333333333", "amount": "333333333333333333"})", false,
         false},
        {within, R"({"money": "433333333333333332", "amount": "333333333333333333"})", true, true},
        {within, R"({"money": "5", "amount": "0"})", true, false},
        {within, R"({"money": "5"})", true, false},
        {within, R"({"amount": "5"})", true, false},
        // |a-b| / b: as negative as b is.
        {within, R"({"money": "5", "amount": "-5"})", true, true},
        {R"(["=", ["abs_change_pct", "count", "total"], ["abs_change_pct", "money", "amount"]])",
         R"({"count": 4, "total": 3, "money": "0.4", "amount": "0.3"})", true, true},
        {R"(["=", ["abs_change_pct", "count", "total"], "33.33333333333333333"])",
         R"({"count": 4, "total": 3})", false, false},
        // Numbers longer than can be entered: exact, and no overflow.
        {R"(["<", ["abs_change_pct", "money", "amount"], ["abs_change_pct", "amount", "money"]])",
         R"({"money": "99999999999999999999999999999999999999",
             "amount": "99999999999999999999999999999999999998"})",
         false, false},
    });
}

TEST_CASE("computed values spread what is missing") {
    struct Row {
        std::string expression;
        std::string values;
        Value result;
    };
    const std::vector<Row> table{
        {R"(["+", "amount", "money"])", R"({"amount": "1.10", "money": "2.2"})", "3.3"},
        {R"(["-", "amount", "money"])", R"({"amount": "1", "money": "1.05"})", "-0.05"},
        {R"(["-", "amount", "money"])", R"({"amount": "100", "money": "100.00"})", "0"},
        {R"(["+", "amount", "money"])", R"({"amount": "1"})", Value()},
        {R"(["+", "amount", ["or0", "money"]])", R"({"amount": "1"})", "1"},
        {R"(["-", "count", "total"])", R"({"count": 1, "total": 3})", -2},
        {R"(["-", "count", "total"])", R"({"count": 9223372036854775807, "total": -1})", Value()},
        {R"(["year", "day"])", R"({"day": "2008-05-12"})", 2008},
        {R"(["=", "count", 1])", "{}", Value()},
        {R"(["!=", "count", 1])", "{}", Value()},
        {R"(["in", "colour", ["red"]])", "{}", Value()},
        {R"(["in", "colour", ["red"]])", R"({"colour": "blue"})", false},
        {R"(["and", ["=", "count", 1], ["=", "total", 1]])", R"({"count": 2})", Value()},
        {R"(["or", ["=", "count", 1], ["=", "total", 1]])", R"({"count": 1})", Value()},
        {R"(["not", ["=", "count", 1]])", "{}", Value()},
        {R"(["isnull", "count"])", "{}", true},
        {R"("name")", R"({"name": "x"})", "x"},
    };
    for (const Row& row : table) {
        CAPTURE(row.expression);
        CAPTURE(row.values);
        const FieldValues values = values_of(row.values);
        CHECK(compute_value(*parsed(row.expression), context_of(sample_form(), values)) ==
              row.result);
    }
}

TEST_CASE("a computed field in a rule is computed where the values lack it") {
    check_all({
        {R"(["=", "on_time", true])", R"({"day": "2008-05-01", "until": "2008-05-01"})", true,
         true},
        {R"(["=", "on_time", true])", R"({"day": "2008-05-02", "until": "2008-05-01"})", false,
         false},
        {R"(["=", "on_time", true])", R"({"day": "2008-05-02"})", true, false},
        {R"([">", "both", 3])", R"({"money": "3", "amount": "0.01"})", true, true},
    });
}

TEST_CASE("which fields of the record an expression reads") {
    struct Row {
        std::string expression;
        std::vector<std::string> fields;
    };
    const std::vector<Row> table{
        {R"(["<=", "count", 3])", {"count"}},
        {R"(["and", ["<=", "day", "until"], ["in", "colour", ["red"]]])",
         {"colour", "day", "until"}},
        {R"(["=", ["related", "other", "colour"], "colour"])", {"colour", "other"}},
        {R"([">", ["prev", "count", {"by": "other", "order": "day"}], 1])", {"day", "other"}},
        // The record at hand is part of the sum over its own form only.
        {R"([">", ["sum_related", "sample", "amount", {"by": "other"}], 1])", {"amount", "other"}},
        {R"([">", ["sum_related", "other", "share", {"by": "other"}], 1])", {"other"}},
        {R"(["isnull", "both"])", {"amount", "both", "money"}},
    };
    for (const Row& row : table) {
        CAPTURE(row.expression);
        CHECK(fields_read_by(*parsed(row.expression), sample_form()) == row.fields);
    }
}

TEST_CASE("expressions that cannot mean anything are refused with their place") {
    struct Row {
        std::string expression;
        std::string where;
        std::string says;
    };
    const std::vector<Row> table{
        {R"(["=="])", "", "unknown operator \"==\""},
        {R"([])", "", "a call begins with the name of an operator"},
        {R"([["="], 1, 2])", "", "a call begins with the name of an operator"},
        {R"(["=", "count"])", "", "takes 2 operands, not 1"},
        {R"(["not", "flag", "flag"])", "", "takes 1 operands, not 2"},
        {R"(["and"])", "", "takes 1 or more operands, not 0"},
        {R"(["today", 1])", "", "takes 0 operands, not 1"},
        {R"(["<=", "conut", "total"])", "[1]", "\"conut\" is neither a field"},
        {R"(["<=", "day", "unitl"])", "[2]", "\"unitl\" is neither a field"},
        {R"(["=", "colour", "reed"])", "[2]", "choice list \"colour\""},
        {R"(["in", "colour", ["red", "reed"]])", "[2][1]", "choice list \"colour\""},
        {R"(["=", "flag", "true"])", "[2]", "nor a boolean"},
        {R"(["isnull", "closed_on"])", "[1]", "no field \"closed_on\""},
        {R"(["or", ["isnull", "x"], ["=", "count", 1]])", "[1][1]", "no field \"x\""},
        {R"(["or0", "amuont"])", "[1]", "no field \"amuont\""},
        {R"(["+", "count", "day"])", "[2]", "needs a number"},
        {R"(["year", "count"])", "[1]", "needs a date"},
        {R"(["and", "count", "flag"])", "[1]", "needs true or false"},
        {R"(["=", "count", "day"])", "", "cannot be compared"},
        {R"(["=", "count", null])", "[2]", "use isnull or notnull"},
        {R"(["=", "amount", 0.5])", "[2]", "as text"},
        {R"(["=", "whom", "x"])", "[2]", "nor a list"},
        {R"(["<", "flag", true])", "", "only be compared with = and !="},
        {R"(["=", 1, 1])", "[1]", "two constants"},
        {R"(["in", "count", 1])", "[2]", "list of literals"},
        {R"(["in", "count", []])", "[2]", "list of literals"},
        {R"(["related", "name", "colour"])", "[1]", "of type ref"},
        {R"(["related", "other", "nothing"])", "[2]", "no field \"nothing\" in form \"other\""},
        {R"(["sum_related", "none", "count", {"by": "other"}])", "[1]", "no form \"none\""},
        {R"(["sum_related", "other", "title", {"by": "other"}])", "[2]", "can be summed"},
        {R"(["sum_related", "other", "share", {"by": "colours"}])", "[3]", "no field \"colours\""},
        {R"(["prev", "count", {"by": "other"}])", "[2]", "no field \"\""},
        {R"(["prev", "count", {"by": "other", "order": "name"}])", "[2]", "\"order\" names"},
        {R"(["prev", "count", {"by": "other", "order": "day", "last": 1}])", "[2]",
         "unknown option \"last\""},
        {R"({"op": "="})", "", "an expression is"},
    };
    for (const Row& row : table) {
        CAPTURE(row.expression);
        const Result<ExpressionPtr> expression =
            parse_expression(json(row.expression), sample_form(), &sample_forms());
        REQUIRE_FALSE(expression.has_value());
        CHECK(expression.error().code == ErrorCode::malformed);
        CHECK(expression.error().where == row.where);
        CHECK_MESSAGE(expression.error().message.find(row.says) != std::string::npos,
                      expression.error().message);
    }
}

}  // namespace zf::test
