// Reads from a laptop's store what the coverage board counts: visits, disaster reports, building
// checks, hazards, enterprises, and drafts of these. Takes a while with many records: for a worker.
#pragma once

#include <optional>
#include <string>

#include "client/app/coverage.h"
#include "client/device_store.h"

namespace zf {

/// Voided and joined records are left out; values are those shown here.
CoverageFacts gather_coverage(DeviceStore& store, const Date& today);

/// Changes whenever records here may have changed; cheap to ask.
std::string store_stamp(DeviceStore& store);

/// The day from which somebody chose to count, kept with this laptop.
std::optional<Date> remembered_since(DeviceStore& store);
void remember_since(DeviceStore& store, const Date& since);

}  // namespace zf
