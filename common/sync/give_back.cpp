// A server that was restored from a backup, or built anew, gets back what this laptop holds and it
// lacks: the bureau's entries first, since they say whose keys and rights there are, then
// changesets of every device, also those that laptops which are gone for ever had once sent. Any
// server gets what came here from another laptop only.
#include "common/codec/changeset_codec.h"
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
        const auto is_taken = relay(push);
        if (!is_taken) return fail(is_taken.error());
        if (!*is_taken) return {};
    }
}

/// False when the device's folder was copied, and the server has the other copy's history. What
/// this laptop has of it is set aside when that one is pulled.
Result<bool> Sync::relay(const PushRequest& push) {
    auto response = exchange(request_of("POST", "/v1/push", encode_push(push)));
    if (!response && response.error().code == ErrorCode::fork) return false;
    if (!response) return fail(response.error());
    const auto answer = decode_push_answer(response->body);
    if (!answer) return cut_off(answer.error().where);
    report_.given_back += answer->received;
    ZF_CHECK(report_progress());
    return true;
}

/// By device: up to where the server has the chain without a gap.
Result<std::map<DeviceId, std::int64_t>> Sync::ask_chains() {
    auto response = exchange(request_of("GET", "/v1/chains"));
    if (!response) return fail(response.error());
    const auto answer = decode_chains(response->body);
    if (!answer) return cut_off(answer.error().where);
    std::map<DeviceId, std::int64_t> held;
    for (const HeldChain& chain : answer->chains) {
        const auto device = parse_device_id(chain.device);
        if (!device) return cut_off("device");
        held[*device] = chain.complete_seq;
    }
    return held;
}

Result<void> Sync::relay_unnumbered() {
    const DeviceId own = stores_.author.device();
    std::optional<std::map<DeviceId, std::int64_t>> held;
    for (std::int64_t after_key = 0;;) {
        auto page = stores_.log.unnumbered_of_others(own, after_key,
                                                     WireLimits::push_changesets_max, page_bytes_);
        if (page.empty()) return {};
        if (!held) {
            auto asked = ask_chains();
            if (!asked) return fail(asked.error());
            held = std::move(*asked);
        }
        // A request for each device: a fork refuses the whole of it.
        std::map<DeviceId, PushRequest> pushes;
        for (StoredChangeset& stored : page) {
            const auto changeset = decode_changeset(stored.signed_changeset.bytes);
            // A damaged one is for a repair.
            if (!changeset || stored.seq <= (*held)[changeset->device]) continue;
            PushRequest& push = pushes[changeset->device];
            push.epoch = epoch_;
            push.changesets.push_back(std::move(stored.signed_changeset));
        }
        for (const auto& [device, push] : pushes) {
            const auto is_taken = relay(push);
            if (!is_taken) return fail(is_taken.error());
        }
    }
}

Result<void> Sync::give_back() {
    ZF_CHECK(offer_entries());
    ZF_CHECK(push_pages());
    auto held = ask_chains();
    if (!held) return fail(held.error());
    for (const DeliveredUpTo& chain : stores_.log.complete_chains()) {
        if (chain.device == stores_.author.device()) continue;
        ZF_CHECK(relay_chain(chain.device, (*held)[chain.device]));
    }
    return {};
}

}  // namespace zf
