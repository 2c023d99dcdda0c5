// Indicators are refused with the place when they could not be computed as written.
#include "tests/unit/report/figure_world.h"

using namespace zf;
using namespace zf::test;

namespace {

constexpr const char* good = R"({"id":"a","def":{"agg":"count","form":"visit"}})";

struct Refusal {
    const char* indicator;
    ErrorCode code;
    const char* where;
};

void check_refused(const std::string& indicators, ErrorCode code, const std::string& where) {
    CAPTURE(indicators);
    const auto catalog = decode(indicators);
    REQUIRE(!catalog.has_value());
    CHECK(catalog.error().where == where);
    CHECK(facts_of(catalog.error().code).slug == facts_of(code).slug);
    CHECK(!catalog.error().message.empty());
}

std::string aggregate(const std::string& rest) {
    return R"({"id":"a","def":{"agg":"count","form":"visit",)" + rest + "}}";
}

}  // namespace

TEST_CASE("every part of a definition arrives") {
    const auto catalog = decode(R"({"id":"a","label":{"zh-Hans":"甲","zh-Hant":"乙","en":"A"},
        "unit":"wan_yuan","note":"n","extra":1,
        "display":{"unit":"yi_yuan","divide":10000,"decimals":2,"rounding":"half_up","suffix":"x"},
        "def":{"agg":"latest","form":"visit","field":"rows.score","unnest":"rows","order":"day",
          "where":[{"any":[{"field":"day","op":"le","value":{"$":"period.end"}},
                           {"all":[{"field":"rows.level","op":"in","value":["red","blue"]},
                                   {"field":"day","op":"gt","value":{"$field":"due"}}]}]}],
          "period":{"rule":"as_of","from":"day","to":"due"},
          "latest_per":{"by":["firm","firm.parent"],"order":"month"}}},
        {"id":"r","def":{"ratio":["a","a"],"scale":"1000"},"display":{"decimals":1}},
        {"id":"m","def":{"minus":["r","a"]},"display":{"decimals":1}})");
    REQUIRE_MESSAGE(catalog.has_value(), (catalog ? "" : catalog.error().message));
    const Indicator& a = catalog->indicators[0];
    CHECK(a.id == "a");
    CHECK(a.label == LocalText{"甲", "乙", "A"});
    CHECK(a.unit == "wan_yuan");
    CHECK(a.note == "n");
    CHECK(a.display.unit == "yi_yuan");
    CHECK(a.display.divide == Decimal(10000));
    CHECK(a.display.decimals == 2);
    CHECK(a.display.suffix == "x");
    const auto& definition = std::get<AggregateDefinition>(a.definition);
    CHECK(definition.kind == AggregateDefinition::Kind::latest);
    CHECK(definition.form == "visit");
    CHECK(definition.field == "rows.score");
    CHECK(definition.unnest == "rows");
    CHECK(definition.order == "day");
    REQUIRE(definition.period.has_value());
    CHECK(definition.period->kind == PeriodRule::Kind::as_of);
    CHECK(definition.period->from == "day");
    CHECK(definition.period->to == "due");
    REQUIRE(definition.latest_per.has_value());
    CHECK(definition.latest_per->by == std::vector<std::string>{"firm", "firm.parent"});
    CHECK(definition.latest_per->order == "month");
    REQUIRE(definition.where.size() == 1);
    CHECK(definition.where[0].kind == Condition::Kind::any);
    const Condition& all = definition.where[0].parts.at(1);
    CHECK(all.kind == Condition::Kind::all);
    CHECK(all.parts.at(0).operands.size() == 2);
    CHECK(std::get<FieldOperand>(all.parts.at(1).operands.at(0)).path == "due");
    CHECK(std::get<RatioDefinition>(catalog->indicators[1].definition).scale == Decimal(1000));
    CHECK(std::get<MinusDefinition>(catalog->indicators[2].definition).first == "r");
    CHECK(catalog->find("m") == &catalog->indicators[2]);
    CHECK(catalog->find("none") == nullptr);
}

