// The program with its window, from opening the data folder to closing. The one place that puts
// window, kit, shell and screens together.
#pragma once

#include "client/window_order.h"

namespace zf::ui {

/// Returns the exit status; messages about what cannot be opened go to standard error. Throws
/// DbError when the folder's disk fails.
int run_window(const WindowOrder& order);

}  // namespace zf::ui
