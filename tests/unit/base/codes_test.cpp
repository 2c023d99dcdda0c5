// Check digits against published codes, and each against every single wrong character.
#include "common/model/codes.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace {

using namespace zf;

const std::vector<std::string> real_usccs{
    "91110000600037341L", "914403001922038216", "91330100799655058B", "9144030071526726XG",
    "91110000802100433B", "91110108551385082Q", "91310000132260250X"};

const std::vector<std::string> real_reg_nos{"440301103097413", "440301103448669", "330100400015575",
                                            "110108012660422"};

/// How many codes that differ from `code` in one character are valid too.
int valid_neighbours(CodeCheck check, const std::string& code, std::string_view alphabet) {
    int valid = 0;
    for (std::size_t i = 0; i < code.size(); ++i) {
        for (const char c : alphabet) {
            if (c == code[i]) continue;
            std::string changed = code;
            changed[i] = c;
            if (check(changed)) ++valid;
        }
    }
    return valid;
}

TEST_CASE("unified social credit code: vectors") {
    for (const std::string& code : real_usccs) {
        CAPTURE(code);
        CHECK(is_valid_uscc(code));
        CHECK(valid_neighbours(is_valid_uscc, code, "0123456789ABCDEFGHJKLMNPQRTUWXY") == 0);
    }
    // A sum that 31 divides has the check character 0 (invented code).
    CHECK(is_valid_uscc("91511923PDY0002910"));
    for (const std::string bad :
         {"91110000600037341M", "914403001922038261", "", "91110000600037341",
          "91110000600037341LL", "91110000600037341l", "9111000060003734IL", "91110000600O37341L",
          "911100006 0037341L", "91A10000600037341L", "９1110000600037341L"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_valid_uscc(bad));
    }
}

TEST_CASE("organisation code: the ones inside the credit codes, with and without hyphen") {
    for (const std::string& uscc : real_usccs) {
        const std::string code = uscc.substr(8, 9);
        CAPTURE(code);
        CHECK(is_valid_org_code(code));
        CHECK(is_valid_org_code(code.substr(0, 8) + "-" + code.substr(8)));
        CHECK(valid_neighbours(is_valid_org_code, code.substr(0, 8) + "-" + code.substr(8), "-") ==
              0);
        std::string wrong = code;
        wrong[8] = code[8] == '5' ? '6' : '5';
        CHECK_FALSE(is_valid_org_code(wrong));
    }
    // A check character 11 - 1 = 10 is written X, 11 - 0 = 11 as 0.
    CHECK(is_valid_org_code("71526726X"));
    CHECK(is_valid_org_code("000000000"));
    for (const std::string bad :
         {"", "60003734", "60003734-", "6000373-41", "60003734--1", "600037341 ", "6000373411",
          "60003734_1", "6000373a1", "71526726x", "-60003734-1", "71526726A"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_valid_org_code(bad));
    }
}

TEST_CASE("licence number: vectors of 15 digits, any of 13") {
    for (const std::string& code : real_reg_nos) {
        CAPTURE(code);
        CHECK(is_valid_reg_no(code));
        CHECK(valid_neighbours(is_valid_reg_no, code, "0123456789") == 0);
        // Neighbouring digits swapped: a check of this kind notices nearly all.
        int unnoticed = 0;
        for (std::size_t i = 0; i + 1 < code.size(); ++i) {
            std::string swapped = code;
            std::swap(swapped[i], swapped[i + 1]);
            if (swapped != code && is_valid_reg_no(swapped)) ++unnoticed;
        }
        CHECK(unnoticed <= 1);
    }
    CHECK(is_valid_reg_no("999999000000019"));
    CHECK(is_valid_reg_no("5119231800123"));
    for (const std::string bad :
         {"", "999999000000018", "99999900000001", "9999990000000190", "51192318001",
          "511923180012A", "99999900000001 ", "-99999000000019"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_valid_reg_no(bad));
    }
}

TEST_CASE("division: county, township, village") {
    for (const std::string good : {"511923", "511923203", "511923113205"})
        CHECK(is_valid_division(good));
    for (const std::string bad : {"", "51192", "5119230", "51192320", "5119232031", "51192311320",
                                  "5119231132051", "51192a", "51192 ", "011923", "５１1923"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_valid_division(bad));
    }
}

TEST_CASE("industry: letter, digits or both") {
    for (const std::string good : {"A", "T", "C13", "C131", "C1310", "13", "131", "1310", "A01"}) {
        CAPTURE(good);
        CHECK(is_valid_industry(good));
    }
    for (const std::string bad :
         {"", "U", "c", "C1", "1", "C13101", "13101", "CC13", "13C", "C 13", "C-13", "C13 "}) {
        CAPTURE(bad);
        CHECK_FALSE(is_valid_industry(bad));
    }
}

TEST_CASE("phone: 7 to 20 of digits, plus and hyphen") {
    for (const std::string good :
         {"6222345", "0827-6222345", "+86-827-6222345", "13800138000", "12345678901234567890"}) {
        CAPTURE(good);
        CHECK(is_valid_phone(good));
    }
    for (const std::string bad : {"", "622234", "123456789012345678901", "0827 6222345",
                                  "(0827)6222345", "6222345x", "６２２２３４５", "-------"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_valid_phone(bad));
    }
}

TEST_CASE("checks by the name that form files use") {
    CHECK((find_code_check("uscc18") == &is_valid_uscc));
    CHECK((find_code_check("orgcode9") == &is_valid_org_code));
    CHECK((find_code_check("regno") == &is_valid_reg_no));
    CHECK((find_code_check("division") == &is_valid_division));
    CHECK((find_code_check("gbt4754") == &is_valid_industry));
    CHECK((find_code_check("phone") == &is_valid_phone));
    CHECK((find_code_check("") == nullptr));
    CHECK((find_code_check("USCC18") == nullptr));
}

}  // namespace
