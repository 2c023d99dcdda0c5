// One window for a data folder: two would show each other's drafts as their own. Knows files only.
#pragma once

#include <filesystem>

#include "common/base/result.h"

namespace zf {

class SingleInstance {
public:
    /// Held until it is destroyed, or the program ends in whatever way. Errors: `not_allowed` when
    /// another window has the folder; `internal`.
    static Result<SingleInstance> take(const std::filesystem::path& home);
    ~SingleInstance();
    SingleInstance(SingleInstance&& other) noexcept;
    SingleInstance& operator=(SingleInstance&&) = delete;

private:
    explicit SingleInstance(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

}  // namespace zf
