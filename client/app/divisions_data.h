// common/data/divisions-511923.json as it was when the program was built.
#pragma once

#include <string_view>

namespace zf {

std::string_view embedded_divisions();

}  // namespace zf
