#include "common/store/log_batch.h"

#include <algorithm>

#include "common/base/assert.h"
#include "common/codec/changeset_codec.h"
#include "common/codec/record_codec.h"
#include "common/store/record_changes.h"
#include "common/store/schema.h"

namespace zf {
namespace {

/// Sort key of a changeset that may belong to a device unknown here: 16 bytes of the id, then
/// the seq in big-endian order.
std::string waiting_key(const ChangesetRef& ref) {
    std::string key(reinterpret_cast<const char*>(ref.device.bytes.data()),
                    ref.device.bytes.size());
    for (int shift = 56; shift >= 0; shift -= 8) {
        key.push_back(static_cast<char>((ref.seq >> shift) & 0xff));
    }
    return key;
}

bool is_live(const RecordDoc& doc, const std::string& field, const Dot& dot) {
    const auto entry = doc.fields.find(field);
    if (entry == doc.fields.end()) return false;
    for (const LiveValue& value : entry->second) {
        if (value.dot == dot) return true;
    }
    return false;
}

}  // namespace

LogBatch::LogBatch(ChangeLog& log, std::int64_t received_ms, bool defers)
    : log_(log), db_(log.db_), received_ms_(received_ms), defers_(defers) {
    ZF_ASSERT(db_.in_transaction());
    ssn_ = ssn_before_ = log.ssn();
    Statement last = db_.prepare("SELECT COALESCE(MAX(n), 0) FROM record");
    last.step();
    next_record_n_ = last.integer(0) + 1;
    revision_ = record_revision(db_);
}

LogBatch::DeviceRow& LogBatch::device(const DeviceId& id) {
    const auto [entry, is_new] = devices_.try_emplace(id);
    DeviceRow& row = entry->second;
    if (!is_new) return row;
    Statement find = db_.prepare(
        "SELECT n, head_seq, head_hash, delivered_seq, complete_seq FROM device WHERE id=?1");
    find.bind_bytes(1, id.bytes);
    if (find.step()) {
        row.n = find.integer(0);
        row.head_seq = find.integer(1);
        if (!find.is_null(2)) row.head_hash = find.id<Hash256>(2);
        row.delivered_seq = find.integer(3);
        row.complete_seq = find.integer(4);
    } else {
        Statement add = db_.prepare("INSERT INTO device(id) VALUES(?1)");
        add.bind_bytes(1, id.bytes).run();
        row.n = db_.last_rowid();
    }
    return row;
}

LogBatch::RecordRow& LogBatch::record(const Uuid& id) {
    const auto [entry, is_new] = records_.try_emplace(id);
    RecordRow& row = entry->second;
    if (!is_new) return row;
    order_.push_back(id);
    row.doc.id = id;
    Statement find = db_.prepare(
        "SELECT n, doc, natural_key, alias, area, area_from, conflicts FROM record WHERE id=?1");
    find.bind_bytes(1, id.bytes);
    if (!find.step()) {
        row.n = next_record_n_++;
        row.is_new = true;
        return row;
    }
    row.n = find.integer(0);
    auto doc = decode_record(find.text(1));
    if (!doc) {
        throw DbError(0, "record " + id.text() + " is damaged: " + doc.error().message +
                             "; run verify, then rebuild from the log");
    }
    row.doc = std::move(*doc);
    if (!find.is_null(2)) row.derived.natural_key = std::string(find.text(2));
    if (!find.is_null(3)) row.derived.alias = find.id<Uuid>(3);
    if (!find.is_null(4)) row.derived.area = std::string(find.text(4));
    if (!find.is_null(5)) row.derived.area_from = find.id<Uuid>(5);
    row.derived.conflicts = find.integer(6);
    row.derived.references = references_of(row.doc);
    return row;
}

/// Follows the chain as far as it is here without a gap.
void LogBatch::note_stored(DeviceRow& row, std::int64_t seq) {
    if (seq != row.complete_seq + 1) return;
    row.complete_seq = seq;
    row.dirty = true;
    while (row.complete_seq < row.head_seq) {
        Statement find = db_.prepare("SELECT 1 FROM changeset WHERE key=?1");
        find.bind(1, changeset_key(row.n, row.complete_seq + 1));
        if (!find.step()) return;
        ++row.complete_seq;
    }
}

bool LogBatch::is_known(const DeviceId& id, std::int64_t seq) {
    const DeviceRow& row = device(id);
    const std::int64_t key = changeset_key(row.n, seq);
    if (applied_here_.contains(key)) return true;
    Statement find = db_.prepare("SELECT standing FROM changeset WHERE key=?1");
    find.bind(1, key);
    if (find.step()) {
        const auto standing = static_cast<Standing>(find.integer(0));
        return standing == Standing::applied || standing == Standing::dropped;
    }
    // Not here, but everything in scope up to there was delivered: it was outside the scope.
    if (seq <= row.delivered_seq) return true;
    // Here, but set aside: what a person saved upon it is shown all the same.
    Statement aside = db_.prepare("SELECT 1 FROM set_aside WHERE device=?1 AND seq=?2");
    aside.bind_bytes(1, id.bytes).bind(2, seq);
    return aside.step();
}

std::optional<ChangesetRef> LogBatch::find_gap(const Changeset& changeset) {
    const ChangesetRef self{changeset.device, changeset.seq};
    std::optional<ChangesetRef> gap;
    const auto needs = [&](const ChangesetRef& ref) {
        if (ref == self || is_known(ref.device, ref.seq)) return true;
        gap = ref;
        return false;
    };
    for (const TouchedRecord& touched : changeset.records) {
        if (touched.parents.empty()) continue;
        const std::vector<ChangesetRef>& heads = record(touched.id).doc.heads;
        for (const ChangesetRef& parent : touched.parents) {
            // A head of the record is applied: no need to look it up.
            if (std::find(heads.begin(), heads.end(), parent) != heads.end()) continue;
            if (!needs(parent)) return gap;
        }
    }
    for (const Op& op : changeset.ops) {
        if (op.supersedes.empty() && op.saw.empty()) continue;
        const Uuid& id = changeset.records[static_cast<std::size_t>(op.record)].id;
        const RecordDoc& doc = record(id).doc;
        for (const Dot& dot : op.supersedes) {
            if (is_live(doc, op.field, dot)) continue;
            if (!needs({dot.device, dot.seq})) return gap;
        }
        for (const SeenField& seen : op.saw) {
            for (const Dot& dot : seen.dots) {
                if (is_live(doc, seen.field, dot)) continue;
                if (!needs({dot.device, dot.seq})) return gap;
            }
        }
    }
    return gap;
}

Result<bool> LogBatch::is_repeated(const Arrival& arrival, std::int64_t key) {
    Statement find = db_.prepare("SELECT bytes, ssn, standing FROM changeset WHERE key=?1");
    find.bind(1, key);
    if (!find.step()) return false;
    if (find.blob(0) != arrival.signed_changeset.bytes) {
        return fail(ErrorCode::fork,
                    "another changeset is already known under this place in the device's chain; "
                    "the device's folder was copied or restored",
                    arrival.changeset.device.hex() + ":" + std::to_string(arrival.changeset.seq));
    }
    const bool without_ssn = find.is_null(1);
    const auto standing = static_cast<Standing>(find.integer(2));
    find.reset();
    if (without_ssn && arrival.ssn) {
        Statement set = db_.prepare("UPDATE changeset SET ssn=?2 WHERE key=?1");
        set.bind(1, key).bind(2, *arrival.ssn).run();
    }
    const bool is_vouched = standing == Standing::parked && arrival.once_applied;
    // What left the areas comes back whole, and from the server only.
    const bool is_back = standing == Standing::dropped && arrival.ssn;
    if (is_back || is_vouched) apply_stored(key, standing);
    if (is_vouched) drain_released();
    ++outcome_.repeated;
    return true;
}

void LogBatch::insert(const Arrival& arrival, std::int64_t key, Standing standing,
                      std::optional<std::int64_t> ssn) {
    Statement add = db_.prepare(
        "INSERT INTO changeset(key, bytes, signature, ssn, received_ms, standing, park_code, "
        "park_detail) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    add.bind(1, key)
        .bind_blob(2, arrival.signed_changeset.bytes)
        .bind_blob(3, arrival.signed_changeset.signature)
        .bind(5, received_ms_)
        .bind(6, static_cast<int>(standing));
    if (ssn) add.bind(4, *ssn);
    if (arrival.park) {
        add.bind_text(7, arrival.park->code).bind_text(8, arrival.park->detail);
    }
    add.run();
    note_stored(device(arrival.changeset.device), arrival.changeset.seq);
    written_.push_back({key, arrival.signed_changeset.bytes});
}

void LogBatch::hold(std::int64_t key, const ChangesetRef& waits_for) {
    const std::string waiting = waiting_key(waits_for);
    Statement add = db_.prepare("INSERT OR REPLACE INTO held(changeset, waits_for) VALUES(?1, ?2)");
    add.bind(1, key).bind_blob(2, waiting).run();
}

/// A form that was open while its record left the areas: what was typed is kept and sent, but does
/// not bring a record back of which the rest is not here.
bool LogBatch::is_out_of_sight(const Changeset& changeset) {
    return std::all_of(changeset.records.begin(), changeset.records.end(),
                       [&](const TouchedRecord& touched) {
                           return !touched.parents.empty() && !has_record(touched.id);
                       });
}

bool LogBatch::has_record(const Uuid& id) {
    const auto entry = records_.find(id);
    if (entry != records_.end() && (!entry->second.is_new || entry->second.dirty)) return true;
    Statement find = db_.prepare("SELECT 1 FROM record WHERE id=?1");
    find.bind_bytes(1, id.bytes);
    return find.step();
}

/// What was saved here while a record was out of sight, once the record is back.
void LogBatch::bring_back_unnumbered() {
    if (log_.role_ != StoreRole::laptop) return;
    const bool is_any_new = std::any_of(records_.begin(), records_.end(), [](const auto& entry) {
        return entry.second.is_new && entry.second.dirty;
    });
    if (!is_any_new) return;
    std::vector<std::int64_t> keys;
    {
        Statement find = db_.prepare(
            "SELECT key FROM changeset WHERE standing<>0 AND standing=3 AND ssn IS NULL "
            "ORDER BY key");
        while (find.step()) keys.push_back(find.integer(0));
    }
    for (const std::int64_t key : keys) {
        const auto changeset = load_changeset(key);
        const bool is_back = std::any_of(changeset->records.begin(), changeset->records.end(),
                                         [&](const TouchedRecord& touched) {
                                             const auto entry = records_.find(touched.id);
                                             return entry != records_.end() &&
                                                    entry->second.is_new && entry->second.dirty;
                                         });
        if (is_back) apply_stored(key, Standing::dropped);
    }
}

Result<void> LogBatch::add(Arrival& arrival) {
    const Changeset& changeset = arrival.changeset;
    DeviceRow& row = device(changeset.device);
    const std::int64_t key = changeset_key(row.n, changeset.seq);
    if (changeset.seq <= row.head_seq) {
        auto repeated = is_repeated(arrival, key);
        if (!repeated) return fail(repeated.error());
        if (*repeated) return {};
    } else {
        row.head_seq = changeset.seq;
        row.head_hash = arrival.hash;
        row.dirty = true;
    }
    if (arrival.park) {
        insert(arrival, key, Standing::parked, arrival.ssn);
        ++outcome_.parked;
        return {};
    }
    if (const auto gap = find_gap(changeset)) {
        if (arrival.once_applied) arrival.park = ParkReason{std::string(once_applied_code), {}};
        insert(arrival, key, Standing::held, arrival.ssn);
        hold(key, *gap);
        ++outcome_.held;
        return {};
    }
    if (log_.role_ == StoreRole::laptop && !arrival.ssn && is_out_of_sight(changeset)) {
        insert(arrival, key, Standing::dropped, std::nullopt);
        return {};
    }
    std::optional<std::int64_t> ssn = arrival.ssn;
    if (log_.role_ == StoreRole::server) ssn = next_ssn();
    if (ssn) ssn_ = std::max(ssn_, *ssn);
    insert(arrival, key, Standing::applied, ssn);
    apply(changeset, key);
    drain_released();
    return {};
}

std::optional<Changeset> LogBatch::load_changeset(std::int64_t key) {
    Statement find = db_.prepare("SELECT bytes FROM changeset WHERE key=?1");
    find.bind(1, key);
    if (!find.step()) return std::nullopt;
    auto changeset = decode_changeset(find.blob(0));
    if (!changeset) {
        throw DbError(0, "stored changeset " + std::to_string(device_n_of(key)) + ":" +
                             std::to_string(seq_of(key)) +
                             " is damaged: " + changeset.error().message + "; run verify");
    }
    return std::move(*changeset);
}

std::optional<LiveValue> LogBatch::find_write(const Dot& dot) {
    const auto changeset = load_changeset(changeset_key(device(dot.device).n, dot.seq));
    const auto n = static_cast<std::size_t>(dot.n);
    if (!changeset || n >= changeset->ops.size() || !changeset->ops[n].value) return std::nullopt;
    const Op& op = changeset->ops[n];
    return LiveValue{dot, changeset->hlc, *op.value, op.saw};
}

bool LogBatch::has_link(std::int64_t record_n, std::int64_t key) {
    Statement find = db_.prepare("SELECT 1 FROM record_changeset WHERE record=?1 AND changeset=?2");
    find.bind(1, record_n).bind(2, key);
    return find.step();
}

bool LogBatch::is_left_out(std::int64_t key, const Uuid& record) const {
    if (!rebuilt_only_) return false;
    const auto only = rebuilt_only_->find(key);
    return only != rebuilt_only_->end() &&
           std::find(only->second.begin(), only->second.end(), record) == only->second.end();
}

bool LogBatch::has_number(std::int64_t key) {
    Statement find = db_.prepare("SELECT 1 FROM changeset WHERE key=?1 AND ssn IS NOT NULL");
    find.bind(1, key);
    return find.step();
}

void LogBatch::apply(const Changeset& changeset, std::int64_t key, bool once_dropped) {
    for (const TouchedRecord& touched : changeset.records) {
        if (is_left_out(key, touched.id)) continue;
        RecordRow& row = record(touched.id);
        // A changeset about two records of which only one had left the scope.
        if (once_dropped && has_link(row.n, key)) continue;
        apply_changeset(row.doc, changeset, [this](const Dot& dot) { return find_write(dot); });
        row.dirty = true;
        // The n-th changeset applied to a record is its n-th history entry in this store.
        Statement link = db_.prepare(
            "INSERT INTO record_changeset(record, ordinal, changeset) VALUES(?1, ?2, ?3)");
        link.bind(1, row.n).bind(2, row.doc.changesets).bind(3, key).run();
    }
    applied_here_.insert(key);
    ++outcome_.applied;
    released_.push_back({changeset.device, changeset.seq});
}

void LogBatch::apply_stored(std::int64_t key, Standing was) {
    auto changeset = load_changeset(key);
    ZF_ASSERT(changeset.has_value());
    if (const auto gap = find_gap(*changeset)) {
        Statement set = db_.prepare(
            "UPDATE changeset SET standing=?2, park_code=NULL, park_detail=NULL WHERE key=?1");
        set.bind(1, key).bind(2, static_cast<int>(Standing::held)).run();
        hold(key, *gap);
        return;
    }
    const bool numbered = log_.role_ == StoreRole::server && !has_number(key);
    Statement set = db_.prepare(
        "UPDATE changeset SET standing=0, ssn=COALESCE(?2, ssn), park_code=NULL, "
        "park_detail=NULL WHERE key=?1");
    set.bind(1, key);
    if (numbered) set.bind(2, next_ssn());
    set.run();
    Statement remove = db_.prepare("DELETE FROM held WHERE changeset=?1");
    remove.bind(1, key).run();
    apply(*changeset, key, was == Standing::dropped);
}

void LogBatch::begin_rebuild(const std::map<std::int64_t, std::vector<Uuid>>& only) {
    rebuilt_only_ = &only;
}

void LogBatch::reapply(std::int64_t key) {
    apply_stored(key, Standing::held);
    drain_released();
}

void LogBatch::drain_released() {
    while (!released_.empty()) {
        const ChangesetRef ref = released_.front();
        released_.pop_front();
        release_waiting_for(ref.device, ref.seq, ref.seq);
    }
}

void LogBatch::release_waiting_for(const DeviceId& id, std::int64_t from_seq, std::int64_t to_seq) {
    std::vector<std::int64_t> keys;
    {
        const std::string from = waiting_key({id, from_seq});
        const std::string to = waiting_key({id, to_seq});
        Statement find = db_.prepare(
            "SELECT changeset FROM held WHERE waits_for BETWEEN ?1 AND ?2 ORDER BY changeset");
        find.bind_blob(1, from).bind_blob(2, to);
        while (find.step()) keys.push_back(find.integer(0));
    }
    if (defers_) {
        ready_.insert(keys.begin(), keys.end());
        return;
    }
    for (const std::int64_t key : keys) apply_stored(key, Standing::held);
}

std::vector<std::int64_t> LogBatch::take_ready() {
    std::vector<std::int64_t> keys(ready_.begin(), ready_.end());
    ready_.clear();
    return keys;
}

void LogBatch::release(std::int64_t key) {
    apply_stored(key, Standing::parked);
    drain_released();
}

void LogBatch::set_delivered(const DeliveredUpTo& upto) {
    DeviceRow& row = device(upto.device);
    if (upto.seq <= row.delivered_seq) return;
    row.delivered_seq = upto.seq;
    row.dirty = true;
    release_waiting_for(upto.device, 0, upto.seq);
    drain_released();
}

AppendOutcome LogBatch::finish() {
    bring_back_unnumbered();
    // By index: a join may load further records whose keys depend on it.
    for (std::size_t i = 0; i < order_.size(); ++i) {
        const Uuid id = order_[i];
        RecordRow& row = records_.at(id);
        if (!row.dirty) continue;
        write_record(row);
        outcome_.touched.push_back(id);
    }
    write_devices();
    if (ssn_ != ssn_before_) set_fact(db_, "ssn", ssn_);
    if (log_.reads_back_) check_written();
    return std::move(outcome_);
}

}  // namespace zf
