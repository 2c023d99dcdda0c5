// Checks a central store against itself: the file, the bureau's entries, frozen reports, every
// changeset's bytes, signature and place in its chain, and everything derived, by building it again
// from the log in a database of its own. Reads one snapshot, so a server may go on writing
// meanwhile.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/store/central_store.h"

namespace zf {

/// What a repair has to do about it: salvage the log, derive anew, ask laptops for a blob.
/// Which records a report counted cannot be made again: it is given up.
enum class DamageOf { log, derived, blob, report };

struct Discrepancy {
    std::string where;  // "changeset <device>:<seq>", "record <uuid>", "blob <hash>", ...
    std::string what;
    DamageOf of = DamageOf::log;
    std::optional<Hash256> blob{};     // damaged, or gone after it was here
    std::optional<Hash256> content{};  // of a report
};

/// Whether the bureau signed this entry.
bool is_genuine(const PublicKey& bureau_key, const BureauEntry& entry);

struct Verification {
    std::vector<Discrepancy> findings;  // empty: all is well; at most `findings_max`
    std::int64_t entries = 0, changesets = 0, devices = 0, records = 0, blobs = 0;
    /// Changesets that a rebuilt server has not been given back by any laptop: known to be missing,
    /// so no finding.
    std::int64_t gaps = 0;
    std::int64_t reports = 0;
    /// Reports of which only the figures are left: a server that was lost, or a repair, took the
    /// rest. Known as well.
    std::int64_t reports_without_records = 0;
    std::string state;  // hash of the merged state as stored
};

inline constexpr std::size_t findings_max = 100;

/// Takes the store's lock for as long as it runs: minutes with a county's data. Made for a process
/// of its own. A file too damaged to be read throws DbError.
Verification verify_store(CentralStore& store);

}  // namespace zf
