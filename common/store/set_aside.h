// Changesets that another history of their device has taken the place of: the device's folder was
// copied, this laptop had one copy's work from a bundle or from a server that was restored since,
// and the server holds the other's. The server's is in force; these are kept for people to look at
// and have no effect. Their author's laptop sends them again under a new name.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "common/store/change_log.h"

namespace zf {

/// Inside a Transaction of the caller, before `arrivals` of the server are appended: where one of
/// them stands at a taken place, all that is here of that device from there on and did not come
/// from the server is set aside, and the log is derived anew. Changesets of `own` are left alone.
/// Returns how many were set aside.
std::int64_t set_aside_variants(ChangeLog& log, std::span<const Arrival> arrivals,
                                const DeviceId& own, std::int64_t now_ms);

/// After they were appended: what was let through because it names a changeset that was set aside
/// is put in its order when the one in force arrives.
void take_place_of_variants(ChangeLog& log, std::span<const Arrival> arrivals);

/// Those that are not in the log meanwhile, by device and seq.
std::vector<SignedChangeset> changesets_set_aside(Db& db);

}  // namespace zf
