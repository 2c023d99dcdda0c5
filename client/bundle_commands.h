// Bundle files for the command line and for batch: where copies lie, what is told on the way.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

#include "client/device_store.h"
#include "common/sync/bundle.h"

namespace zf {

/// `device`: hex id of the receiving laptop; nothing: the server. Errors: `wrong_type` for what is
/// no device id; those of export_bundle. Progress of large files goes to `messages`, if given.
Result<BundleSummary> write_bundle(DeviceStore& store, const std::filesystem::path& file,
                                   const std::optional<std::string>& device,
                                   std::ostream* messages = nullptr);

/// Errors: those of import_bundle.
Result<BundleSummary> read_bundle(DeviceStore& store, const std::filesystem::path& file,
                                  std::ostream* messages = nullptr);

}  // namespace zf
