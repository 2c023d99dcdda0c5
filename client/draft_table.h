// The table of drafts in a laptop's database. Drafts are not changesets: they are nobody's
// business but this laptop's, and go when they are saved.
#pragma once

#include "common/db/db.h"
#include "common/merge/moved.h"

namespace zf {

/// Makes the table when it is not there.
void open_draft_table(Db& db);

/// Drafts that were opened on changesets which now stand elsewhere name them there.
void translate_drafts(Db& db, const Moved& moved);

}  // namespace zf
