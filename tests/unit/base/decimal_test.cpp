// Decimal: exactness, the rounding of reports, and the limits that keep sums in range.
#include "common/base/decimal.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "common/base/env.h"

namespace {

using namespace zf;

Decimal number(std::string_view text) {
    const auto parsed = Decimal::parse(text);
    REQUIRE_MESSAGE(parsed.has_value(), std::string(text));
    return *parsed;
}

std::string quotient(std::string_view a, std::string_view b, int places) {
    const auto result = Decimal::divide(number(a), number(b), places);
    return result ? result->text_rounded(places) : "nothing";
}

TEST_CASE("decimal: canonical text") {
    const std::vector<std::pair<std::string, std::string>> table{
        {"0", "0"},
        {"-0", "0"},
        {"0.00", "0"},
        {"-0.0", "0"},
        {"12", "12"},
        {"12.0", "12"},
        {"12.50", "12.5"},
        {"-0.50", "-0.5"},
        {"007", "7"},
        {"00.10", "0.1"},
        {"100", "100"},
        {"1000.000", "1000"},
        {"0.000000000001", "0.000000000001"},
        {"-12345.6789", "-12345.6789"},
        {"1.100000000000000000000", "1.1"},
        {"00000000000000000000000001", "1"},
        {"99999999999999999.99", "99999999999999999.99"},
        {"9999999.999999999999", "9999999.999999999999"},
    };
    for (const auto& [text, canonical] : table) {
        CAPTURE(text);
        CHECK(number(text).text() == canonical);
    }
}

TEST_CASE("decimal: what is no plain number is nothing") {
    for (const std::string bad :
         {"",    "-",    ".",    "-.",    ".5",    "5.", "-.5",   "-5.",   "+1",   "--1",
          "1-",  "1e3",  "1E3",  "1,000", "1 000", " 1", "1 ",    "1.2.3", "0x10", "nan",
          "inf", "１２", "1．5", "1\n",   "12a",   "a",  "1.5x0", "0.5x"}) {
        CAPTURE(bad);
        CHECK_FALSE(Decimal::parse(bad));
    }
    CHECK_FALSE(Decimal::parse(std::string_view("1\0", 2)));
}

TEST_CASE("decimal: limits of what is read") {
    const std::string nines(17, '9');
    CHECK(Decimal::parse(nines));
    CHECK_FALSE(Decimal::parse(nines + "9"));        // 18 digits before the point
    CHECK(Decimal::parse(nines + ".99"));            // 19 in all
    CHECK_FALSE(Decimal::parse(nines + ".999"));     // 20 in all
    CHECK(Decimal::parse("0.123456789012"));         // 12 places
    CHECK_FALSE(Decimal::parse("0.1234567890123"));  // 13
    CHECK(Decimal::parse("0.1234567890120"));        // zeros do not count
    CHECK(Decimal::parse("1234567.123456789012"));
    CHECK_FALSE(Decimal::parse("12345678.123456789012"));
    CHECK_FALSE(Decimal::parse(std::string(100'000, '9')));
}

TEST_CASE("decimal: rounded half away from zero") {
    struct Row {
        std::string text;
        int places;
        std::string rounded;
    };
    const std::vector<Row> table{
        {"1.005", 2, "1.01"},
        {"-1.005", 2, "-1.01"},
        {"1.004999", 2, "1.00"},
        {"2.5", 0, "3"},
        {"-2.5", 0, "-3"},
        {"3.5", 0, "4"},
        {"0.5", 0, "1"},
        {"-0.5", 0, "-1"},
        {"0.49", 0, "0"},
        {"-0.49", 0, "0"},
        {"-0.004", 2, "0.00"},
        {"0.005", 2, "0.01"},
        {"1.2925", 2, "1.29"},
        {"1.295", 2, "1.30"},
        {"1.285", 2, "1.29"},
        {"60", 1, "60.0"},
        {"60", 0, "60"},
        {"-60", 2, "-60.00"},
        {"0", 1, "0.0"},
        {"0", 0, "0"},
        {"9.99", 1, "10.0"},
        {"-9.95", 1, "-10.0"},
        {"0.05", 1, "0.1"},
        {"7680.5", 1, "7680.5"},
        {"7680.5", 4, "7680.5000"},
        {"0.000000000001", 2, "0.00"},
        {"9999999.999999999999", 11, "10000000.00000000000"},
    };
    for (const Row& row : table) {
        CAPTURE(row.text);
        CAPTURE(row.places);
        CHECK(number(row.text).text_rounded(row.places) == row.rounded);
        CHECK(number(row.text).rounded(row.places) == number(row.rounded));
    }
}

TEST_CASE("decimal: quotients, rounded once") {
    struct Row {
        std::string a, b;
        int places;
        std::string quotient;
    };
    const std::vector<Row> table{
        {"1", "3", 4, "0.3333"},
        {"2", "3", 4, "0.6667"},
        {"-2", "3", 4, "-0.6667"},
        {"2", "-3", 4, "-0.6667"},
        {"-2", "-3", 4, "0.6667"},
        {"1", "2", 0, "1"},
        {"-1", "2", 0, "-1"},
        {"1", "8", 2, "0.13"},
        {"3", "8", 2, "0.38"},
        {"0", "7", 2, "0.00"},
        {"1292500", "25000", 2, "51.70"},
        {"12925", "25000", 4, "0.5170"},
        {"12925", "10000", 2, "1.29"},
        {"11374", "10000", 2, "1.14"},
        {"41500", "10000", 2, "4.15"},
        {"1137400", "22000", 2, "51.70"},
        {"0.5", "100", 1, "0.0"},
        {"5", "100", 1, "0.1"},
        {"0.049999999999", "1", 1, "0.0"},
        {"0.05", "1", 1, "0.1"},
        {"0.149999999999", "3", 1, "0.0"},
        {"0.15", "3", 1, "0.1"},
        {"1", "0.000000000003", 0, "333333333333"},
        {"0.000000000001", "99999999999999999", 2, "0.00"},
        {"99999999999999999.99", "0.000000000001", 0, "99999999999999999990000000000"},
    };
    for (const Row& row : table) {
        CAPTURE(row.a);
        CAPTURE(row.b);
        CHECK(quotient(row.a, row.b, row.places) == row.quotient);
    }
    CHECK(quotient("1", "0", 2) == "nothing");
    CHECK(quotient("0", "0", 2) == "nothing");
    CHECK(quotient("99999999999999999", "0.000000000001", 10) == "nothing");  // 39 digits
    CHECK(quotient("1", "7", 37) == "0.1428571428571428571428571428571428571");
    CHECK(quotient("1", "7", 38) == "0.14285714285714285714285714285714285714");
}

TEST_CASE("decimal: a percentage of the reports") {
    const Decimal hundredfold = number("12925") * Decimal(100);
    CHECK(Decimal::divide(hundredfold, number("25000"), 2)->text_rounded(2) == "51.70");
    CHECK(Decimal::divide(hundredfold, number("25000"), 1)->text_rounded(1) == "51.7");
    // Rounding the operands first would give 51.6.
    CHECK(quotient("129", "2.5", 1) == "51.6");
}

TEST_CASE("decimal: long quotients have room in the middle") {
    const Decimal big = number("9999999.999999999999");
    const Decimal square = big * big;  // 38 digits, 24 places
    CHECK(square.text() == "99999999999999.999980000000000000000001");
    CHECK(Decimal::divide(square, big, 12) == big);
    CHECK(Decimal::divide(square, square, 5) == Decimal(1));
    CHECK(Decimal::divide(big, square, 20)->text() == "0.0000001");
    CHECK(Decimal::divide(square, -big, 0)->text() == "-10000000");
    CHECK(square.rounded(3).text() == "100000000000000");
}

TEST_CASE("decimal: sums, differences, products") {
    CHECK((number("0.1") + number("0.2")).text() == "0.3");
    CHECK((number("0.1") + number("0.2")) == number("0.3"));
    CHECK((number("1") - number("0.999")).text() == "0.001");
    CHECK((number("1.5") + number("-1.5")).text() == "0");
    CHECK((number("1.5") + number("-1.5")) == Decimal());
    CHECK((number("2.5") * number("4")).text() == "10");
    CHECK((number("2.5") * number("4")).scale() == 0);
    CHECK((number("-0.05") * number("0.2")).text() == "-0.01");
    CHECK((-number("3.20")).text() == "-3.2");
    CHECK((-Decimal()).text() == "0");
    CHECK((Decimal(1) - Decimal(4)).is_negative());
    CHECK_FALSE(Decimal().is_negative());
    CHECK(Decimal().is_zero());
    CHECK(Decimal(INT64_MIN).text() == "-9223372036854775808");
    CHECK(Decimal(INT64_MAX).text() == "9223372036854775807");
}

TEST_CASE("decimal: sums and products of the largest numbers stay in range") {
    const Decimal billion(1'000'000'000);
    const Decimal sum = number("99999999999999999") * billion;
    const Decimal least = number("-0.000000000001");
    CHECK(sum.text() == "99999999999999999000000000");
    CHECK((sum + least).text() == "99999999999999998999999999.999999999999");
    CHECK((sum + least) < sum);
    CHECK((sum + least) - sum == least);
    CHECK((number("99999999999999999.99") * number("-9999999.999999999999")).text() ==
          "-999999999999999999800000.00000000000001");
    const Decimal whole(INT64_MAX);
    CHECK(whole * number("99999999999999999.99") > whole);
}

TEST_CASE("decimal: comparisons are exact across scales") {
    const std::vector<std::string> ascending{"-99999999999999999.99",
                                             "-99999999999999999",
                                             "-1.000000000001",
                                             "-1",
                                             "-0.999999999999",
                                             "-0.000000000001",
                                             "0",
                                             "0.000000000001",
                                             "0.1",
                                             "0.100000000001",
                                             "0.9",
                                             "1",
                                             "1.000000000001",
                                             "9.9",
                                             "10",
                                             "99999999999999999",
                                             "99999999999999999.01"};
    for (std::size_t i = 0; i < ascending.size(); ++i) {
        for (std::size_t j = 0; j < ascending.size(); ++j) {
            CAPTURE(ascending[i]);
            CAPTURE(ascending[j]);
            const Decimal a = number(ascending[i]);
            const Decimal b = number(ascending[j]);
            CHECK((a < b) == (i < j));
            CHECK((a == b) == (i == j));
            CHECK((a > b) == (i > j));
        }
    }
    // Products of two: 38 digits and 24 places against none.
    const Decimal fine = number("9999999.999999999999") * number("9999999.999999999999");
    const Decimal coarse = number("99999999999999999") * number("99999999999999999");
    CHECK(fine < coarse);
    CHECK(-coarse < -fine);
    CHECK(fine < Decimal(100'000'000'000'000));
    CHECK(Decimal(99'999'999'999'999) < fine);
}

/// A number of up to 6 digits and 3 places, as thousandths.
std::int64_t random_thousandths(ManualEnv& env) {
    constexpr std::uint64_t powers[] = {10, 1000, 100'000, 1'000'000};
    const auto below = powers[env.next_u64() % 4];
    const auto magnitude = static_cast<std::int64_t>(env.next_u64() % below);
    return env.next_u64() % 2 == 0 ? magnitude : -magnitude;
}

Decimal of_thousandths(std::int64_t thousandths) {
    return Decimal(thousandths) * number("0.001");
}

/// a / b rounded half away from zero, in whole numbers.
std::int64_t rounded_quotient(std::int64_t a, std::int64_t b) {
    const std::int64_t magnitude = (2 * std::abs(a) + std::abs(b)) / (2 * std::abs(b));
    return (a < 0) != (b < 0) ? -magnitude : magnitude;
}

TEST_CASE("decimal: agrees with whole-number arithmetic") {
    constexpr std::uint64_t seed = 20080512;
    CAPTURE(seed);
    ManualEnv env(seed);
    for (int i = 0; i < 20'000; ++i) {
        const std::int64_t a = random_thousandths(env);
        const std::int64_t b = random_thousandths(env);
        CAPTURE(a);
        CAPTURE(b);
        const Decimal x = of_thousandths(a);
        const Decimal y = of_thousandths(b);
        REQUIRE(x + y == of_thousandths(a + b));
        REQUIRE(x - y == of_thousandths(a - b));
        REQUIRE(x * y == of_thousandths(a * b) * number("0.001"));
        REQUIRE((x <=> y) == (a <=> b));
        REQUIRE((x == y) == (a == b));
        REQUIRE(x.rounded(1) == Decimal(rounded_quotient(a, 100)) * number("0.1"));
        REQUIRE(Decimal::parse(x.text()) == x);
        REQUIRE(Decimal::parse(x.text_rounded(5)) == x);
        if (b == 0) continue;
        REQUIRE(Decimal::divide(x, y, 2) == Decimal(rounded_quotient(a * 100, b)) * number("0.01"));
    }
}

}  // namespace
