#include "common/store/set_aside.h"

#include <algorithm>
#include <map>

#include "common/store/chain_end.h"
#include "common/store/log_batch.h"

namespace zf {
namespace {

struct Row {
    std::int64_t key = 0;
    std::string bytes, signature;
};

std::vector<Row> rows_from(Db& db, const DeviceId& device, std::int64_t seq) {
    std::vector<Row> rows;
    Statement find = db.prepare(
        "SELECT key, bytes, signature FROM changeset JOIN device ON device.id=?1 "
        "WHERE key>=(device.n << 40)+?2 AND key<((device.n + 1) << 40) AND ssn IS NULL "
        "ORDER BY key");
    find.bind_bytes(1, device.bytes).bind(2, seq);
    while (find.step()) {
        rows.push_back({find.integer(0), std::string(find.blob(1)), std::string(find.blob(2))});
    }
    return rows;
}

void move_away(Db& db, const DeviceId& device, const Row& row, std::int64_t now_ms) {
    const Hash256 hash = blake2b(row.bytes);
    Statement keep = db.prepare(
        "INSERT OR IGNORE INTO set_aside(hash, device, seq, bytes, signature, at_ms) "
        "VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
    keep.bind_bytes(1, hash.bytes).bind_bytes(2, device.bytes).bind(3, seq_of(row.key));
    keep.bind_blob(4, row.bytes).bind_blob(5, row.signature).bind(6, now_ms).run();
    Statement remove = db.prepare("DELETE FROM changeset WHERE key=?1");
    remove.bind(1, row.key).run();
}

bool is_set_aside(Db& db, const DeviceId& device, std::int64_t seq) {
    Statement find = db.prepare("SELECT 1 FROM set_aside WHERE device=?1 AND seq=?2");
    find.bind_bytes(1, device.bytes).bind(2, seq);
    return find.step();
}

}  // namespace

std::int64_t set_aside_variants(ChangeLog& log, std::span<const Arrival> arrivals,
                                const DeviceId& own, std::int64_t now_ms) {
    std::map<DeviceId, std::int64_t> heads, forks;
    for (const Arrival& arrival : arrivals) {
        const Changeset& changeset = arrival.changeset;
        if (changeset.device == own || forks.contains(changeset.device)) continue;
        // Mostly nothing stands at or after its place: one look per device.
        const auto [head, is_new] = heads.try_emplace(changeset.device, 0);
        if (is_new) head->second = log.head_of(changeset.device).seq;
        if (changeset.seq > head->second) continue;
        const auto here = log.find_changeset(changeset.device, changeset.seq);
        if (!here || here->signed_changeset.bytes == arrival.signed_changeset.bytes) continue;
        forks[changeset.device] = changeset.seq;
    }
    std::int64_t count = 0;
    for (const auto& [device, seq] : forks) {
        for (const Row& row : rows_from(log.db(), device, seq)) {
            move_away(log.db(), device, row, now_ms);
            ++count;
        }
        end_chain(log.db(), device, seq - 1, std::min(log.delivered_of(device), seq - 1));
    }
    if (count > 0) log.rebuild();
    return count;
}

void take_place_of_variants(ChangeLog& log, std::span<const Arrival> arrivals) {
    {
        Statement find = log.db().prepare("SELECT 1 FROM set_aside LIMIT 1");
        if (!find.step()) return;
    }
    const bool is_any = std::any_of(arrivals.begin(), arrivals.end(), [&](const Arrival& arrival) {
        return is_set_aside(log.db(), arrival.changeset.device, arrival.changeset.seq);
    });
    if (is_any) log.rebuild();
}

std::vector<SignedChangeset> changesets_set_aside(Db& db) {
    std::vector<SignedChangeset> all;
    Statement find = db.prepare(
        "SELECT bytes, signature FROM set_aside WHERE NOT EXISTS (SELECT 1 FROM changeset "
        "JOIN device ON device.id=set_aside.device WHERE changeset.key=(device.n << 40)+seq AND "
        "changeset.bytes=set_aside.bytes) ORDER BY device, seq");
    while (find.step()) all.push_back({std::string(find.blob(0)), std::string(find.blob(1))});
    return all;
}

}  // namespace zf
