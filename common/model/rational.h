// Exact fractions of any length, for rules only: two quotients are compared without rounding, and
// no entered number can overflow. Knows neither fields nor what is missing.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zf {

/// A natural number of any length.
class Natural {
public:
    Natural() = default;  // 0
    /// Decimal digits only, at least one.
    static Natural of_digits(std::string_view digits);
    static Natural power_of_ten(int exponent);

    [[nodiscard]] bool is_zero() const { return limbs_.empty(); }
    [[nodiscard]] std::string digits() const;

    friend Natural operator+(const Natural& a, const Natural& b);
    /// Precondition: a >= b.
    friend Natural operator-(const Natural& a, const Natural& b);
    friend Natural operator*(const Natural& a, const Natural& b);
    friend std::strong_ordering operator<=>(const Natural& a, const Natural& b);
    friend bool operator==(const Natural& a, const Natural& b) = default;

private:
    std::vector<std::uint32_t> limbs_;  // base 10^9, lowest first, no zeros on top
    void trim();
};

/// numerator / denominator, never reduced: its size is bounded by that of the expression.
class Rational {
public:
    Rational();  // 0
    explicit Rational(std::int64_t whole);
    /// Plain notation as Decimal::parse takes it ("12", "-0.50"), but up to `text_length_max`
    /// characters: sums may be longer than what is entered.
    static std::optional<Rational> parse(std::string_view text);
    static constexpr std::size_t text_length_max = 128;
    /// a / b; nothing when b is zero.
    static std::optional<Rational> divide(const Rational& a, const Rational& b);

    [[nodiscard]] bool is_zero() const { return numerator_.is_zero(); }
    [[nodiscard]] Rational absolute() const;
    /// Plain notation without trailing zeros, never "-0"; nothing for a quotient, even one that
    /// happens to end.
    [[nodiscard]] std::optional<std::string> text() const;

    friend Rational operator+(const Rational& a, const Rational& b);
    friend Rational operator-(const Rational& a, const Rational& b);
    friend Rational operator*(const Rational& a, const Rational& b);
    friend std::strong_ordering operator<=>(const Rational& a, const Rational& b);
    friend bool operator==(const Rational& a, const Rational& b);

private:
    bool negative_ = false;  // false for zero
    Natural numerator_, denominator_;
};

}  // namespace zf
