// Boxes that open a list above the screen: one or several of many, with search.
#include <imgui_internal.h>

#include <algorithm>
#include <utility>

#include "client/ui/kit.h"
#include "client/ui/kit_draw.h"

namespace zf::ui {
namespace {

constexpr float short_list_margin = 52;  // around the options of a list without a search

}  // namespace

void Kit::open_above(std::string_view key) {
    list_ = {};
    list_.key = key;
    ask_frame_in(0);
}

void Kit::close_above() {
    list_.is_closing = true;
    // Now, not when it is gone: who asked for the list may want the focus elsewhere.
    list_.gives_focus_back = false;
    focus(list_.key);
}

bool Kit::begin_above(std::string_view key, float width, float height_max) {
    if (list_.key != key) return false;
    const std::string id = "above." + std::string(key);
    if (list_.is_fresh) ImGui::OpenPopup(id.c_str());
    const ImVec2 from = ImGui::GetItemRectMin(), to = ImGui::GetItemRectMax();
    const ImVec2 screen = ImGui::GetIO().DisplaySize;
    const float below = screen.y - to.y, above = from.y;
    const bool opens_up = below < height_max && above > below;
    const float room = std::max(opens_up ? above : below, target() * 3) - px(8);
    const float x = std::clamp(from.x, 0.0F, std::max(screen.x - width, 0.0F));
    ImGui::SetNextWindowPos({x, opens_up ? from.y : to.y}, ImGuiCond_Always,
                            {0, opens_up ? 1.0F : 0.0F});
    ImGui::SetNextWindowSize({width, std::min(room, height_max)});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(12), px(12)});
    const bool is_open =
        ImGui::BeginPopup(id.c_str(), ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings);
    ImGui::PopStyleVar();
    if (!is_open) {
        if (list_.gives_focus_back) focus(std::string(key));
        list_ = {};
        return false;
    }
    ++layer_;
    return true;
}

void Kit::end_above() {
    if (list_.is_closing) ImGui::CloseCurrentPopup();
    list_.is_fresh = false;
    --layer_;
    ImGui::EndPopup();
}

bool Kit::pick_box(std::string_view key, std::string_view text, const std::string& value,
                   const PickOptions& options) {
    const float width = options.width < 0 ? width_left() : options.width;
    const std::string id(key);
    const Palette& palette = palette_of(theme_.kind);
    ImGui::BeginDisabled(!options.enabled);
    bool pressed = ImGui::InvisibleButton(id.c_str(), {width, target()});
    if (ImGui::IsItemFocused() && text_active_.empty() && list_.key.empty() &&
        (key_went_down(ImGuiKey_Enter) || key_went_down(ImGuiKey_DownArrow)) &&
        (key_went_down(ImGuiKey_Enter) || ImGui::GetIO().KeyAlt)) {
        pressed = true;
    }
    const ImVec2 from = ImGui::GetItemRectMin(), to = ImGui::GetItemRectMax();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float rounding = ImGui::GetStyle().FrameRounding;
    list.AddRectFilled(from, to, ImGui::IsItemHovered() ? palette.hover : palette.box, rounding);
    list.AddRect(from, to, palette.line, rounding, 0, px(1));
    bool is_cut = false;
    const bool is_empty = value.empty();
    const std::string slots = fitting(
        shown(is_empty ? say("pick.choose") : std::string_view(value)), width - px(56), is_cut);
    list.AddText({from.x + px(12), from.y + (target() - ImGui::GetFontSize()) / 2},
                 is_empty ? palette.quiet : palette.text, slots.data(),
                 slots.data() + slots.size());
    const float x = to.x - px(28), y = from.y + target() / 2;
    list.AddTriangleFilled({x, y - px(4)}, {x + px(14), y - px(4)}, {x + px(7), y + px(5)},
                           palette.text);
    note(key, text, value);
    ImGui::EndDisabled();
    return pressed && options.enabled;
}

