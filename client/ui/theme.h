// Colours and sizes of the window: light, dark, high contrast; any scale. Knows nothing of what is
// shown with them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace zf::ui {

/// Kept in settings by name: "light", "dark", "contrast".
enum class ThemeKind { light, dark, contrast };
std::optional<ThemeKind> parse_theme(std::string_view name);
std::string_view name_of(ThemeKind kind);

inline constexpr float text_pixels = 19;      // width of a Chinese character at scale 1
inline constexpr float line_pixels = 27;      // height of a line, the font size as ImGui has it
inline constexpr float heading_share = 1.3F;  // size of headings against that of texts
inline constexpr float target_pixels = 48;    // least height of what is clicked at scale 1
inline constexpr float scale_min = 0.8F, scale_max = 2.0F;

struct Theme {
    ThemeKind kind = ThemeKind::light;
    float scale = 1;  // clamped to scale_min..scale_max by apply_theme's caller
};

/// What a text is about; told by a mark before the text too, never by colour alone.
enum class Tone { normal, quiet, accent, good, warning, error };

/// Colours as 0xAABBGGRR, the order of ImGui.
struct Palette {
    std::uint32_t ground, panel, box, text, quiet, accent, on_accent, good, warning, error, line,
        hover;
};
const Palette& palette_of(ThemeKind kind);
std::uint32_t colour_of(const Palette& palette, Tone tone);

/// Sets the style of the current ImGui context, from a pristine copy each time, so that a change of
/// scale never adds up.
void apply_theme(const Theme& theme);

}  // namespace zf::ui
