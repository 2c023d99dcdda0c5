// A fresh central database out of the pages of a damaged one. Internal to server/repair.
#pragma once

#include <cstdint>
#include <filesystem>

#include "common/base/env.h"
#include "server/store/keys.h"

namespace zf {

struct SalvagedStore {
    std::int64_t entries = 0, changesets = 0, accounts = 0;
};

/// Reads `damaged`/central.db and the log beside it, and makes `fresh`/central.db, which begins a
/// new epoch under `keys`. Only what is signed is taken, and accounts' passwords. Errors:
/// `not_found`, `internal`.
Result<SalvagedStore> salvage_store(const std::filesystem::path& damaged,
                                    const std::filesystem::path& fresh, const ServerKeys& keys,
                                    Env& env);

}  // namespace zf
