// Exact decimal numbers: money and quantities never touch binary floating point.
// A Decimal is an integer of up to 38 digits and a scale of 0 to 38 decimal places. Text is taken
// within narrower limits, so that what people enter cannot leave this range: the sum of 10^9
// parsed numbers and the product of any two of them always fit, and so does a comparison.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zf {

class Decimal {
public:
    /// Limits of parse, zeros at the front and behind the last place not counted.
    static constexpr int digits_max = 19;
    static constexpr int whole_digits_max = 17;  // before the point
    static constexpr int places_max = 12;        // after it

    Decimal() = default;
    explicit Decimal(std::int64_t whole) : units_(whole) {}

    /// Plain notation only: optional '-', digits, optional '.' and digits ("12", "-0.50").
    /// No exponent, no '+', no separators, no bare point. A number with more digits than the
    /// limits above is nothing.
    static std::optional<Decimal> parse(std::string_view text);

    /// Plain notation without trailing zeros, "0" for zero (never "-0").
    [[nodiscard]] std::string text() const;
    /// Rounded half away from zero, exactly `places` decimals kept ("60.0").
    [[nodiscard]] std::string text_rounded(int places) const;
    /// Rounded half away from zero to `places` decimals.
    [[nodiscard]] Decimal rounded(int places) const;

    /// Decimal places that are in use: 1 for "1.50".
    [[nodiscard]] int scale() const { return scale_; }
    [[nodiscard]] bool is_zero() const { return units_ == 0; }
    [[nodiscard]] bool is_negative() const { return units_ < 0; }

    /// Exact. A result beyond the range is a bug of the caller and stops the program: sums of
    /// parsed numbers and one product of two cannot get there, longer expressions must be
    /// bounded by their digits first. Comparisons are exact for every Decimal.
    friend Decimal operator+(const Decimal& a, const Decimal& b);
    friend Decimal operator-(const Decimal& a, const Decimal& b);
    friend Decimal operator*(const Decimal& a, const Decimal& b);
    friend Decimal operator-(const Decimal& a);
    friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b);
    friend bool operator==(const Decimal& a, const Decimal& b);

    /// a/b rounded once, half away from zero, to `places` (0 to 38) decimals; nothing when b is
    /// zero or the quotient is beyond the range.
    static std::optional<Decimal> divide(const Decimal& a, const Decimal& b, int places);

private:
    __extension__ typedef __int128 Int128;

    Int128 units_ = 0;  // the number times 10^scale_, fewer than 39 digits
    int scale_ = 0;     // as small as possible, so that equal numbers are equal in both

    static Decimal of(Int128 units, int scale);
    static Int128 aligned(const Decimal& number, int scale);
};

}  // namespace zf
