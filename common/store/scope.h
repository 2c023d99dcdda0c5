// Which records a reader may see: those of their areas and those that belong to no area.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace zf {

struct Scope {
    std::vector<std::string> areas;  // division codes; empty: the whole bureau

    [[nodiscard]] bool is_whole_bureau() const { return areas.empty(); }
    /// A division code is covered by itself and by every code that it begins with; an empty
    /// area (a record without a place) by everybody.
    [[nodiscard]] bool covers(std::string_view area) const {
        if (areas.empty() || area.empty()) return true;
        for (const std::string& own : areas) {
            if (area.starts_with(own)) return true;
        }
        return false;
    }
};

}  // namespace zf
