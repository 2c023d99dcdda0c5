// A server that was restored from a backup, or built anew, gets back what this laptop holds and it
// lacks: the bureau's entries first, since they say whose keys and rights there are, then
// changesets of every device, also those that laptops which are gone for ever had once sent.
#include <map>

#include "common/store/schema.h"
#include "common/sync/request.h"
#include "common/sync/sync.h"

namespace zf {

Result<void> Sync::offer_entries() {
    // Those put by, when a bundle or a page began the epoch, may be nowhere else any more.
    ZF_CHECK(offer(&BureauLog::former_after));
    return offer(&BureauLog::entries_after);
}

Result<void> Sync::offer(EntriesAfter entries_after) {
    std::int64_t last = 0;
    for (;;) {
        const auto entries = (stores_.bureau.*entries_after)(last, page_bytes_);
        if (entries.empty()) return {};
        PullAnswer frame;
        frame.epoch = find_fact(stores_.db, "epoch").value_or("");
        for (const BureauEntry& entry : entries) {
            frame.entries.push_back({entry.bytes, entry.signature});
            last = entry.n;
        }
        auto response = exchange(request_of("POST", "/v1/entries", encode_pull(frame)), false);
        if (!response) return fail(response.error());
        ZF_CHECK(report_progress());
    }
}

Result<void> Sync::relay_chain(const DeviceId& device, std::int64_t complete_seq) {
    for (std::int64_t after = complete_seq;;) {
        const auto chain =
            stores_.log.chain_after(device, after, WireLimits::push_changesets_max, page_bytes_);
        if (chain.empty()) return {};
        PushRequest push{epoch_, {}, {}};
        const std::int64_t applied = stores_.log.delivered_of(device);
        for (const StoredChangeset& stored : chain) {
            // What a server once gave out it had judged and applied, on what it knew then.
            if (stored.standing != Standing::held && stored.seq <= applied) {
                push.once_applied.insert(push.changesets.size());
            }
            push.changesets.push_back(stored.signed_changeset);
        }
        after = chain.back().seq;
        auto response = exchange(request_of("POST", "/v1/push", encode_push(push)));
        // The device's folder was copied, and the server has the other copy's history. What this
        // laptop has of it is set aside when that one is pulled.
        if (!response && response.error().code == ErrorCode::fork) return {};
        if (!response) return fail(response.error());
        const auto answer = decode_push_answer(response->body);
        if (!answer) return cut_off(answer.error().where);
        report_.given_back += answer->received;
        ZF_CHECK(report_progress());
    }
}

Result<void> Sync::give_back() {
    ZF_CHECK(offer_entries());
    ZF_CHECK(push_pages());
    auto response = exchange(request_of("GET", "/v1/chains"));
    if (!response) return fail(response.error());
    const auto answer = decode_chains(response->body);
    if (!answer) return cut_off(answer.error().where);
    std::map<std::string, std::int64_t> held;
    for (const HeldChain& chain : answer->chains) held[chain.device] = chain.complete_seq;
    for (const DeliveredUpTo& chain : stores_.log.complete_chains()) {
        if (chain.device == stores_.author.device()) continue;
        ZF_CHECK(relay_chain(chain.device, held[chain.device.hex()]));
    }
    return {};
}

}  // namespace zf
