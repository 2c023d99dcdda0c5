// interim until helper "window" brings the real one
#pragma once

#include <string>
#include <string_view>

namespace zf::ui {

inline std::string to_slots(std::string_view text) {
    return std::string(text);
}
inline std::string from_slots(std::string_view text) {
    return std::string(text);
}

}  // namespace zf::ui
