// What is on the screen as a file, for tests and other programs: format in docs/window.md.
#pragma once

#include <filesystem>
#include <string>

#include "client/ui/kit.h"

namespace zf::ui {

struct RegistryFacts {
    long frame = 0;
    std::string screen;
    int missing_characters = 0;  // that the font file cannot show
};

/// Replaces `file` as a whole: whoever reads it finds one frame, never half of it. A disk that
/// fails is passed over, since the next frame writes again.
void write_registry(const std::filesystem::path& file, const Kit& kit, const RegistryFacts& facts);

}  // namespace zf::ui
