// Whether pushed changesets continue the chains that the server holds. Knows no rights and no
// content.
#pragma once

#include <vector>

#include "common/store/change_log.h"

namespace zf {

/// A changeset must be the next one of its device's chain and name the hash of the one before.
/// What is stored already is left to ChangeLog::append, which compares it. Chains of other devices
/// than the asking one are relayed after the server has lost something; they may have gaps, since
/// whoever relays them may not see everything, and what fills a gap must fit both its neighbours.
/// Errors, where = "changesets[i]": `malformed` for a gap in the asking device's own chain; `fork`
/// for another history.
Result<void> check_chains(ChangeLog& log, const DeviceId& asking,
                          const std::vector<Arrival>& arrivals);

}  // namespace zf
