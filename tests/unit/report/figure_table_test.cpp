// The table for terminals, and how wide a text stands there.
#include "common/report/figure_table.h"

#include "common/report/display_width.h"
#include "tests/unit/report/figure_world.h"

using namespace zf;
using namespace zf::test;

namespace {

constexpr const char* indicators = R"(
    {"id":"arrived","label":{"zh-Hans":"到位资金","en":"Capital"},"unit":"wan_yuan",
     "def":{"agg":"sum","form":"visit","field":"amount"},
     "display":{"unit":"yi_yuan","divide":"10000","decimals":2}},
    {"id":"firms","label":{"zh-Hans":"企业（在册）","en":"Firms"},"unit":"piece",
     "def":{"agg":"count","form":"firm"}},
    {"id":"share","label":{"zh-Hans":"占比","en":"Share"},"unit":"percent",
     "def":{"ratio":["arrived","arrived"],"scale":"100"},"display":{"decimals":1,"suffix":"%"}})";

std::string table(TableLanguage language, const SourceTexts& source) {
    MemoryRecords records;
    put(records, 1, "visit", R"({"amount":"12925"})");
    const auto catalog = decode(indicators);
    REQUIRE(catalog.has_value());
    return figure_table(*catalog, small_forms(), figures_of(indicators, records), language, source);
}

}  // namespace

TEST_CASE("columns of a terminal") {
    struct Line {
        const char* text;
        int columns;
    };
    for (const Line& line : {Line{"", 0},
                             {"abc 1.29", 8},
                             {"万元", 4},
                             {"其中：", 6},
                             {"（A）", 5},
                             {"—", 1},
                             {"……", 2},
                             {"，。", 4},
                             {"\xF0\xA0\x80\x80", 2},
                             {"e\xCC\x81", 1}}) {
        CAPTURE(line.text);
        CHECK(display_width(line.text) == line.columns);
    }
}

TEST_CASE("figures stand grouped, aligned and without trailing spaces") {
    CHECK(table(TableLanguage::zh_hans, {}) ==
          "  指标            数值  单位\n"
          "-----------------------------\n"
          "走访工作\n"
          "  到位资金        1.29  亿元\n"
          "  占比          100.0%\n"
          "其他\n"
          "  企业（在册）       0  piece\n"
          "-----------------------------\n");
    CHECK(table(TableLanguage::en, {{"firms", "28 on the list"}}) ==
          "  Indicator  Figure  Unit              Source text\n"
          "-----------------------------------------------------\n"
          "Visits\n"
          "  Capital      1.29  100 million yuan\n"
          "  Share      100.0%\n"
          "Other\n"
          "  Firms           0  piece             28 on the list\n"
          "-----------------------------------------------------\n");
}

TEST_CASE("what has no figure is left out") {
    const auto catalog = decode(indicators);
    REQUIRE(catalog.has_value());
    const std::string text = figure_table(*catalog, small_forms(), FigureSet{}, TableLanguage::en);
    CHECK(text.find("Capital") == std::string::npos);
}
