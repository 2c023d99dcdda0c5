// Author: makes this device's next changeset (seq, previous hash, clock, signature) and appends
// it. The one place where changesets are born; laptops use it for saves, the server for reviews.
#pragma once

#include <string>
#include <vector>

#include "common/base/env.h"
#include "common/base/sign.h"
#include "common/merge/edit.h"
#include "common/store/change_log.h"

namespace zf {

/// The ops for one record: `opened` is the document that the author saw (id and form set, the
/// rest empty for a new record).
struct RecordEdit {
    const RecordDoc* opened = nullptr;
    std::int64_t form_version = 1;
    PlannedEdit edit;
};

class Author {
public:
    Author(ChangeLog& log, const KeyPair& key, Env& env);

    /// Follows the key, which a laptop may have to change.
    [[nodiscard]] DeviceId device() const { return device_id_of(key_.public_key()); }

    /// Signs and appends one changeset inside the caller's transaction. Precondition: at least
    /// one op. The hlc is the greatest of the wall clock and what was seen, one step further.
    /// Returns the changeset as appended.
    Result<Changeset> write(const std::string& user, const std::vector<RecordEdit>& edits);

    /// Takes note of a received clock, unless it leads the wall clock by over 5 minutes.
    void saw(const Hlc& hlc);

private:
    ChangeLog& log_;
    const KeyPair& key_;
    Env& env_;
};

}  // namespace zf
