#include "client/ui/kit_map.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

#include "client/ui/kit_draw.h"

namespace zf::ui {
namespace {

constexpr float key_pan_share = 0.125F;  // of the canvas, for one press of an arrow key
constexpr float drag_pixels = 6;         // a hand trembles: less is a press
constexpr float mark_radius = 13;

bool key_pressed(ImGuiKey key) {
    const int index = ImGui::GetIO().KeyMap[key];
    return index >= 0 && ImGui::IsKeyPressed(index, true);
}

void add_shape(ImDrawList& list, MarkShape shape, ImVec2 at, float r, std::uint32_t colour) {
    switch (shape) {
        case MarkShape::square:
            list.AddRectFilled({at.x - r * 0.9F, at.y - r * 0.9F},
                               {at.x + r * 0.9F, at.y + r * 0.9F}, colour);
            break;
        case MarkShape::circle:
            list.AddCircleFilled(at, r, colour, 24);
            break;
        case MarkShape::diamond:
            list.AddNgonFilled(at, r * 1.25F, colour, 4);
            break;
        case MarkShape::triangle:
            list.AddTriangleFilled({at.x, at.y - r * 1.4F}, {at.x + r * 1.3F, at.y + r * 0.95F},
                                   {at.x - r * 1.3F, at.y + r * 0.95F}, colour);
            break;
    }
}

ImDrawList& draw_list() {
    return *ImGui::GetWindowDrawList();
}

}  // namespace

MapCanvas::MapCanvas(Kit& kit, std::string_view key, std::string_view text, float width,
                     float height)
    : kit_(kit), key_(key), text_(text), width_(width), height_(height) {
    const Palette& palette = palette_of(kit.theme().kind);
    ImGui::InvisibleButton(key_.c_str(), {width, height});
    const ImVec2 from = ImGui::GetItemRectMin(), to = ImGui::GetItemRectMax();
    x_ = from.x;
    y_ = from.y;
    draw_list().AddRectFilled(from, to, palette.panel);
    const ImGuiIO& io = ImGui::GetIO();
    const auto own = [&](const ImVec2& at) { return Spot{at.x - x_, at.y - y_}; };
    if (ImGui::IsItemActive() &&
        ImGui::IsMouseDragging(ImGuiMouseButton_Left, kit.px(drag_pixels))) {
        input_.dx = io.MouseDelta.x;
        input_.dy = io.MouseDelta.y;
    }
    const ImVec2 far = io.MouseDragMaxDistanceAbs[ImGuiMouseButton_Left];
    const bool was_dragged = std::max(far.x, far.y) > kit.px(drag_pixels);
    if (ImGui::IsItemDeactivated() && ImGui::IsItemHovered() && !was_dragged &&
        ImGui::IsMouseReleased(ImGuiMouseButton_Left)) {
        input_.pressed = true;
        input_.press_at = own(io.MousePos);
    }
    input_.zoom_at = {width / 2, height / 2};
    if (ImGui::IsItemHovered() && io.MouseWheel != 0) {
        input_.zoom_steps = io.MouseWheel;
        input_.zoom_at = own(io.MousePos);
        ImGui::SetItemUsingMouseWheel();
    }
    input_.focused = ImGui::IsItemFocused();
    if (input_.focused) take_keys();
    draw_list().PushClipRect(from, to, true);
}

void MapCanvas::take_keys() {
    // Arrow keys move the map here, not the focus: Tab goes on.
    keep_arrow_keys();
    if (key_pressed(ImGuiKey_LeftArrow)) input_.dx += width_ * key_pan_share;
    if (key_pressed(ImGuiKey_RightArrow)) input_.dx -= width_ * key_pan_share;
    if (key_pressed(ImGuiKey_UpArrow)) input_.dy += height_ * key_pan_share;
    if (key_pressed(ImGuiKey_DownArrow)) input_.dy -= height_ * key_pan_share;
    input_.entered = key_went_down(ImGuiKey_Enter);
    input_.backspace = key_went_down(ImGuiKey_Backspace);
    for (const ImWchar character : ImGui::GetIO().InputQueueCharacters) {
        if (character == '+' || character == '=') input_.zoom_steps += 1;
        if (character == '-' || character == '_') input_.zoom_steps -= 1;
    }
}

void MapCanvas::line(const std::vector<Spot>& points, Tone tone, float thick_at_scale_1) {
    if (points.size() < 2) return;
    std::vector<ImVec2> corners;
    corners.reserve(points.size());
    for (const Spot& one : points) corners.push_back({x_ + one.x, y_ + one.y});
    draw_list().AddPolyline(corners.data(), static_cast<int>(corners.size()),
                            colour_of(palette_of(kit_.theme().kind), tone), 0,
                            kit_.px(thick_at_scale_1));
}

void MapCanvas::grid_line(const Spot& from, const Spot& to, std::string_view label) {
    const Palette& palette = palette_of(kit_.theme().kind);
    draw_list().AddLine({x_ + from.x, y_ + from.y}, {x_ + to.x, y_ + to.y},
                        (palette.line & 0x00FFFFFFU) | 0x60000000U, kit_.px(1));
    const std::string slots = shown(label);
    const float size = ImGui::GetFontSize() * 0.75F;
    const bool is_upright = from.x == to.x;
    const ImVec2 at = is_upright
                          ? ImVec2{x_ + from.x + kit_.px(4), y_ + height_ - size - kit_.px(4)}
                          : ImVec2{x_ + kit_.px(4), y_ + from.y + kit_.px(2)};
    draw_list().AddText(ImGui::GetFont(), size, at, palette.quiet, slots.data(),
                        slots.data() + slots.size());
}

void MapCanvas::mark(const MapMark& mark) {
    const Palette& palette = palette_of(kit_.theme().kind);
    const ImVec2 at{x_ + mark.at.x, y_ + mark.at.y};
    const std::string slots = shown(mark.letter);
    const float share = 0.72F;
    const ImVec2 extent = size_of(slots);
    float radius = kit_.px(mark_radius);
    if (mark.is_cluster) radius = std::max(radius * 1.3F, extent.x * share / 2 + kit_.px(6));
    const std::uint32_t colour = colour_of(palette, mark.tone);
    // An edge in the colour of the ground keeps marks apart that lie on each other.
    add_shape(draw_list(), mark.shape, at, radius + kit_.px(mark.is_chosen ? 6.0F : 2.0F),
              mark.is_chosen ? palette.text : palette.panel);
    if (mark.is_chosen) add_shape(draw_list(), mark.shape, at, radius + kit_.px(3), palette.panel);
    add_shape(draw_list(), mark.shape, at, radius, colour);
    draw_list().AddText(ImGui::GetFont(), ImGui::GetFontSize() * share,
                        {at.x - extent.x * share / 2, at.y - extent.y * share / 2}, palette.panel,
                        slots.data(), slots.data() + slots.size());
}

void MapCanvas::name(const Spot& at, std::string_view text, Tone tone, bool at_left) {
    const Palette& palette = palette_of(kit_.theme().kind);
    const std::string slots = shown(text);
    const ImVec2 extent = size_of(slots);
    const ImVec2 from{x_ + at.x - (at_left ? 0 : extent.x / 2), y_ + at.y - extent.y / 2};
    draw_list().AddRectFilled({from.x - kit_.px(4), from.y},
                              {from.x + extent.x + kit_.px(4), from.y + extent.y},
                              (palette.panel & 0x00FFFFFFU) | 0xC0000000U, kit_.px(4));
    draw_list().AddText(from, colour_of(palette, tone), slots.data(), slots.data() + slots.size());
}

void MapCanvas::name_if_free(const Spot& at, std::string_view text, Tone tone) {
    const ImVec2 extent = size_of(shown(text));
    const Rect place{at.x - extent.x / 2 - 4, at.y - extent.y / 2, extent.x + 8, extent.y};
    const bool is_taken = std::any_of(names_.begin(), names_.end(), [&](const Rect& one) {
        return one.x < place.x + place.w && place.x < one.x + one.w && one.y < place.y + place.h &&
               place.y < one.y + one.h;
    });
    if (is_taken) return;
    names_.push_back(place);
    name(at, text, tone);
}

void MapCanvas::cross(const Spot& at) {
    const Palette& palette = palette_of(kit_.theme().kind);
    const ImVec2 middle{x_ + at.x, y_ + at.y};
    const float gap = kit_.px(5), arm = kit_.px(22);
    for (const bool is_edge : {true, false}) {
        const std::uint32_t colour = is_edge ? palette.panel : palette.error;
        const float thick = kit_.px(is_edge ? 6.0F : 3.0F);
        draw_list().AddLine({middle.x - arm, middle.y}, {middle.x - gap, middle.y}, colour, thick);
        draw_list().AddLine({middle.x + gap, middle.y}, {middle.x + arm, middle.y}, colour, thick);
        draw_list().AddLine({middle.x, middle.y - arm}, {middle.x, middle.y - gap}, colour, thick);
        draw_list().AddLine({middle.x, middle.y + gap}, {middle.x, middle.y + arm}, colour, thick);
    }
}

void MapCanvas::picture(TextureId texture, const Spot& from, const Spot& to, const Spot& part_from,
                        const Spot& part_to) {
    draw_list().AddImage(reinterpret_cast<ImTextureID>(texture), {x_ + from.x, y_ + from.y},
                         {x_ + to.x, y_ + to.y}, {part_from.x, part_from.y},
                         {part_to.x, part_to.y});
}

void MapCanvas::scale_bar(float pixels, std::string_view text) {
    const Palette& palette = palette_of(kit_.theme().kind);
    const float left = x_ + kit_.px(56), base = y_ + height_ - kit_.px(36), tick = kit_.px(7);
    for (const bool is_edge : {true, false}) {
        const std::uint32_t colour = is_edge ? palette.panel : palette.text;
        const float thick = kit_.px(is_edge ? 6.0F : 3.0F);
        draw_list().AddLine({left, base}, {left + pixels, base}, colour, thick);
        draw_list().AddLine({left, base - tick}, {left, base}, colour, thick);
        draw_list().AddLine({left + pixels, base - tick}, {left + pixels, base}, colour, thick);
    }
    name({left - x_, base - y_ - kit_.px(22)}, text, Tone::normal, true);
}

void MapCanvas::north(std::string_view letter) {
    const Palette& palette = palette_of(kit_.theme().kind);
    const ImVec2 tip{x_ + width_ - kit_.px(30), y_ + kit_.px(12)};
    const float half = kit_.px(9), high = kit_.px(26);
    draw_list().AddTriangleFilled(tip, {tip.x + half, tip.y + high}, {tip.x, tip.y + high * 0.75F},
                                  palette.text);
    draw_list().AddTriangleFilled(tip, {tip.x, tip.y + high * 0.75F}, {tip.x - half, tip.y + high},
                                  palette.quiet);
    name({tip.x - x_, tip.y - y_ + high + kit_.px(14)}, letter, Tone::normal);
}

void MapCanvas::credit(std::string_view text) {
    const float share = 0.7F;
    bool is_cut = false;
    const std::string slots = fitting(shown(text), width_ * 0.5F / share, is_cut);
    const float wide = size_of(slots).x * share, high = ImGui::GetFontSize() * share;
    const ImVec2 from{x_ + width_ - wide - kit_.px(8), y_ + height_ - high - kit_.px(4)};
    const Palette& palette = palette_of(kit_.theme().kind);
    draw_list().AddRectFilled({from.x - kit_.px(4), from.y},
                              {from.x + wide + kit_.px(4), from.y + high},
                              (palette.panel & 0x00FFFFFFU) | 0xC0000000U);
    draw_list().AddText(ImGui::GetFont(), high, from, palette.quiet, slots.data(),
                        slots.data() + slots.size());
}

void MapCanvas::end(std::string_view value) {
    draw_list().PopClipRect();
    const Palette& palette = palette_of(kit_.theme().kind);
    draw_list().AddRect({x_, y_}, {x_ + width_, y_ + height_}, palette.line, 0, 0, kit_.px(1));
    kit_.note(key_, text_, value);
}

}  // namespace zf::ui
