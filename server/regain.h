// Takes back entries of the bureau's log that laptops kept, after this server lost them. Knows no
// network.
#pragma once

#include <vector>

#include "server/store/central_store.h"

namespace zf {

/// Entries as BureauLog::regain takes them, with the forms and the parked changesets that depend on
/// them, in one transaction. Takes the store's lock. Returns how many were new. Errors: those of
/// BureauLog::regain.
Result<std::int64_t> regain_entries(CentralStore& store, const std::vector<BureauEntry>& entries);

}  // namespace zf
