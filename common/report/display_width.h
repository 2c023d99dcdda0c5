// How wide a text stands on a terminal, where Chinese characters take two columns.
#pragma once

#include <string_view>

namespace zf {

/// Columns of valid UTF-8: 2 for wide and full-width characters, 0 for combining marks, 1 for
/// all others, ambiguous ones like the dash included (Unicode Standard Annex 11).
int display_width(std::string_view text);

}  // namespace zf
