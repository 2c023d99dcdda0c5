// Days, months and RFC 3339 instants.
#include "common/base/date.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace {

using namespace zf;

TEST_CASE("dates: days since 1970") {
    struct Row {
        Date date;
        std::int64_t days;
    };
    for (const Row& row : std::vector<Row>{{{1, 1, 1}, -719162},
                                           {{1600, 2, 29}, -135081},
                                           {{1900, 2, 28}, -25509},
                                           {{1900, 3, 1}, -25508},
                                           {{1969, 12, 31}, -1},
                                           {{1970, 1, 1}, 0},
                                           {{2000, 2, 29}, 11016},
                                           {{2008, 2, 29}, 13938},
                                           {{2008, 5, 12}, 14011},
                                           {{9999, 12, 31}, 2932896}}) {
        CAPTURE(row.date.text());
        CHECK(days_of(row.date) == row.days);
        CHECK(date_of_days(row.days) == row.date);
    }
}

TEST_CASE("dates: every day of four centuries follows the one before") {
    Date date{1799, 12, 31};
    for (std::int64_t days = days_of(date); days <= days_of({2201, 1, 1}); ++days) {
        REQUIRE(date_of_days(days) == date);
        REQUIRE(days_of(date) == days);
        const Date next = next_day(date);
        const bool same_month = next.month == date.month && next.day == date.day + 1;
        const bool new_month = next.day == 1 && date == last_day(month_of(date));
        REQUIRE((same_month || new_month));
        REQUIRE(parse_date(date.text()) == date);
        date = next;
    }
}

TEST_CASE("dates: exactly YYYY-MM-DD and a day that exists") {
    CHECK(parse_date("2008-05-12") == Date{2008, 5, 12});
    CHECK(parse_date("0001-01-01") == Date{1, 1, 1});
    CHECK(parse_date("9999-12-31") == Date{9999, 12, 31});
    CHECK(parse_date("2008-02-29") == Date{2008, 2, 29});
    CHECK(parse_date("2000-02-29") == Date{2000, 2, 29});
    for (const std::string bad : {"",
                                  "2008",
                                  "2008-05",
                                  "2008-5-12",
                                  "2008-05-1",
                                  "08-05-12",
                                  "20080512",
                                  "2008.05.12",
                                  "2008/05/12",
                                  "2008-05-12 ",
                                  " 2008-05-12",
                                  "2008-05-123",
                                  "12008-05-12",
                                  "0000-01-01",
                                  "2008-00-12",
                                  "2008-13-12",
                                  "2008-05-00",
                                  "2008-05-32",
                                  "2008-04-31",
                                  "2007-02-29",
                                  "1900-02-29",
                                  "2100-02-29",
                                  "2008-02-30",
                                  "-008-05-12",
                                  "+008-05-12",
                                  "2008-0a-12",
                                  "２００８-05-12",
                                  "2008-05-12T00:00:00Z"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_date(bad));
    }
}

TEST_CASE("months: exactly YYYY-MM") {
    CHECK(parse_month("2008-05") == Month{2008, 5});
    CHECK(Month{2008, 5}.text() == "2008-05");
    CHECK(Month{2007, 12} < Month{2008, 1});
    CHECK(first_day({2008, 2}) == Date{2008, 2, 1});
    CHECK(last_day({2008, 2}) == Date{2008, 2, 29});
    CHECK(last_day({2007, 2}) == Date{2007, 2, 28});
    CHECK(last_day({2008, 12}) == Date{2008, 12, 31});
    CHECK(last_day({2008, 6}) == Date{2008, 6, 30});
    for (const std::string bad : {"", "2008", "2008-5", "2008-00", "2008-13", "0000-01", "2008-05-",
                                  "2008-05-01", "200805", "2008-05 ", "2008H1"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_month(bad));
    }
}

TEST_CASE("instants: RFC 3339 with a zone") {
    struct Row {
        std::string text;
        std::int64_t ms;
    };
    for (const Row& row : std::vector<Row>{
             {"2008-05-12T14:28:00+08:00", 1210573680000},
             {"2008-05-12T06:28:00Z", 1210573680000},
             {"2008-05-12t06:28:00z", 1210573680000},
             {"2008-05-12T06:28:00-00:00", 1210573680000},
             {"2008-05-12T00:58:00-05:30", 1210573680000},
             {"2008-05-13T06:27:00+23:59", 1210573680000},
             {"1970-01-01T00:00:00Z", 0},
             {"1969-12-31T23:59:59.999Z", -1},
             {"1970-01-01T07:59:59.999+08:00", -1},
             {"2008-02-29T00:00:00Z", 1204243200000},
             {"0001-01-01T00:00:00Z", -62135596800000},
             {"9999-12-31T23:59:59Z", 253402300799000},
             {"2008-05-12T06:28:00.5Z", 1210573680500},
             {"2008-05-12T06:28:00.05Z", 1210573680050},
             {"2008-05-12T06:28:00.123456789Z", 1210573680123},  // cut off, not rounded
             {"2008-05-12T06:28:00.9999999999999999999999999Z", 1210573680999},
             // Leap seconds read as the following second.
             {"2008-12-31T23:59:60Z", 1230768000000},
             {"2009-01-01T07:59:60+08:00", 1230768000000},
             {"2009-01-01T07:59:60.25+08:00", 1230768000250},
         }) {
        CAPTURE(row.text);
        CHECK(parse_datetime(row.text) == row.ms);
    }
}

