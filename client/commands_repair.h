// `zoufang repair`: checks a laptop's folder, mends it and fetches the rest. Knows no damage
// itself: that is repair.h.
#pragma once

#include <filesystem>
#include <iosfwd>

#include "common/base/env.h"

namespace zf {

/// Checks the folder, mends it, fetches what the server has of what is lost, and prints JSON:
/// found[], database_replaced, set_aside, salvaged{}, refetched{}, lost[], sync. Exit status 0 when
/// all is well now, 1 when something is lost or still to be fetched. Throws nothing but what
/// `run_client` catches.
int run_repair(const std::filesystem::path& home, Env& env, std::ostream& out,
               std::ostream& messages);

}  // namespace zf
