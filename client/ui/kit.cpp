#include "client/ui/kit.h"

#include <imgui_internal.h>

#include <algorithm>
#include <functional>

#include "client/ui/kit_draw.h"

namespace zf::ui {
namespace {

constexpr double toast_seconds = 6;
constexpr float line_width_max = 1280;  // beyond it the eye loses the line
constexpr double blinks_for_s = 10;     // a caret, after the last input
constexpr int focus_frames_max = 3;     // what was asked for and is not drawn by then is gone

/// The widgets that Tab stops at once for all of them: the rows of a table, tabs, options.
std::string_view group_of(const WidgetState& widget) {
    return widget.key.starts_with("row.") ? std::string_view("row.") : widget.one_of;
}

/// At which of them.
int stop_rank(const WidgetState& widget) {
    return widget.focused ? 2 : widget.value == "true" ? 1 : 0;
}

/// Whether a key, a letter or the pointer did something.
bool is_used(const ImGuiIO& io) {
    const auto is_down = [](bool down) { return down; };
    return io.InputQueueCharacters.Size > 0 || io.MouseDelta.x != 0 || io.MouseDelta.y != 0 ||
           std::any_of(std::begin(io.KeysDown), std::end(io.KeysDown), is_down) ||
           std::any_of(std::begin(io.MouseDown), std::end(io.MouseDown), is_down);
}

}  // namespace

std::string fitting(const std::string& slots, float width, bool& is_cut) {
    is_cut = size_of(slots).x > width + 0.5F;
    if (!is_cut) return slots;
    const std::string dots = "...";
    const float room = width - size_of(dots).x;
    const char* end = nullptr;
    ImGui::GetFont()->CalcTextSizeA(ImGui::GetFontSize(), std::max(room, 0.0F), 0, slots.data(),
                                    slots.data() + slots.size(), &end);
    return slots.substr(0, static_cast<std::size_t>(end - slots.data())) + dots;
}

void keep_arrow_keys() {
    const ImGuiNavMoveFlags wish = ImGui::GetCurrentContext()->NavMoveFlags;
    if ((wish & ImGuiNavMoveFlags_Tabbing) == 0) ImGui::NavMoveRequestCancel();
}

bool key_went_down(ImGuiKey key, bool with_ctrl) {
    const int index = ImGui::GetIO().KeyMap[key];
    return index >= 0 && ImGui::GetIO().KeyCtrl == with_ctrl && ImGui::IsKeyPressed(index, false);
}

Kit::Kit(Messages& messages, Theme theme) : messages_(&messages) {
    ImGuiIO& io = ImGui::GetIO();
    io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
    io.ConfigWindowsMoveFromTitleBarOnly = true;
    set_theme(theme);
}

void Kit::set_theme(Theme theme) {
    theme_ = theme;
    theme_.scale = std::clamp(theme.scale, scale_min, scale_max);
    apply_theme(theme_);
}

double Kit::now() const {
    return ImGui::GetTime();
}

bool Kit::is_pressing() const {
    return ImGui::IsMouseDown(ImGuiMouseButton_Left);
}

void Kit::ask_frame_in(double seconds) {
    next_frame_in_ = next_frame_in_ ? std::min(*next_frame_in_, seconds) : seconds;
}

const WidgetState* Kit::find(std::string_view key) const {
    // The latest of that key: what lies above hides what lies below.
    for (auto widget = widgets_.rbegin(); widget != widgets_.rend(); ++widget) {
        if (widget->key == key) return &*widget;
    }
    return nullptr;
}

bool Kit::caret_blinks() const {
    return now() - used_at_ < blinks_for_s;
}

void Kit::begin_frame() {
    former_.swap(widgets_);
    widgets_.clear();
    former_tab_begins_ = std::exchange(tab_begins_, 0);
    next_frame_in_.reset();
    layer_ = 0;
    ImGuiIO& io = ImGui::GetIO();
    // ImGui's own Tab passes over buttons, and its Escape throws away what was typed.
    if (io.KeyMap[ImGuiKey_Tab] >= 0) tab_key_ = std::exchange(io.KeyMap[ImGuiKey_Tab], -1);
    if (io.KeyMap[ImGuiKey_Escape] >= 0) {
        escape_key_ = std::exchange(io.KeyMap[ImGuiKey_Escape], -1);
    }
    if (is_used(io)) used_at_ = now();
    io.ConfigInputTextCursorBlink = caret_blinks();
    escape_ = escape_key_ >= 0 && ImGui::IsKeyPressed(escape_key_, false);
    if (escape_ && !list_.key.empty()) {
        list_.is_closing = true;
        escape_ = false;
    } else if (escape_ && !text_active_.empty()) {
        ImGui::ClearActiveID();
        escape_ = false;
    }
    if (tab_key_ >= 0 && ImGui::IsKeyPressed(tab_key_, false)) move_focus(io.KeyShift ? -1 : 1);
    take_scroll_keys();
    text_active_.clear();
    text_has_lines_ = false;
    scroll_area_ = std::exchange(scroll_area_next_, 0);
    scroll_rank_ = 0;
    // A box is as high as a target, whatever font there is.
    ImGui::GetStyle().FramePadding.y = std::max((target() - ImGui::GetFontSize()) / 2, 0.0F);
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(io.DisplaySize);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
    ImGui::Begin("screen", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                     ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBringToFrontOnFocus |
                     ImGuiWindowFlags_NoScrollWithMouse);
    ImGui::PopStyleVar(2);
}

void Kit::end_frame() {
    ImGui::End();
    draw_toasts();
    top_layer_ = 0;
    focused_.clear();
    for (const WidgetState& widget : widgets_) {
        if (widget.focused) focused_ = widget.key;
        top_layer_ = std::max(top_layer_, widget.layer);
    }
    if (!focus_wanted_.empty()) {
        ask_frame_in(0);
        if (++focus_frames_ > focus_frames_max) focus_wanted_.clear();
    }
}

void Kit::focus(std::string key) {
    focus_wanted_ = std::move(key);
    focus_frames_ = 0;
    continues_in_.clear();
}

void Kit::let_go_of_focus() {
    focus_wanted_.clear();
    ImGui::ClearActiveID();
    ImGui::GetCurrentContext()->NavId = 0;
}

void Kit::continue_in(std::string key) {
    focus(key);
    continues_in_ = std::move(key);
}

void Kit::move_focus(int step) {
    std::vector<const WidgetState*> stops;
    int top = 0;
    for (const WidgetState& widget : former_) top = std::max(top, widget.layer);
    for (const WidgetState& widget : former_) {
        if (!widget.is_target || !widget.enabled || widget.layer != top) continue;
        if (!widget.tab_stop && !widget.focused) continue;
        const std::string_view group = group_of(widget);
        if (group.empty() || stops.empty() || group_of(*stops.back()) != group) {
            stops.push_back(&widget);
        } else if (stop_rank(widget) > stop_rank(*stops.back())) {
            stops.back() = &widget;
        }
    }
    if (stops.empty()) return;
    const auto at = std::find_if(stops.begin(), stops.end(),
                                 [](const WidgetState* widget) { return widget->focused; });
    const auto count = static_cast<std::ptrdiff_t>(stops.size());
    std::ptrdiff_t next = step > 0 ? 0 : count - 1;
    if (at != stops.end()) {
        next = (at - stops.begin() + step + count) % count;
    } else if (step > 0 && top == 0) {
        const WidgetState* begin = former_.data() + std::min(former_tab_begins_, former_.size());
        const auto first = std::find_if(stops.begin(), stops.end(), [begin](const WidgetState* w) {
            return !std::less<>()(w, begin);
        });
        if (first != stops.end()) next = first - stops.begin();
    }
    focus(stops[static_cast<std::size_t>(next)]->key);
}

void Kit::note(std::string_view key, std::string_view text, std::string_view value, bool is_target,
               bool is_cut) {
    const ImGuiContext& context = *ImGui::GetCurrentContext();
    const ImVec2 from = ImGui::GetItemRectMin(), size = ImGui::GetItemRectSize();
    WidgetState state;
    state.key = key;
    state.rect = {from.x, from.y, size.x, size.y};
    state.value = value;
    state.label = text;
    state.enabled = (context.LastItemData.InFlags & ImGuiItemFlags_Disabled) == 0;
    state.is_target = is_target;
    state.is_cut = is_cut;
    state.visible = ImGui::IsItemVisible();
    state.layer = layer_;
    const bool is_active = ImGui::IsItemActive();
    state.focused = is_target && (ImGui::IsItemFocused() || is_active);
    if (is_target && state.enabled && focus_wanted_ == key) {
        ImGui::SetKeyboardFocusHere(-1);
        focus_wanted_.clear();
    }
    if (reveal_wanted_ == key) {
        ImGui::SetScrollHereY(0.3F);
        reveal_wanted_.clear();
        ask_frame_in(0);
    }
    if (state.focused && (is_active || !context.NavDisableHighlight)) {
        const float gap = px(2);
        ImGui::GetWindowDrawList()->AddRect({from.x - gap, from.y - gap},
                                            {from.x + size.x + gap, from.y + size.y + gap},
                                            palette_of(theme_.kind).accent, px(6), 0, px(3));
    }
    widgets_.push_back(std::move(state));
}

void Kit::note_place(std::string_view key, std::string_view value) {
    const ImVec2 from = ImGui::GetWindowPos(), size = ImGui::GetWindowSize();
    WidgetState state;
    state.key = key;
    state.rect = {from.x, from.y, size.x, size.y};
    state.value = value;
    state.is_target = false;
    state.layer = layer_;
    widgets_.push_back(std::move(state));
}

float Kit::width_left() const {
    return ImGui::GetContentRegionAvail().x;
}

float Kit::line_width() const {
    return std::min(width_left(), px(line_width_max));
}

float Kit::height_left() const {
    return ImGui::GetContentRegionAvail().y;
}

float Kit::text_width(std::string_view text) const {
    return size_of(shown(text)).x;
}

void Kit::same_line(float gap) {
    ImGui::SameLine(0, gap);
}

void Kit::space(float at_scale_1) {
    ImGui::Dummy({1, px(at_scale_1)});
}

void Kit::line() {
    ImGui::Separator();
}

void Kit::go_to_column(float x) {
    ImGui::SetCursorPosX(x);
}

void Kit::begin_group() {
    ImGui::BeginGroup();
}

void Kit::end_group(std::string_view key, std::string_view text, std::string_view value) {
    ImGui::EndGroup();
    note(key, text, value, false);
}

void Kit::indent(float by) {
    if (by < 0) {
        ImGui::Unindent(-by);
    } else {
        ImGui::Indent(by);
    }
}

void Kit::begin_area(std::string_view key, float width, float height, bool panel) {
    const std::string id(key);
    const Palette& palette = palette_of(theme_.kind);
    ImGui::PushStyleColor(ImGuiCol_ChildBg, panel ? palette.panel : 0);
    // Padding is asked for by AlwaysUseWindowPadding, so that a focus ring at the edge is not cut.
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(12), px(12)});
    ImGui::BeginChild(id.c_str(), {width, height}, false, ImGuiWindowFlags_AlwaysUseWindowPadding);
    areas_.push_back({widgets_.size()});
    ImGui::PopStyleVar();
    ImGui::PopStyleColor();
}

