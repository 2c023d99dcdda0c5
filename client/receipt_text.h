// Receipts in words, in the three languages of the program, with what would help. Knows no store.
#pragma once

#include "client/receipts.h"

namespace zf {

/// Why a save has no effect at the bureau yet, and what ends that.
LocalText words_of(const NotApplied& waiting);
/// What of a day is not with the bureau, and the remedy.
LocalText words_of(const Missing& missing);
/// Which report counts a record, frozen when, and whether what changed since is left out.
LocalText words_of(const CountedIn& counted);
/// The one sentence that a day's account comes to.
LocalText sum_of(const Reconciliation& account);

}  // namespace zf