TEST_CASE("definitions that cannot be read are refused with their place") {
    const Refusal refusals[] = {
        {"7", ErrorCode::malformed, "indicators[0]"},
        {R"({"def":{"agg":"count","form":"visit"}})", ErrorCode::malformed, "indicators[0]"},
        {R"({"id":"a"})", ErrorCode::malformed, "indicators[0]"},
        {R"({"id":"a","def":{}})", ErrorCode::malformed, "indicators[0].def"},
        {R"({"id":"a","def":{"agg":"average","form":"visit"}})", ErrorCode::malformed,
         "indicators[0].def.agg"},
        {R"({"id":"a","def":{"agg":"count","form":"visit","wher":[]}})", ErrorCode::malformed,
         "indicators[0].def"},
        {R"({"id":"a","def":{"agg":"count","form":"visit","field":"day"}})", ErrorCode::malformed,
         "indicators[0].def.field"},
        {R"({"id":"a","def":{"agg":"sum","form":"visit"}})", ErrorCode::malformed,
         "indicators[0].def"},
        {R"({"id":"a","def":{"agg":"latest","form":"visit","field":"amount"}})",
         ErrorCode::malformed, "indicators[0].def"},
        {R"({"id":"a","def":{"agg":"sum","form":"visit","field":"amount","order":"day"}})",
         ErrorCode::malformed, "indicators[0].def.order"},
        {R"({"id":"a","def":{"ratio":["a"]}})", ErrorCode::malformed, "indicators[0].def.ratio"},
        {R"({"id":"a","def":{"ratio":["a","b"],"scale":"1e2"}})", ErrorCode::malformed,
         "indicators[0].def.scale"},
        {R"({"id":"a","def":{"minus":"a"}})", ErrorCode::malformed, "indicators[0].def.minus"},
        {R"({"id":"a","def":{"agg":"count","form":"visit"},"display":{"rounding":"up"}})",
         ErrorCode::malformed, "indicators[0].display.rounding"},
        {R"({"id":"a","def":{"agg":"count","form":"visit"},"display":{"decimals":10}})",
         ErrorCode::malformed, "indicators[0].display.decimals"},
        {R"({"id":"a","def":{"agg":"count","form":"visit"},"display":{"divide":"0","decimals":1}})",
         ErrorCode::malformed, "indicators[0].display.divide"},
        {R"({"id":"a","def":{"agg":"count","form":"visit"},"display":{"divide":"10"}})",
         ErrorCode::malformed, "indicators[0].display"},
    };
    for (const Refusal& refusal : refusals) {
        check_refused(refusal.indicator, refusal.code, refusal.where);
    }
}

TEST_CASE("conditions, periods and groups that cannot be read are refused with their place") {
    const Refusal refusals[] = {
        {R"("where":{})", ErrorCode::malformed, "where"},
        {R"("where":[{"field":"day","op":"is"}])", ErrorCode::malformed, "where[0].op"},
        {R"("where":[{"field":"day","op":"eq"}])", ErrorCode::malformed, "where[0]"},
        {R"("where":[{"field":"day","op":"eq","value":null}])", ErrorCode::malformed,
         "where[0].value"},
        {R"("where":[{"field":"day","op":"eq","value":["2008-01-01"]}])", ErrorCode::malformed,
         "where[0].value"},
        {R"("where":[{"field":"kind","op":"in","value":"red"}])", ErrorCode::malformed,
         "where[0].value"},
        {R"("where":[{"field":"day","op":"is_null","value":true}])", ErrorCode::malformed,
         "where[0].value"},
        {R"("where":[{"field":"day","op":"eq","value":{"$":"period.middle"}}])",
         ErrorCode::malformed, "where[0].value.$"},
        {R"("where":[{"any":[{"field":"day","op":"nope","value":1}]}])", ErrorCode::malformed,
         "where[0].any[0].op"},
        {R"("where":[{"any":[],"all":[]}])", ErrorCode::malformed, "where[0]"},
        {R"("period":{"rule":"last_year","field":"day"})", ErrorCode::malformed, "period.rule"},
        {R"("period":{"rule":"in_period"})", ErrorCode::malformed, "period"},
        {R"("period":{"rule":"as_of","from":"day"})", ErrorCode::malformed, "period"},
        {R"("latest_per":{"by":[],"order":"day"})", ErrorCode::malformed, "latest_per.by"},
        {R"("latest_per":{"by":["firm"]})", ErrorCode::malformed, "latest_per"},
    };
    for (const Refusal& refusal : refusals) {
        check_refused(aggregate(refusal.indicator), refusal.code,
                      std::string("indicators[0].def.") + refusal.where);
    }
}

