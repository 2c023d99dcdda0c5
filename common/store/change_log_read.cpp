// The reading half of the ChangeLog.
#include <algorithm>
#include <limits>
#include <set>

#include "common/codec/record_codec.h"
#include "common/store/change_log.h"
#include "common/store/log_batch.h"
#include "common/store/schema.h"

namespace zf {
namespace {

constexpr std::string_view changeset_columns =
    "bytes, signature, ssn, received_ms, standing, park_code, park_detail, key";

StoredChangeset read_changeset(const Statement& row) {
    StoredChangeset stored;
    stored.signed_changeset.bytes = std::string(row.blob(0));
    stored.signed_changeset.signature = std::string(row.blob(1));
    if (!row.is_null(2)) stored.ssn = row.integer(2);
    stored.received_ms = row.integer(3);
    stored.standing = static_cast<Standing>(row.integer(4));
    stored.park_code = std::string(row.text(5));
    stored.park_detail = std::string(row.text(6));
    stored.seq = seq_of(row.integer(7));
    return stored;
}

std::string select_changeset(std::string_view tail) {
    return "SELECT " + std::string(changeset_columns) + " FROM changeset " + std::string(tail);
}

RecordDoc read_doc(const Statement& row, int column) {
    auto doc = decode_record(row.text(column));
    if (!doc) throw DbError(0, "a stored record is damaged: " + doc.error().message);
    return std::move(*doc);
}

std::int64_t device_number(Db& db, const DeviceId& device) {
    Statement find = db.prepare("SELECT n FROM device WHERE id=?1");
    find.bind_bytes(1, device.bytes);
    return find.step() ? find.integer(0) : 0;
}

}  // namespace

std::optional<RecordDoc> ChangeLog::find_record(const Uuid& record) {
    Statement find = db_.prepare("SELECT doc FROM record WHERE id=?1");
    find.bind_bytes(1, record.bytes);
    if (!find.step()) return std::nullopt;
    return read_doc(find, 0);
}

DeviceHead ChangeLog::head_of(const DeviceId& device) {
    DeviceHead head{device, 0, {}};
    Statement find = db_.prepare("SELECT head_seq, head_hash FROM device WHERE id=?1");
    find.bind_bytes(1, device.bytes);
    if (find.step() && !find.is_null(1)) {
        head.seq = find.integer(0);
        head.hash = find.id<Hash256>(1);
    }
    return head;
}

DeviceHead ChangeLog::complete_of(const DeviceId& device) {
    DeviceHead complete{device, 0, {}};
    {
        Statement find =
            db_.prepare("SELECT complete_seq, head_seq, head_hash FROM device WHERE id=?1");
        find.bind_bytes(1, device.bytes);
        if (!find.step() || find.integer(0) == 0) return complete;
        complete.seq = find.integer(0);
        if (complete.seq == find.integer(1)) {
            complete.hash = find.id<Hash256>(2);
            return complete;
        }
    }
    const auto last = find_changeset(device, complete.seq);
    if (last) complete.hash = blake2b(last->signed_changeset.bytes);
    return complete;
}

std::vector<DeliveredUpTo> ChangeLog::complete_chains() {
    std::vector<DeliveredUpTo> all;
    Statement find = db_.prepare("SELECT id, complete_seq FROM device ORDER BY id");
    while (find.step()) all.push_back({find.id<DeviceId>(0), find.integer(1)});
    return all;
}

std::int64_t ChangeLog::delivered_of(const DeviceId& device) {
    Statement find = db_.prepare("SELECT delivered_seq FROM device WHERE id=?1");
    find.bind_bytes(1, device.bytes);
    return find.step() ? find.integer(0) : 0;
}

std::optional<StoredChangeset> ChangeLog::find_changeset(const DeviceId& device, std::int64_t seq) {
    Statement find = db_.prepare(select_changeset("WHERE key=?1"));
    find.bind(1, changeset_key(device_number(db_, device), seq));
    if (!find.step()) return std::nullopt;
    return read_changeset(find);
}

std::vector<StoredChangeset> ChangeLog::chain_after(const DeviceId& device, std::int64_t after,
                                                    std::size_t count, std::size_t bytes) {
    std::vector<StoredChangeset> chain;
    const std::int64_t n = device_number(db_, device);
    Statement find = db_.prepare(select_changeset("WHERE key>?1 AND key<?2 ORDER BY key"));
    find.bind(1, changeset_key(n, after)).bind(2, changeset_key(n + 1, 0));
    std::size_t total = 0;
    while (chain.size() < count && total < bytes && find.step()) {
        chain.push_back(read_changeset(find));
        total += chain.back().signed_changeset.bytes.size();
    }
    return chain;
}

void ChangeLog::each_after(std::int64_t after,
                           const std::function<bool(StoredChangeset&&)>& visit) {
    Statement find = db_.prepare(select_changeset("WHERE ssn>?1 AND standing=0 ORDER BY ssn"));
    find.bind(1, after);
    while (find.step()) {
        if (!visit(read_changeset(find))) return;
    }
}

std::vector<StoredChangeset> ChangeLog::changesets_of(const Uuid& record) {
    std::vector<StoredChangeset> history;
    Statement find = db_.prepare(select_changeset(
        "JOIN record_changeset ON record_changeset.changeset=changeset.key "
        "WHERE record_changeset.record=(SELECT n FROM record WHERE id=?1) ORDER BY ordinal"));
    find.bind_bytes(1, record.bytes);
    while (find.step()) history.push_back(read_changeset(find));
    return history;
}

void ChangeLog::each_changeset(const std::function<bool(const StoredChangeset&)>& visit) {
    Statement find = db_.prepare(select_changeset("ORDER BY key"));
    while (find.step()) {
        if (!visit(read_changeset(find))) return;
    }
}

std::vector<StoredChangeset> ChangeLog::unnumbered_of_others(const DeviceId& own,
                                                             std::int64_t& after_key,
                                                             std::size_t count, std::size_t bytes) {
    std::vector<StoredChangeset> found;
    const std::int64_t n = device_number(db_, own);
    Statement find = db_.prepare(
        select_changeset("WHERE key>?1 AND ssn IS NULL AND NOT (key>?2 AND key<?3) ORDER BY key"));
    find.bind(1, after_key).bind(2, changeset_key(n, 0)).bind(3, changeset_key(n + 1, 0));
    std::size_t total = 0;
    while (found.size() < count && total < bytes && find.step()) {
        found.push_back(read_changeset(find));
        total += found.back().signed_changeset.bytes.size();
        after_key = find.integer(7);
    }
    return found;
}

std::vector<DeliveredUpTo> ChangeLog::applied_up_to() {
    std::vector<DeliveredUpTo> all;
    Statement find = db_.prepare(
        "SELECT device.id, device.complete_seq, (SELECT MIN(key) FROM changeset "
        "WHERE standing<>0 AND standing IN (1, 2) AND key>=(device.n << 40) AND key<((device.n + "
        "1) << 40)) FROM device "
        "ORDER BY device.id");
    while (find.step()) {
        std::int64_t seq = find.integer(1);
        if (!find.is_null(2)) seq = std::min(seq, seq_of(find.integer(2)) - 1);
        all.push_back({find.id<DeviceId>(0), seq});
    }
    return all;
}

std::vector<WaitingChangeset> ChangeLog::waiting_of(const DeviceId& device) {
    std::vector<WaitingChangeset> waiting;
    const std::int64_t n = device_number(db_, device);
    Statement find = db_.prepare(
        "SELECT key, standing, CASE standing WHEN 2 THEN park_code END, park_detail FROM changeset "
        "WHERE standing<>0 AND standing IN (1, 2) AND key>?1 AND key<?2 ORDER BY key");
    find.bind(1, changeset_key(n, 0)).bind(2, changeset_key(n + 1, 0));
    while (find.step()) {
        waiting.push_back({seq_of(find.integer(0)),
                           static_cast<Standing>(find.integer(1)),
                           {std::string(find.text(2)), std::string(find.text(3))}});
    }
    return waiting;
}

std::int64_t ChangeLog::ssn() {
    return find_fact_integer(db_, "ssn").value_or(0);
}

void ChangeLog::each_record(std::string_view form,
                            const std::function<bool(const RecordDoc&)>& visit) {
    Statement find = db_.prepare(form.empty() ? "SELECT doc FROM record ORDER BY id"
                                              : "SELECT doc FROM record WHERE form=?1 ORDER BY id");
    if (!form.empty()) find.bind_text(1, form);
    while (find.step()) {
        if (!visit(read_doc(find, 0))) return;
    }
}

std::vector<StoredConflict> ChangeLog::conflicts() {
    std::vector<StoredConflict> all;
    Statement find = db_.prepare(
        "SELECT record.id, record.form, conflict.field, conflict.kind FROM conflict "
        "JOIN record ON record.n=conflict.record ORDER BY record.id, conflict.field");
    while (find.step()) {
        all.push_back({find.id<Uuid>(0), std::string(find.text(1)), std::string(find.text(2)),
                       static_cast<ConflictKind>(find.integer(3))});
    }
    return all;
}

std::vector<std::pair<Uuid, Uuid>> ChangeLog::duplicates() {
    std::vector<std::pair<Uuid, Uuid>> pairs;
    Statement find = db_.prepare(
        "SELECT a.id, b.id FROM record a JOIN record b ON a.form=b.form AND "
        "a.natural_key=b.natural_key AND a.id<b.id WHERE a.natural_key IS NOT NULL "
        "ORDER BY a.id, b.id");
    while (find.step()) pairs.emplace_back(find.id<Uuid>(0), find.id<Uuid>(1));
    return pairs;
}

std::vector<Uuid> ChangeLog::same_natural_key(std::string_view form, std::string_view key) {
    std::vector<Uuid> ids;
    // Sorted by hand (+id): in the order of an index SQLite goes through every record of the form,
    // with each save.
    Statement find =
        db_.prepare("SELECT id FROM record WHERE form=?1 AND natural_key=?2 ORDER BY +id");
    find.bind_text(1, form).bind_text(2, key);
    while (find.step()) ids.push_back(find.id<Uuid>(0));
    return ids;
}

std::vector<Uuid> ChangeLog::referring_to(const Uuid& target) {
    std::vector<Uuid> ids;
    Statement find = db_.prepare(
        "SELECT record.id FROM reference JOIN record ON record.n=reference.record "
        "WHERE reference.target=?1 ORDER BY record.id");
    find.bind_bytes(1, target.bytes);
    while (find.step()) ids.push_back(find.id<Uuid>(0));
    return ids;
}

std::optional<Uuid> ChangeLog::alias_of(const Uuid& record) {
    Statement find = db_.prepare("SELECT alias FROM record WHERE id=?1");
    find.bind_bytes(1, record.bytes);
    if (!find.step() || find.is_null(0)) return std::nullopt;
    return find.id<Uuid>(0);
}

JoinEnd ChangeLog::follow_joins(const Uuid& record) {
    std::vector<Uuid> path{record};
    for (;;) {
        const auto next = alias_of(path.back());
        if (!next) return {path.back(), false};
        const auto seen = std::find(path.begin(), path.end(), *next);
        if (seen != path.end()) return {*std::min_element(seen, path.end()), seen == path.begin()};
        path.push_back(*next);
    }
}

Uuid ChangeLog::join_target(const Uuid& record) {
    return follow_joins(record).target;
}

std::vector<Uuid> ChangeLog::joined_records() {
    std::vector<Uuid> ids;
    Statement find = db_.prepare(
        "SELECT id FROM record WHERE alias IS NOT NULL OR approved_alias IS NOT NULL ORDER BY id");
    while (find.step()) ids.push_back(find.id<Uuid>(0));
    return ids;
}

std::vector<Uuid> ChangeLog::records_worked_on_apart() {
    std::vector<Uuid> ids;
    Statement find = db_.prepare("SELECT id FROM record WHERE heads>1 ORDER BY id");
    while (find.step()) ids.push_back(find.id<Uuid>(0));
    return ids;
}

ChangeLog::Counts ChangeLog::counts() {
    Statement find = db_.prepare(
        "SELECT (SELECT COUNT(*) FROM changeset), (SELECT COUNT(*) FROM record), "
        "(SELECT COUNT(*) FROM changeset WHERE standing<>0 AND standing=1), "
        "(SELECT COUNT(*) FROM changeset WHERE standing<>0 AND standing=2)");
    find.step();
    return {find.integer(0), find.integer(1), find.integer(2), find.integer(3)};
}

Hash256 ChangeLog::state() {
    Blake2b hash;
    Statement find = db_.prepare("SELECT doc FROM record ORDER BY id");
    while (find.step()) {
        hash.add(find.text(0));
        hash.add("\n");
    }
    return hash.finish();
}

}  // namespace zf
