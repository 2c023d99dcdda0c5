// Takes changesets that a device brought, by whatever road, into the central store. Knows no
// network.
#pragma once

#include <vector>

#include "common/codec/wire.h"
#include "server/store/central_store.h"

namespace zf {

/// Changesets of the asking device, or relayed ones of others: authenticated, fitted into their
/// chains, judged and appended in one transaction, whole or not at all; one that may not be applied
/// is parked, not refused. Takes the store's lock. Errors: those of authenticate and check_chains;
/// `fork`.
Result<PushAnswer> take_push(CentralStore& store, const DeviceId& asking,
                             std::vector<SignedChangeset> changesets);

/// The device's own changesets that are stored here without effect, as its answers tell it. The
/// store must be locked.
std::vector<NotApplied> not_applied_of(ChangeLog& log, const DeviceId& device);

}  // namespace zf
