// Takes over one page of what the server sent, by whatever road it came: entries of the bureau's
// log, then changesets, then what left the areas of this laptop's people. Knows no network.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "common/codec/wire.h"
#include "common/sync/laptop_stores.h"

namespace zf {

/// Fact of a laptop's store: whether everything is to be delivered once more from the first number,
/// so that what has left the areas unnoticed can be told by its not coming. `due`: to be begun;
/// `running`: begun by the network's way, all pages since the first hold own changesets too.
inline constexpr std::string_view sweep_fact = "sweep", sweep_due = "due",
                                  sweep_running = "running";

struct EntriesOutcome {
    bool forms_changed = false;
    /// This laptop's people have other areas now: everything is to come from the first number.
    bool areas_changed = false;
};

struct PageOutcome {
    std::int64_t pulled = 0;    // changesets
    std::vector<Uuid> touched;  // records whose documents changed
    bool forms_changed = false;
    std::int64_t set_aside = 0;  // see common/store/set_aside.h
    bool areas_changed = false;  // the changesets of this page were left out: see EntriesOutcome
};

/// Inside a Transaction, before what is known of the server's answer is written: refused
/// `interrupted` when another process of this laptop has changed the identity, since the answer
/// was about the former one.
Result<void> check_same_identity(LaptopStores& stores);

/// The entries are signed by the bureau, each by itself: they stay even if the rest of the page is
/// refused. The changesets of a page are taken over whole or not at all. A page of another epoch
/// than the laptop's begins that epoch. `after`: the number behind which the page was asked for.
/// Errors: those of BureauLog::accept and authenticate;
/// `version_unsupported` when the forms in force need a newer program; `fork`; `malformed`.
Result<PageOutcome> take_page(LaptopStores& stores, PullAnswer page, std::int64_t after);

/// Only the entries of a page of the epoch in force here, in one transaction. Errors: as
/// above.
Result<EntriesOutcome> take_entries(LaptopStores& stores, const PullAnswer& page);

/// Changesets that did not come from the server: whole or not at all, without numbers; those that
/// are here already change nothing. Returns how many were new. Errors: those of authenticate;
/// `fork`.
Result<std::int64_t> take_changesets(LaptopStores& stores, std::vector<SignedChangeset> batch);

}  // namespace zf
