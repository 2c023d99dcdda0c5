#include "common/base/text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "common/base/assert.h"

namespace zf {
namespace {

constexpr char32_t replacement = 0xFFFD;

struct Range {
    char32_t first, last;
};

// Unicode blocks of ideographs, kana, bopomofo and hangul; from each only what is a letter, as
// the tokenizer drops the others. Ascending.
constexpr std::array<Range, 22> cjk_ranges{{
    {0x1100, 0x11FF},    // hangul jamo
    {0x3005, 0x3007},    // iteration mark, closing mark, zero
    {0x3021, 0x3029},    // Suzhou numerals
    {0x3031, 0x3035},    // kana repeat marks
    {0x3038, 0x303C},    // Suzhou tens, masu mark
    {0x3041, 0x3096},    // hiragana
    {0x309D, 0x309F},    // hiragana iteration marks
    {0x30A1, 0x30FA},    // katakana
    {0x30FC, 0x30FF},    // katakana length and iteration marks
    {0x3105, 0x312F},    // bopomofo
    {0x3131, 0x318E},    // hangul compatibility jamo
    {0x31A0, 0x31BF},    // bopomofo extended
    {0x31F0, 0x31FF},    // katakana phonetic extensions
    {0x3400, 0x4DBF},    // ideographs extension A
    {0x4E00, 0x9FFF},    // ideographs
    {0xA960, 0xA97C},    // hangul jamo extended A
    {0xAC00, 0xD7FB},    // hangul syllables, jamo extended B
    {0xF900, 0xFAFF},    // compatibility ideographs
    {0xFF66, 0xFF9D},    // half-width katakana
    {0xFFA0, 0xFFDC},    // half-width hangul
    {0x1AFF0, 0x1B16F},  // kana extensions
    {0x20000, 0x3FFFD},  // ideographs extension B and later
}};

struct Decoded {
    char32_t code_point;
    std::size_t length;  // 0 when the bytes are not valid UTF-8
};

unsigned byte_at(std::string_view text, std::size_t at) {
    return static_cast<unsigned char>(text[at]);
}

/// Table 3-7 of the Unicode Standard: the lead byte bounds the second byte, which excludes
/// overlong forms, surrogates and values beyond U+10FFFF.
Decoded decode(std::string_view text, std::size_t at) {
    const unsigned lead = byte_at(text, at);
    if (lead < 0x80) return {lead, 1};
    std::size_t length = 2;
    unsigned second_min = 0x80;
    unsigned second_max = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
        length = 2;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        length = 3;
        if (lead == 0xE0) second_min = 0xA0;
        if (lead == 0xED) second_max = 0x9F;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        length = 4;
        if (lead == 0xF0) second_min = 0x90;
        if (lead == 0xF4) second_max = 0x8F;
    } else {
        return {replacement, 0};
    }
    if (text.size() - at < length) return {replacement, 0};
    const unsigned second = byte_at(text, at + 1);
    if (second < second_min || second > second_max) return {replacement, 0};
    char32_t code_point = (lead & (0x7FU >> length)) << 6 | (second & 0x3F);
    for (std::size_t i = 2; i < length; ++i) {
        const unsigned next = byte_at(text, at + i);
        if ((next & 0xC0) != 0x80) return {replacement, 0};
        code_point = code_point << 6 | (next & 0x3F);
    }
    return {code_point, length};
}

/// The first position from `at` on that is not ASCII; eight bytes at a time.
std::size_t skip_ascii(std::string_view text, std::size_t at) {
    while (text.size() - at >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, 8);
        if ((word & 0x8080808080808080U) != 0) break;
        at += 8;
    }
    while (at < text.size() && byte_at(text, at) < 0x80) ++at;
    return at;
}

/// Full-width forms and the ideographic space as ASCII; anything else as it is.
char32_t narrow(char32_t c) {
    if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFF01 + '!';
    return c == 0x3000 ? U' ' : c;
}

