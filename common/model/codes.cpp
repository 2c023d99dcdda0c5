#include "common/model/codes.h"

#include <algorithm>
#include <array>

namespace zf {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool all_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_digit);
}

// GB 32100-2015: digits and letters without I, O, S, V, Z; the position is the value.
constexpr std::string_view uscc_alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// GB 11714-1997: 0 to 9, A = 10 to Z = 35; -1 for anything else.
int org_code_value(char c) {
    if (is_digit(c)) return c - '0';
    return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : -1;
}

/// ISO 7064 MOD 11,10 over the digits before the last.
char reg_no_check_digit(std::string_view digits) {
    int product = 10;
    for (const char c : digits) {
        const int sum = (product + (c - '0')) % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return static_cast<char>('0' + (11 - product) % 10);
}

struct NamedCheck {
    std::string_view name;
    CodeCheck check;
};

constexpr std::array<NamedCheck, 6> checks{{
    {"uscc18", is_valid_uscc},
    {"orgcode9", is_valid_org_code},
    {"regno", is_valid_reg_no},
    {"division", is_valid_division},
    {"gbt4754", is_valid_industry},
    {"phone", is_valid_phone},
}};

}  // namespace

bool is_valid_uscc(std::string_view code) {
    if (code.size() != 18) return false;
    // Positions 3 to 8 are a division code.
    if (!all_digits(code.substr(2, 6))) return false;
    std::size_t sum = 0;
    std::size_t weight = 1;
    for (const char c : code.substr(0, 17)) {
        const std::size_t value = uscc_alphabet.find(c);
        if (value == std::string_view::npos) return false;
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    return code.back() == uscc_alphabet[(31 - sum % 31) % 31];
}

bool is_valid_org_code(std::string_view code) {
    constexpr std::array<int, 8> weights{3, 7, 9, 10, 5, 8, 4, 2};
    const bool hyphenated = code.size() == 10 && code[8] == '-';
    if (!hyphenated && code.size() != 9) return false;
    int sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const int value = org_code_value(code[i]);
        if (value < 0) return false;
        sum += value * weights[i];
    }
    constexpr std::string_view check_characters = "0123456789X0";  // by 11 - sum mod 11, 1 to 11
    return code.back() == check_characters[static_cast<std::size_t>(11 - sum % 11)];
}

bool is_valid_reg_no(std::string_view code) {
    if (!all_digits(code)) return false;
    if (code.size() == 13) return true;
    return code.size() == 15 && code.back() == reg_no_check_digit(code.substr(0, 14));
}

bool is_valid_division(std::string_view code) {
    const bool length_fits = code.size() == 6 || code.size() == 9 || code.size() == 12;
    // The first digit is the region, 1 (North) to 8 (Hong Kong, Macau); 9 marks invented places.
    return length_fits && all_digits(code) && code.front() != '0';
}

bool is_valid_industry(std::string_view code) {
    const bool has_section = !code.empty() && code.front() >= 'A' && code.front() <= 'T';
    if (has_section) code.remove_prefix(1);
    if (code.empty()) return has_section;
    return code.size() >= 2 && code.size() <= 4 && all_digits(code);
}

bool is_valid_phone(std::string_view code) {
    const auto is_allowed = [](char c) { return is_digit(c) || c == '+' || c == '-'; };
    return code.size() >= 7 && code.size() <= 20 &&
           std::all_of(code.begin(), code.end(), is_allowed) &&
           std::any_of(code.begin(), code.end(), is_digit);
}

CodeCheck find_code_check(std::string_view name) {
    const auto* found = std::find_if(checks.begin(), checks.end(), [name](const NamedCheck& check) {
        return check.name == name;
    });
    return found == checks.end() ? nullptr : found->check;
}

}  // namespace zf
