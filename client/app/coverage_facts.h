// Reads from a laptop's store what the coverage board counts: visits, disaster reports, building
// checks, hazards, enterprises, and drafts of these. Takes a while with many records: for a worker.
#pragma once

#include <filesystem>
#include <string>

#include "client/app/coverage.h"
#include "client/device_store.h"

namespace zf {

/// Voided and joined records are left out; values are those shown here.
CoverageFacts gather_coverage(DeviceStore& store);

/// Changes whenever records here may have changed; cheap to ask.
std::string store_stamp(DeviceStore& store);

/// What the bureau put into `home`/map/divisions.json; without it, or when it cannot be read, what
/// is part of the program.
Divisions divisions_of(const std::filesystem::path& home);

}  // namespace zf
