// Which records a figure counts: operators with their operands, missing ones, paths, periods.
#include "tests/unit/report/figure_world.h"

using namespace zf;
using namespace zf::test;

namespace {

using Numbers = std::vector<int>;

// The records of `visit` that meet the conditions.
Numbers meeting(const std::string& conditions, const MemoryRecords& records,
                std::string_view period = "2008H1", std::string_view more = "") {
    return numbers_of(figure_of(
        R"({"agg":"count","form":"visit","where":[)" + conditions + "]" + std::string(more) + "}",
        records, period));
}

// Record 1 has every field, record 2 none, record 3 other values, record 4 malformed ones.
MemoryRecords four_records() {
    MemoryRecords records;
    put(records, 101, "firm",
        R"({"name":"A","since":"2007-01-01","parent":")" + id_text(102) + "\"}");
    put(records, 102, "firm", R"({"name":"B","since":"2008-03-01","until":"2008-06-30"})");
    put(records, 1, "visit",
        R"({"day":"2008-05-12","due":"2008-05-12","month":"2008-05",
            "moment":"2008-05-12T23:30:00Z","year":2008,"amount":"12.50","ok":true,"kind":"red",
            "name":"x","tags":["red","blue"],"place":{"lat":"1","lon":"2"},"firm":")" +
            id_text(101) + R"(","firms":[")" + id_text(101) + "\"]}");
    put(records, 2, "visit", R"({"amount":null,"name":"","tags":[]})");
    put(records, 3, "visit",
        R"({"day":"2008-06-30","due":"2008-05-12","month":"2008-06",
            "moment":"2008-05-13T07:30:00+08:00","year":2007,"amount":"9","ok":false,
            "kind":"blue","name":"y","tags":["blue"],"firm":")" +
            id_text(102) + "\"}");
    put(records, 4, "visit",
        R"({"day":"soon","month":"2008-5","moment":"now","year":"many","amount":"1e3","ok":"yes",
            "kind":7,"tags":"red","firm":12})");
    return records;
}

}  // namespace

TEST_CASE("each operator keeps what it should, and no comparison accepts a missing field") {
    const MemoryRecords records = four_records();
    struct Line {
        const char* condition;
        Numbers expected;
    };
    const Line lines[] = {
        // Decimals by number, not by text.
        {R"({"field":"amount","op":"eq","value":"12.5"})", {1}},
        {R"({"field":"amount","op":"eq","value":12.5})", {1}},
        {R"({"field":"amount","op":"gt","value":"9"})", {1}},
        {R"({"field":"amount","op":"lt","value":10})", {3}},
        {R"({"field":"amount","op":"ne","value":"9.0"})", {1}},
        {R"({"field":"amount","op":"ge","value":"9"})", {1, 3}},
        {R"({"field":"amount","op":"le","value":"9"})", {3}},
        {R"({"field":"amount","op":"in","value":["9.00","1"]})", {3}},
        {R"({"field":"amount","op":"not_in","value":["9.00"]})", {1}},
        {R"({"field":"amount","op":"in","value":[]})", {}},
        {R"({"field":"amount","op":"is_null"})", {2}},
        {R"({"field":"amount","op":"not_null"})", {1, 3, 4}},
        {R"({"field":"amount","op":"is_null_or_after","value":"9"})", {1, 2}},
        {R"({"field":"year","op":"eq","value":{"$":"period.year"}})", {1}},
        {R"({"field":"year","op":"lt","value":{"$":"period.year"}})", {3}},
        {R"({"field":"year","op":"in","value":[{"$":"period.year"},2007]})", {1, 3}},
        {R"({"field":"ok","op":"eq","value":true})", {1}},
        {R"({"field":"ok","op":"ne","value":true})", {3}},
        {R"({"field":"kind","op":"eq","value":"red"})", {1}},
        {R"({"field":"kind","op":"ne","value":"red"})", {3}},
        {R"({"field":"kind","op":"not_in","value":["red"]})", {3}},
        {R"({"field":"name","op":"is_null"})", {2, 4}},
        {R"({"field":"name","op":"gt","value":"x"})", {3}},
        {R"({"field":"day","op":"le","value":{"$":"period.end"}})", {1, 3}},
        {R"({"field":"day","op":"lt","value":{"$":"period.end"}})", {1}},
        {R"({"field":"day","op":"ge","value":{"$":"period.year_start"}})", {1, 3}},
        {R"({"field":"day","op":"gt","value":"2008-05-12"})", {3}},
        {R"({"field":"day","op":"is_null_or_after","value":{"$":"period.start"}})", {1, 2, 3}},
        // A month and a date compare as months, both ways.
        {R"({"field":"month","op":"eq","value":{"$":"period.end_month"}})", {3}},
        {R"({"field":"month","op":"eq","value":{"$":"period.end"}})", {3}},
        {R"({"field":"day","op":"eq","value":{"$":"period.end_month"}})", {3}},
        {R"({"field":"day","op":"eq","value":"2008-05"})", {1}},
        {R"({"field":"month","op":"lt","value":"2008-06-01"})", {1}},
        // Datetimes by instant; against a date by their day at +08:00.
        {R"({"field":"moment","op":"eq","value":"2008-05-13T07:30:00+08:00"})", {1, 3}},
        {R"({"field":"moment","op":"eq","value":"2008-05-13"})", {1, 3}},
        {R"({"field":"moment","op":"lt","value":"2008-05-13T00:00:00Z"})", {1, 3}},
        {R"({"field":"moment","op":"gt","value":{"$field":"day"}})", {1}},
        // Other fields of the record.
        {R"({"field":"day","op":"le","value":{"$field":"due"}})", {1}},
        {R"({"field":"day","op":"ne","value":{"$field":"due"}})", {3}},
        {R"({"field":"due","op":"is_null_or_after","value":{"$field":"day"}})", {2, 4}},
        // Sets.
        {R"({"field":"tags","op":"contains","value":"red"})", {1}},
        {R"({"field":"tags","op":"contains","value":"blue"})", {1, 3}},
        {R"({"field":"tags","op":"contains","value":{"$field":"kind"}})", {1, 3}},
        {R"({"field":"tags","op":"is_null"})", {2}},
        {R"({"field":"tags","op":"not_null"})", {1, 3, 4}},
        {R"({"field":"place","op":"not_null"})", {1}},
        {R"({"field":"_created_at","op":"is_null"})", {1, 2, 3, 4}},
        // Any and all.
        {R"({"any":[{"field":"kind","op":"eq","value":"red"},
                   {"field":"name","op":"eq","value":"y"}]})",
         {1, 3}},
        {R"({"all":[{"field":"kind","op":"eq","value":"red"},
                   {"field":"name","op":"eq","value":"y"}]})",
         {}},
        {R"({"any":[{"all":[{"field":"kind","op":"eq","value":"red"},
                           {"field":"ok","op":"eq","value":true}]},
            {"field":"amount","op":"is_null"}]})",
         {1, 2}},
        {R"({"any":[]})", {}},
        {R"({"all":[]})", {1, 2, 3, 4}},
    };
    for (const Line& line : lines) {
        CAPTURE(line.condition);
        CHECK(meeting(line.condition, records) == line.expected);
    }
}

