// What became of the work of this laptop, record by record: saved here, acknowledged by the
// bureau, stored there with the very same bytes, in effect or waiting with a reason, reviewed. Says
// only what the stores know; asks no network and prints nothing.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "client/device_store.h"
#include "client/records.h"
#include "common/base/date.h"
#include "common/store/receipts.h"

namespace zf {

/// Of saves, that is changesets. Each counts the former ones too: what is stored was sent.
struct SaveCounts {
    std::int64_t saved = 0, sent = 0, stored = 0;
    std::int64_t applied = 0;  // has an effect at the bureau
};

struct AttachmentState {
    Hash256 hash;
    std::int64_t bytes = 0;  // 0 when it is not here
    bool is_here = false, is_put_away = false;
    std::optional<std::int64_t> stored_since_ms;  // nothing: not known to be at the bureau
};

struct ReviewState {
    Status status = Status::saved;
    std::string by;  // of the review that the status is; empty without one
    std::int64_t at_ms = 0;
};

/// A frozen report that counts the record.
struct CountedIn {
    std::string period;  // "2008H1"
    std::int64_t number = 0;
    Date frozen;
    std::string by;           // empty when the bureau named nobody
    bool is_current = false;  // as it is approved now; otherwise an earlier approval of it counts
};

struct RecordReceipt {
    Uuid record;
    std::string form, title;   // the title is empty when the record has left this laptop's areas
    std::int64_t last_ms = 0;  // of the latest save, by the laptop's clock at the time
    SaveCounts saves;
    std::vector<WaitingThere> waiting;
    std::vector<AttachmentState> attachments;  // by hash, each once
    std::optional<ReviewState> review;         // nothing when the record has left the areas
    std::vector<CountedIn> counted;            // by period and number
};

/// Days at the bureau, both included, by the time that stands in the save.
struct ReceiptChoice {
    std::optional<Uuid> record;  // then also what others wrote in it
    std::optional<Date> from, to;
};

struct Receipts {
    std::vector<RecordReceipt> records;  // by id
    SaveCounts saves;                    // each once, whatever it touches
    std::vector<WaitingThere> waiting;
    std::vector<AttachmentState> attachments;
};

/// Of everything that was written on this laptop, under former identities too. Error:
/// `unknown_record` when the record asked for is not here.
Result<Receipts> receipts_of(DeviceStore& store, const ReceiptChoice& choice);

/// What waits at the bureau, of one record.
std::vector<WaitingThere> waiting_of_record(DeviceStore& store, const Uuid& record);

/// Which frozen reports count a record, as far as this laptop has heard.
std::vector<CountedIn> reports_with(DeviceStore& store, const RecordDoc& doc);

/// Why a day's work is not all with the bureau and in effect there.
enum class Shortfall {
    drafts,
    not_sent,
    not_compared,
    waiting,
    attachment_not_sent,
    attachment_gone
};

struct Missing {
    Shortfall what = Shortfall::not_sent;
    std::int64_t count = 0;
};

struct Reconciliation {
    Date day;
    Receipts receipts;
    std::map<Status, std::int64_t> records_by_status;
    std::vector<Missing> missing;  // empty: everything of the day is with the bureau
};

/// The account of one day, by the laptop's clock at the time.
Reconciliation reconcile_day(DeviceStore& store, const Date& day);

}  // namespace zf
