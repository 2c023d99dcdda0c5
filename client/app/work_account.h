// What became of this laptop's work, as a person looks at it: one line per record with the furthest
// step that it has got to, to be filtered; and one day's account. Made on a worker, from a store of
// its own; what it makes are plain values. Knows no screen.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/receipts.h"
#include "common/base/date.h"

namespace zf {

/// Of a whole record: what its least advanced save has got to, and the review when all are there.
/// `counted`: in a frozen report, just as it is approved.
enum class ReceiptStep { saved, sent, stored, waiting, checked, approved, counted, returned };
/// "saved", "sent", ...: the end of a message key.
std::string_view name_of(ReceiptStep step);
ReceiptStep step_of(const RecordReceipt& receipt);

struct ReceiptRow {
    Uuid record;
    LocalText form;
    std::string title;  // the id when the record has left this laptop's areas
    std::int64_t last_ms = 0;
    ReceiptStep step = ReceiptStep::saved;
    std::int64_t files = 0, files_away = 0;  // attachments; those not known to be at the bureau
    std::string reviewed_by;
    std::optional<NotApplied> waits;   // the first of what waits there
    std::optional<CountedIn> counted;  // the latest report that counts it
};

/// Which rows: empty parts let all through.
struct ReceiptFilter {
    std::string group;  // "away": not all at the bureau; "waiting", "there", "reviewed", "returned"
    std::string text;   // part of the title or the form
};
bool is_chosen(const ReceiptRow& row, const ReceiptFilter& filter, Language language);

struct WorkAccount {
    std::vector<ReceiptRow> rows;  // the latest first
    Reconciliation day;
    std::vector<ReceiptRow> waiting;  // of the day, with their reasons
};

/// `shown`: saves of that day only; nothing: all. `day`: whose account is drawn up.
WorkAccount draw_up_account(DeviceStore& store, const std::optional<Date>& shown, const Date& day);

}  // namespace zf