TEST_CASE("instants: anything else is nothing") {
    for (const std::string bad : {"",
                                  "2008-05-12",
                                  "2008-05-12T14:28:00",
                                  "2008-05-12T14:28+08:00",
                                  "2008-05-12 14:28:00+08:00",
                                  "2008-05-12T24:00:00Z",
                                  "2008-05-12T14:60:00Z",
                                  "2008-05-12T14:28:61Z",
                                  "2008-05-12T14:28:60Z",
                                  "2008-05-12T23:59:60Z",
                                  "2008-12-31T23:59:60+08:00",
                                  "2008-05-12T14:28:00+0800",
                                  "2008-05-12T14:28:00+08",
                                  "2008-05-12T14:28:00+8:00",
                                  "2008-05-12T14:28:00+24:00",
                                  "2008-05-12T14:28:00+08:60",
                                  "2008-05-12T14:28:00.Z",
                                  "2008-05-12T14:28:00,5Z",
                                  "2008-05-12T14:28:00ZZ",
                                  "2008-05-12T14:28:00Z ",
                                  "2007-02-29T00:00:00Z",
                                  "0000-01-01T00:00:00Z",
                                  "2008-05-12T1:28:00Z",
                                  "2008-05-12T-1:28:00Z",
                                  "2008-05-12TT14:28:00Z",
                                  "2008-05-12T14:28:00 +08:00",
                                  "2008-05-12T14:28:00.5",
                                  "2008-05-12T14:28:00.5.5Z"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_datetime(bad));
    }
}

TEST_CASE("instants: printed at an offset") {
    struct Row {
        std::int64_t ms;
        int offset;
        std::string text;
    };
    for (const Row& row : std::vector<Row>{
             {1210573680000, 480, "2008-05-12T14:28:00+08:00"},
             {1210573680000, 0, "2008-05-12T06:28:00Z"},
             {1210573680000, -330, "2008-05-12T00:58:00-05:30"},
             {1210573680007, 480, "2008-05-12T14:28:00.007+08:00"},
             {1210573680120, 480, "2008-05-12T14:28:00.120+08:00"},
             {-1, 0, "1969-12-31T23:59:59.999Z"},
             {-1, 480, "1970-01-01T07:59:59.999+08:00"},
             {0, -480, "1969-12-31T16:00:00-08:00"},
             {253402300799000, 0, "9999-12-31T23:59:59Z"},
         }) {
        CAPTURE(row.text);
        CHECK(datetime_text(row.ms, row.offset) == row.text);
        CHECK(parse_datetime(row.text) == row.ms);
    }
}

TEST_CASE("instants: whatever number arrives is printed without harm") {
    for (const std::int64_t ms :
         {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(),
          std::int64_t{253402300800000}, std::int64_t{-62135596800001}}) {
        for (const int offset : {-480, 0, 480}) {
            CAPTURE(ms);
            CHECK(datetime_text(ms, offset).find('T') != std::string::npos);
        }
    }
    // Years that RFC 3339 cannot write are not read back as others.
    CHECK_FALSE(parse_datetime(datetime_text(253402300800000, 0)));
    CHECK_FALSE(parse_datetime(datetime_text(-62135596800001, 0)));
}

TEST_CASE("instants: the day they fall on at the bureau") {
    const auto day = [](const char* text) {
        return date_at(parse_datetime(text).value(), bureau_offset_minutes).text();
    };
    CHECK(day("2008-06-30T15:59:59.999Z") == "2008-06-30");
    CHECK(day("2008-06-30T16:00:00Z") == "2008-07-01");
    CHECK(day("2008-06-30T23:59:59+08:00") == "2008-06-30");
    CHECK(day("1969-12-31T15:59:59Z") == "1969-12-31");
    CHECK(date_at(-1, 0) == Date{1969, 12, 31});
    CHECK(date_at(0, -1) == Date{1969, 12, 31});
    CHECK(instant_at({2008, 5, 12}, 14 * 60 + 28, bureau_offset_minutes) == 1210573680000);
    CHECK(instant_at({1970, 1, 1}, 0, bureau_offset_minutes) == -8 * 3'600'000);
}

}  // namespace