std::optional<std::string> Kit::list_content(const FindOptions& find, const PickOptions& options,
                                             const std::vector<std::string>& chosen, bool stays) {
    const std::string key = list_.key;
    std::optional<std::string> pressed;
    bool takes_first = false;
    if (options.has_search) {
        TextOptions search;
        search.hint = say("pick.search");
        search.search = true;
        if (list_.is_fresh) focus(key + ".search");
        const Edited edited = text_box(key + ".search", search.hint, list_.typed, search);
        if (edited.changed) list_.is_stale = true;
        takes_first = edited.entered;
        if (text_active_ == key + ".search" && key_went_down(ImGuiKey_DownArrow) &&
            !list_.options.empty()) {
            focus(key + ".option." + list_.options.front().id);
        }
    }
    if (list_.is_stale) list_.options = find(list_.typed);
    list_.is_stale = false;
    if (options.can_clear && !chosen.empty() && !stays) {
        if (button(key + ".clear", say("action.clear"), {.width = -1})) pressed = "";
    }
    const float footer = stays ? target() + px(8) : 0;
    begin_area(key + ".options", 0, height_left() - footer);
    if (list_.options.empty()) label(key + ".none", say("pick.none"), Tone::quiet);
    for (const Option& option : list_.options) {
        ButtonOptions look;
        look.selected = std::find(chosen.begin(), chosen.end(), option.id) != chosen.end();
        const std::string text =
            option.detail.empty() ? option.label : option.label + "  " + option.detail;
        if (!options.has_search && list_.is_fresh &&
            (look.selected || (chosen.empty() && &option == list_.options.data()))) {
            focus(key + ".option." + option.id);
        }
        const float width = width_left();
        const float height = size_of(wrapped(text, width - px(24))).y + px(16);
        if (framed_button(key + ".option." + option.id, text, width, std::max(target(), height),
                          look, true)) {
            pressed = option.id;
        }
    }
    end_area();
    if (takes_first && !list_.options.empty()) pressed = list_.options.front().id;
    if (stays && button(key + ".done", say("pick.done"), {.look = ButtonLook::primary})) {
        close_above();
    }
    return pressed;
}

std::optional<std::string> Kit::list_of(std::string_view key, const FindOptions& find,
                                        const PickOptions& options,
                                        const std::vector<std::string>& chosen, bool stays) {
    const float width = std::max(ImGui::GetItemRectSize().x, px(420));
    float height = px(480);
    if (!options.has_search && list_.key == key) {
        // All of a short list is seen at once, and nothing below it.
        if (std::exchange(list_.is_stale, false)) list_.options = find("");
        const auto lines = static_cast<float>(list_.options.size()) + (stays ? 1 : 0) +
                           (options.can_clear && !chosen.empty() && !stays ? 1 : 0);
        const float spacing = ImGui::GetStyle().ItemSpacing.y;
        height = std::min(height, lines * (target() + spacing) + px(short_list_margin));
    }
    if (!begin_above(key, width, height)) return std::nullopt;
    auto pressed = list_content(find, options, chosen, stays);
    if (pressed && !stays) close_above();
    end_above();
    return pressed;
}

bool Kit::pick(std::string_view key, std::string_view text, const std::string& value,
               std::string& chosen, const FindOptions& find, const PickOptions& options) {
    if (pick_box(key, text, value, options)) open_above(key);
    std::vector<std::string> marked;
    if (!chosen.empty()) marked.push_back(chosen);
    const auto pressed = list_of(key, find, options, marked, false);
    if (!pressed || *pressed == chosen) return false;
    chosen = *pressed;
    return true;
}

bool Kit::pick_from(std::string_view key, std::string_view text, std::string& chosen,
                    const FindOptions& find, float width) {
    if (button(key, text, {.width = width})) open_above(key);
    const std::vector<std::string> marked{chosen};
    PickOptions options;
    options.can_clear = false;
    const auto pressed = list_of(key, find, options, marked, false);
    if (!pressed) return false;
    chosen = *pressed;
    return true;
}

bool Kit::pick_several(std::string_view key, std::string_view text, const std::string& value,
                       std::vector<std::string>& chosen, const FindOptions& find,
                       const PickOptions& options) {
    if (pick_box(key, text, value, options)) open_above(key);
    const auto pressed = list_of(key, find, options, chosen, true);
    if (!pressed) return false;
    const auto at = std::find(chosen.begin(), chosen.end(), *pressed);
    if (at == chosen.end()) {
        chosen.push_back(*pressed);
    } else {
        chosen.erase(at);
    }
    return true;
}

}  // namespace zf::ui
