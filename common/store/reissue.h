// Writes a laptop's own changesets once more under another identity of the same laptop: those
// that the server does not hold under the former one, because the folder was copied or put back
// from a backup. Same people, times, values; new places in a new chain, signed anew. Knows no
// network and no files.
#pragma once

#include <cstdint>
#include <vector>

#include "common/base/sign.h"
#include "common/merge/moved.h"
#include "common/store/change_log.h"

namespace zf {

/// A former identity, the last of its changesets that stays under it, and the last one that this
/// laptop wrote under it: what came later under that name is another copy's.
struct ForkPoint {
    DeviceId former;
    std::int64_t seq = 0;
    std::int64_t own_seq = 0;
};

/// What was written after the fork points moves to the end of the chain of `key`, in the order of
/// the list, and the log is derived anew. Returns what moved where; empty chains are left out.
/// Inside a Transaction of the caller. Error: `too_large` when a changeset would exceed the limits
/// under its new name; nothing may be committed then. What is damaged throws DbError.
Result<std::vector<MovedChain>> reissue(ChangeLog& log, const KeyPair& key,
                                        const std::vector<ForkPoint>& forks);

}  // namespace zf
