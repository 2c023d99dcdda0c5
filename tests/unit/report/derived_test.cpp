// Ratios, differences and display: exact to the end, rounded once.
#include "common/report/figure_json.h"
#include "tests/unit/report/figure_world.h"

using namespace zf;
using namespace zf::test;

namespace {

using Text = std::optional<std::string>;

// Sums of one record each: `a` and `b` from the amounts given.
MemoryRecords amounts(const std::string& a, const std::string& b) {
    MemoryRecords records;
    if (!a.empty()) put(records, 1, "visit", R"({"kind":"red","amount":")" + a + "\"}");
    if (!b.empty())
        put(records, 2, "visit", R"({"kind":"blue","day":"2008-01-01","amount":")" + b + "\"}");
    return records;
}

std::string with_parts(const std::string& more) {
    return R"({"id":"a","def":{"agg":"sum","form":"visit","field":"amount",
                 "where":[{"field":"kind","op":"eq","value":"red"}]}},
              {"id":"b","def":{"agg":"latest","form":"visit","field":"amount","order":"day",
                 "where":[{"field":"kind","op":"eq","value":"blue"}]}},)" +
           more;
}

}  // namespace

TEST_CASE("a ratio is rounded half up from its exact parts, zeros kept") {
    struct Line {
        const char *a, *b;
        int decimals;
        Text value;
    };
    const Line lines[] = {
        {"12925", "25000", 1, "51.7"}, {"15000", "25000", 1, "60.0"},
        {"1", "3", 1, "33.3"},         {"2", "3", 1, "66.7"},
        {"1", "8", 1, "12.5"},         {"1", "16", 1, "6.3"},
        {"-1", "16", 1, "-6.3"},       {"1", "3", 0, "33"},
        {"0", "3", 1, "0.0"},          {"1", "800", 2, "0.13"},
        {"5", "0", 1, std::nullopt},   {"5", "0.00", 1, std::nullopt},
        {"5", "", 1, std::nullopt},    {"", "4", 1, "0.0"},
        {"0.0045", "0.3", 1, "1.5"},   {"999.95", "1000", 1, "100.0"},
    };
    for (const Line& line : lines) {
        CAPTURE(line.a);
        CAPTURE(line.b);
        CAPTURE(line.decimals);
        const std::string ratio = R"({"id":"r","def":{"ratio":["a","b"],"scale":"100"},
            "display":{"decimals":)" +
                                  std::to_string(line.decimals) + R"(,"suffix":"%"}})";
        const FigureSet figures = figures_of(with_parts(ratio), amounts(line.a, line.b));
        const Figure& figure = *figures.find("r");
        CHECK(figure.value == line.value);
        CHECK(figure.display == (line.value ? *line.value + "%" : "—"));
    }
}

TEST_CASE("display divides and rounds once; the value stays exact") {
    struct Line {
        const char *amount, *display, *shown;
    };
    const Line lines[] = {
        {"12925", R"({"divide":"10000","decimals":2,"rounding":"half_up"})", "1.29"},
        {"12950", R"({"divide":"10000","decimals":2})", "1.30"},
        {"12949.9999", R"({"divide":"10000","decimals":2})", "1.29"},
        {"-12950", R"({"divide":10000,"decimals":2})", "-1.30"},
        {"10", R"({"divide":"3","decimals":3})", "3.333"},
        {"7680.45", R"({"decimals":1})", "7680.5"},
        {"28", R"({"decimals":1,"suffix":" 家"})", "28.0 家"},
        {"28.50", R"({})", "28.5"},
        {"-0.01", R"({"decimals":1})", "0.0"},
    };
    for (const Line& line : lines) {
        CAPTURE(line.amount);
        CAPTURE(line.display);
        const Figure figure = figure_of(R"({"agg":"sum","form":"visit","field":"amount"})",
                                        amounts(line.amount, ""), "2008H1", line.display);
        CHECK(figure.value == Text(Decimal::parse(line.amount)->text()));
        CHECK(figure.display == line.shown);
    }
}

