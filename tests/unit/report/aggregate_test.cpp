// What becomes of the records that count: aggregates, groups, rows, ties, and the records behind.
#include "tests/unit/report/figure_world.h"

using namespace zf;
using namespace zf::test;

namespace {

using Numbers = std::vector<int>;
using Text = std::optional<std::string>;

}  // namespace

TEST_CASE("sum and count_distinct skip null; a record whose operand is null still stands behind") {
    MemoryRecords records;
    put(records, 1, "visit", R"({"amount":"0.1","name":"a","kind":"red"})");
    put(records, 2, "visit", R"({"amount":"0.20","name":"a"})");
    put(records, 3, "visit", R"({"name":"b"})");
    put(records, 4, "visit", R"({"amount":"-3","name":""})");
    const Figure sum = figure_of(R"({"agg":"sum","form":"visit","field":"amount"})", records);
    CHECK(sum.value == Text("-2.7"));
    CHECK(sum.display == "-2.7");
    CHECK(numbers_of(sum) == Numbers{1, 2, 3, 4});
    const Figure names =
        figure_of(R"({"agg":"count_distinct","form":"visit","field":"name"})", records);
    CHECK(names.value == Text("2"));
    CHECK(numbers_of(names) == Numbers{1, 2, 3, 4});
    // A decimal that is no text, or too long, is not one; neither is what else went unchecked.
    put(records, 6, "visit", R"({"amount":5})");
    put(records, 7, "visit", R"({"amount":"99999999999999999999999999999999999999"})");
    put(records, 8, "visit", R"({"amount":["1"]})");
    const Figure odd = figure_of(R"({"agg":"sum","form":"visit","field":"amount"})", records);
    CHECK(odd.value == Text("-2.7"));
    CHECK(odd.records.size() == 7);
    for (int n : {6, 7, 8}) records.records.erase(id_of(n));
    // Decimals are distinct by number.
    put(records, 5, "visit", R"({"amount":"0.10"})");
    CHECK(figure_of(R"({"agg":"count_distinct","form":"visit","field":"amount"})", records).value ==
          Text("3"));
}

TEST_CASE("nothing to count: sum and count are 0, latest has no value") {
    const MemoryRecords none;
    for (const char* definition :
         {R"({"agg":"count","form":"visit"})", R"({"agg":"sum","form":"visit","field":"amount"})",
          R"({"agg":"count_distinct","form":"visit","field":"name"})",
          R"({"agg":"sum","form":"visit","field":"amount",
                "latest_per":{"by":["firm"],"order":"day"}})"}) {
        CAPTURE(definition);
        const Figure figure = figure_of(definition, none);
        CHECK(figure.value == Text("0"));
        CHECK(figure.display == "0");
        CHECK(figure.records.empty());
    }
    const Figure latest =
        figure_of(R"({"agg":"latest","form":"visit","field":"amount","order":"day"})", none,
                  "2008H1", R"({"decimals":1,"suffix":"%"})");
    CHECK(!latest.value.has_value());
    CHECK(latest.display == "—");
}

TEST_CASE("count_distinct sees through joins") {
    MemoryRecords records;
    put(records, 101, "firm", "{}");
    put(records, 102, "firm", "{}");
    put(records, 1, "visit", R"({"firm":")" + id_text(101) + "\"}");
    put(records, 2, "visit", R"({"firm":")" + id_text(102) + "\"}");
    put(records, 3, "visit", R"({"firm":")" + id_text(999) + "\"}");
    const char* definition = R"({"agg":"count_distinct","form":"visit","field":"firm"})";
    CHECK(figure_of(definition, records).value == Text("3"));
    records.joins[id_of(102)] = id_of(101);
    CHECK(figure_of(definition, records).value == Text("2"));
}

