// Finds and mends damage in a laptop's data folder: the database, the changesets in it, what is
// derived from them, attachments. Knows no network: what a repair leaves to be fetched, the next
// sync fetches. No other program may use the folder meanwhile.
//
//   HOME/damaged-<uuid>/    what was replaced, kept as it was
//   HOME/repair.new/        a fresh database while it is being made
//   HOME/repair.ready/      one that is whole: it takes the damaged one's place at the next open
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "client/device_store.h"
#include "common/base/result.h"

namespace zf {

struct Damage {
    std::string where;  // "device.db", "changeset <device>:<seq>", "attachment <hash>", ...
    std::string what;
};

struct FolderCheck {
    std::vector<Damage> of_database;     // the database must be made anew
    std::vector<Damage> of_derived;      // mended by deriving anew, which has been done
    std::vector<Hash256> damaged_blobs;  // content that does not fit its name
    std::vector<Hash256> missing_blobs;  // both sides had them, and this one has not any more
    std::int64_t changesets = 0, blobs = 0;
};

/// Looks at everything. Derived tables that differ from what the log makes of them are derived
/// anew. A file too damaged to be read throws DbError.
Result<FolderCheck> check_folder(DeviceStore& store);

/// Moves damaged attachments to `aside`, and asks for them and for missing ones at the next sync.
Result<void> reopen_blobs(DeviceStore& store, const FolderCheck& check,
                          const std::filesystem::path& aside);

struct Salvaged {
    std::int64_t own_changesets = 0, other_changesets = 0, drafts = 0, entries = 0;
    std::int64_t not_genuine = 0;  // looked like a changeset, and its signature did not fit
    /// Places in the own chain that nothing readable is left of. The server may hold them.
    std::vector<std::int64_t> own_gaps;
    bool knows_bureau = false;  // else the laptop has to be enrolled again
    std::filesystem::path set_aside;
};

/// Puts the database aside and makes a fresh one of every genuine changeset, entry and draft that
/// can be read in its pages. What comes from the server is fetched by the next sync. The folder
/// must not be open. Errors: `damaged` when the key file is lost; `internal`.
Result<Salvaged> replace_database(const std::filesystem::path& home, Env& env);

/// The second half of a replacement that was cut off; does nothing when there is none.
Result<void> finish_replacement(const std::filesystem::path& home);

}  // namespace zf
