// Notices whether the last run of the window came to its end: a file beside the database that is
// there while it runs. Knows files only. Whoever makes one holds the folder alone.
#pragma once

#include <filesystem>

namespace zf {

class RunMarker {
public:
    explicit RunMarker(const std::filesystem::path& home);
    /// A proper end.
    ~RunMarker();
    RunMarker(const RunMarker&) = delete;
    RunMarker& operator=(const RunMarker&) = delete;

    /// The run before this one was killed, or lost its power.
    [[nodiscard]] bool former_was_cut_off() const { return former_was_cut_off_; }

private:
    std::filesystem::path file_;
    bool former_was_cut_off_;
};

}  // namespace zf
