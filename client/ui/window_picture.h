// What was drawn, as a PNG file. Needs the window's context to be current, before its buffers are
// swapped.
#pragma once

#include <filesystem>

#include "common/base/result.h"

namespace zf::ui {

/// Errors: `internal` when the file cannot be written.
Result<void> save_picture(const std::filesystem::path& file, int width, int height);

}  // namespace zf::ui
