// Bundle files on a laptop, for the command line, batch and the window: where copies lie, and what
// is told on the way.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

#include "client/device_store.h"
#include "common/sync/bundle.h"

namespace zf {

/// Nothing: the server. Error: `wrong_type` for what is no device id.
Result<std::optional<DeviceId>> read_receiver(const std::optional<std::string>& hex);

/// Errors: `not_enrolled`; those of export_bundle.
Result<BundleSummary> write_bundle(DeviceStore& store, const std::filesystem::path& file,
                                   const std::optional<DeviceId>& receiver,
                                   const BundleProgress& progress = {});

/// Errors: `not_enrolled`; those of import_bundle.
Result<BundleSummary> read_bundle(DeviceStore& store, const std::filesystem::path& file,
                                  const BundleProgress& progress = {});

/// Says every so often how far a large file has come.
BundleProgress progress_to(std::ostream& messages);

}  // namespace zf
