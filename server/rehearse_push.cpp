#include "server/rehearse_push.h"

#include <set>
#include <tuple>

#include "common/base/date.h"
#include "common/store/store_records.h"
#include "server/chain_check.h"
#include "server/take_push.h"

namespace zf {
namespace {

using ConflictKey = std::tuple<Uuid, std::string, ConflictKind>;

std::set<ConflictKey> conflicts_in(CentralStore& store, const std::set<Uuid>& records) {
    std::set<ConflictKey> found;
    const Date today = date_at(store.env().now_ms(), bureau_offset_minutes);
    for (const Uuid& id : records) {
        const auto doc = store.log().find_record(id);
        if (!doc) continue;
        for (const Conflict& conflict : conflicts_of(store.log(), *doc, today)) {
            found.emplace(id, conflict.field, conflict.kind);
        }
    }
    return found;
}

}  // namespace

Result<RehearsedPush> rehearse_push(CentralStore& store, const DeviceId& asking,
                                    std::vector<SignedChangeset> changesets) {
    auto arrivals = authenticate_push(store, std::move(changesets));
    if (!arrivals) return fail(arrivals.error());
    std::set<Uuid> records;
    for (const Arrival& arrival : *arrivals) {
        for (const TouchedRecord& touched : arrival.changeset.records) records.insert(touched.id);
    }
    const auto held = store.lock();
    const Transaction taken_back(store.db());  // never committed
    ZF_CHECK(check_chains(store.log(), asking, *arrivals));
    const auto before = conflicts_in(store, records);
    const auto repeated = append_judged(store, *arrivals);
    if (!repeated) return fail(repeated.error());
    RehearsedPush answer;
    answer.push.acknowledged_seq = store.log().complete_of(asking).seq;
    answer.push.repeated = *repeated;
    answer.push.received = static_cast<std::int64_t>(arrivals->size()) - *repeated;
    answer.push.not_applied = not_applied_of(store.log(), asking);
    for (const ConflictKey& conflict : conflicts_in(store, records)) {
        if (before.contains(conflict)) continue;
        const auto& [record, field, kind] = conflict;
        answer.conflicts.push_back({record.text(), field, std::string(name_of(kind))});
    }
    return answer;
}

}  // namespace zf
