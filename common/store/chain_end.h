// Tells a device's row where its chain ends, after rows of it were taken away. Internal to
// common/store.
#pragma once

#include <cstdint>

#include "common/base/ids.h"
#include "common/db/db.h"

namespace zf {

/// Without a gap the chain now goes to `complete_seq` at most; up to `delivered_seq` all that its
/// reader may see is here. What stands later stays the head.
void end_chain(Db& db, const DeviceId& device, std::int64_t complete_seq,
               std::int64_t delivered_seq);

}  // namespace zf
