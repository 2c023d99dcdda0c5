// Which areas a device's people may read together. Used wherever records leave a store for a
// device: the server's answers, bundles of a server and of a laptop.
#pragma once

#include <optional>

#include "common/store/bureau_log.h"
#include "common/store/scope.h"

namespace zf {

/// Whether this person may read records at all: an administrator and a disabled account may not.
bool may_read_records(const User& user);

/// The areas of those people of the device who may read records. Nothing: nobody may.
std::optional<Scope> reader_scope(BureauLog& bureau, const Device& device);

}  // namespace zf
