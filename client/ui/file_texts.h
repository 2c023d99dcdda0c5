// How sizes and times of files are written on the screens.
#pragma once

#include <cstdint>
#include <string>

namespace zf::ui {

/// "3.4 MB", "380 KB", "12 B".
std::string size_text(std::int64_t bytes);
/// "2008-05-12 14:28" at the bureau; empty for 0.
std::string minute_text(std::int64_t unix_ms);

}  // namespace zf::ui
