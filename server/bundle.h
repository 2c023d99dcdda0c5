// Sealed bundles on the server: what to put in for a laptop, and taking over what a laptop wrote,
// through the same door as a push. Knows no command line. For what a file holds see
// common/store/bundle_content.h.
#pragma once

#include <filesystem>

#include "common/store/bundle_content.h"
#include "server/store/central_store.h"

namespace zf {

/// Writes what a laptop lacks, as far as it has told by the bundles that it sent here; everything
/// in its areas when it has sent none. Errors: `not_found`, no such device; `device_revoked`;
/// `not_allowed`, nobody who may read is enrolled on it; `internal`, the file cannot be written.
Result<BundleSummary> export_bundle(CentralStore& store, const std::filesystem::path& file,
                                    const DeviceId& receiver, const BundleProgress& progress = {});

/// Checks a bundle to its last byte, then takes it over page by page, as pushes; one that is
/// refused before has changed nothing, and importing one again, or what came by network too, has no
/// effect. Errors: those of verify_bundle; `out_of_range` for one that comes before its
/// predecessor, naming what is missing; those of take_push for the sender's own changesets. What it
/// relays of others and cannot be taken is left out and told.
Result<BundleSummary> import_bundle(CentralStore& store, const std::filesystem::path& file,
                                    const BundleProgress& progress = {});

}  // namespace zf