TEST_CASE("paths follow references, joins first, and end in nothing when they lead nowhere") {
    MemoryRecords records = four_records();
    put(records, 103, "firm", R"({"name":"B again","since":"1999-01-01"})");
    put(records, 5, "visit",
        R"({"firm":")" + id_text(103) + R"(","firms":[")" + id_text(103) + "\"]}");
    put(records, 6, "visit", R"({"firm":")" + id_text(999) + "\"}");
    records.joins[id_of(103)] = id_of(102);
    const std::string b = id_text(102), b_again = id_text(103), unknown = id_text(999);
    const auto equals = [](const std::string& field, const std::string& id) {
        return R"({"field":")" + field + R"(","op":"eq","value":")" + id + "\"}";
    };

    CHECK(meeting(R"({"field":"firm.name","op":"eq","value":"B"})", records) == Numbers{3, 5});
    CHECK(meeting(R"({"field":"firm.parent.name","op":"eq","value":"B"})", records) == Numbers{1});
    CHECK(meeting(equals("firm", b), records) == Numbers{3, 5});
    CHECK(meeting(equals("firm", b_again), records) == Numbers{3, 5});
    CHECK(meeting(equals("firm.parent", b_again), records) == Numbers{1});
    CHECK(meeting(equals("firm._id", b), records) == Numbers{3, 5});
    CHECK(meeting(equals("_id", id_text(5)), records) == Numbers{5});
    CHECK(meeting(R"({"field":"firms","op":"contains","value":")" + b + "\"}", records) ==
          Numbers{5});
    // A reference to a record that is not known stands for itself, its fields are missing.
    CHECK(meeting(equals("firm", unknown), records) == Numbers{6});
    CHECK(meeting(R"({"field":"firm","op":"is_null"})", records) == Numbers{2});
    CHECK(meeting(R"({"field":"firm.name","op":"is_null"})", records) == Numbers{2, 4, 6});
    CHECK(meeting(R"({"field":"firm.until","op":"is_null_or_after","value":{"$":"period.end"}})",
                  records) == Numbers{1, 2, 4, 6});

    // What a reference leads to is remembered, each record still sees its own.
    put(records, 7, "visit", R"({"day":"2008-01-01"})");
    put(records, 8, "visit", R"({"firm":")" + id_text(101) + "\"}");
    put(records, 9, "visit", R"({"firm":")" + b + "\"}");
    CHECK(meeting(R"({"field":"firm.parent.name","op":"eq","value":"B"})", records) ==
          Numbers{1, 8});
    CHECK(meeting(R"({"field":"firm.parent","op":"is_null"})", records) ==
          Numbers{2, 3, 4, 5, 6, 7, 9});
    for (int n : {7, 8, 9}) records.records.erase(id_of(n));

    records.voided.insert(id_of(102));
    CHECK(meeting(R"({"field":"firm.name","op":"eq","value":"B"})", records) == Numbers{});
    CHECK(meeting(equals("firm", b_again), records) == Numbers{3, 5});
}

