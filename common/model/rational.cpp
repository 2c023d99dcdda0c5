#include "common/model/rational.h"

#include <algorithm>

#include "common/base/assert.h"

namespace zf {
namespace {

constexpr std::uint32_t limb_base = 1'000'000'000;
constexpr std::size_t limb_digits = 9;

}  // namespace

void Natural::trim() {
    while (!limbs_.empty() && limbs_.back() == 0) limbs_.pop_back();
}

Natural Natural::of_digits(std::string_view digits) {
    ZF_ASSERT(!digits.empty());
    Natural result;
    while (!digits.empty()) {
        const std::size_t length = std::min(digits.size(), limb_digits);
        std::uint32_t limb = 0;
        for (const char c : digits.substr(digits.size() - length)) {
            ZF_ASSERT(c >= '0' && c <= '9');
            limb = limb * 10 + static_cast<std::uint32_t>(c - '0');
        }
        result.limbs_.push_back(limb);
        digits.remove_suffix(length);
    }
    result.trim();
    return result;
}

Natural Natural::power_of_ten(int exponent) {
    return of_digits("1" + std::string(static_cast<std::size_t>(exponent), '0'));
}

std::string Natural::digits() const {
    if (limbs_.empty()) return "0";
    std::string text = std::to_string(limbs_.back());
    for (std::size_t i = limbs_.size() - 1; i-- > 0;) {
        const std::string limb = std::to_string(limbs_[i]);
        text.append(limb_digits - limb.size(), '0').append(limb);
    }
    return text;
}

Natural operator+(const Natural& a, const Natural& b) {
    const auto& longer = a.limbs_.size() >= b.limbs_.size() ? a.limbs_ : b.limbs_;
    const auto& shorter = a.limbs_.size() >= b.limbs_.size() ? b.limbs_ : a.limbs_;
    Natural sum;
    std::uint32_t carry = 0;
    for (std::size_t i = 0; i < longer.size(); ++i) {
        const std::uint32_t limb = longer[i] + (i < shorter.size() ? shorter[i] : 0) + carry;
        carry = limb >= limb_base ? 1 : 0;
        sum.limbs_.push_back(carry != 0 ? limb - limb_base : limb);
    }
    if (carry != 0) sum.limbs_.push_back(carry);
    return sum;
}

Natural operator-(const Natural& a, const Natural& b) {
    ZF_ASSERT(a >= b);
    Natural difference;
    std::uint32_t borrow = 0;
    for (std::size_t i = 0; i < a.limbs_.size(); ++i) {
        const std::uint32_t taken = (i < b.limbs_.size() ? b.limbs_[i] : 0) + borrow;
        borrow = a.limbs_[i] < taken ? 1 : 0;
        difference.limbs_.push_back(a.limbs_[i] + (borrow != 0 ? limb_base : 0) - taken);
    }
    difference.trim();
    return difference;
}

Natural operator*(const Natural& a, const Natural& b) {
    Natural product;
    if (a.is_zero() || b.is_zero()) return product;
    product.limbs_.assign(a.limbs_.size() + b.limbs_.size(), 0);
    for (std::size_t i = 0; i < a.limbs_.size(); ++i) {
        std::uint64_t carry = 0;
        for (std::size_t j = 0; j < b.limbs_.size() || carry != 0; ++j) {
            const std::uint64_t factor = j < b.limbs_.size() ? b.limbs_[j] : 0;
            const std::uint64_t limb = product.limbs_[i + j] + a.limbs_[i] * factor + carry;
            product.limbs_[i + j] = static_cast<std::uint32_t>(limb % limb_base);
            carry = limb / limb_base;
        }
    }
    product.trim();
    return product;
}

std::strong_ordering operator<=>(const Natural& a, const Natural& b) {
    if (a.limbs_.size() != b.limbs_.size()) return a.limbs_.size() <=> b.limbs_.size();
    return std::lexicographical_compare_three_way(a.limbs_.rbegin(), a.limbs_.rend(),
                                                  b.limbs_.rbegin(), b.limbs_.rend());
}

Rational::Rational() : denominator_(Natural::power_of_ten(0)) {}

Rational::Rational(std::int64_t whole) : Rational(*parse(std::to_string(whole))) {}

std::optional<Rational> Rational::parse(std::string_view text) {
    if (text.size() > text_length_max) return std::nullopt;
    Rational number;
    number.negative_ = !text.empty() && text.front() == '-';
    if (number.negative_) text.remove_prefix(1);
    const std::size_t point = std::min(text.find('.'), text.size());
    const std::string_view whole = text.substr(0, point);
    const std::string_view places = text.substr(std::min(point + 1, text.size()));
    if (whole.empty() || (places.empty() && point < text.size())) return std::nullopt;
    const std::string digits = std::string(whole).append(places);
    if (digits.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
    number.numerator_ = Natural::of_digits(digits);
    number.denominator_ = Natural::power_of_ten(static_cast<int>(places.size()));
    if (number.is_zero()) number.negative_ = false;
    return number;
}

std::optional<Rational> Rational::divide(const Rational& a, const Rational& b) {
    if (b.is_zero()) return std::nullopt;
    Rational quotient;
    quotient.numerator_ = a.numerator_ * b.denominator_;
    quotient.denominator_ = a.denominator_ * b.numerator_;
    quotient.negative_ = !a.is_zero() && a.negative_ != b.negative_;
    return quotient;
}

Rational Rational::absolute() const {
    Rational result = *this;
    result.negative_ = false;
    return result;
}

std::optional<std::string> Rational::text() const {
    const std::string divisor = denominator_.digits();
    if (divisor.find_first_not_of('0', 1) != std::string::npos || divisor.front() != '1') {
        return std::nullopt;
    }
    const std::size_t places = divisor.size() - 1;
    std::string text = numerator_.digits();
    if (text.size() <= places) text.insert(0, places + 1 - text.size(), '0');
    if (places > 0) {
        text.insert(text.size() - places, 1, '.');
        while (text.back() == '0') text.pop_back();
        if (text.back() == '.') text.pop_back();
    }
    return negative_ ? "-" + text : text;
}

Rational operator+(const Rational& a, const Rational& b) {
    const bool same_divisor = a.denominator_ == b.denominator_;
    const Natural left = same_divisor ? a.numerator_ : a.numerator_ * b.denominator_;
    const Natural right = same_divisor ? b.numerator_ : b.numerator_ * a.denominator_;
    Rational sum;
    sum.denominator_ = same_divisor ? a.denominator_ : a.denominator_ * b.denominator_;
    if (a.negative_ == b.negative_) {
        sum.numerator_ = left + right;
        sum.negative_ = a.negative_;
    } else if (left >= right) {
        sum.numerator_ = left - right;
        sum.negative_ = a.negative_ && !sum.is_zero();
    } else {
        sum.numerator_ = right - left;
        sum.negative_ = b.negative_;
    }
    return sum;
}

Rational operator-(const Rational& a, const Rational& b) {
    Rational opposite = b;
    opposite.negative_ = !b.negative_ && !b.is_zero();
    return a + opposite;
}

Rational operator*(const Rational& a, const Rational& b) {
    Rational product;
    product.numerator_ = a.numerator_ * b.numerator_;
    product.denominator_ = a.denominator_ * b.denominator_;
    product.negative_ = !product.is_zero() && a.negative_ != b.negative_;
    return product;
}

std::strong_ordering operator<=>(const Rational& a, const Rational& b) {
    if (a.negative_ != b.negative_) {
        return a.negative_ ? std::strong_ordering::less : std::strong_ordering::greater;
    }
    const std::strong_ordering magnitude =
        a.numerator_ * b.denominator_ <=> b.numerator_ * a.denominator_;
    return a.negative_ ? 0 <=> magnitude : magnitude;
}

bool operator==(const Rational& a, const Rational& b) {
    return (a <=> b) == 0;
}

}  // namespace zf
