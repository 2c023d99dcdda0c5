// How the window was asked for on the command line. Knows no window.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "common/model/form.h"

namespace zf {

struct WindowOrder {
    std::filesystem::path home;
    std::optional<std::string> user;
    std::string screen;                // empty: where the program was left
    std::optional<Language> language;  // else by the locale
    double scale = 0;                  // 0: as the desktop is set
    std::string theme;                 // "light", "dark", "contrast"; empty: light
    /// For tests: what is on the screen, written anew with every frame that changes it.
    std::filesystem::path registry;
    /// Writes a picture of the first settled frame there and ends.
    std::filesystem::path screenshot;
};

/// Opens the window and returns when it is closed, with the exit status.
using OpenWindow = std::function<int(const WindowOrder&)>;

}  // namespace zf
