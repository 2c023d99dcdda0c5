// The keyboard beyond single widgets: combinations that do something wherever one is, the way to
// the search box, and areas that are leafed through by keys.
#include <imgui_internal.h>

#include <algorithm>
#include <limits>
#include <string>

#include "client/ui/kit.h"
#include "client/ui/kit_draw.h"

namespace zf::ui {
namespace {

constexpr int first_function_key = 290;  // F1, as GLFW counts; letters and digits are as in ASCII
constexpr float page_share = 0.9F;       // of an area's height: a line or two stays in sight

struct MappedKey {
    std::string_view name;
    ImGuiKey key;
};
constexpr MappedKey mapped_keys[] = {{"Enter", ImGuiKey_Enter}, {"Escape", ImGuiKey_Escape}};

int index_of(std::string_view name) {
    for (const MappedKey& one : mapped_keys) {
        if (one.name == name) return ImGui::GetIO().KeyMap[one.key];
    }
    if (name.size() == 2 && name[0] == 'F') return first_function_key + (name[1] - '1');
    return name.size() == 1 ? name[0] : -1;
}

}  // namespace

bool Kit::shortcut(std::string_view combination) {
    const bool with_ctrl = combination.starts_with("Ctrl+");
    const int index = index_of(with_ctrl ? combination.substr(5) : combination);
    const ImGuiIO& io = ImGui::GetIO();
    if (index < 0 || io.KeyCtrl != with_ctrl || io.KeyAlt || io.KeyShift) return false;
    return top_layer_ == 0 && ImGui::IsKeyPressed(index, false);
}

bool Kit::focus_search() {
    for (const WidgetState& widget : former_) {
        if (!widget.is_search || !widget.enabled || widget.layer != 0) continue;
        focus(widget.key);
        return true;
    }
    return false;
}

void Kit::focus_found(std::string_view search) {
    const auto box =
        std::find_if(former_.begin(), former_.end(),
                     [search](const WidgetState& widget) { return widget.key == search; });
    const auto row = std::find_if(box, former_.end(), [&](const WidgetState& widget) {
        return widget.key.starts_with("row.") && widget.enabled && widget.layer == layer_;
    });
    // With nothing there the keyboard stays: whoever mistyped goes on typing.
    focus(row != former_.end() ? row->key : std::string(search));
}

void Kit::take_scroll_keys() {
    static constexpr std::array<ImGuiKey, 4> keys{ImGuiKey_PageUp, ImGuiKey_PageDown, ImGuiKey_Home,
                                                  ImGuiKey_End};
    ImGuiIO& io = ImGui::GetIO();
    const bool in_text = !text_active_.empty();
    // Rows and texts of several lines know what to do with them.
    const bool leaves_pages = focused_.starts_with("row.") || text_has_lines_;
    const bool leaves_ends = focused_.starts_with("row.") || in_text;
    scroll_ = Scroll::none;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (scroll_keys_[i] < 0) scroll_keys_[i] = io.KeyMap[keys[i]];
        const bool is_page = i < 2;
        const bool leaves = is_page ? leaves_pages : leaves_ends;
        io.KeyMap[keys[i]] = leaves ? scroll_keys_[i] : -1;
        if (!leaves && scroll_keys_[i] >= 0 && ImGui::IsKeyPressed(scroll_keys_[i], true)) {
            scroll_ = static_cast<Scroll>(i + 1);
        }
    }
}

void Kit::scroll_by_keys() {
    ImGuiWindow* window = ImGui::GetCurrentWindow();
    Area area = areas_.back();
    areas_.pop_back();
    if (window->ScrollMax.y <= 0 || layer_ != 0) return;
    const float size = window->Size.x * window->Size.y;
    const bool has_focus =
        std::any_of(widgets_.begin() + static_cast<std::ptrdiff_t>(area.first_widget),
                    widgets_.end(), [](const WidgetState& widget) { return widget.focused; });
    // The area with the keyboard, the innermost; else the largest one.
    const float rank = has_focus ? std::numeric_limits<float>::max() - size : size;
    if (rank > scroll_rank_) {
        scroll_rank_ = rank;
        scroll_area_next_ = window->ID;
    }
    if (scroll_ == Scroll::none || window->ID != scroll_area_) return;
    const float page = window->InnerRect.GetHeight() * page_share;
    float to = window->Scroll.y;
    if (scroll_ == Scroll::page_up) to -= page;
    if (scroll_ == Scroll::page_down) to += page;
    if (scroll_ == Scroll::home) to = 0;
    if (scroll_ == Scroll::end) to = window->ScrollMax.y;
    ImGui::SetScrollY(std::clamp(to, 0.0F, window->ScrollMax.y));
    ask_frame_in(0);
}

}  // namespace zf::ui
