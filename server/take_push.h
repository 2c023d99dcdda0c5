// Takes changesets that a device brought, by whatever road, into the central store. Knows no
// network.
#pragma once

#include <set>
#include <span>
#include <vector>

#include "common/codec/wire.h"
#include "server/store/central_store.h"

namespace zf {

/// Changesets of the asking device, or relayed ones of others: authenticated, fitted into their
/// chains, judged and appended in one transaction, whole or not at all; one that may not be applied
/// is parked, not refused. Takes the store's lock. Errors: those of authenticate and check_chains;
/// `fork`. `once_applied`, indexes: another device's that a former server had applied. They are not
/// judged again, on what may have changed since, if this store has a former server at all.
Result<PushAnswer> take_push(CentralStore& store, const DeviceId& asking,
                             std::vector<SignedChangeset> changesets,
                             const std::set<std::size_t>& once_applied = {});

/// The two halves of it, for who looks at what comes of them. The first takes the store's lock; the
/// second is for a Transaction under it, and judges and appends in order: where a verdict depends
/// on the place of a record that the same batch brings, what comes before is appended first.
/// Returns how many were here already.
Result<std::vector<Arrival>> authenticate_push(CentralStore& store,
                                               std::vector<SignedChangeset> changesets);
Result<std::int64_t> append_judged(CentralStore& store, std::span<Arrival> arrivals);

/// The device's own changesets that are stored here without effect, as its answers tell it. The
/// store must be locked.
std::vector<NotApplied> not_applied_of(ChangeLog& log, const DeviceId& device);

}  // namespace zf