TEST_CASE("latest: the greatest order, ties by the greater record, null not skipped") {
    MemoryRecords records;
    const char* definition = R"({"agg":"latest","form":"visit","field":"amount","order":"day"})";
    put(records, 3, "visit", R"({"amount":"30"})");  // no order: before all others
    CHECK(figure_of(definition, records).value == Text("30"));
    put(records, 1, "visit", R"({"amount":"10","day":"2008-02-01"})");
    CHECK(figure_of(definition, records).value == Text("10"));
    put(records, 2, "visit", R"({"amount":"20","day":"2008-02-01"})");
    CHECK(figure_of(definition, records).value == Text("20"));
    put(records, 0, "visit", R"({"day":"2008-02-02"})");
    const Figure figure = figure_of(definition, records);
    CHECK(!figure.value.has_value());
    CHECK(figure.display == "—");
    CHECK(numbers_of(figure) == Numbers{0, 1, 2, 3});
}

TEST_CASE("latest_per picks the record first and does not fall back") {
    MemoryRecords records;
    put(records, 101, "firm", "{}");
    put(records, 102, "firm", "{}");
    const auto visit = [&](int n, int firm, const char* rest) {
        put(records, n, "visit", R"({"firm":")" + id_text(firm) + "\"," + rest + "}");
    };
    visit(1, 101, R"("month":"2008-04","amount":"100")");
    visit(2, 101, R"("month":"2008-05","amount":"150")");
    visit(3, 102, R"("month":"2008-05","amount":"7")");
    visit(4, 102, R"("month":"2008-06","amount":null)");
    const std::string latest_per = R"("latest_per":{"by":["firm"],"order":"month"})";
    const std::string sum = R"({"agg":"sum","form":"visit","field":"amount",)" + latest_per + "}";
    CHECK(figure_of(sum, records).value == Text("150"));
    CHECK(numbers_of(figure_of(sum, records)) == Numbers{2, 4});
    CHECK(figure_of(R"({"agg":"count","form":"visit",)" + latest_per + "}", records).value ==
          Text("2"));
    CHECK(
        figure_of(R"({"agg":"count_distinct","form":"visit","field":"amount",)" + latest_per + "}",
                  records)
            .value == Text("1"));
    CHECK(figure_of(R"({"agg":"latest","form":"visit","field":"amount","order":"amount",)" +
                        latest_per + "}",
                    records)
              .value == Text("150"));

    SUBCASE("conditions come before the choice") {
        const std::string where = R"({"agg":"sum","form":"visit","field":"amount",
            "where":[{"field":"amount","op":"not_null"}],)" +
                                  latest_per + "}";
        CHECK(figure_of(where, records).value == Text("157"));
    }
    SUBCASE("equal orders: the greater record") {
        visit(5, 101, R"("month":"2008-05","amount":"1")");
        CHECK(figure_of(sum, records).value == Text("1"));
    }
    SUBCASE("joined groups are one group") {
        records.joins[id_of(102)] = id_of(101);
        CHECK(numbers_of(figure_of(sum, records)) == Numbers{4});
    }
    SUBCASE("a null by is a group of its own") {
        put(records, 6, "visit", R"({"month":"2008-01","amount":"1000"})");
        put(records, 7, "visit", R"({"month":"2008-02","amount":"2000"})");
        CHECK(figure_of(sum, records).value == Text("2150"));
        CHECK(numbers_of(figure_of(sum, records)) == Numbers{2, 4, 7});
    }
    SUBCASE("several by fields") {
        const char* two = R"({"agg":"sum","form":"visit","field":"amount",
            "latest_per":{"by":["firm","month"],"order":"month"}})";
        CHECK(figure_of(two, records).value == Text("257"));
    }
}