TEST_CASE("forms, fields and types are checked against the forms") {
    const Refusal refusals[] = {
        {R"("where":[{"field":"dya","op":"is_null"}])", ErrorCode::unknown_field, "where[0].field"},
        {R"("where":[{"field":"_ids","op":"is_null"}])", ErrorCode::unknown_field,
         "where[0].field"},
        {R"("where":[{"field":"firm.nam","op":"is_null"}])", ErrorCode::unknown_field,
         "where[0].field"},
        {R"("where":[{"field":"name.since","op":"is_null"}])", ErrorCode::unknown_field,
         "where[0].field"},
        {R"("where":[{"field":"firms.since","op":"is_null"}])", ErrorCode::unknown_field,
         "where[0].field"},
        {R"("where":[{"field":"rows.score","op":"is_null"}])", ErrorCode::unknown_field,
         "where[0].field"},
        {R"("where":[{"field":"firm.","op":"is_null"}])", ErrorCode::unknown_field,
         "where[0].field"},
        {R"("unnest":"lines")", ErrorCode::unknown_field, "unnest"},
        {R"("unnest":"tags")", ErrorCode::wrong_type, "unnest"},
        {R"("unnest":"rows","where":[{"field":"rows.level","op":"eq","value":"green"}])",
         ErrorCode::unknown_choice, "where[0].value"},
        {R"("where":[{"field":"kind","op":"in","value":["red","rde"]}])", ErrorCode::unknown_choice,
         "where[0].value[1]"},
        {R"("where":[{"field":"tags","op":"contains","value":"rde"}])", ErrorCode::unknown_choice,
         "where[0].value"},
        {R"("where":[{"field":"amount","op":"eq","value":"much"}])", ErrorCode::wrong_type,
         "where[0].value"},
        {R"("where":[{"field":"amount","op":"eq","value":{"$":"period.end"}}])",
         ErrorCode::wrong_type, "where[0].value"},
        {R"("where":[{"field":"day","op":"eq","value":{"$":"period.year"}}])",
         ErrorCode::wrong_type, "where[0].value"},
        {R"("where":[{"field":"day","op":"eq","value":{"$field":"amount"}}])",
         ErrorCode::wrong_type, "where[0].value"},
        {R"("where":[{"field":"day","op":"eq","value":{"$field":"dayy"}}])",
         ErrorCode::unknown_field, "where[0].value"},
        {R"("where":[{"field":"day","op":"eq","value":"12 May"}])", ErrorCode::wrong_type,
         "where[0].value"},
        {R"("where":[{"field":"ok","op":"eq","value":"true"}])", ErrorCode::wrong_type,
         "where[0].value"},
        {R"("where":[{"field":"ok","op":"lt","value":true}])", ErrorCode::wrong_type,
         "where[0].op"},
        {R"("where":[{"field":"firm","op":"eq","value":"A"}])", ErrorCode::wrong_type,
         "where[0].value"},
        {R"("where":[{"field":"tags","op":"eq","value":"red"}])", ErrorCode::wrong_type,
         "where[0].op"},
        {R"("where":[{"field":"name","op":"contains","value":"x"}])", ErrorCode::wrong_type,
         "where[0].op"},
        {R"("where":[{"field":"place","op":"eq","value":"x"}])", ErrorCode::wrong_type,
         "where[0].op"},
        {R"("where":[{"any":[{"all":[{"field":"dya","op":"is_null"}]}]}])",
         ErrorCode::unknown_field, "where[0].any[0].all[0].field"},
        {R"("period":{"rule":"in_period","field":"name"})", ErrorCode::wrong_type, "period.field"},
        {R"("period":{"rule":"as_of","from":"day","to":"dew"})", ErrorCode::unknown_field,
         "period.to"},
        {R"("latest_per":{"by":["firm","tags"],"order":"day"})", ErrorCode::wrong_type,
         "latest_per.by[1]"},
        {R"("latest_per":{"by":["firm"],"order":"name"})", ErrorCode::wrong_type,
         "latest_per.order"},
    };
    for (const Refusal& refusal : refusals) {
        check_refused(aggregate(refusal.indicator), refusal.code,
                      std::string("indicators[0].def.") + refusal.where);
    }
    check_refused(R"({"id":"a","def":{"agg":"count","form":"vist"}})", ErrorCode::unknown_form,
                  "indicators[0].def.form");
    check_refused(R"({"id":"a","def":{"agg":"sum","form":"visit","field":"name"}})",
                  ErrorCode::wrong_type, "indicators[0].def.field");
    check_refused(R"({"id":"a","def":{"agg":"count_distinct","form":"visit","field":"tags"}})",
                  ErrorCode::wrong_type, "indicators[0].def.field");
    check_refused(R"({"id":"a","def":{"agg":"latest","form":"visit","field":"day","order":"day"}})",
                  ErrorCode::wrong_type, "indicators[0].def.field");
}