void Kit::end_area() {
    drag_to_scroll();
    scroll_by_keys();
    ImGui::EndChild();
}

void Kit::drag_to_scroll() {
    ImGuiContext& context = *ImGui::GetCurrentContext();
    ImGuiWindow* window = context.CurrentWindow;
    const bool is_inside =
        window->InnerRect.Contains(context.IO.MouseClickedPos[ImGuiMouseButton_Left]);
    const bool can_scroll = window->ScrollMax.y > 0;
    const bool drags = ImGui::IsMouseDragging(ImGuiMouseButton_Left, px(12));
    if (!drags && dragged_ == window) dragged_ = nullptr;
    // A text box keeps the drag: it marks text there. So does the scroll bar.
    const bool is_free = text_active_.empty() &&
                         context.ActiveId != ImGui::GetWindowScrollbarID(window, ImGuiAxis_Y);
    if (!drags || !can_scroll || !is_inside || !is_free || layer_ != top_layer_) return;
    if (!dragged_ && std::abs(context.IO.MousePos.y -
                              context.IO.MouseClickedPos[ImGuiMouseButton_Left].y) >= px(12)) {
        // The innermost area, which ends first, takes it; what was pressed there is let go.
        dragged_ = window;
        ImGui::ClearActiveID();
    }
    if (dragged_ == window) ImGui::SetScrollY(window->Scroll.y - context.IO.MouseDelta.y);
}

