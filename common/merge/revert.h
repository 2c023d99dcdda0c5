// What takes changesets back: compensating ops for one record that show again what stood there
// without them. Pure; history stays as it is. Which changesets those are, and that a server writes
// the answer, is the caller's business. Meaning: docs/data-model.md.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "common/merge/edit.h"

namespace zf {

/// What is to be taken back from one record.
struct RevertScope {
    std::function<bool(const ChangesetRef&)> is_taken;
    /// Whether this author writes nothing but compensating values.
    std::function<bool(const DeviceId&)> is_server;
    /// A value that a server wrote anew counts as written by whoever wrote it first.
    bool through_copies = false;
    /// The place of the changeset that will carry the ops of `edit`, alone and in this order.
    ChangesetRef next;
};

struct PlannedRevert {
    PlannedEdit edit;  // without ops: nothing to write
    /// To be written next, on the document that `edit` leaves: voidings that saw what `edit`
    /// writes, which a changeset cannot say of its own ops. May be without ops.
    PlannedEdit voiding;
    std::vector<std::string> kept;  // fields in which others wrote on top; ascending
    bool voids = false;             // the record is voided as a whole
};

/// `history`: the changesets applied to `doc`, each after those that it names. A record that the
/// taken changesets created and nobody else wrote data to is voided for `reason`; otherwise each
/// field goes back to what it would be without them, except where others wrote on top. `form` may
/// be nullptr; the elements of a field that it does not know are then removed and added one by one.
PlannedRevert plan_revert(const Form* form, const RecordDoc& doc,
                          std::span<const Changeset> history, const RevertScope& scope,
                          const std::string& reason);

}  // namespace zf
