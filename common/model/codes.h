// Check digits and shapes of the codes in Chinese administration. Pure functions of text.
#pragma once

#include <string_view>

namespace zf {

/// Unified social credit code, GB 32100-2015: 18 characters, check mod 31.
bool is_valid_uscc(std::string_view code);
/// Organisation code, GB 11714-1997: 8 characters and check character, hyphen optional.
bool is_valid_org_code(std::string_view code);
/// Business licence number, GS 15-2006: 15 digits with ISO 7064 MOD 11,10, or 13 digits of the
/// older kind without a check digit.
bool is_valid_reg_no(std::string_view code);
/// Division code, GB/T 2260: 6 digits, 9 with township, 12 with village.
bool is_valid_division(std::string_view code);
/// Industry, GB/T 4754: a letter A-T and/or 2 to 4 digits.
bool is_valid_industry(std::string_view code);
/// Phone: 7 to 20 characters of digits, '+' and '-'.
bool is_valid_phone(std::string_view code);

/// By the name that form files use (uscc18, orgcode9, regno, division, gbt4754, phone).
/// Nothing when the check is unknown.
using CodeCheck = bool (*)(std::string_view);
CodeCheck find_code_check(std::string_view name);

}  // namespace zf
