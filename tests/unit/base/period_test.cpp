// Names of reporting periods.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "common/base/date.h"

namespace {

using namespace zf;

TEST_CASE("periods: both ends included") {
    struct Row {
        std::string name, start, end;
        int year;
    };
    for (const Row& row : std::vector<Row>{
             {"2008H1", "2008-01-01", "2008-06-30", 2008},
             {"2008H2", "2008-07-01", "2008-12-31", 2008},
             {"2008Q1", "2008-01-01", "2008-03-31", 2008},
             {"2008Q2", "2008-04-01", "2008-06-30", 2008},
             {"2008Q3", "2008-07-01", "2008-09-30", 2008},
             {"2008Q4", "2008-10-01", "2008-12-31", 2008},
             {"2008-05", "2008-05-01", "2008-05-31", 2008},
             {"2008-02", "2008-02-01", "2008-02-29", 2008},
             {"2007-02", "2007-02-01", "2007-02-28", 2007},
             {"2008", "2008-01-01", "2008-12-31", 2008},
             {"0001", "0001-01-01", "0001-12-31", 1},
             {"2008-05-12..2008-05-31", "2008-05-12", "2008-05-31", 2008},
             {"2008-05-12..2008-05-12", "2008-05-12", "2008-05-12", 2008},
             {"2007-07-01..2008-06-30", "2007-07-01", "2008-06-30", 2008},  // year of its end
         }) {
        CAPTURE(row.name);
        const auto period = parse_period(row.name);
        REQUIRE(period);
        CHECK(period->start.text() == row.start);
        CHECK(period->end.text() == row.end);
        CHECK(period->year() == row.year);
        CHECK(period->name == row.name);
    }
}

TEST_CASE("periods: anything else is refused with what would be right") {
    for (const std::string bad : {"",
                                  "08H1",
                                  "2008H",
                                  "2008H0",
                                  "2008H3",
                                  "2008H11",
                                  "2008h1",
                                  "2008Q0",
                                  "2008Q5",
                                  "2008q1",
                                  "2008M5",
                                  "0000",
                                  "0000H1",
                                  "20080",
                                  "2008-13",
                                  "2008-00",
                                  "2008-5",
                                  "2008-05-12",
                                  "2008-05-12..",
                                  "..2008-05-12",
                                  "2008-05-12...2008-05-31",
                                  "2008-05-12..2008-05-32",
                                  "2008-05-12..2008-05-31..2008-06-01",
                                  "2008-05..2008-06",
                                  "2008-05-12 .. 2008-05-31",
                                  " 2008",
                                  "2008 ",
                                  "2008H1 "}) {
        CAPTURE(bad);
        const auto period = parse_period(bad);
        REQUIRE_FALSE(period);
        CHECK(period.error().code == ErrorCode::malformed);
        CHECK(period.error().message.find("2008H1, 2008Q2") != std::string::npos);
    }
    const auto reversed = parse_period("2008-05-31..2008-05-12");
    REQUIRE_FALSE(reversed);
    CHECK(reversed.error().code == ErrorCode::malformed);
    CHECK(reversed.error().message.find("before it starts") != std::string::npos);
}

}  // namespace
