// UTF-8 and what people type.
#include "common/base/text.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace {

using namespace zf;

TEST_CASE("utf-8: valid") {
    for (const std::string good :
         {"", "a", "平昌县", "é", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
          "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "𠮷",
          "12345678平1234567812345678昌"}) {
        CAPTURE(good);
        CHECK(is_valid_utf8(good));
    }
    CHECK(is_valid_utf8(std::string_view("\0", 1)));
}

TEST_CASE("utf-8: broken, alone and behind long ASCII or Chinese text") {
    for (const std::string& bad : std::vector<std::string>{"\x80",
                                                           "\xbf",
                                                           "\xc0\x80",
                                                           "\xc1\xbf",  // stray and overlong
                                                           "\xc2",
                                                           "\xc2\x41",
                                                           "\xc2\xc2",  // cut off
                                                           "\xe0\x80\x80",
                                                           "\xe0\x9f\xbf",  // overlong
                                                           "\xe5\xb9",
                                                           "\xe5\xb9\x41",
                                                           "\xe5",
                                                           "\xe5\x41\xb3",
                                                           "\xed\xa0\x80",
                                                           "\xed\xbf\xbf",  // surrogates
                                                           "\xf0\x80\x80\x80",
                                                           "\xf0\x8f\xbf\xbf",  // overlong
                                                           "\xf0\x9f\x98",
                                                           "\xf0\x9f",
                                                           "\xf0",
                                                           "\xf0\x9f\x98\x41",
                                                           "\xf4\x90\x80\x80",
                                                           "\xf5\x80\x80\x80",  // beyond U+10FFFF
                                                           "\xf8\x88\x80\x80\x80",
                                                           "\xfe",
                                                           "\xff"}) {
        for (const std::string& before :
             {std::string(), std::string(21, 'a'), std::string("平昌")}) {
            CAPTURE(before);
            CHECK_FALSE(is_valid_utf8(before + bad));
            CHECK_FALSE(is_valid_utf8(before + bad + "aaaaaaaaaa"));
        }
    }
}

TEST_CASE("utf-8: every code point there and back") {
    std::size_t wrong = 0;
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
        if (c >= 0xD800 && c <= 0xDFFF) continue;
        std::string text;
        append_utf8(text, c);
        std::size_t at = 0;
        if (!is_valid_utf8(text) || next_code_point(text, at) != c || at != text.size()) ++wrong;
    }
    CHECK(wrong == 0);
    std::string text;
    append_utf8(text, 0xD800);
    append_utf8(text, 0x110000);
    CHECK(text == "\xef\xbf\xbd\xef\xbf\xbd");
}

TEST_CASE("utf-8: a broken byte counts as one character") {
    CHECK(code_point_count("") == 0);
    CHECK(code_point_count("abc") == 3);
    CHECK(code_point_count("平昌县") == 3);
    CHECK(code_point_count("𠮷a") == 2);
    CHECK(code_point_count("a\xff\xe5") == 3);
    std::size_t at = 1;
    CHECK(next_code_point("a\xe5", at) == 0xFFFD);
    CHECK(at == 2);
}

TEST_CASE("cjk: characters that search treats as words") {
    for (const char32_t c : {U'平', U'一', U'鿿', U'㐀', U'𠮷', U'𪚥', U'〇', U'々', U'あ', U'ア',
                             U'ｱ', U'한', U'ㄅ', U'\U0003fffd', U'\U00030000', U'豈'}) {
        CAPTURE(static_cast<unsigned>(c));
        CHECK(is_cjk(c));
    }
    for (const char32_t c : {U'a', U'1', U' ', U'é', U'Я', U'，', U'。', U'、', U'「', U'～', U'１',
                             U'Ａ', U'　', U'·', U'—', U'\U0001F600', U'\U0010FFFF', U'\0'}) {
        CAPTURE(static_cast<unsigned>(c));
        CHECK_FALSE(is_cjk(c));
    }
}

TEST_CASE("searchable: a word for each Chinese character") {
    const std::vector<std::pair<std::string, std::string>> table{
        {"", ""},
        {"abc DEF", "abc def"},
        {"柳树村", "柳 树 村 "},
        {"江口ABC镇", "江 口 abc 镇 "},
        {"ＰＣ２００８－００１", "pc2008-001"},
        {"𠮷野", "𠮷 野 "},
        {"a 平", "a 平 "},
        {"Élan", "Élan"},
        {"（平）", "( 平 )"},
    };
    for (const auto& [text, expected] : table) {
        CAPTURE(text);
        CHECK(searchable(text) == expected);
    }
}

TEST_CASE("typed text: numbers, dates and codes in ASCII") {
    const std::vector<std::pair<std::string, std::string>> table{
        {"", ""},
        {" \t\n　", ""},
        {"　１２３．５ ", "123.5"},
        {"１２，３４５．６７", "12,345.67"},
        {"12。5", "12.5"},
        {"１２。５", "12.5"},
        {"12·5", "12.5"},
        {"完成。", "完成。"},
        {"5。", "5。"},
        {"。5", "。5"},
        {"－５", "-5"},
        {"−5", "-5"},
        {"2008—06—30", "2008-06-30"},
        {"２００８－０６－３０", "2008-06-30"},
        {"PC２００８–００１", "PC2008-001"},
        {"平昌—5", "平昌—5"},
        {"９１１１０００ＡＢｃ", "9111000ABc"},
        {"（0827）", "(0827)"},
        {"1　2", "1 2"},
        {"\xef\xbb\xbf"
         "12\xe2\x80\x8b",
         "12"},  // byte order mark, zero-width space
        {"\xc2\xa0"
         "12\xc2\xa0",
         "12"},  // no-break spaces
        {"平昌", "平昌"},
        {"𠮷", "𠮷"},
    };
    for (const auto& [typed, expected] : table) {
        CAPTURE(typed);
        CHECK(normalise_typed(typed) == expected);
        CHECK(normalise_typed(expected) == expected);
    }
}

}  // namespace
