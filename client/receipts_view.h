// Receipts and a day's account as JSON for programs, and as lines for people. Formats:
// docs/batch.md.
#pragma once

#include <iosfwd>

#include "client/receipts.h"
#include "common/model/value.h"

namespace zf {

/// [{"seq","records","standing","code","detail","since","message","messages"}]
Value waiting_value(DeviceStore& store, const std::vector<WaitingThere>& waiting);
Value receipts_value(DeviceStore& store, const Receipts& receipts);
Value reconciliation_value(DeviceStore& store, const Reconciliation& account);

void print_receipts(const Receipts& receipts, std::ostream& out);
void print_reconciliation(const Reconciliation& account, std::ostream& out);

}  // namespace zf
