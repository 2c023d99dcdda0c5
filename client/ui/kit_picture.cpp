// Pictures: as something to press, and one that is looked at closely.
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

#include "client/ui/kit.h"
#include "client/ui/kit_draw.h"

namespace zf::ui {
namespace {

ImTextureID id_of(TextureId texture) {
    return reinterpret_cast<ImTextureID>(texture);
}

}  // namespace

bool Kit::picture(std::string_view key, std::string_view text, const Picture& picture, float width,
                  float height, const PictureOptions& options) {
    const std::string id(key);
    bool pressed = ImGui::InvisibleButton(id.c_str(), {width, height});
    if (ImGui::IsItemFocused() && text_active_.empty() && key_went_down(ImGuiKey_Enter)) {
        pressed = true;
    }
    const Palette& palette = palette_of(theme_.kind);
    const ImVec2 from = ImGui::GetItemRectMin(), to = ImGui::GetItemRectMax();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const bool is_marked = options.selected || ImGui::IsItemHovered();
    list.AddRectFilled(from, to, is_marked ? palette.hover : palette.box, px(4));
    list.AddRect(from, to, options.selected ? palette.accent : palette.line, px(4), 0,
                 px(options.selected ? 3 : 1));
    const float line = ImGui::GetFontSize();
    const float below = options.caption.empty() || options.is_row ? 0 : line + px(8);
    const float inset = px(4), place_w = options.is_row ? height * 1.6F : width;
    const float room_x = place_w - 2 * inset, room_y = height - 2 * inset - below;
    bool is_cut = false;
    if (picture.texture != 0 && picture.width > 0 && picture.height > 0) {
        const auto w = static_cast<float>(picture.width), h = static_cast<float>(picture.height);
        const float by = std::min(room_x / w, room_y / h);
        const ImVec2 at{from.x + (place_w - w * by) / 2, from.y + inset + (room_y - h * by) / 2};
        list.AddImage(id_of(picture.texture), at, {at.x + w * by, at.y + h * by});
    } else {
        // What it is, where there is no picture of it.
        const std::string slots = wrapped(text, room_x);
        const ImVec2 size = size_of(slots);
        is_cut = size.y > room_y + 1;
        list.PushClipRect(from, to, true);
        list.AddText(ImGui::GetFont(), line,
                     {from.x + std::max((place_w - size.x) / 2, inset),
                      from.y + inset + std::max((room_y - size.y) / 2, 0.0F)},
                     palette.quiet, slots.data(), slots.data() + slots.size());
        list.PopClipRect();
    }
    draw_caption(options, {from.x + (options.is_row ? place_w : 0), from.y}, to, below);
    if (options.selected) {
        draw_tick({to.x - px(34), options.is_row ? (from.y + to.y) / 2 - px(14) : from.y + px(6)});
    }
    const std::string whole =
        options.detail.empty() ? options.caption : options.caption + " | " + options.detail;
    note(key, whole.empty() ? text : std::string_view(whole), options.selected ? "true" : "", true,
         is_cut);
    widgets_.back().tab_stop = options.tab_stop;
    return pressed;
}

void Kit::draw_caption(const PictureOptions& options, const ImVec2& from, const ImVec2& to,
                       float below) {
    if (options.caption.empty()) return;
    const Palette& palette = palette_of(theme_.kind);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float inset = px(options.is_row ? 12 : 4), line = ImGui::GetFontSize();
    const float y = options.is_row ? (from.y + to.y - line) / 2 : to.y - below;
    float room = to.x - from.x - 2 * inset;
    if (options.is_row && !options.detail.empty()) {
        const std::string detail = shown(options.detail);
        const float width = size_of(detail).x + px(48);  // where a tick stands too
        list.AddText({to.x - width, y}, palette.quiet, detail.data(),
                     detail.data() + detail.size());
        room -= width + inset;
    }
    bool is_cut = false;  // the whole of it is in the registry
    const std::string slots = fitting(shown(options.caption), std::max(room, 0.0F), is_cut);
    list.AddText({from.x + inset, y}, palette.text, slots.data(), slots.data() + slots.size());
}

/// A tick in a square: what is chosen is told by a mark, not by colour alone.
void Kit::draw_tick(const ImVec2& at) {
    const Palette& palette = palette_of(theme_.kind);
    const float side = px(28);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled(at, {at.x + side, at.y + side}, palette.accent, px(4));
    const ImVec2 points[] = {{at.x + side * 0.2F, at.y + side * 0.5F},
                             {at.x + side * 0.42F, at.y + side * 0.75F},
                             {at.x + side * 0.8F, at.y + side * 0.25F}};
    list.AddPolyline(points, 3, palette.on_accent, 0, px(4));
}

void Kit::only_in_sight(std::size_t rows, float height,
                        const std::function<void(std::size_t)>& draw) {
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(rows), height + ImGui::GetStyle().ItemSpacing.y);
    while (clipper.Step()) {
        for (int row = clipper.DisplayStart; row < clipper.DisplayEnd; ++row) {
            draw(static_cast<std::size_t>(row));
        }
    }
}

