// The end of the demo on a display: the window of one of the case's laptops, with something begun
// in it, while the bureau's server goes on.
#pragma once

#include <string>

#include "common/codec/case_codec.h"
#include "packaging/replay/bureau.h"

namespace zf {

/// Whether there is a display to open a window on.
bool has_display();

/// Leaves a form half filled in on a laptop of the case, opens its window at Today, and waits until
/// it is closed; the window ends with this process, however that ends. Errors: `not_found` when
/// there is no laptop or no program; those of a store.
Result<void> show_window(Bureau& bureau, const CaseFile& file, const std::string& program);

}  // namespace zf