void Kit::heading(std::string_view key, std::string_view text) {
    to_slots(text, TextSize::heading);  // drawn by then
    const ImVector<ImFont*>& fonts = ImGui::GetIO().Fonts->Fonts;
    const bool has_own = fonts.Size > 1;  // tests have one font
    if (has_own) ImGui::PushFont(fonts[1]);
    if (!has_own) ImGui::SetWindowFontScale(heading_share);
    label(key, text);
    if (has_own) ImGui::PopFont();
    if (!has_own) ImGui::SetWindowFontScale(1);
}

void Kit::label(std::string_view key, std::string_view text, Tone tone, float width) {
    const float room = width > 0 ? width : width_left();
    const std::string slots = wrapped(text, room);
    ImGui::PushStyleColor(ImGuiCol_Text, colour_of(palette_of(theme_.kind), tone));
    ImGui::TextUnformatted(slots.data(), slots.data() + slots.size());
    ImGui::PopStyleColor();
    note(key, text, text, false, ImGui::GetItemRectSize().x > room + 1);
}

void Kit::align_to_box() {
    ImGui::AlignTextToFramePadding();
}

void Kit::line_label(std::string_view key, std::string_view text, Tone tone, float width,
                     bool may_cut) {
    bool is_cut = false;
    const std::string slots = fitting(shown(text), width, is_cut);
    ImGui::PushStyleColor(ImGuiCol_Text, colour_of(palette_of(theme_.kind), tone));
    ImGui::TextUnformatted(slots.data(), slots.data() + slots.size());
    ImGui::PopStyleColor();
    note(key, text, text, false, is_cut && !may_cut);
}

