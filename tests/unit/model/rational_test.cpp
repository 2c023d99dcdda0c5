#include "common/model/rational.h"

#include <doctest/doctest.h>

#include <random>

namespace zf::test {
namespace {

Rational of(const char* text) {
    const std::optional<Rational> number = Rational::parse(text);
    REQUIRE_MESSAGE(number.has_value(), text);
    return *number;
}

}  // namespace

TEST_CASE("sums and products of decimals") {
    CHECK((of("0.1") + of("0.2")) == of("0.3"));
    CHECK((of("5") - of("7.5")) == of("-2.5"));
    CHECK((of("-1") + of("1")).is_zero());
    CHECK((of("-1.5") * of("-2")) == of("3"));
    CHECK((of("-1.5") * of("0")) == Rational());
    CHECK((of("0") - of("0")) == Rational());
    CHECK((of("999999999") + of("1")).text() == "1000000000");
    CHECK((of("1000000000000000000") - of("1")).text() == "999999999999999999");
    CHECK((of("123456789012345678") * of("987654321.5")).text() == "121932631186556925728547477");
}

TEST_CASE("order") {
    CHECK(of("-2") < of("-1.999"));
    CHECK(of("-1") < Rational());
    CHECK(Rational() < of("0.000000000000000001"));
    CHECK(of("10") > of("9.99"));
    CHECK((*Rational::divide(of("1"), of("3")) <=> *Rational::divide(of("2"), of("6"))) == 0);
    CHECK(*Rational::divide(of("1"), of("3")) > of("0.333333333333333333"));
    CHECK(*Rational::divide(of("1"), of("-3")) < of("-0.333333333333333333"));
    CHECK(!Rational::divide(of("1"), Rational()));
}

TEST_CASE("text") {
    for (const std::string text : {"0", "1", "-1", "0.5", "-0.05", "1000000000", "12.000000001",
                                   "99999999999999999999999999999999999999"}) {
        CHECK(of(text.c_str()).text() == text);
    }
    CHECK(of("-0.00").text() == "0");
    CHECK(of("007.50").text() == "7.5");
    CHECK(!Rational::divide(of("1"), of("3"))->text());
    for (const char* text : {"", "-", ".", "1.", ".5", "+1", "1e3", "1,0", "1.2.3", "--1", " 1"}) {
        CHECK_MESSAGE(!Rational::parse(text), text);
    }
    CHECK(!Rational::parse(std::string(129, '1')));
}

TEST_CASE("agrees with whole numbers") {
    constexpr unsigned seed = 20080512;
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    for (int i = 0; i < 500; ++i) {
        const auto a = static_cast<std::int64_t>(random() >> 34) - (1LL << 29);
        const auto b = static_cast<std::int64_t>(random() >> 34) - (1LL << 29);
        CAPTURE(a);
        CAPTURE(b);
        CHECK((Rational(a) + Rational(b)) == Rational(a + b));
        CHECK((Rational(a) - Rational(b)) == Rational(a - b));
        CHECK((Rational(a) * Rational(b)) == Rational(a * b));
        CHECK((Rational(a) <=> Rational(b)) == (a <=> b));
    }
}

}  // namespace zf::test
