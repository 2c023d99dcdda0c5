// Derives everything anew from the changesets: after a damage, and when a laptop's own history
// was written under another identity.
#include <map>

#include "common/base/assert.h"
#include "common/store/change_log.h"
#include "common/store/log_batch.h"
#include "common/store/record_changes.h"

namespace zf {
namespace {

/// Bounds the memory: a batch keeps the records that it touches.
constexpr std::size_t batch_count = 2000;

/// Per changeset that touches several records of which only some have left the scope: those that
/// have not.
std::map<std::int64_t, std::vector<Uuid>> half_dropped(Db& db) {
    std::map<std::int64_t, std::vector<Uuid>> kept;
    Statement find = db.prepare(
        "SELECT changeset.key, record.id FROM changeset "
        "JOIN record_changeset ON record_changeset.changeset=changeset.key "
        "JOIN record ON record.n=record_changeset.record WHERE changeset.standing<>0 AND "
        "changeset.standing=3");
    while (find.step()) kept[find.integer(0)].push_back(find.id<Uuid>(1));
    return kept;
}

bool waits(Db& db, std::int64_t key) {
    Statement find = db.prepare("SELECT 1 FROM changeset WHERE key=?1 AND standing=1");
    find.bind(1, key);
    return find.step();
}

}  // namespace

void ChangeLog::rebuild() {
    ZF_ASSERT(db_.in_transaction());
    const auto kept = half_dropped(db_);
    note_dropped(db_, record_revision(db_) + 1);
    for (const char* table :
         {"record", "record_changeset", "reference", "conflict", "search", "search_todo", "held"}) {
        db_.execute("DELETE FROM " + std::string(table));
    }
    // All of them wait at first; each is applied as soon as what it names is.
    db_.execute("UPDATE changeset SET standing=1 WHERE standing=0");
    for (const auto& [key, records] : kept) {
        Statement wait = db_.prepare("UPDATE changeset SET standing=1 WHERE key=?1");
        wait.bind(1, key).run();
    }
    std::vector<std::int64_t> keys;
    {
        // The order in which they were applied, as far as it is known, so that few have to wait.
        Statement find = db_.prepare(
            role_ == StoreRole::server
                ? "SELECT key FROM changeset WHERE standing=1 ORDER BY ssn IS NULL, ssn, key"
                : "SELECT key FROM changeset WHERE standing=1 ORDER BY received_ms, key");
        while (find.step()) keys.push_back(find.integer(0));
    }
    for (std::size_t at = 0; at < keys.size(); at += batch_count) {
        LogBatch batch(*this, 0);
        batch.begin_rebuild(kept);
        const std::size_t end = std::min(keys.size(), at + batch_count);
        for (std::size_t i = at; i < end; ++i) {
            if (waits(db_, keys[i])) batch.reapply(keys[i]);
        }
        batch.finish();
    }
    for (const auto& [key, records] : kept) {
        Statement drop = db_.prepare("UPDATE changeset SET standing=3 WHERE key=?1");
        drop.bind(1, key).run();
    }
}

}  // namespace zf
