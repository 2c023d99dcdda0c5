// Sealed bundles on a laptop: what to put in for the server or for another laptop, and taking over
// what either wrote. Knows no command line. For what a file holds see
// common/store/bundle_content.h.
#pragma once

#include <filesystem>
#include <optional>

#include "common/store/bundle_content.h"
#include "common/sync/laptop_stores.h"

namespace zf {

/// Writes a bundle with all that the receiver is not known to hold and may see: for the server when
/// no device is named. Errors: `not_found`, no such device; `not_allowed`, for this very laptop or
/// for one whose people may not read; `device_revoked`; `not_enrolled`, the bureau's entries were
/// never fetched; `internal`, the file cannot be written.
Result<BundleSummary> export_bundle(LaptopStores& stores, const std::filesystem::path& file,
                                    const std::optional<DeviceId>& receiver,
                                    const BundleProgress& progress = {});

/// Checks a bundle to its last byte, then takes it over in transactions, as a sync does: one that
/// is refused before has changed nothing, and importing one again, or what came by network too, has
/// no effect. `incoming` is a folder for sealed copies. Errors: those of verify_bundle;
/// `out_of_range` for one that goes on where this laptop has not got to, naming what is missing;
/// those of take_page; `fork`.
Result<BundleSummary> import_bundle(LaptopStores& stores, const std::filesystem::path& file,
                                    const std::filesystem::path& incoming,
                                    const BundleProgress& progress = {});

}  // namespace zf
