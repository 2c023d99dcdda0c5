#include "common/store/receipts.h"

#include <map>

#include "common/store/schema.h"

namespace zf {
namespace {

std::string stored_fact(const DeviceId& device) {
    return "stored:" + device.hex();
}

AttachmentReceipt read_receipt(const Statement& row) {
    return {row.id<Hash256>(0), row.integer(1), row.integer(2) != 0};
}

}  // namespace

void set_stored(Db& db, const DeviceId& device, std::int64_t seq) {
    if (stored_of(db, device) != seq) set_fact(db, stored_fact(device), seq);
}

std::int64_t stored_of(Db& db, const DeviceId& device) {
    return find_fact_integer(db, stored_fact(device)).value_or(0);
}

void forget_stored_but(Db& db, const DeviceId& own) {
    Statement remove =
        db.prepare("DELETE FROM fact WHERE name>='stored:' AND name<'stored;' AND name<>?1");
    remove.bind_text(1, stored_fact(own)).run();
}

void keep_waiting(Db& db, const std::vector<NotApplied>& all, std::int64_t now_ms) {
    std::map<std::int64_t, WaitingThere> before;
    for (WaitingThere& one : waiting_there(db)) before.emplace(one.what.seq, std::move(one));
    if (all.empty() && before.empty()) return;
    db.execute("DELETE FROM waiting_there");
    for (const NotApplied& one : all) {
        const auto known = before.find(one.seq);
        const bool is_same = known != before.end() && known->second.what.standing == one.standing &&
                             known->second.what.code == one.code;
        Statement add = db.prepare(
            "INSERT OR REPLACE INTO waiting_there(seq, standing, code, detail, since_ms) "
            "VALUES(?1, ?2, ?3, ?4, ?5)");
        add.bind(1, one.seq).bind_text(2, one.standing).bind_text(3, one.code);
        add.bind_text(4, one.detail).bind(5, is_same ? known->second.since_ms : now_ms).run();
    }
}

std::vector<WaitingThere> waiting_there(Db& db) {
    std::vector<WaitingThere> all;
    Statement find =
        db.prepare("SELECT seq, standing, code, detail, since_ms FROM waiting_there ORDER BY seq");
    while (find.step()) {
        all.push_back({{find.integer(0), std::string(find.text(1)), std::string(find.text(2)),
                        std::string(find.text(3))},
                       find.integer(4)});
    }
    return all;
}

void take_attachment_receipt(ChangeLog& log, const Hash256& hash, std::int64_t now_ms) {
    log.settle_attachment(hash);
    Statement add = log.db().prepare(
        "INSERT INTO attachment_receipt(hash, since_ms, put_away) VALUES(?1, ?2, 0) "
        "ON CONFLICT(hash) DO NOTHING");
    add.bind_bytes(1, hash.bytes).bind(2, now_ms).run();
}

std::optional<AttachmentReceipt> find_attachment_receipt(Db& db, const Hash256& hash) {
    Statement find = db.prepare(
        "SELECT hash, since_ms, put_away FROM attachment_receipt JOIN attachment USING(hash) "
        "WHERE settled=1 AND hash=?1");
    find.bind_bytes(1, hash.bytes);
    if (!find.step()) return std::nullopt;
    return read_receipt(find);
}

std::vector<AttachmentReceipt> attachment_receipts(Db& db) {
    std::vector<AttachmentReceipt> all;
    Statement find = db.prepare(
        "SELECT hash, since_ms, put_away FROM attachment_receipt JOIN attachment USING(hash) "
        "WHERE settled=1 ORDER BY hash");
    while (find.step()) all.push_back(read_receipt(find));
    return all;
}

Result<void> put_away(Db& db, const Hash256& hash) {
    if (!find_attachment_receipt(db, hash)) {
        return fail(ErrorCode::not_allowed,
                    "the bureau is not known to have this attachment, so it stays here; sync first",
                    "attachment " + hash.hex());
    }
    Statement set = db.prepare("UPDATE attachment_receipt SET put_away=1 WHERE hash=?1");
    set.bind_bytes(1, hash.bytes).run();
    return {};
}

bool is_put_away(Db& db, const Hash256& hash) {
    Statement find = db.prepare("SELECT 1 FROM attachment_receipt WHERE hash=?1 AND put_away=1");
    find.bind_bytes(1, hash.bytes);
    return find.step();
}

void want_back(ChangeLog& log, const Hash256& hash) {
    Statement set = log.db().prepare("UPDATE attachment_receipt SET put_away=0 WHERE hash=?1");
    set.bind_bytes(1, hash.bytes).run();
    log.reopen_attachment(hash);
}

}  // namespace zf
