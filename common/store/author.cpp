#include "common/store/author.h"

#include <algorithm>

#include "common/base/assert.h"
#include "common/codec/changeset_codec.h"
#include "common/store/schema.h"

namespace zf {
namespace {

constexpr std::int64_t lead_max_ms = 5 * 60 * 1000;

Hlc last_clock(Db& db) {
    return {find_fact_integer(db, "hlc_ms").value_or(0),
            static_cast<std::int32_t>(find_fact_integer(db, "hlc_counter").value_or(0))};
}

void set_last_clock(Db& db, const Hlc& hlc) {
    set_fact(db, "hlc_ms", hlc.ms);
    set_fact(db, "hlc_counter", static_cast<std::int64_t>(hlc.counter));
}

}  // namespace

Author::Author(ChangeLog& log, const KeyPair& key, Env& env) : log_(log), key_(key), env_(env) {}

void Author::saw(const Hlc& hlc) {
    if (hlc.ms > env_.now_ms() + lead_max_ms) return;
    if (hlc > last_clock(log_.db())) set_last_clock(log_.db(), hlc);
}

Result<Changeset> Author::write(const std::string& user, const std::vector<RecordEdit>& edits) {
    const std::int64_t now = env_.now_ms();
    const Hlc last = last_clock(log_.db());
    const DeviceHead head = log_.head_of(device());

    Changeset changeset;
    changeset.device = head.device;
    changeset.seq = head.seq + 1;
    changeset.previous = head.hash;
    changeset.hlc = now > last.ms ? Hlc{now, 0} : Hlc{last.ms, last.counter + 1};
    changeset.at_ms = now;
    changeset.user = user;
    for (const RecordEdit& edit : edits) {
        const auto index = static_cast<std::int32_t>(changeset.records.size());
        changeset.records.push_back(
            {edit.opened->id, edit.opened->form, edit.form_version, edit.opened->heads});
        for (Op op : edit.edit.ops) {
            op.record = index;
            changeset.ops.push_back(std::move(op));
        }
    }
    ZF_ASSERT(!changeset.ops.empty());

    Arrival arrival;
    arrival.signed_changeset.bytes = encode_changeset(changeset);
    if (arrival.signed_changeset.bytes.size() > ChangesetLimits::bytes_max ||
        changeset.ops.size() > ChangesetLimits::ops_max) {
        return fail(ErrorCode::too_large,
                    "this save is too large for one changeset; save fewer rows at a time");
    }
    arrival.hash = blake2b(arrival.signed_changeset.bytes);
    arrival.signed_changeset.signature = key_.sign(signing_bytes(arrival.hash));
    arrival.changeset = changeset;
    auto outcome = log_.append({&arrival, 1}, now);
    if (!outcome) return fail(outcome.error());
    set_last_clock(log_.db(), changeset.hlc);
    return changeset;
}

}  // namespace zf