TEST_CASE("references among indicators") {
    const std::string ratio = R"(,"display":{"decimals":1}})";
    const std::string first = std::string(good) + ",";
    check_refused(first + good, ErrorCode::malformed, "indicators[1].id");
    check_refused(first + R"({"id":"r","def":{"ratio":["a","b"]})" + ratio, ErrorCode::malformed,
                  "indicators[1].def.ratio[1]");
    check_refused(first + R"({"id":"r","def":{"minus":["b","a"]}})", ErrorCode::malformed,
                  "indicators[1].def.minus[0]");
    check_refused(first + R"({"id":"r","def":{"minus":["a","r"]}})", ErrorCode::malformed,
                  "indicators[1].def.minus[1]");
    check_refused(first + R"({"id":"r","def":{"minus":["a","s"]}},
                             {"id":"s","def":{"minus":["t","a"]}},
                             {"id":"t","def":{"minus":["a","r"]}})",
                  ErrorCode::malformed, "indicators[3].def.minus[1]");
    check_refused(first + R"({"id":"r","def":{"ratio":["a","a"]}})", ErrorCode::malformed,
                  "indicators[1].display");
    check_refused(first + R"({"id":"m","def":{"minus":["r","a"]}},
                             {"id":"r","def":{"ratio":["a","a"]})" +
                      ratio,
                  ErrorCode::malformed, "indicators[1].display");
    // The same one twice, and by two ways, is no cycle.
    CHECK(decode(first + R"({"id":"x","def":{"minus":["a","a"]}},
                            {"id":"y","def":{"minus":["x","a"]}},
                            {"id":"z","def":{"minus":["y","x"]}})")
              .has_value());
}

TEST_CASE("without forms only the shape is checked, and figures of unknown forms are empty") {
    const Value json = json_of(R"({"schema":"field-indicators/1","indicators":[
        {"id":"n","def":{"agg":"count","form":"nothing"}},
        {"id":"l","def":{"agg":"latest","form":"nothing","field":"x","order":"y"}},
        {"id":"s","def":{"agg":"sum","form":"visit","field":"nothing",
           "where":[{"field":"no","op":"is_null"},{"field":"nor","op":"not_null"}]}}]})");
    const auto catalog = decode_indicators(json, nullptr);
    REQUIRE(catalog.has_value());
    MemoryRecords records;
    put(records, 1, "visit", "{}");
    const FigureSet figures =
        compute_figures(catalog->indicators, *parse_period("2008"), small_forms(), records);
    CHECK(figures.find("n")->value == std::optional<std::string>("0"));
    CHECK(!figures.find("l")->value.has_value());
    CHECK(figures.find("s")->value == std::optional<std::string>("0"));
    CHECK(figures.find("s")->records.empty());
}

TEST_CASE("the file itself") {
    const FormCatalog forms = small_forms();
    const auto where_of = [&](std::string_view text) {
        const auto catalog = decode_indicators(json_of(text), &forms);
        return catalog ? std::string("accepted") : catalog.error().where;
    };
    CHECK(where_of(R"({"schema":"field-indicators/1","indicators":[]})") == "accepted");
    CHECK(where_of(R"({"schema":"field-indicators/1","default_status":["approved"],
        "periods":{},"indicators":[]})") == "accepted");
    CHECK(where_of(R"({"schema":"field-indicators/2","indicators":[]})") == "schema");
    CHECK(where_of(R"({"indicators":[]})") == "schema");
    CHECK(where_of("[]") == "schema");
    CHECK(where_of(R"({"schema":"field-indicators/1","indicators":{}})") == "indicators");
    CHECK(where_of(R"({"schema":"field-indicators/1","default_status":["saved"],
        "indicators":[]})") == "default_status");
}
