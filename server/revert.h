// Undo of a device: takes back what one laptop wrote, by changesets of the server that show again
// what stood there before; and takes such a batch back in its turn. Nothing is removed from the
// log. Takes the store's lock. What goes where: common/merge/revert.h.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/base/result.h"
#include "server/store/central_store.h"

namespace zf {

struct RevertRequest {
    std::string by;      // the supervisor who answers for it
    std::string reason;  // for people; may be empty
    bool rehearse = false;
};

struct RevertOutcome {
    std::string batch;  // names what was written; empty: nothing was
    std::int64_t records = 0, values = 0;
    std::vector<std::pair<Uuid, std::string>> kept;  // record and field; others wrote on top
    std::vector<Uuid> voided;
    std::int64_t waiting = 0;  // changesets of the device that are held or parked: not in here
};

/// Takes back every applied changeset of `device` from `since` on, one changeset per record, all
/// of them or none. A second time writes nothing. Errors: `not_found` for an unknown device or
/// account; `not_allowed` unless `by` is a section head or leader for every record's area;
/// `too_large` when one record needs more than a changeset holds.
Result<RevertOutcome> revert_device(CentralStore& store, const DeviceId& device, std::int64_t since,
                                    const RevertRequest& request);

/// Takes back what is still live of a batch, also of one that took a batch back. Errors as above;
/// `malformed` or `not_found` when there is no such batch.
Result<RevertOutcome> unrevert_batch(CentralStore& store, const std::string& batch,
                                     const RevertRequest& request);

}  // namespace zf