char32_t lower_ascii(char32_t c) {
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

bool is_digit(char32_t c) {
    return c >= '0' && c <= '9';
}

bool is_ascii_letter_or_digit(char32_t c) {
    return is_digit(c) || (lower_ascii(c) >= 'a' && lower_ascii(c) <= 'z');
}

bool is_space_or_control(char32_t c) {
    return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0x1680 || (c >= 0x2000 && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202F) || (c >= 0x205F && c <= 0x206F) || c == 0x3000 ||
           c == 0xFEFF;
}

/// Characters that the tokenizer would take as part of a word. Beyond ASCII only the common
/// punctuation is told apart: the tokenizer ignores the rest without harm.
bool is_searched(char32_t c) {
    if (c < 0x80) return is_ascii_letter_or_digit(c);
    if (is_cjk(c)) return true;
    const bool punctuation = (c >= 0x80 && c <= 0xA9) || (c >= 0xAB && c <= 0xB1) ||
                             (c >= 0x2000 && c <= 0x206F) || (c >= 0x2190 && c <= 0x245F) ||
                             (c >= 0x2E00 && c <= 0x303F) || (c >= 0xFE10 && c <= 0xFE6F) ||
                             (c >= 0xFF5F && c <= 0xFF65) || (c >= 0xFFE0 && c <= 0xFFFF);
    return !punctuation;
}

bool is_ideographic_point(char32_t c) {
    return c == 0x3002 || c == 0xFF61 || c == 0x00B7;
}

bool is_dash(char32_t c) {
    return (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

/// `word` as one FTS5 phrase appended to `query`; nothing when it holds nothing to search for.
void append_phrase(std::string& query, std::string_view word, bool is_last) {
    std::string phrase;
    char32_t last_searched = 0;
    for (std::size_t at = 0; at < word.size();) {
        const char32_t c = next_code_point(word, at);
        if (is_searched(c)) last_searched = c;
        // A quote inside a phrase is written twice; to the tokenizer it is a separator.
        if (c == '"') phrase += '"';
        append_utf8(phrase, c);
    }
    if (last_searched == 0) return;
    if (!query.empty()) query += ' ';
    query += '"';
    query += phrase;
    query += '"';
    if (is_last && !is_cjk(last_searched)) query += '*';
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
    for (std::size_t at = skip_ascii(text, 0); at < text.size();) {
        const Decoded decoded = decode(text, at);
        if (decoded.length == 0) return false;
        at += decoded.length;
        // Chinese text has few ASCII characters in a row: only then is the fast way worth it.
        if (decoded.length == 1) at = skip_ascii(text, at);
    }
    return true;
}

std::size_t code_point_count(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count) next_code_point(text, at);
    return count;
}

bool is_cjk(char32_t c) {
    const auto* range =
        std::lower_bound(cjk_ranges.begin(), cjk_ranges.end(), c,
                         [](const Range& r, char32_t value) { return r.last < value; });
    return range != cjk_ranges.end() && c >= range->first;
}

char32_t next_code_point(std::string_view text, std::size_t& at) {
    ZF_ASSERT(at < text.size());
    const Decoded decoded = decode(text, at);
    at += decoded.length == 0 ? 1 : decoded.length;
    return decoded.code_point;
}

void append_utf8(std::string& out, char32_t c) {
    const bool is_surrogate = c >= 0xD800 && c <= 0xDFFF;
    if (c > 0x10FFFF || is_surrogate) c = replacement;
    const auto add = [&out](char32_t byte) {
        out += static_cast<char>(static_cast<unsigned char>(byte));
    };
    if (c < 0x80) {
        add(c);
    } else if (c < 0x800) {
        add(0xC0 | c >> 6);
        add(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        add(0xE0 | c >> 12);
        add(0x80 | (c >> 6 & 0x3F));
        add(0x80 | (c & 0x3F));
    } else {
        add(0xF0 | c >> 18);
        add(0x80 | (c >> 12 & 0x3F));
        add(0x80 | (c >> 6 & 0x3F));
        add(0x80 | (c & 0x3F));
    }
}

std::string searchable(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 2);
    for (std::size_t at = 0; at < text.size();) {
        const char32_t c = lower_ascii(narrow(next_code_point(text, at)));
        if (!is_cjk(c)) {
            append_utf8(out, c);
            continue;
        }
        if (!out.empty() && out.back() != ' ') out += ' ';
        append_utf8(out, c);
        out += ' ';
    }
    return out;
}

std::string search_query(std::string_view typed) {
    // Words first, on what was typed: searchable() puts spaces inside them.
    std::vector<std::string> words(1);
    for (std::size_t at = 0; at < typed.size();) {
        const char32_t c = next_code_point(typed, at);
        if (is_space_or_control(c)) {
            if (!words.back().empty()) words.emplace_back();
        } else {
            append_utf8(words.back(), c);
        }
    }
    if (words.back().empty()) words.pop_back();
    std::string query;
    for (const std::string& word : words) {
        append_phrase(query, searchable(word), &word == &words.back());
    }
    return query;
}

std::string normalise_typed(std::string_view text) {
    std::u32string typed;
    for (std::size_t at = 0; at < text.size();) typed += narrow(next_code_point(text, at));
    const auto first = std::find_if_not(typed.begin(), typed.end(), is_space_or_control);
    const auto last =
        std::find_if_not(typed.rbegin(), std::make_reverse_iterator(first), is_space_or_control)
            .base();
    std::string out;
    for (auto c = first; c != last; ++c) {
        const bool after_digit = c != first && is_digit(c[-1]);
        const bool before_digit = c + 1 != last && is_digit(c[1]);
        const bool starts_or_follows = c == first || is_ascii_letter_or_digit(c[-1]);
        if (is_ideographic_point(*c) && after_digit && before_digit) {
            out += '.';
        } else if (is_dash(*c) && starts_or_follows && before_digit) {
            out += '-';
        } else {
            append_utf8(out, *c);
        }
    }
    return out;
}

}  // namespace zf