TEST_CASE("voided and joined records count nothing") {
    MemoryRecords records = four_records();
    records.voided.insert(id_of(1));
    records.joins[id_of(2)] = id_of(3);
    CHECK(meeting("", records) == Numbers{3, 4});
}

TEST_CASE("periods include both ends, compare months as months and leave out what has no date") {
    MemoryRecords records;
    put(records, 1, "visit",
        R"({"day":"2007-12-31","month":"2007-12","moment":"2007-12-31T15:59:59Z"})");
    put(records, 2, "visit",
        R"({"day":"2008-01-01","month":"2008-01","moment":"2007-12-31T16:00:00Z"})");
    put(records, 3, "visit",
        R"({"day":"2008-05-12","month":"2008-05","moment":"2008-05-12T14:28:00+08:00"})");
    put(records, 4, "visit",
        R"({"day":"2008-06-30","month":"2008-06","moment":"2008-06-30T15:59:59Z"})");
    put(records, 5, "visit",
        R"({"day":"2008-07-01","month":"2008-07","moment":"2008-06-30T16:00:00Z"})");
    put(records, 6, "visit", R"({"day":null})");
    struct Line {
        const char* period;
        const char* rule;
        const char* field;
        Numbers expected;
    };
    const Line lines[] = {
        {"2008H1", "in_period", "day", {2, 3, 4}},
        {"2008H1", "in_period", "month", {2, 3, 4}},
        {"2008H1", "in_period", "moment", {2, 3, 4}},
        {"2008H1", "up_to_end", "day", {1, 2, 3, 4}},
        {"2008H1", "up_to_end", "month", {1, 2, 3, 4}},
        {"2008Q2", "in_period", "day", {3, 4}},
        {"2008Q2", "year_to_date", "day", {2, 3, 4}},
        {"2008Q2", "year_to_date", "month", {2, 3, 4}},
        {"2008Q2", "year_to_date", "moment", {2, 3, 4}},
        {"2008-05-12..2008-05-12", "in_period", "day", {3}},
        {"2008-05-13..2008-05-20", "in_period", "day", {}},
        // A month is in when it lies between the months of start and end.
        {"2008-05-13..2008-05-20", "in_period", "month", {3}},
        {"2008-05-31..2008-06-01", "in_period", "month", {3, 4}},
        // The year of a period is the year of its end.
        {"2007-12-01..2008-06-30", "in_period", "day", {1, 2, 3, 4}},
        {"2007-12-01..2008-06-30", "year_to_date", "day", {2, 3, 4}},
    };
    for (const Line& line : lines) {
        CAPTURE(line.period);
        CAPTURE(line.rule);
        CAPTURE(line.field);
        const std::string rule = std::string(R"(,"period":{"rule":")") + line.rule +
                                 R"(","field":")" + line.field + "\"}";
        CHECK(meeting("", records, line.period, rule) == line.expected);
    }
}

TEST_CASE("as_of: from up to the end, to beyond it or open; without a from never") {
    MemoryRecords records;
    put(records, 1, "visit", R"({"day":"2008-06-30"})");
    put(records, 2, "visit", R"({"day":"2008-07-01"})");
    put(records, 3, "visit", R"({"day":"2000-01-01","due":"2008-06-30"})");
    put(records, 4, "visit", R"({"day":"2000-01-01","due":"2008-07-01"})");
    put(records, 5, "visit", R"({"due":"2009-01-01"})");
    put(records, 6, "visit", R"({})");
    CHECK(meeting("", records, "2008H1", R"(,"period":{"rule":"as_of","from":"day","to":"due"})") ==
          Numbers{1, 4});
    // As months: to June is not after June.
    put(records, 7, "visit", R"({"month":"2008-06"})");
    put(records, 8, "visit", R"({"day":"2008-01-01","month":"2008-06"})");
    put(records, 9, "visit", R"({"day":"2008-01-01","month":"2008-07"})");
    CHECK(
        meeting("", records, "2008H1", R"(,"period":{"rule":"as_of","from":"day","to":"month"})") ==
        Numbers{1, 3, 4, 9});
}