TEST_CASE("a difference needs both parts; the records of both stand behind, each once") {
    const std::string minus = R"({"id":"m","def":{"minus":["a","b"]}},
        {"id":"all","def":{"agg":"count","form":"visit"}},
        {"id":"n","def":{"minus":["all","a"]}})";
    const FigureSet figures = figures_of(with_parts(minus), amounts("2.5", "10"));
    CHECK(figures.find("m")->value == Text("-7.5"));
    CHECK(numbers_of(*figures.find("m")) == std::vector<int>{1, 2});
    CHECK(numbers_of(*figures.find("n")) == std::vector<int>{1, 2});
    const FigureSet missing = figures_of(with_parts(minus), amounts("2.5", ""));
    CHECK(!missing.find("m")->value.has_value());
    CHECK(missing.find("m")->display == "—");
    CHECK(numbers_of(*missing.find("m")) == std::vector<int>{1});
}

TEST_CASE("derived figures build on derived ones, in any order of the file") {
    const std::string chain = R"(
        {"id":"gap","def":{"minus":["share","half"]},"display":{"decimals":2}},
        {"id":"half","def":{"ratio":["share","two"]},"display":{"decimals":1}},
        {"id":"two","def":{"agg":"count","form":"visit"}},
        {"id":"left","def":{"minus":["two","share"]},"display":{"decimals":1}},
        {"id":"right","def":{"minus":["share","two"]},"display":{"decimals":1}},
        {"id":"share","def":{"ratio":["a","b"],"scale":"100"},"display":{"decimals":0}})";
    const FigureSet figures = figures_of(with_parts(chain), amounts("1", "3"));
    CHECK(figures.find("share")->value == Text("33"));
    CHECK(figures.find("half")->value == Text("16.7"));
    CHECK(figures.find("gap")->value == Text("16.67"));  // 100/3 - 100/6, not 33 - 16.7
    CHECK(figures.find("left")->value == Text("-31.3"));
    CHECK(figures.find("right")->value == Text("31.3"));
}

TEST_CASE("the largest numbers add up exactly; a quotient that would not fit has no value") {
    const char* sum = R"({"agg":"sum","form":"visit","field":"amount"})";
    CHECK(figure_of(sum, amounts("99999999999999", "99999999999999")).value ==
          Text("199999999999998"));
    CHECK(figure_of(sum, amounts("9999.999999999999", "99999999999999")).value ==
          Text("100000000009998.999999999999"));
    const std::string chain =
        R"({"id":"r","def":{"ratio":["a","b"],"scale":"100"},"display":{"decimals":9}},
           {"id":"q","def":{"ratio":["r","r"]},"display":{"decimals":9}},
           {"id":"z","def":{"ratio":["q","r"]},"display":{"decimals":9}},
           {"id":"p","def":{"minus":["z","r"]},"display":{"decimals":9}})";
    const FigureSet figures =
        figures_of(with_parts(chain), amounts("1234.123456789012", "0.000000000003"));
    CHECK(figures.find("r")->value == Text("41137448559633733.333333333"));
    CHECK(figures.find("q")->value == Text("1.000000000"));
    CHECK(!figures.find("z")->value.has_value());
    CHECK(figures.find("z")->display == "—");
    CHECK(!figures.find("p")->value.has_value());
}

TEST_CASE("figures as JSON") {
    const FigureSet figures =
        figures_of(with_parts(R"({"id":"r","def":{"ratio":["a","b"]},"display":{"decimals":1}})"),
                   amounts("1", ""));
    CHECK(canonical_text(figures_value(figures)) ==
          R"({"a":{"display":"1","records":1,"value":"1"},)"
          R"("b":{"display":"—","records":0,"value":null},)"
          R"("r":{"display":"—","records":1,"value":null}})");
}
