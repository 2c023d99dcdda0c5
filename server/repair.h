// Mends a server's damaged data folder while no server runs on it: derived tables are derived anew;
// a database whose log or file is damaged is replaced by a fresh one of all that can be read in its
// pages, as a new epoch, so that laptops bring what it lacks; damaged attachments are set aside and
// asked for again.
//
//   DATA/before-repair-<uuid>/   what was replaced, kept as it was
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "server/verify.h"

namespace zf {

struct ServerRepair {
    std::vector<Discrepancy> found;
    bool derived_anew = false;
    bool store_replaced = false;
    std::int64_t entries = 0, changesets = 0, accounts = 0;  // salvaged
    std::int64_t blobs_reopened = 0;                         // laptops send them again
    std::filesystem::path set_aside;                         // may be empty
};

/// Errors: `busy` while a server runs; `not_found`; `damaged` when the keys cannot be read.
Result<ServerRepair> repair_server(const std::filesystem::path& data, Env& env);

}  // namespace zf
