// What is pressed: buttons, boxes to tick, tabs, the rail, the bar of a task.
#include <imgui_internal.h>

#include <algorithm>

#include "client/ui/kit.h"
#include "client/ui/kit_draw.h"

namespace zf::ui {
namespace {

struct ButtonColours {
    std::uint32_t ground, text, edge;
};

ButtonColours colours_of(const Palette& palette, const ButtonOptions& options, bool is_hovered) {
    if (!options.enabled) return {palette.ground, palette.quiet, palette.line};
    if (options.selected) return {palette.hover, palette.accent, palette.accent};
    switch (options.look) {
        case ButtonLook::primary:
            return {palette.accent, palette.on_accent, is_hovered ? palette.text : palette.accent};
        case ButtonLook::danger:
            return {is_hovered ? palette.hover : palette.box, palette.error, palette.error};
        case ButtonLook::quiet:
            return {is_hovered ? palette.hover : 0, palette.text, 0};
        case ButtonLook::normal:
            break;
    }
    return {is_hovered ? palette.hover : palette.box, palette.text, palette.line};
}

}  // namespace

bool Kit::framed_button(std::string_view key, std::string_view text, float width, float height,
                        const ButtonOptions& options, bool at_left) {
    const std::string id(key);
    ImGui::BeginDisabled(!options.enabled);
    bool pressed = ImGui::InvisibleButton(id.c_str(), {width, height});
    // ImGui presses by the space bar alone.
    if (ImGui::IsItemFocused() && options.enabled && text_active_.empty() &&
        key_went_down(ImGuiKey_Enter)) {
        pressed = true;
    }
    const ImVec2 from = ImGui::GetItemRectMin(), to = ImGui::GetItemRectMax();
    const ButtonColours colours =
        colours_of(palette_of(theme_.kind), options, ImGui::IsItemHovered());
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float rounding = ImGui::GetStyle().FrameRounding;
    list.AddRectFilled(from, to, colours.ground, rounding);
    if (colours.edge != 0) list.AddRect(from, to, colours.edge, rounding, 0, px(1));
    const float padding = at_left ? px(12) : px(4);
    const float room = width - 2 * padding;
    // What does not fit one line is wrapped; what does not fit then is cut, and a test says so.
    const std::string slots = wrapped(text, room);
    const ImVec2 size = size_of(slots);
    const float x = at_left ? from.x + padding : from.x + (width - std::min(size.x, room)) / 2;
    const float y = from.y + std::max((height - size.y) / 2, 0.0F);
    list.PushClipRect(from, to, true);
    list.AddText(ImGui::GetFont(), ImGui::GetFontSize(), {x, y}, colours.text, slots.data(),
                 slots.data() + slots.size());
    list.PopClipRect();
    note(key, text, options.selected ? "true" : "", true, size.y > height + 1 || size.x > room + 1);
    widgets_.back().tab_stop = options.tab_stop;
    widgets_.back().one_of = options.one_of;
    ImGui::EndDisabled();
    return pressed && options.enabled;
}

bool Kit::button(std::string_view key, std::string_view text, const ButtonOptions& options) {
    float width = options.width;
    if (width == 0) width = std::max(text_width(text) + px(32), target());
    if (width < 0) width = width_left();
    return framed_button(key, text, width, target(), options, options.at_left);
}

bool Kit::checkbox(std::string_view key, std::string_view text, bool& checked, bool enabled) {
    const std::string id(key);
    const std::string slots = shown(text);
    const float width = target() + px(8) + size_of(slots).x;
    ImGui::BeginDisabled(!enabled);
    bool pressed = ImGui::InvisibleButton(id.c_str(), {width, target()});
    if (ImGui::IsItemFocused() && text_active_.empty() && key_went_down(ImGuiKey_Enter)) {
        pressed = true;
    }
    if (pressed && enabled) checked = !checked;
    const Palette& palette = palette_of(theme_.kind);
    const ImVec2 from = ImGui::GetItemRectMin();
    const float side = px(28), inset = (target() - side) / 2;
    const ImVec2 box{from.x + inset, from.y + inset};
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled(box, {box.x + side, box.y + side}, palette.box, px(4));
    list.AddRect(box, {box.x + side, box.y + side}, palette.line, px(4), 0, px(2));
    if (checked) {
        const ImVec2 points[] = {{box.x + side * 0.2F, box.y + side * 0.5F},
                                 {box.x + side * 0.42F, box.y + side * 0.75F},
                                 {box.x + side * 0.8F, box.y + side * 0.25F}};
        list.AddPolyline(points, 3, palette.accent, 0, px(4));
    }
    list.AddText({from.x + target() + px(4), from.y + (target() - ImGui::GetFontSize()) / 2},
                 enabled ? palette.text : palette.quiet, slots.data(), slots.data() + slots.size());
    note(key, text, checked ? "true" : "false");
    ImGui::EndDisabled();
    return pressed && enabled;
}

bool Kit::tabs(std::string_view key, const std::vector<Option>& options, std::string& chosen) {
    bool changed = false;
    const float right = ImGui::GetCursorScreenPos().x + width_left();
    for (std::size_t i = 0; i < options.size(); ++i) {
        const Option& option = options[i];
        const float width = std::max(text_width(option.label) + px(32), target());
        // What does not fit the line goes on in the next.
        if (i > 0 && ImGui::GetItemRectMax().x + px(4) + width <= right) same_line(px(4));
        ButtonOptions look;
        look.selected = option.id == chosen;
        look.width = width;
        look.one_of = key;
        if (button(std::string(key) + "." + option.id, option.label, look) && !look.selected) {
            chosen = option.id;
            changed = true;
        }
    }
    return changed;
}

bool Kit::rail(std::string_view key, const std::vector<Option>& options, std::string& chosen) {
    bool is_pressed = false;
    for (const Option& option : options) {
        ButtonOptions look;
        look.look = ButtonLook::quiet;
        look.selected = option.id == chosen;
        look.one_of = key;
        const std::string text =
            option.detail.empty() ? option.label : option.label + " " + option.detail;
        if (framed_button(std::string(key) + "." + option.id, text, width_left(), px(56), look,
                          true)) {
            chosen = option.id;
            is_pressed = true;
        }
    }
    return is_pressed;
}

bool Kit::progress(std::string_view key, std::string_view text, float done) {
    const std::string name(key);
    label(name + ".text", text);
    const Palette& palette = palette_of(theme_.kind);
    const float cancel_width = std::max(text_width(say("action.cancel")) + px(32), target());
    const float width = std::max(width_left() - cancel_width - px(12), px(80));
    ImGui::Dummy({width, target()});
    const ImVec2 from = ImGui::GetItemRectMin(), to = ImGui::GetItemRectMax();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled({from.x, from.y + px(12)}, {to.x, to.y - px(12)}, palette.ground, px(4));
    const float share = done < 0 ? 0.3F : std::clamp(done, 0.0F, 1.0F);
    list.AddRectFilled({from.x, from.y + px(12)}, {from.x + width * share, to.y - px(12)},
                       palette.accent, px(4));
    list.AddRect({from.x, from.y + px(12)}, {to.x, to.y - px(12)}, palette.line, px(4));
    const std::string percent = done < 0 ? "" : std::to_string(static_cast<int>(share * 100)) + "%";
    note(name, text, percent, false);
    same_line(px(12));
    return button(name + ".cancel", say("action.cancel"));
}

}  // namespace zf::ui
