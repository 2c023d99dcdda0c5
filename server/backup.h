// Copies of a data folder, made while a server runs on it, and the way back from one.
//
//   BACKUP/central.db, blobs/, keys/, tls/   as in a data folder
//   BACKUP/README.txt                        what this is and why it must be kept safe
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "common/base/result.h"
#include "server/store/central_store.h"

namespace zf {

struct BackupSummary {
    std::int64_t changesets = 0, blobs = 0;
    std::size_t bytes = 0;
};

/// Writes a whole, checked copy into `target`, which must be new or empty. The database is of one
/// instant; attachments are copied after it, so none that it names as arrived is left out.
/// Errors: `not_allowed` when something is in `target`; `internal`, `damaged`.
Result<BackupSummary> back_up(CentralStore& store, const std::filesystem::path& target);

struct RestoreSummary {
    std::string epoch;
    std::filesystem::path set_aside;  // where the former content of `data` lies; may be empty
};

/// Makes the data folder what the backup holds, as a new epoch with a new identity of the server:
/// laptops notice, and push again what came after the backup. What was in `data` is set aside
/// in it, never removed. Errors: `busy` while a server runs on `data`; `not_found`, `damaged` for
/// a backup that cannot be used, and `data` is left as it is then.
Result<RestoreSummary> restore(const std::filesystem::path& backup,
                               const std::filesystem::path& data, Env& env);

}  // namespace zf
