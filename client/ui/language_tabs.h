// The choice of a language, each named in itself: whoever cannot read the one in force finds his.
#pragma once

#include "client/app/settings.h"
#include "client/ui/kit.h"

namespace zf::ui {

/// When another one was chosen: whether `settings` could write it. It holds for this run anyway.
std::optional<Result<void>> language_tabs(Kit& kit, Settings& settings, std::string_view key);

}  // namespace zf::ui
