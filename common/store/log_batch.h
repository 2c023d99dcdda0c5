// One batch of writes to a ChangeLog: loads each record and device once, merges in memory, and
// writes every document once at the end. Internal to common/store; lives inside a Transaction.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "common/store/change_log.h"

namespace zf {

/// Key of a changeset row: the device's number and its seq in one integer.
constexpr int seq_bits = 40;
constexpr std::int64_t changeset_key(std::int64_t device_n, std::int64_t seq) {
    return (device_n << seq_bits) | seq;
}
constexpr std::int64_t device_n_of(std::int64_t key) {
    return key >> seq_bits;
}
constexpr std::int64_t seq_of(std::int64_t key) {
    return key & ((std::int64_t{1} << seq_bits) - 1);
}

/// In place of a reason: this one waits for others only, and is not judged when they come.
inline constexpr std::string_view once_applied_code = "once_applied";

class LogBatch {
public:
    /// `defers`: a changeset that waited is not applied when what it waits for comes, but given
    /// by take_ready, because whether it may be applied is to be judged first.
    LogBatch(ChangeLog& log, std::int64_t received_ms, bool defers = false);

    /// Stores one changeset and applies it, and what waited for it, if possible.
    Result<void> add(Arrival& arrival);
    /// Applies a parked changeset whose reason is gone.
    void release(std::int64_t key);
    /// Held changesets whose turn may have come, by key, each once. They are still held.
    std::vector<std::int64_t> take_ready();
    void set_delivered(const DeliveredUpTo& upto);
    /// Before `reapply`: which records a changeset is about when some of its own were dropped.
    void begin_rebuild(const std::map<std::int64_t, std::vector<Uuid>>& only);
    /// Applies a stored changeset once more, into emptied tables, under the number it has.
    void reapply(std::int64_t key);
    void drop_record(const Uuid& record);
    /// Recomputes what depends on forms, for every record.
    void rederive_all();
    /// Writes documents, derived rows and device heads; reads back and compares.
    AppendOutcome finish();

private:
    struct DeviceRow {
        std::int64_t n = 0, head_seq = 0, complete_seq = 0, delivered_seq = 0;
        std::optional<Hash256> head_hash;
        bool dirty = false;
    };
    /// What the record row held when it was loaded.
    struct Derived {
        std::optional<std::string> natural_key;
        std::optional<Uuid> alias, area_from;
        std::optional<std::string> area;
        std::int64_t conflicts = 0;
        std::vector<Uuid> references;
    };
    struct RecordRow {
        std::int64_t n = 0;
        bool is_new = false, dirty = false;
        RecordDoc doc;
        Derived derived;
    };
    struct Written {
        std::int64_t key = 0;
        std::string bytes;
    };

    DeviceRow& device(const DeviceId& id);
    RecordRow& record(const Uuid& id);
    void note_stored(DeviceRow& row, std::int64_t seq);
    bool is_known(const DeviceId& device, std::int64_t seq);
    std::optional<ChangesetRef> find_gap(const Changeset& changeset);
    bool is_out_of_sight(const Changeset& changeset);
    bool has_record(const Uuid& id);
    void bring_back_unnumbered();
    Result<bool> is_repeated(const Arrival& arrival, std::int64_t key);
    void insert(const Arrival& arrival, std::int64_t key, Standing standing,
                std::optional<std::int64_t> ssn);
    void hold(std::int64_t key, const ChangesetRef& waits_for);
    /// Tries changesets again that wait for one of `device` with a seq in this range.
    void release_waiting_for(const DeviceId& device, std::int64_t from_seq, std::int64_t to_seq);
    void apply(const Changeset& changeset, std::int64_t key, bool once_dropped = false);
    bool is_left_out(std::int64_t key, const Uuid& record) const;
    bool has_number(std::int64_t key);
    bool has_link(std::int64_t record_n, std::int64_t key);
    void apply_stored(std::int64_t key, Standing was);
    void drain_released();
    std::optional<LiveValue> find_write(const Dot& dot);
    std::optional<Changeset> load_changeset(std::int64_t key);
    std::int64_t next_ssn() { return ++ssn_; }

    // log_derive.cpp
    void write_record(RecordRow& row);
    void write_conflicts(const RecordRow& row, std::int64_t& count);
    void write_references(const RecordRow& row, const std::vector<Uuid>& now);
    std::vector<Uuid> references_of(const RecordDoc& doc) const;
    void note_attachments(const RecordDoc& doc);
    std::optional<std::string> natural_key_of_record(const RecordDoc& doc);
    void set_area(const RecordRow& row, Derived& now);
    std::string effective_area(const std::optional<std::string>& area,
                               const std::optional<Uuid>& area_from);
    void note_area_move(const Uuid& id, const std::string& from, const std::string& to);
    void rekey_referring(const Uuid& joined);
    void write_devices();
    void check_written();

    ChangeLog& log_;
    Db& db_;
    std::int64_t received_ms_;
    bool defers_;
    std::set<std::int64_t> ready_;
    std::int64_t ssn_ = 0, ssn_before_ = 0;
    std::int64_t next_record_n_ = 0;
    std::int64_t revision_ = 0;  // of the record written last
    std::map<DeviceId, DeviceRow> devices_;
    std::unordered_map<Uuid, RecordRow, UuidHash> records_;
    std::vector<Uuid> order_;  // of first touch, so that a replay writes in the same order
    std::unordered_set<std::int64_t> applied_here_;
    std::deque<ChangesetRef> released_;
    std::vector<Written> written_;
    std::vector<std::pair<std::int64_t, std::string>> written_docs_;
    const std::map<std::int64_t, std::vector<Uuid>>* rebuilt_only_ = nullptr;  // while rebuilding
    AppendOutcome outcome_;
};

}  // namespace zf
