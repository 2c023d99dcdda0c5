// What is on the screen, and how fast, as files, for tests and other programs: format in
// docs/window.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "client/ui/kit.h"

namespace zf::ui {

struct RegistryFacts {
    long frame = 0;
    std::string screen;
    int missing_characters = 0;  // that no font here can show
};

/// Replaces `file` as a whole: whoever reads it finds one frame, never half of it. A disk that
/// fails is passed over, since the next frame writes again.
void write_registry(const std::filesystem::path& file, const Kit& kit, const RegistryFacts& facts);

/// How long the first frame took from the start of the program, and each frame by itself.
void write_frame_times(const std::filesystem::path& file, std::int64_t first_frame_ms,
                       const std::vector<std::int64_t>& frames_us);

}  // namespace zf::ui
