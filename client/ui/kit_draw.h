// What the files of the kit share: text on its way into and out of ImGui, and small drawing. Only
// for client/ui/kit*.cpp.
#pragma once

#include <imgui.h>

#include <string>
#include <string_view>

#include "client/ui/text_boundary.h"

namespace zf::ui {

/// A text as ImGui gets it.
inline std::string shown(std::string_view text) {
    return to_slots(text);
}

inline ImVec2 size_of(const std::string& slots) {
    return ImGui::CalcTextSize(slots.data(), slots.data() + slots.size());
}

/// A text as ImGui gets it, with line ends where it would be wider than `width`.
std::string wrapped(std::string_view text, float width);

/// As much of the text as fits the width, with an ellipsis when that is not all of it.
std::string fitting(const std::string& slots, float width, bool& is_cut);

/// Arrow keys do something in the widget that calls this, they do not move the focus in this frame.
/// Kit::focus and with it Tab still do: to ImGui that is a request of the same kind (marked as
/// Tabbing), and whoever cancels every request keeps the keyboard for ever.
void keep_arrow_keys();

/// Whether a key of ImGui's own map went down in this frame, without repeats.
bool key_went_down(ImGuiKey key, bool with_ctrl = false);

}  // namespace zf::ui
