// Tables: only rows in sight are asked for, so that 100,000 scroll as fast as ten.
#include <imgui.h>

#include <algorithm>

#include "client/ui/kit.h"
#include "client/ui/kit_draw.h"

namespace zf::ui {
namespace {

constexpr float cell_padding = 8, fitted_share_max = 0.75F;
constexpr float rows_in_sight_min = 4;
constexpr float share_width_min = 60;  // for each 1 of a column's share
constexpr std::string_view upwards = " ↑", downwards = " ↓";

/// Leaves out columns until the others have room; what is left out needs nothing.
std::vector<Column> those_with_room(std::vector<Column> columns, std::vector<float>& needed,
                                    float width, float share_width) {
    for (;;) {
        float wanted = 0;
        std::size_t last = 0;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            wanted += columns[i].fits ? needed[i] : columns[i].share * share_width;
            if (columns[i].rank > columns[last].rank) last = i;
        }
        if (wanted <= width || columns.empty() || columns[last].rank == 0) return columns;
        columns[last] = {.share = 0, .fits = true};
        needed[last] = 0;
    }
}

/// Columns that fit have what they need, the others divide the rest.
std::vector<float> divided(const std::vector<Column>& columns, const std::vector<float>& needed,
                           float width) {
    float fitted = 0, shares = 0;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        (columns[i].fits ? fitted : shares) += columns[i].fits ? needed[i] : columns[i].share;
    }
    const float room = shares > 0 ? width * fitted_share_max : width;
    const float shrink = fitted > room ? room / fitted : 1;
    std::vector<float> widths;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        widths.push_back(columns[i].fits ? needed[i] * shrink
                                         : (width - fitted * shrink) * columns[i].share / shares);
    }
    return widths;
}

}  // namespace

std::vector<float> Kit::column_widths(const std::string& key, const TableData& data, float width) {
    std::string of = std::string(name_of(messages_->language())) + std::to_string(theme_.scale);
    for (const Column& column : data.columns) of += " " + column.key;
    SeenTexts& seen = seen_[key];
    if (seen.of != of) seen = {std::move(of), {}};
    seen.needed.resize(data.columns.size());
    for (std::size_t i = 0; i < data.columns.size(); ++i) {
        const Column& column = data.columns[i];
        const std::string head = column.label + std::string(column.sorts ? upwards : "");
        seen.needed[i] = std::max(seen.needed[i], text_width(head) + px(2 * cell_padding));
    }
    std::vector<float> needed = seen.needed;
    const auto columns = those_with_room(data.columns, needed, width, px(share_width_min));
    return divided(columns, needed, width);
}

void Kit::table_row(const TableData& data, std::size_t row, const std::vector<float>& widths,
                    std::vector<float>& needed, std::optional<std::size_t>& activated) {
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
    bool is_row_cut = false;
    for (std::size_t column = 0; column < data.columns.size(); ++column) {
        const std::string text = data.cell(row, column);
        if (!whole.empty() && !text.empty()) whole += " | ";
        whole += text;
        if (widths[column] <= 0) continue;
        bool is_cut = false;
        const std::string slots =
            fitting(shown(text), widths[column] - px(2 * cell_padding), is_cut);
        if (data.columns[column].fits && is_cut) {
            is_row_cut = true;
            const float wanted = text_width(text) + px(2 * cell_padding);
            if (wanted > needed[column]) ask_frame_in(0);
            needed[column] = std::max(needed[column], wanted);
        }
        const Tone tone = data.tone ? data.tone(row, column) : Tone::normal;
        list.AddText({x + px(cell_padding), from.y + (target() - ImGui::GetFontSize()) / 2},
                     colour_of(palette, tone), slots.data(), slots.data() + slots.size());
        x += widths[column];
    }
    note(key, whole, whole, true, is_row_cut);
}

void Kit::table_head(std::string_view key, const TableData& data,
                     const std::vector<float>& widths) {
    const std::string name(key);
    const bool has_sorting = std::any_of(data.columns.begin(), data.columns.end(),
                                         [](const Column& column) { return column.sorts; });
    const float height = has_sorting ? target() : px(32);
    const Palette& palette = palette_of(theme_.kind);
    const ImVec2 from = ImGui::GetCursorScreenPos();
    float x = from.x + px(12);
    for (std::size_t i = 0; i < data.columns.size(); ++i) {
        if (widths[i] <= 0) continue;
        const Column& column = data.columns[i];
        const std::string column_key = name + ".column." + column.key;
        ImGui::SetCursorScreenPos({x, from.y});
        const bool is_sorted = column.sorts && column.key == data.sorted_by;
        bool pressed = false;
        if (column.sorts) {
            pressed = ImGui::InvisibleButton(column_key.c_str(), {widths[i], height});
            pressed = pressed || (ImGui::IsItemFocused() && key_went_down(ImGuiKey_Enter));
            if (ImGui::IsItemHovered()) {
                ImGui::GetWindowDrawList()->AddRectFilled(
                    ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), palette.hover, px(4));
            }
        } else {
            ImGui::Dummy({widths[i], height});
        }
        const std::string mark = std::string(!is_sorted           ? ""
                                             : data.is_descending ? downwards
                                                                  : upwards);
        bool is_cut = false;
        const std::string slots = fitting(shown(column.label + mark), widths[i] - px(10), is_cut);
        ImGui::GetWindowDrawList()->AddText(
            {x + px(8), from.y + (height - ImGui::GetFontSize()) / 2},
            is_sorted ? palette.accent : palette.quiet, slots.data(), slots.data() + slots.size());
        note(column_key, column.label, is_sorted ? (data.is_descending ? "down" : "up") : "",
             column.sorts, is_cut);
        x += widths[i];
        if (pressed && data.sort) data.sort(column.key);
    }
    ImGui::SetCursorScreenPos({from.x, from.y + height});
}

std::optional<std::size_t> Kit::table(std::string_view key, const TableData& data, float height) {
    std::optional<std::size_t> activated;
    const std::string name(key);
    const float bar = ImGui::GetStyle().ScrollbarSize + px(24);
    const auto widths = column_widths(name, data, width_left() - bar);
    table_head(key, data, widths);
    // A few rows are in sight even where that makes the screen longer than the window.
    const float room = height > 0 ? height : height_left() + height;
    begin_area(name, 0, std::max(room, rows_in_sight_min * target()));
    note_place(name, std::to_string(data.rows));
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(data.rows), target());
    while (clipper.Step()) {
        for (int row = clipper.DisplayStart; row < clipper.DisplayEnd; ++row) {
            table_row(data, static_cast<std::size_t>(row), widths, seen_[name].needed, activated);
        }
    }
    ImGui::PopStyleVar();
    end_area();
    return activated;
}

}  // namespace zf::ui
