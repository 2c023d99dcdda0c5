#include "client/ui/kit_chart.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "client/ui/kit_draw.h"

namespace zf::ui {
namespace {

constexpr float pi = 3.14159265F;
constexpr float least_angle_for_sign = 0.35F;  // radians: a sign needs that much room

/// The place of a chart, with what is in it for the registry.
ImVec2 take_place(Kit& kit, std::string_view key, std::string_view text, const std::string& value,
                  float width, float height) {
    ImGui::Dummy({width, height});
    const ImVec2 from = ImGui::GetItemRectMin();
    kit.note(key, text, value, false);
    return from;
}

std::string values_text(const std::vector<ChartPart>& parts) {
    std::string text;
    for (const ChartPart& part : parts) {
        text += (text.empty() ? "" : "; ") + part.label + "=" + chart_number(part.value);
    }
    return text;
}

void add_text(ImDrawList& list, ImVec2 at, std::uint32_t colour, const std::string& slots,
              float size) {
    list.AddText(ImGui::GetFont(), size, at, colour, slots.data(), slots.data() + slots.size());
}

}  // namespace

std::string chart_number(double value) {
    std::array<char, 32> text{};
    const bool is_whole = std::abs(value - std::round(value)) < 0.05;
    std::snprintf(text.data(), text.size(), is_whole ? "%.0f" : "%.1f", value);
    return text.data();
}

void show_bars(Kit& kit, std::string_view key, std::string_view text,
               const std::vector<ChartPart>& bars, float width, float height) {
    const ImVec2 from = take_place(kit, key, text, values_text(bars), width, height);
    if (bars.empty()) return;
    const Palette& palette = palette_of(kit.theme().kind);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float size = ImGui::GetFontSize() * 0.75F, step = width / static_cast<float>(bars.size());
    const float top = from.y + size + kit.px(2), ground = from.y + height - size - kit.px(4);
    double greatest = 1;
    for (const ChartPart& bar : bars) greatest = std::max(greatest, bar.value);
    float free_from = from.x;  // labels may not run into each other
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const float x = from.x + step * static_cast<float>(i);
        const float tall = (ground - top) * static_cast<float>(bars[i].value / greatest);
        const std::uint32_t colour = colour_of(palette, bars[i].tone);
        list.AddRectFilled({x + step * 0.15F, ground - tall}, {x + step * 0.85F, ground}, colour);
        const auto centred = [&](const std::string& slots, float y, std::uint32_t ink) {
            const float wide = size_of(slots).x * 0.75F;
            add_text(list, {x + (step - wide) / 2, y}, ink, slots, size);
            return wide;
        };
        if (bars[i].value > 0) {
            centred(shown(chart_number(bars[i].value)), ground - tall - size - kit.px(1),
                    palette.text);
        }
        const std::string label = shown(bars[i].label);
        const float wide = size_of(label).x * 0.75F;
        if (x + (step - wide) / 2 < free_from) continue;
        free_from = x + (step + wide) / 2 + kit.px(6);
        centred(label, ground + kit.px(3), palette.quiet);
    }
    list.AddLine({from.x, ground}, {from.x + width, ground}, palette.line, kit.px(1));
}

void show_ring(Kit& kit, std::string_view key, std::string_view text,
               const std::vector<ChartPart>& parts, float size) {
    const ImVec2 from = take_place(kit, key, text, values_text(parts), size, size);
    double whole = 0;
    for (const ChartPart& part : parts) whole += part.value;
    const Palette& palette = palette_of(kit.theme().kind);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 middle{from.x + size / 2, from.y + size / 2};
    const float radius = size * 0.38F, thick = size * 0.2F;
    float angle = -pi / 2;
    for (const ChartPart& part : parts) {
        if (part.value <= 0) continue;
        const float turn = 2 * pi * static_cast<float>(part.value / whole);
        const int steps = std::max(3, static_cast<int>(turn * 16));
        list.PathArcTo(middle, radius, angle, angle + turn, steps);
        list.PathStroke(colour_of(palette, part.tone), 0, thick);
        // A gap in the colour of the ground keeps neighbours of one colour apart.
        const ImVec2 edge{std::cos(angle), std::sin(angle)};
        const float inner = radius - thick / 2, outer = radius + thick / 2;
        list.AddLine({middle.x + edge.x * inner, middle.y + edge.y * inner},
                     {middle.x + edge.x * outer, middle.y + edge.y * outer}, palette.ground,
                     kit.px(2));
        if (turn >= least_angle_for_sign && !part.sign.empty()) {
            const std::string sign = shown(part.sign);
            const ImVec2 extent = size_of(sign);
            const float half = angle + turn / 2, share = 0.7F;
            add_text(list,
                     {middle.x + std::cos(half) * radius - extent.x * share / 2,
                      middle.y + std::sin(half) * radius - extent.y * share / 2},
                     palette.ground, sign, ImGui::GetFontSize() * share);
        }
        angle += turn;
    }
    if (whole <= 0) list.AddCircle(middle, radius, palette.line, 48, thick / 4);
    const std::string sum = shown(chart_number(whole));
    const ImVec2 extent = size_of(sum);
    add_text(list, {middle.x - extent.x / 2, middle.y - extent.y / 2}, palette.text, sum,
             ImGui::GetFontSize());
}

std::vector<ChartColumn> chart_columns(const std::vector<double>& values, std::size_t columns) {
    std::vector<ChartColumn> all;
    if (values.empty() || columns == 0) return all;
    const double last = static_cast<double>(values.size() - 1);
    for (std::size_t column = 0; column < columns; ++column) {
        const double width = last / static_cast<double>(columns);
        const double from = width * static_cast<double>(column);
        const double to = from + width;
        // Values between the edges of the column, and what the line has at the edges.
        const auto at = [&](double place) {
            const auto before = static_cast<std::size_t>(place);
            const std::size_t after = std::min(before + 1, values.size() - 1);
            const double share = place - static_cast<double>(before);
            return values[before] * (1 - share) + values[after] * share;
        };
        ChartColumn one{std::min(at(from), at(std::min(to, last))),
                        std::max(at(from), at(std::min(to, last)))};
        const auto first = static_cast<std::size_t>(std::ceil(from));
        for (std::size_t i = first; i < values.size() && static_cast<double>(i) <= to; ++i) {
            one.least = std::min(one.least, values[i]);
            one.greatest = std::max(one.greatest, values[i]);
        }
        all.push_back(one);
    }
    return all;
}

void show_line(Kit& kit, std::string_view key, std::string_view text,
               const std::vector<double>& values, float width, float height) {
    const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
    std::string value = std::to_string(values.size()) + " values";
    if (!values.empty()) value += ", " + chart_number(*least) + " to " + chart_number(*greatest);
    const ImVec2 from = take_place(kit, key, text, value, width, height);
    if (values.empty()) return;
    const Palette& palette = palette_of(kit.theme().kind);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const double low = std::min(0.0, *least), range = std::max(*greatest - low, 1e-9);
    const auto y_of = [&](double one) {
        return from.y + height * (1 - static_cast<float>((one - low) / range));
    };
    list.AddLine({from.x, y_of(0)}, {from.x + width, y_of(0)}, palette.line, kit.px(1));
    const auto columns = chart_columns(values, static_cast<std::size_t>(std::max(width, 1.0F)));
    const float thick = kit.px(2);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const float x = from.x + static_cast<float>(i);
        list.AddRectFilled({x, y_of(columns[i].greatest) - thick / 2},
                           {x + 1, y_of(columns[i].least) + thick / 2}, palette.accent);
    }
}

}  // namespace zf::ui
