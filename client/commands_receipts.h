// `zoufang receipts`, `reconcile` and `purge`: what became of one's work, and making room.
#pragma once

#include <iosfwd>
#include <map>
#include <string>

#include "client/device_store.h"

namespace zf {

using ClientOptions = std::map<std::string, std::string>;  // flags have an empty value

/// What is wrong with the options of one of these commands, for the usage; empty when nothing is.
std::string mistake_in_receipts(const std::string& command, const ClientOptions& options);

/// The exit status, 1 when something is missing, with the answer written: JSON with `--json`, else
/// lines for people.
Result<int> run_receipts(DeviceStore& store, const ClientOptions& options, std::ostream& out);
Result<int> run_reconcile(DeviceStore& store, const ClientOptions& options, std::ostream& out);
Result<int> run_purge(DeviceStore& store, const ClientOptions& options, std::ostream& out);

}  // namespace zf
