// Makes room on a laptop: attachments that the bureau has had for a while are put away, and come
// back when somebody asks for one. Nothing without a receipt is ever touched.
#pragma once

#include <cstdint>
#include <filesystem>

#include "client/device_store.h"

namespace zf {

struct PutAway {
    std::int64_t attachments = 0, bytes = 0;
    std::int64_t kept_younger = 0;          // the receipt is not that old
    std::int64_t kept_without_receipt = 0;  // the bureau is not known to have them
};

/// Puts away what the bureau has had for `days` days or more by its receipt; with `rehearses` only
/// says what that would be. What fails in the middle has put away what it told. Error: `internal`
/// when a file cannot be removed.
Result<PutAway> put_away_older(DeviceStore& store, std::int64_t days, bool rehearses);

/// Writes an attachment to a file; one that was put away is fetched from the bureau first. Returns
/// its bytes. Errors: `not_found`, `damaged`; `unreachable` when it was put away and nobody
/// answers: the next sync fetches it then.
Result<std::int64_t> copy_attachment(DeviceStore& store, const Hash256& hash,
                                     const std::filesystem::path& file);

}  // namespace zf
