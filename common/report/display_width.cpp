#include "common/report/display_width.h"

#include <cstddef>
#include <utility>

#include "common/base/text.h"

namespace zf {

namespace {

// Blocks of East Asian wide and full-width characters, ends included.
constexpr std::pair<char32_t, char32_t> wide_blocks[] = {
    {0x1100, 0x115F},    // Hangul initial consonants
    {0x2E80, 0x303E},    // radicals, ideographic punctuation
    {0x3041, 0x33FF},    // kana, bopomofo, enclosed and squared characters
    {0x3400, 0x4DBF},    // ideographs, extension A
    {0x4E00, 0xA4CF},    // ideographs, Yi
    {0xA960, 0xA97F},    // Hangul, extended A
    {0xAC00, 0xD7A3},    // Hangul syllables
    {0xF900, 0xFAFF},    // compatibility ideographs
    {0xFE30, 0xFE6F},    // vertical and small forms
    {0xFF01, 0xFF60},    // full-width ASCII
    {0xFFE0, 0xFFE6},    // full-width signs
    {0x1F300, 0x1FAFF},  // pictographs
    {0x20000, 0x3FFFD},  // ideographs, extensions B and later
};

int width_of(char32_t c) {
    const bool is_mark = (c >= 0x0300 && c <= 0x036F) || (c >= 0x200B && c <= 0x200F) ||
                         (c >= 0xFE00 && c <= 0xFE0F);
    if (is_mark) return 0;
    for (const auto& [first, last] : wide_blocks) {
        if (c >= first && c <= last) return 2;
    }
    return 1;
}

}  // namespace

int display_width(std::string_view text) {
    int width = 0;
    for (std::size_t at = 0; at < text.size();) width += width_of(next_code_point(text, at));
    return width;
}

}  // namespace zf
