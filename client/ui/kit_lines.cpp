// Where lines end. ImGui takes Chinese between two spaces for one long word and begins lines with
// commas; here the rules of Unicode hold (UAX #14, by libunibreak).
#include <linebreak.h>

#include <limits>

#include "client/ui/kit_draw.h"

namespace zf::ui {
namespace {

/// For each byte of the text, whether a line may or must end after it.
std::string breaks_of(std::string_view text) {
    static const bool is_ready = (init_linebreak(), true);
    std::string breaks(text.size(), LINEBREAK_NOBREAK);
    // Curly quotes open and close in Chinese; the text of the other languages has none that do
    // otherwise.
    if (is_ready) {
        set_linebreaks_utf8(reinterpret_cast<const utf8_t*>(text.data()), text.size(), "zh",
                            breaks.data());
    }
    return breaks;
}

/// Not rounded up, as ImGui::CalcTextSize does: a line is the sum of many of these.
float advance(const std::string& slots) {
    return ImGui::GetFont()
        ->CalcTextSizeA(ImGui::GetFontSize(), std::numeric_limits<float>::max(), -1, slots.data(),
                        slots.data() + slots.size())
        .x;
}

struct Lines {
    float width;
    std::string text;  // as ImGui gets it
    float filled = 0;  // of the last line

    void end_line() {
        while (text.ends_with(' ')) text.pop_back();
        text += '\n';
        filled = 0;
    }
    /// A part that no line may end in, but for one that is longer than a line.
    void add(std::string_view part) {
        const std::string slots = shown(part);
        const std::size_t last = slots.find_last_not_of(' ');
        const float needed = advance(slots.substr(0, last + 1));
        if (filled > 0 && filled + needed > width) end_line();
        if (needed > width) return add_cut(slots);
        text += slots;
        filled += advance(slots);
    }
    void add_cut(const std::string& slots) {
        for (std::size_t from = 0; from < slots.size();) {
            std::size_t to = from + 1;
            while (to < slots.size() && (slots[to] & 0xC0) == 0x80) ++to;
            const std::string character = slots.substr(from, to - from);
            const float needed = advance(character);
            if (filled > 0 && filled + needed > width) end_line();
            text += character;
            filled += needed;
            from = to;
        }
    }
};

}  // namespace

std::string wrapped(std::string_view text, float width) {
    std::string slots = shown(text);
    if (size_of(slots).x <= width) return slots;
    const std::string breaks = breaks_of(text);
    Lines lines{width, {}};
    std::size_t from = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool must = breaks[i] == LINEBREAK_MUSTBREAK && i + 1 < text.size();
        if (!must && breaks[i] != LINEBREAK_ALLOWBREAK && i + 1 < text.size()) continue;
        lines.add(text.substr(from, i + (must ? 0 : 1) - from));
        if (must) lines.end_line();
        from = i + 1;
    }
    return lines.text;
}

}  // namespace zf::ui
