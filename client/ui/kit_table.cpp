// Tables: only rows in sight are asked for, so that 100,000 scroll as fast as ten.
#include <imgui.h>

#include <algorithm>

#include "client/ui/kit.h"
#include "client/ui/kit_draw.h"

namespace zf::ui {
namespace {

std::vector<float> widths_of(const std::vector<Column>& columns, float width) {
    float whole = 0;
    for (const Column& column : columns) whole += column.share;
    std::vector<float> widths;
    for (const Column& column : columns) widths.push_back(width * column.share / whole);
    return widths;
}

}  // namespace

void Kit::table_row(const TableData& data, std::size_t row, const std::vector<float>& widths,
                    std::optional<std::size_t>& activated) {
    const std::string key = "row." + data.key(row);
    const float width = width_left();
    bool pressed = ImGui::InvisibleButton(key.c_str(), {width, target()});
    if (ImGui::IsItemFocused() && text_active_.empty() && key_went_down(ImGuiKey_Enter)) {
        pressed = true;
    }
    if (pressed) activated = row;
    const Palette& palette = palette_of(theme_.kind);
    const ImVec2 from = ImGui::GetItemRectMin(), to = ImGui::GetItemRectMax();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    if (ImGui::IsItemHovered()) list.AddRectFilled(from, to, palette.hover, px(4));
    list.AddLine({from.x, to.y}, to, palette.hover);
    float x = from.x;
    std::string whole;
    for (std::size_t column = 0; column < data.columns.size(); ++column) {
        const std::string text = data.cell(row, column);
        if (!whole.empty() && !text.empty()) whole += " | ";
        whole += text;
        bool is_cut = false;
        // Cells are cut where they must be: the row opens the whole.
        const std::string slots = fitting(shown(text), widths[column] - px(16), is_cut);
        const Tone tone = data.tone ? data.tone(row, column) : Tone::normal;
        list.AddText({x + px(8), from.y + (target() - ImGui::GetFontSize()) / 2},
                     colour_of(palette, tone), slots.data(), slots.data() + slots.size());
        x += widths[column];
    }
    note(key, whole, whole);
}

std::optional<std::size_t> Kit::table(std::string_view key, const TableData& data, float height) {
    std::optional<std::size_t> activated;
    const std::string name(key);
    const Palette& palette = palette_of(theme_.kind);
    const float bar = ImGui::GetStyle().ScrollbarSize + px(24);
    const auto widths = widths_of(data.columns, width_left() - bar);
    const ImVec2 from = ImGui::GetCursorScreenPos();
    float x = from.x + px(12);
    for (std::size_t i = 0; i < data.columns.size(); ++i) {
        bool is_cut = false;
        const std::string slots = fitting(shown(data.columns[i].label), widths[i] - px(8), is_cut);
        ImGui::SetCursorScreenPos({x + px(8), from.y + px(6)});
        ImGui::PushStyleColor(ImGuiCol_Text, palette.quiet);
        ImGui::TextUnformatted(slots.data(), slots.data() + slots.size());
        ImGui::PopStyleColor();
        note(name + ".column." + data.columns[i].key, data.columns[i].label, data.columns[i].label,
             false, is_cut);
        x += widths[i];
    }
    ImGui::SetCursorScreenPos({from.x, from.y + px(32)});
    begin_area(name, 0, height);
    note_place(name, std::to_string(data.rows));
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(data.rows), target());
    while (clipper.Step()) {
        for (int row = clipper.DisplayStart; row < clipper.DisplayEnd; ++row) {
            table_row(data, static_cast<std::size_t>(row), widths, activated);
        }
    }
    ImGui::PopStyleVar();
    end_area();
    return activated;
}

}  // namespace zf::ui
