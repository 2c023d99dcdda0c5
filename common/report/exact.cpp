#include "common/report/exact.h"

namespace zf {

namespace {

// Decimal holds 38 digits; one is kept in reserve for the carry of a sum.
constexpr int digits_max = 37;

// Zeros behind the point count, so that the places are bounded too.
int digits_of(const Decimal& value) {
    int digits = 0;
    for (char c : value.text()) digits += c >= '0' && c <= '9' ? 1 : 0;
    return digits;
}

std::optional<Decimal> product_of(const Decimal& a, const Decimal& b) {
    if (digits_of(a) + digits_of(b) > digits_max) return std::nullopt;
    return a * b;
}

}  // namespace

std::optional<Exact> quotient_of(const Exact& a, const Exact& b, const Decimal& scale) {
    if (b.numerator.is_zero()) return std::nullopt;
    const auto dividend = product_of(a.numerator, b.denominator);
    const auto divisor = product_of(a.denominator, b.numerator);
    if (!dividend || !divisor) return std::nullopt;
    const auto scaled = product_of(*dividend, scale);
    if (!scaled) return std::nullopt;
    return Exact{*scaled, *divisor};
}

std::optional<Exact> difference_of(const Exact& a, const Exact& b) {
    const auto first = product_of(a.numerator, b.denominator);
    const auto second = product_of(b.numerator, a.denominator);
    const auto denominator = product_of(a.denominator, b.denominator);
    if (!first || !second || !denominator) return std::nullopt;
    // Brought to one scale, the two must leave room for their sum.
    if (digits_of(*first) + second->scale() > digits_max) return std::nullopt;
    if (digits_of(*second) + first->scale() > digits_max) return std::nullopt;
    return Exact{*first - *second, *denominator};
}

std::optional<std::string> rounded_text(const Exact& value, int places) {
    const auto quotient = Decimal::divide(value.numerator, value.denominator, places);
    if (!quotient) return std::nullopt;
    return quotient->text_rounded(places);
}

}  // namespace zf
