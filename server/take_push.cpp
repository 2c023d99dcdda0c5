#include "server/take_push.h"

#include <map>
#include <span>
#include <unordered_set>

#include "common/store/arrival.h"
#include "server/chain_check.h"
#include "server/judge.h"

namespace zf {
namespace {

using RecordSet = std::unordered_set<Uuid, UuidHash>;

bool names_any(const Changeset& changeset, const RecordSet& records) {
    for (const TouchedRecord& touched : changeset.records) {
        if (records.contains(touched.id)) return true;
    }
    for (const Op& op : changeset.ops) {
        if (!op.value || !op.value->text()) continue;
        const auto target = parse_uuid(*op.value->text());
        if (target && records.contains(*target)) return true;
    }
    return false;
}

/// The server's clock follows what it has seen, so that a review is later than what it is about.
void follow_clocks(Author& author, const std::vector<Arrival>& arrivals) {
    std::map<DeviceId, Hlc> last;
    for (const Arrival& arrival : arrivals) {
        last.insert_or_assign(arrival.changeset.device, arrival.changeset.hlc);
    }
    for (const auto& [device, hlc] : last) author.saw(hlc);
}

Result<PushAnswer> take_batch(CentralStore& store, const DeviceId& asking,
                              std::vector<Arrival>& arrivals) {
    const auto held = store.lock();
    Transaction transaction(store.db());
    ZF_CHECK(check_chains(store.log(), asking, arrivals));
    const auto repeated = append_judged(store, arrivals);
    if (!repeated) return fail(repeated.error());
    follow_clocks(store.author(), arrivals);
    PushAnswer answer;
    const DeviceHead complete = store.log().complete_of(asking);
    answer.acknowledged_seq = complete.seq;
    answer.acknowledged_hash = complete.hash.hex();
    answer.repeated = *repeated;
    answer.received = static_cast<std::int64_t>(arrivals.size()) - *repeated;
    answer.not_applied = not_applied_of(store.log(), asking);
    transaction.commit();
    return answer;
}

}  // namespace

Result<std::int64_t> append_judged(CentralStore& store, std::span<Arrival> arrivals) {
    const std::int64_t now = store.env().now_ms();
    Judge judge(store.bureau(), store.log());
    const auto judge_released = [&judge](const Changeset& waited) { return judge.judge(waited); };
    std::int64_t repeated = 0;
    std::size_t first = 0;
    const auto append_up_to = [&](std::size_t end) -> Result<void> {
        if (first == end) return {};
        const auto outcome =
            store.log().append(arrivals.subspan(first, end - first), now, judge_released);
        if (!outcome) return fail(outcome.error());
        repeated += outcome->repeated;
        first = end;
        return {};
    };
    RecordSet pending;
    for (std::size_t i = 0; i < arrivals.size(); ++i) {
        const Changeset& changeset = arrivals[i].changeset;
        if (judge.depends_on_areas(changeset) && names_any(changeset, pending)) {
            ZF_CHECK(append_up_to(i));
            pending.clear();
        }
        if (!arrivals[i].once_applied) arrivals[i].park = judge.judge(changeset);
        for (const TouchedRecord& touched : changeset.records) pending.insert(touched.id);
    }
    ZF_CHECK(append_up_to(arrivals.size()));
    return repeated;
}

std::vector<NotApplied> not_applied_of(ChangeLog& log, const DeviceId& device) {
    std::vector<NotApplied> waiting;
    for (WaitingChangeset& changeset : log.waiting_of(device)) {
        const bool is_held = changeset.standing == Standing::held;
        waiting.push_back({changeset.seq, is_held ? "held" : "parked",
                           std::move(changeset.reason.code), std::move(changeset.reason.detail)});
    }
    return waiting;
}

Result<std::vector<Arrival>> authenticate_push(CentralStore& store,
                                               std::vector<SignedChangeset> changesets) {
    const FindKey find_key = [&](const DeviceId& id) {
        const auto held = store.lock();
        return store.bureau().find_key(id);
    };
    return authenticate(std::move(changesets), find_key);
}

Result<PushAnswer> take_push(CentralStore& store, const DeviceId& asking,
                             std::vector<SignedChangeset> changesets,
                             const std::set<std::size_t>& once_applied) {
    auto arrivals = authenticate_push(store, std::move(changesets));
    if (!arrivals) return fail(arrivals.error());
    for (const std::size_t i : once_applied) {
        Arrival& arrival = arrivals->at(i);
        // Nobody vouches for their own.
        if (arrival.changeset.device == asking) continue;
        const auto held = store.lock();
        arrival.once_applied = store.bureau().has_former_server();
    }
    return take_batch(store, asking, *arrivals);
}

}  // namespace zf
