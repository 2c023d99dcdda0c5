#include "client/ui/theme.h"

#include <imgui.h>

#include <array>

namespace zf::ui {
namespace {

constexpr std::array<std::string_view, 3> names{"light", "dark", "contrast"};

/// 0xRRGGBB as ImGui has it.
constexpr std::uint32_t rgb(std::uint32_t c) {
    return 0xFF000000U | ((c & 0xFFU) << 16U) | (c & 0xFF00U) | ((c >> 16U) & 0xFFU);
}

// Text against ground, panel and box is 7:1 or more in each, 21:1 in the last.
constexpr std::array<Palette, 3> palettes{{
    {rgb(0xF4F5F7), rgb(0xFFFFFF), rgb(0xFFFFFF), rgb(0x1B1F24), rgb(0x57606A), rgb(0x0B57A4),
     rgb(0xFFFFFF), rgb(0x1A6B32), rgb(0x7A4B00), rgb(0xB3151C), rgb(0x8C959F), rgb(0xE3ECF7)},
    {rgb(0x16191D), rgb(0x1F2429), rgb(0x272D34), rgb(0xF0F3F6), rgb(0xB4BDC6), rgb(0x8CC4FF),
     rgb(0x0A1A2B), rgb(0x7EE29A), rgb(0xFFD27A), rgb(0xFFA8A3), rgb(0x6B7680), rgb(0x2F3A46)},
    {rgb(0x000000), rgb(0x000000), rgb(0x000000), rgb(0xFFFFFF), rgb(0xFFFFFF), rgb(0xFFFF00),
     rgb(0x000000), rgb(0x7CFF7C), rgb(0xFFD800), rgb(0xFF9C9C), rgb(0xFFFFFF), rgb(0x303030)},
}};

}  // namespace

std::optional<ThemeKind> parse_theme(std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == name) return static_cast<ThemeKind>(i);
    }
    return std::nullopt;
}

std::string_view name_of(ThemeKind kind) {
    return names[static_cast<std::size_t>(kind)];
}

const Palette& palette_of(ThemeKind kind) {
    return palettes[static_cast<std::size_t>(kind)];
}

std::uint32_t colour_of(const Palette& palette, Tone tone) {
    switch (tone) {
        case Tone::normal:
            return palette.text;
        case Tone::quiet:
            return palette.quiet;
        case Tone::accent:
            return palette.accent;
        case Tone::good:
            return palette.good;
        case Tone::warning:
            return palette.warning;
        case Tone::error:
            return palette.error;
    }
    return palette.text;
}

void apply_theme(const Theme& theme) {
    const Palette& palette = palette_of(theme.kind);
    ImGuiStyle style;
    style.WindowPadding = {16, 16};
    style.FramePadding = {12, (target_pixels - line_pixels) / 2};
    style.ItemSpacing = {12, 8};
    style.WindowRounding = 0;
    style.ChildRounding = 6;
    style.FrameRounding = 6;
    style.PopupRounding = 6;
    style.FrameBorderSize = 1;
    style.ScrollbarSize = 20;
    style.GrabMinSize = 40;
    style.ScaleAllSizes(theme.scale);
    const auto set = [&style](ImGuiCol slot, std::uint32_t colour) {
        style.Colors[slot] = ImGui::ColorConvertU32ToFloat4(colour);
    };
    for (ImVec4& colour : style.Colors) colour = ImGui::ColorConvertU32ToFloat4(palette.panel);
    set(ImGuiCol_Text, palette.text);
    set(ImGuiCol_TextDisabled, palette.quiet);
    set(ImGuiCol_WindowBg, palette.ground);
    set(ImGuiCol_ChildBg, 0);
    set(ImGuiCol_PopupBg, palette.panel);
    set(ImGuiCol_Border, palette.line);
    set(ImGuiCol_BorderShadow, 0);
    for (const ImGuiCol slot : {ImGuiCol_FrameBg, ImGuiCol_Button}) set(slot, palette.box);
    for (const ImGuiCol slot :
         {ImGuiCol_FrameBgHovered, ImGuiCol_FrameBgActive, ImGuiCol_ButtonHovered,
          ImGuiCol_ButtonActive, ImGuiCol_Header, ImGuiCol_HeaderHovered, ImGuiCol_HeaderActive}) {
        set(slot, palette.hover);
    }
    set(ImGuiCol_ScrollbarBg, palette.ground);
    for (const ImGuiCol slot : {ImGuiCol_ScrollbarGrab, ImGuiCol_ScrollbarGrabHovered,
                                ImGuiCol_ScrollbarGrabActive, ImGuiCol_Separator}) {
        set(slot, palette.line);
    }
    set(ImGuiCol_CheckMark, palette.accent);
    set(ImGuiCol_TextSelectedBg, (palette.accent & 0x00FFFFFFU) | 0x60000000U);
    set(ImGuiCol_NavHighlight, 0);  // the kit draws its own ring, also for what the mouse chose
    set(ImGuiCol_ModalWindowDimBg, 0x60000000U);
    ImGui::GetStyle() = style;
}

}  // namespace zf::ui
