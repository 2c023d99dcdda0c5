// `zoufang repair`, and what the program says when its folder turns out to be damaged.
#pragma once

#include <filesystem>
#include <iosfwd>

#include "common/base/env.h"
#include "common/base/error.h"
#include "common/db/db.h"

namespace zf {

/// Checks the folder, mends it, fetches what the server has of what is lost, and prints JSON:
/// found[], database_replaced, set_aside, salvaged{}, refetched{}, lost[], sync. Exit status 0 when
/// all is well now, 1 when something is lost or still to be fetched. Throws nothing but what
/// `run_client` catches.
int run_repair(const std::filesystem::path& home, Env& env, std::ostream& out,
               std::ostream& messages);

/// What a failing database means to a person, and the remedy.
Error error_of(const DbError& broken, const std::filesystem::path& home);

}  // namespace zf