void zoom(CloseUp& view, float by) {
    const float before = view.zoom;
    view.zoom = std::clamp(view.zoom * by, 1.0F, zoom_max);
    view.x *= view.zoom / before;
    view.y *= view.zoom / before;
}

int Kit::pages_turned() const {
    if (!text_active_.empty() || layer_ != top_layer_) return 0;
    return (scroll_ == Scroll::page_down ? 1 : 0) - (scroll_ == Scroll::page_up ? 1 : 0);
}

/// What the keys do to a picture that has the keyboard.
int Kit::close_up_keys(CloseUp& view) const {
    for (const ImWchar typed : ImGui::GetIO().InputQueueCharacters) {
        if (typed == '+' || typed == '=') zoom(view, 1.25F);
        if (typed == '-') zoom(view, 0.8F);
        if (typed == '0') view = {};
    }
    const auto pressed = [](ImGuiKey key) {
        const int index = ImGui::GetIO().KeyMap[key];
        return index >= 0 && ImGui::IsKeyPressed(index, true) ? 1 : 0;
    };
    const int across = pressed(ImGuiKey_RightArrow) - pressed(ImGuiKey_LeftArrow);
    const int down = pressed(ImGuiKey_DownArrow) - pressed(ImGuiKey_UpArrow);
    if (view.zoom <= 1) {
        // Up and down lead on to other widgets.
        if (across != 0) keep_arrow_keys();
        return across;
    }
    if (across == 0 && down == 0) return 0;
    keep_arrow_keys();
    view.x -= px(80) * static_cast<float>(across);
    view.y -= px(80) * static_cast<float>(down);
    return 0;
}

int Kit::close_up(std::string_view key, std::string_view text, const Picture& picture,
                  CloseUp& view, float width, float height) {
    const std::string id(key);
    ImGui::InvisibleButton(id.c_str(), {width, height});
    const ImVec2 from = ImGui::GetItemRectMin(), to = ImGui::GetItemRectMax();
    const ImGuiIO& io = ImGui::GetIO();
    const int turned = ImGui::IsItemFocused() && text_active_.empty() ? close_up_keys(view) : 0;
    const auto w = static_cast<float>(std::max(picture.width, 1));
    const auto h = static_cast<float>(std::max(picture.height, 1));
    const float fit = std::min(width / w, height / h);
    if (ImGui::IsItemHovered() && io.MouseWheel != 0) {
        // The point under the pointer stays where it is.
        const float x = io.MousePos.x - (from.x + to.x) / 2;
        const float y = io.MousePos.y - (from.y + to.y) / 2;
        view.x -= x;
        view.y -= y;
        zoom(view, io.MouseWheel > 0 ? 1.25F : 0.8F);
        view.x += x;
        view.y += y;
    }
    if (ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 0)) {
        view.x += io.MouseDelta.x;
        view.y += io.MouseDelta.y;
    }
    const float shown_w = w * fit * view.zoom, shown_h = h * fit * view.zoom;
    const float most_x = std::max((shown_w - width) / 2, 0.0F);
    const float most_y = std::max((shown_h - height) / 2, 0.0F);
    view.x = std::clamp(view.x, -most_x, most_x);
    view.y = std::clamp(view.y, -most_y, most_y);
    view.is_beyond_pixels = fit * view.zoom > 1;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled(from, to, palette_of(theme_.kind).ground, px(4));
    if (picture.texture != 0) {
        const ImVec2 at{(from.x + to.x - shown_w) / 2 + view.x,
                        (from.y + to.y - shown_h) / 2 + view.y};
        list.PushClipRect(from, to, true);
        list.AddImage(id_of(picture.texture), at, {at.x + shown_w, at.y + shown_h});
        list.PopClipRect();
    }
    note(key, text, std::to_string(std::lround(view.zoom * 100)) + "%");
    return turned;
}

}  // namespace zf::ui
