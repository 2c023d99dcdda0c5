// The forms and indicators of common/data as they were when the program was built, so that one
// binary is enough to start a bureau.
#pragma once

#include <string_view>

namespace zf {

/// common/data/forms.json
std::string_view embedded_forms();
/// common/data/indicators.json
std::string_view embedded_indicators();

}  // namespace zf
