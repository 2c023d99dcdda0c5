// How the window was asked for on the command line. Knows no window.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "common/model/form.h"

namespace zf {

struct WindowOrder {
    std::filesystem::path home;
    std::optional<std::string> user;
    std::string screen;                // empty: where the program was left
    std::optional<Language> language;  // else as it was set, or by the locale
    double scale = 0;                  // 0: as it was set, or as the desktop is
    std::string theme;                 // "light", "dark", "contrast"; empty: as it was set
    /// For tests: what is on the screen, written anew with every frame.
    std::filesystem::path registry;
    /// Where the clock starts, in UTC milliseconds: for demonstrations and pictures.
    std::optional<std::int64_t> at_ms;
    /// Writes there at the end how long the frames took, as JSON.
    std::filesystem::path measure;
    /// Writes a picture of the first settled frame there, as PNG, and ends.
    std::filesystem::path shot;
};

/// Opens the window and returns when it is closed, with the exit status.
using OpenWindow = std::function<int(const WindowOrder&)>;

/// Puts the options of the window ("--screen" and so on, by name) into `order`. What is wrong with
/// them; empty: nothing.
std::string read_window_options(const std::map<std::string, std::string>& options,
                                WindowOrder& order);

}  // namespace zf
