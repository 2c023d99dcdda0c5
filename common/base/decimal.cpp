#include "common/base/decimal.h"

#include <algorithm>
#include <array>
#include <limits>

#include "common/base/assert.h"

namespace zf {
namespace {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 Uint128;

constexpr int range_digits = 38;

constexpr std::array<Int128, range_digits + 1> make_powers_of_ten() {
    std::array<Int128, range_digits + 1> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
    return powers;
}
constexpr auto powers_of_ten = make_powers_of_ten();

Int128 power_of_ten(int exponent) {
    ZF_ASSERT(exponent >= 0 && exponent <= range_digits);
    return powers_of_ten[static_cast<std::size_t>(exponent)];
}

bool is_in_range(Int128 units) {
    return units < powers_of_ten.back() && -powers_of_ten.back() < units;
}

Uint128 magnitude_of(Int128 units) {
    return static_cast<Uint128>(units < 0 ? -units : units);
}

std::string digits_of(Uint128 number) {
    std::string digits;
    do {
        digits += static_cast<char>('0' + static_cast<int>(number % 10));
        number /= 10;
    } while (number != 0);
    std::reverse(digits.begin(), digits.end());
    return digits;
}

/// `units` times 10^-scale in plain notation with exactly `scale` places.
std::string plain_text(Int128 units, int scale) {
    const auto places = static_cast<std::size_t>(scale);
    std::string text = digits_of(magnitude_of(units));
    if (places > 0) {
        if (text.size() <= places) text.insert(0, places + 1 - text.size(), '0');
        text.insert(text.size() - places, 1, '.');
    }
    if (units < 0) text.insert(0, 1, '-');
    return text;
}

/// units / 10^places, rounded half away from zero.
Int128 drop_places(Int128 units, int places) {
    if (places > range_digits) return 0;  // fewer than 39 digits: less than a tenth
    const Int128 divisor = power_of_ten(places);
    const Int128 quotient = units / divisor;
    const Int128 rest = units % divisor;
    if (magnitude_of(rest) < magnitude_of(divisor) - magnitude_of(rest)) return quotient;
    return units < 0 ? quotient - 1 : quotient + 1;
}

/// a / b * 10^places, rounded half up; nothing beyond the range. Long division, one digit after
/// the other, because a * 10^places need not fit.
std::optional<Int128> divide_magnitudes(Uint128 a, Uint128 b, int places) {
    const auto limit = static_cast<Uint128>(powers_of_ten.back());
    Uint128 quotient = a / b;
    Uint128 rest = a % b;
    for (int i = 0; i < places; ++i) {
        // Ten times the rest could overflow; adding it up ten times stays below 2b.
        unsigned digit = 0;
        Uint128 sum = 0;
        for (int step = 0; step < 10; ++step) {
            sum += rest;
            if (sum >= b) {
                sum -= b;
                ++digit;
            }
        }
        rest = sum;
        if (quotient >= limit / 10) return std::nullopt;
        quotient = quotient * 10 + digit;
    }
    if (rest >= b - rest) ++quotient;
    if (quotient >= limit) return std::nullopt;
    return static_cast<Int128>(quotient);
}

}  // namespace

Decimal Decimal::of(Int128 units, int scale) {
    if (scale > 0) {
        // Most numbers fit into 64 bits, where division is much cheaper.
        constexpr Int128 small_max = std::numeric_limits<std::int64_t>::max();
        if (units <= small_max && -small_max <= units) {
            auto small = static_cast<std::int64_t>(units);
            while (scale > 0 && small % 10 == 0) {
                small /= 10;
                --scale;
            }
            units = small;
        } else {
            while (scale > 0 && units % 10 == 0) {
                units /= 10;
                --scale;
            }
        }
    }
    ZF_ASSERT(is_in_range(units) && scale <= range_digits);
    Decimal number;
    number.units_ = units;
    number.scale_ = scale;
    return number;
}

Decimal::Int128 Decimal::aligned(const Decimal& number, int scale) {
    Int128 units = 0;
    const bool overflow =
        __builtin_mul_overflow(number.units_, power_of_ten(scale - number.scale_), &units);
    ZF_ASSERT(!overflow);
    return units;
}

std::optional<Decimal> Decimal::parse(std::string_view text) {
    const bool negative = !text.empty() && text.front() == '-';
    if (negative) text.remove_prefix(1);
    const std::size_t point = text.find('.');
    std::string_view whole = text.substr(0, point);
    std::string_view places;
    if (whole.empty()) return std::nullopt;
    if (point != std::string_view::npos) {
        places = text.substr(point + 1);
        if (places.empty()) return std::nullopt;
    }
    while (!whole.empty() && whole.front() == '0') whole.remove_prefix(1);
    while (!places.empty() && places.back() == '0') places.remove_suffix(1);
    if (whole.size() > whole_digits_max || places.size() > places_max) return std::nullopt;

    std::uint64_t units = 0;  // 19 digits fit; the limits above keep a longer one to 29
    int digits = 0;
    for (const std::string_view part : {whole, places}) {
        for (const char c : part) {
            if (c < '0' || c > '9') return std::nullopt;
            if (digits > 0 || c != '0') ++digits;
            if (digits > digits_max) return std::nullopt;
            units = units * 10 + static_cast<std::uint64_t>(c - '0');
        }
    }
    Decimal number;
    number.units_ = negative ? -static_cast<Int128>(units) : static_cast<Int128>(units);
    number.scale_ = static_cast<int>(places.size());
    return number;
}

std::string Decimal::text() const {
    return plain_text(units_, scale_);
}

std::string Decimal::text_rounded(int places) const {
    ZF_ASSERT(places >= 0);
    const Decimal number = rounded(places);
    std::string text = plain_text(number.units_, number.scale_);
    if (places > number.scale_) {
        if (number.scale_ == 0) text += '.';
        text.append(static_cast<std::size_t>(places - number.scale_), '0');
    }
    return text;
}

Decimal Decimal::rounded(int places) const {
    ZF_ASSERT(places >= 0);
    if (places >= scale_) return *this;
    return of(drop_places(units_, scale_ - places), places);
}

Decimal operator+(const Decimal& a, const Decimal& b) {
    const int scale = std::max(a.scale_, b.scale_);
    Int128 sum = 0;
    const bool overflow =
        __builtin_add_overflow(Decimal::aligned(a, scale), Decimal::aligned(b, scale), &sum);
    ZF_ASSERT(!overflow);
    return Decimal::of(sum, scale);
}

Decimal operator-(const Decimal& a, const Decimal& b) {
    return a + -b;
}

Decimal operator*(const Decimal& a, const Decimal& b) {
    Int128 product = 0;
    const bool overflow = __builtin_mul_overflow(a.units_, b.units_, &product);
    ZF_ASSERT(!overflow);
    return Decimal::of(product, a.scale_ + b.scale_);
}

Decimal operator-(const Decimal& a) {
    Decimal number = a;
    number.units_ = -number.units_;
    return number;
}

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
    if (a.scale_ == b.scale_) return a.units_ <=> b.units_;
    // Before the point first: the places alone are below 1 and can always be brought to one scale.
    const Int128 a_unit = power_of_ten(a.scale_);
    const Int128 b_unit = power_of_ten(b.scale_);
    const Int128 a_whole = a.units_ / a_unit;
    const Int128 b_whole = b.units_ / b_unit;
    if (a_whole != b_whole) return a_whole <=> b_whole;
    const int scale = std::max(a.scale_, b.scale_);
    const Int128 a_places = a.units_ % a_unit * power_of_ten(scale - a.scale_);
    const Int128 b_places = b.units_ % b_unit * power_of_ten(scale - b.scale_);
    return a_places <=> b_places;
}

bool operator==(const Decimal& a, const Decimal& b) {
    return a.units_ == b.units_ && a.scale_ == b.scale_;
}

std::optional<Decimal> Decimal::divide(const Decimal& a, const Decimal& b, int places) {
    ZF_ASSERT(places >= 0 && places <= range_digits);
    if (b.is_zero()) return std::nullopt;
    const Uint128 dividend = magnitude_of(a.units_);
    const Uint128 divisor = magnitude_of(b.units_);
    const bool negative = a.is_negative() != b.is_negative();
    // a / b = dividend / divisor * 10^(b.scale - a.scale)
    const int exponent = places + b.scale_ - a.scale_;
    Int128 units = 0;
    if (exponent >= 0) {
        const auto quotient = divide_magnitudes(dividend, divisor, exponent);
        if (!quotient) return std::nullopt;
        units = *quotient;
    } else {
        // What the first division drops is below one unit and cannot reach the next half.
        units = drop_places(static_cast<Int128>(dividend / divisor), -exponent);
    }
    return of(negative ? -units : units, places);
}

}  // namespace zf