void Kit::toast(std::string text, Tone tone) {
    toasts_.push_back({std::move(text), tone, now() + toast_seconds});
}

void Kit::draw_toasts() {
    std::erase_if(toasts_, [this](const Toast& toast) { return toast.until <= now(); });
    float bottom = ImGui::GetIO().DisplaySize.y - px(64);
    for (std::size_t i = toasts_.size(); i-- > 0;) {
        ask_frame_in(toasts_[i].until - now());
        const std::string key = "toast." + std::to_string(i);
        ImGui::SetNextWindowPos({ImGui::GetIO().DisplaySize.x / 2, bottom}, ImGuiCond_Always,
                                {0.5F, 1});
        ImGui::SetNextWindowSizeConstraints({px(200), 0}, {px(900), px(200)});
        ImGui::PushStyleColor(ImGuiCol_WindowBg, palette_of(theme_.kind).panel);
        ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, px(2));
        ImGui::Begin(key.c_str(), nullptr,
                     ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoInputs |
                         ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_AlwaysAutoResize |
                         ImGuiWindowFlags_NoFocusOnAppearing | ImGuiWindowFlags_NoNav);
        label(key, toasts_[i].text, toasts_[i].tone, px(840));
        bottom -= ImGui::GetWindowHeight() + px(8);
        ImGui::End();
        ImGui::PopStyleVar();
        ImGui::PopStyleColor();
    }
}

}  // namespace zf::ui
