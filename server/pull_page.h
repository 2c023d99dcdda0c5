// What a device lacks, page by page: entries of the bureau's log first, then changesets in its
// areas in ssn order. For the network and for bundles.
#pragma once

#include <cstdint>

#include "common/codec/wire.h"
#include "common/store/scope.h"
#include "server/store/central_store.h"

namespace zf {

/// Where a reader stands and what it may see.
struct PullQuery {
    DeviceId reader;
    /// Whether the reader's own changesets are sent, too; left out otherwise.
    bool with_own = false;
    std::int64_t after = 0, entries = 0;
    /// About so much text in a page.
    std::size_t bytes = static_cast<std::size_t>(bytes_max);
    static constexpr std::int64_t bytes_min = 16 << 10, bytes_max = 4 << 20;
    Scope scope;
};

/// The reader's areas. Error: `not_allowed` when nobody who may read is enrolled on the device. The
/// store must be locked.
Result<Scope> pull_scope(CentralStore& store, const Device& device);

/// The next page. The store must be locked, in a ReadSnapshot.
PullAnswer pull_page(CentralStore& store, const PullQuery& query);

/// How much the next page of changesets is, without the entries. The store must be locked.
struct PullSize {
    std::int64_t changesets = 0, bytes = 0, cursor = 0;
    bool more = false;
};
PullSize pull_size(CentralStore& store, const PullQuery& query);

}  // namespace zf
