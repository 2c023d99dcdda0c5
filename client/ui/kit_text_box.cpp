// Boxes for text: the edit buffer holds slots, the value never does.
#include <imgui_internal.h>

#include <algorithm>

#include "client/ui/kit.h"
#include "client/ui/kit_draw.h"

namespace zf::ui {
namespace {

struct BoxInHand {
    std::string buffer;
    bool goes_to_end = false;  // the caret, in this frame
    bool is_there = false;
};

/// ImGui asks for room before it writes, and where the caret is to be.
int attend(ImGuiInputTextCallbackData* data) {
    auto& box = *static_cast<BoxInHand*>(data->UserData);
    if (data->EventFlag == ImGuiInputTextFlags_CallbackResize) {
        box.buffer.resize(static_cast<std::size_t>(data->BufTextLen));
        data->Buf = box.buffer.data();
    } else if (box.goes_to_end) {
        data->ClearSelection();
        data->CursorPos = data->BufTextLen;
        box.is_there = true;
    }
    return 0;
}

}  // namespace

std::string Kit::clipboard() const {
    const char* slots = ImGui::GetClipboardText();
    return slots ? from_slots(slots) : "";
}

std::optional<std::string> Kit::pasted() const {
    const bool is_pasting =
        text_active_.empty() && layer_ == top_layer_ && key_went_down(ImGuiKey_V, true);
    return is_pasting ? std::optional(clipboard()) : std::nullopt;
}

Edited Kit::text_box(std::string_view key, std::string_view text, std::string& value,
                     const TextOptions& options) {
    const std::string id = std::string(key) + "##box";
    const std::string hint = shown(options.hint);
    BoxInHand box{to_slots(value)};
    std::string& buffer = box.buffer;
    const float width = options.width < 0 ? width_left() : options.width;
    ImGuiInputTextFlags flags = ImGuiInputTextFlags_CallbackResize |
                                ImGuiInputTextFlags_CallbackAlways |
                                (options.secret ? ImGuiInputTextFlags_Password : 0);
    Edited edited;
    if (focus_wanted_ == key && options.enabled) {
        ImGui::SetKeyboardFocusHere();
        focus_wanted_.clear();
        // A text of several lines is written on; another is written anew, when Tab leads there.
        if (options.lines > 1) continues_in_ = key;
    }
    box.goes_to_end = continues_in_ == key;
    ImGui::BeginDisabled(!options.enabled);
    if (options.lines > 1) {
        // Enter makes a line here; Ctrl+Enter goes on.
        const float height =
            std::max(target(), static_cast<float>(options.lines) * ImGui::GetTextLineHeight() +
                                   2 * ImGui::GetStyle().FramePadding.y);
        ImGui::InputTextMultiline(("##" + id).c_str(), buffer.data(), buffer.capacity() + 1,
                                  {width, height}, flags, attend, &box);
        edited.entered = ImGui::IsItemDeactivated() && key_went_down(ImGuiKey_Enter, true);
    } else {
        ImGui::SetNextItemWidth(width);
        edited.entered = ImGui::InputTextWithHint(
            ("##" + id).c_str(), hint.c_str(), buffer.data(), buffer.capacity() + 1,
            flags | ImGuiInputTextFlags_EnterReturnsTrue, attend, &box);
    }
    if (box.is_there) continues_in_.clear();
    edited.left = ImGui::IsItemDeactivated();
    const bool is_active = ImGui::IsItemActive();
    if (is_active) {
        text_active_ = key;
        text_has_lines_ = options.lines > 1;
    }
    const std::string typed = from_slots(buffer.c_str());
    if (options.enabled && typed != value) {
        value = typed;
        edited.changed = true;
    }
    note(key, text, options.secret ? std::string(value.size(), '*') : value);
    widgets_.back().is_search = options.search;
    ImGui::EndDisabled();
    // A caret blinks for a while after the last key, then stands: who left for lunch with the form
    // open does not find the battery empty.
    if (is_active && caret_blinks()) ask_frame_in(0.5);
    if (edited.entered && !options.search) move_focus(1);
    const bool goes_down = is_active && options.lines == 1 && key_went_down(ImGuiKey_DownArrow);
    if (options.search && (edited.entered || goes_down)) focus_found(key);
    return edited;
}

}  // namespace zf::ui
