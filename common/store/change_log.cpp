#include "common/store/change_log.h"

#include <algorithm>
#include <deque>

#include "common/codec/changeset_codec.h"
#include "common/store/log_batch.h"
#include "common/store/schema.h"

namespace zf {

ChangeLog::ChangeLog(Db& db, StoreRole role, std::shared_ptr<const FormCatalog> forms)
    : db_(db), role_(role), forms_(std::move(forms)) {
    if (!forms_) forms_ = std::make_shared<const FormCatalog>();
    open_schema(db_);
}

void ChangeLog::set_forms(std::shared_ptr<const FormCatalog> forms) {
    forms_ = std::move(forms);
    if (counts().records == 0) return;
    std::optional<Transaction> own;
    if (!db_.in_transaction()) own.emplace(db_);
    LogBatch batch(*this, 0);
    batch.rederive_all();
    batch.finish();
    if (own) own->commit();
}

void ChangeLog::use_forms(std::shared_ptr<const FormCatalog> forms) {
    forms_ = std::move(forms);
}

Result<AppendOutcome> ChangeLog::append(std::span<Arrival> arrivals, std::int64_t received_ms,
                                        const StillParked& judge) {
    LogBatch batch(*this, received_ms, static_cast<bool>(judge));
    for (Arrival& arrival : arrivals) ZF_CHECK(batch.add(arrival));
    std::vector<std::int64_t> ready = batch.take_ready();
    AppendOutcome outcome = batch.finish();
    if (!ready.empty()) judge_stored(std::move(ready), judge, outcome);
    return outcome;
}

AppendOutcome ChangeLog::release_parked(const StillParked& still_parked) {
    std::vector<std::int64_t> keys;
    {
        Statement find =
            db_.prepare("SELECT key FROM changeset WHERE standing<>0 AND standing=2 ORDER BY key");
        while (find.step()) keys.push_back(find.integer(0));
    }
    AppendOutcome outcome;
    judge_stored(std::move(keys), still_parked, outcome);
    return outcome;
}

void ChangeLog::judge_stored(std::vector<std::int64_t> keys, const StillParked& judge,
                             AppendOutcome& outcome) {
    std::deque<std::int64_t> open(keys.begin(), keys.end());
    while (!open.empty()) {
        const std::int64_t key = open.front();
        open.pop_front();
        std::optional<ParkReason> reason;
        {
            Statement find =
                db_.prepare("SELECT bytes, park_code FROM changeset WHERE key=?1 AND standing<>0");
            find.bind(1, key);
            if (!find.step()) continue;  // applied meanwhile
            const auto changeset = decode_changeset(find.blob(0));
            if (!changeset) continue;  // damaged: verify says so
            if (find.text(1) != once_applied_code) reason = judge(*changeset);
        }
        if (reason) {
            park_stored(key, *reason);
            continue;
        }
        // A batch for each: the next verdict is given on the areas that this one leaves.
        LogBatch batch(*this, 0, true);
        batch.release(key);
        const std::vector<std::int64_t> ready = batch.take_ready();
        open.insert(open.end(), ready.begin(), ready.end());
        AppendOutcome one = batch.finish();
        outcome.applied += one.applied;
        for (const Uuid& record : one.touched) {
            if (std::find(outcome.touched.begin(), outcome.touched.end(), record) ==
                outcome.touched.end()) {
                outcome.touched.push_back(record);
            }
        }
    }
}

void ChangeLog::park_stored(std::int64_t key, const ParkReason& reason) {
    Statement set =
        db_.prepare("UPDATE changeset SET standing=2, park_code=?2, park_detail=?3 WHERE key=?1");
    set.bind(1, key).bind_text(2, reason.code).bind_text(3, reason.detail).run();
    // It waits for nothing but its reason; when that is gone it looks for gaps again.
    Statement remove = db_.prepare("DELETE FROM held WHERE changeset=?1");
    remove.bind(1, key).run();
}

void ChangeLog::set_delivered(const DeliveredUpTo& upto) {
    LogBatch batch(*this, 0);
    batch.set_delivered(upto);
    batch.finish();
}

void ChangeLog::set_acknowledged(const DeviceId& own, std::int64_t seq) {
    Statement set = db_.prepare("UPDATE device SET delivered_seq=?2 WHERE id=?1");
    set.bind_bytes(1, own.bytes).bind(2, seq).run();
}

void ChangeLog::forget_numbers() {
    db_.execute("UPDATE changeset SET ssn=NULL WHERE ssn IS NOT NULL");
    set_fact(db_, "ssn", 0);
}

void ChangeLog::settle_attachment(const Hash256& hash) {
    Statement set = db_.prepare(
        "INSERT INTO attachment(hash, settled) VALUES(?1, 1) "
        "ON CONFLICT(hash) DO UPDATE SET settled=1");
    set.bind_bytes(1, hash.bytes).run();
}

void ChangeLog::reopen_attachment(const Hash256& hash) {
    Statement set = db_.prepare("UPDATE attachment SET settled=0 WHERE hash=?1");
    set.bind_bytes(1, hash.bytes).run();
}

void ChangeLog::reopen_attachments() {
    db_.execute("UPDATE attachment SET settled=0");
}

std::vector<Hash256> ChangeLog::open_attachments(std::int64_t count_max) {
    std::vector<Hash256> hashes;
    // A negative limit is none.
    Statement find = db_.prepare(
        "SELECT hash FROM attachment WHERE settled=0 ORDER BY named_ms DESC, hash LIMIT ?1");
    find.bind(1, count_max);
    while (find.step()) hashes.push_back(find.id<Hash256>(0));
    return hashes;
}

std::vector<Hash256> ChangeLog::settled_attachments() {
    std::vector<Hash256> hashes;
    Statement find = db_.prepare("SELECT hash FROM attachment WHERE settled=1 ORDER BY hash");
    while (find.step()) hashes.push_back(find.id<Hash256>(0));
    return hashes;
}

std::vector<Hash256> ChangeLog::attachments() {
    std::vector<Hash256> hashes;
    Statement find = db_.prepare("SELECT hash FROM attachment ORDER BY hash");
    while (find.step()) hashes.push_back(find.id<Hash256>(0));
    return hashes;
}

void ChangeLog::drop_record(const Uuid& record) {
    LogBatch batch(*this, 0);
    batch.drop_record(record);
    batch.finish();
}

}  // namespace zf