TEST_CASE("unnested rows are looked at one by one; records behind are counted once") {
    MemoryRecords records;
    put(records, 101, "firm", R"({"name":"A"})");
    put(records, 1, "visit",
        R"({"amount":"5","rows":[{"level":"red","score":3},{"level":"blue","score":4},
            {"level":"red","firm":")" +
            id_text(101) + "\"}]}");
    put(records, 2, "visit", R"({"amount":"7","rows":[{"level":"red","score":5}]})");
    put(records, 3, "visit", R"({"amount":"9","rows":[]})");
    put(records, 4, "visit", R"({"amount":"9"})");
    const auto of = [&](const std::string& rest) {
        return figure_of(R"({"form":"visit","unnest":"rows",)" + rest + "}", records);
    };
    const Figure rows = of(R"("agg":"count")");
    CHECK(rows.value == Text("4"));
    CHECK(numbers_of(rows) == Numbers{1, 2});
    const std::string red = R"("where":[{"field":"rows.level","op":"eq","value":"red"}])";
    CHECK(of(R"("agg":"count",)" + red).value == Text("3"));
    CHECK(of(R"("agg":"count_distinct","field":"_id",)" + red).value == Text("2"));
    CHECK(of(R"("agg":"sum","field":"rows.score",)" + red).value == Text("8"));
    // A field of the record is there for each of its rows.
    CHECK(of(R"("agg":"sum","field":"amount",)" + red).value == Text("17"));
    CHECK(numbers_of(
              of(R"("agg":"count","where":[{"field":"rows.firm.name","op":"eq","value":"A"}])")) ==
          Numbers{1});
    const Figure per = of(R"("agg":"sum","field":"rows.score",
        "latest_per":{"by":["rows.level"],"order":"rows.score"})");
    CHECK(per.value == Text("9"));
    CHECK(numbers_of(per) == Numbers{1, 2});
}

TEST_CASE("which row of a record is the latest does not depend on their order") {
    const char* definition = R"({"agg":"latest","form":"visit","field":"rows.score","unnest":"rows",
        "order":"day"})";
    MemoryRecords one, other;
    put(one, 1, "visit", R"({"day":"2008-01-01","rows":[{"score":3},{"score":4}]})");
    put(other, 1, "visit", R"({"day":"2008-01-01","rows":[{"score":4},{"score":3}]})");
    CHECK(figure_of(definition, one).value == figure_of(definition, other).value);
}

TEST_CASE("computed fields are calculated from the record, also behind a reference") {
    FormCatalog forms = small_forms();
    const auto add_computed = [&](Form& form, const char* name, FieldType type, const char* rule) {
        Field computed = field_of(name, type);
        const auto expression = parse_expression(json_of(rule), form);
        REQUIRE(expression.has_value());
        computed.computed = *expression;
        form.fields.push_back(computed);
    };
    add_computed(forms.forms[0], "in_time", FieldType::boolean, R"(["<=","day","due"])");
    add_computed(forms.forms[1], "founded", FieldType::integer, R"(["year","since"])");
    MemoryRecords records;
    put(records, 101, "firm", R"({"name":"A","since":"2007-05-01"})");
    put(records, 102, "firm", R"({"name":"B"})");
    const std::string a = R"("firm":")" + id_text(101) + "\"",
                      b = R"("firm":")" + id_text(102) + "\"";
    put(records, 1, "visit", R"({"day":"2008-01-01","due":"2008-01-01",)" + a + "}");
    put(records, 2, "visit", R"({"day":"2008-01-02","due":"2008-01-01",)" + b + "}");
    put(records, 3, "visit", R"({"day":"2008-01-02",)" + a + "}");
    const Value json = json_of(R"({"schema":"field-indicators/1","indicators":[
        {"id":"yes","def":{"agg":"count","form":"visit",
           "where":[{"field":"in_time","op":"eq","value":true}]}},
        {"id":"no","def":{"agg":"count","form":"visit",
           "where":[{"field":"in_time","op":"eq","value":false}]}},
        {"id":"open","def":{"agg":"count","form":"visit",
           "where":[{"field":"in_time","op":"is_null"}]}},
        {"id":"of_a","def":{"agg":"count","form":"visit",
           "where":[{"field":"firm.founded","op":"eq","value":2007}]}}]})");
    const auto catalog = decode_indicators(json, &forms);
    REQUIRE(catalog.has_value());
    const FigureSet figures =
        compute_figures(catalog->indicators, *parse_period("2008H1"), forms, records);
    CHECK(numbers_of(*figures.find("yes")) == Numbers{1});
    CHECK(numbers_of(*figures.find("no")) == Numbers{2});
    CHECK(numbers_of(*figures.find("open")) == Numbers{3});
    CHECK(numbers_of(*figures.find("of_a")) == Numbers{1, 3});
}
