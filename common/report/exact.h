// A figure's exact value: a quotient of two decimals, so that a ratio of unrounded values is
// rounded only once. Refuses what would leave the range of Decimal instead of losing digits.
#pragma once

#include <optional>
#include <string>

#include "common/base/decimal.h"

namespace zf {

struct Exact {
    Decimal numerator;
    Decimal denominator{1};  // never zero; 1 for everything but quotients
};

/// a / b * scale; nothing when b is zero or the result would be out of range.
std::optional<Exact> quotient_of(const Exact& a, const Exact& b, const Decimal& scale);
/// a - b; nothing when the result would be out of range.
std::optional<Exact> difference_of(const Exact& a, const Exact& b);

/// Rounded half away from zero, exactly `places` decimals ("60.0"); nothing when out of range.
std::optional<std::string> rounded_text(const Exact& value, int places);

}  // namespace zf
