#include "server/chain_check.h"

#include <map>
#include <optional>
#include <string>

#include "common/codec/changeset_codec.h"

namespace zf {
namespace {

Unexpected other_history(const Changeset& changeset, const std::string& where) {
    return fail(ErrorCode::fork,
                "Changeset " + std::to_string(changeset.seq) + " of device " +
                    changeset.device.hex() +
                    " continues another history than the one held here; the device's folder was "
                    "copied or restored.",
                where);
}

/// Follows the chains of a batch, each from where it stands here.
class ChainCheck {
public:
    ChainCheck(ChangeLog& log, const DeviceId& asking) : log_(log), asking_(asking) {}

    Result<void> check(const Arrival& arrival, const std::string& where) {
        const Changeset& changeset = arrival.changeset;
        const auto [entry, is_new] = chains_.try_emplace(changeset.device);
        Chain& chain = entry->second;
        if (is_new) {
            chain.head = chain.last = log_.head_of(changeset.device);
            chain.complete = log_.complete_of(changeset.device).seq;
        }
        if (changeset.seq <= chain.complete) return {};
        if (changeset.seq <= chain.head.seq) {
            ZF_CHECK(check_between(arrival, chain, where));
        } else if (changeset.seq != chain.last.seq + 1) {
            if (changeset.device == asking_) return gap(changeset, chain.last.seq + 1, where);
        } else if (changeset.previous != chain.last.hash) {
            return other_history(changeset, where);
        }
        if (changeset.device == asking_) {
            if (changeset.seq != chain.complete + 1) {
                return gap(changeset, chain.complete + 1, where);
            }
            chain.complete = changeset.seq;
        }
        chain.last = {changeset.device, changeset.seq, arrival.hash};
        return {};
    }

private:
    struct Chain {
        DeviceHead head;  // stored here
        DeviceHead last;  // the one before, of the batch or else the head
        std::int64_t complete = 0;
    };

    static Unexpected gap(const Changeset& changeset, std::int64_t next, const std::string& where) {
        return fail(ErrorCode::malformed,
                    "Changeset " + std::to_string(changeset.seq) + " of device " +
                        changeset.device.hex() + " leaves a gap; the next one should be " +
                        std::to_string(next) + ".",
                    where);
    }

    /// One that may fill a gap must fit both neighbours, as far as they are here.
    Result<void> check_between(const Arrival& arrival, const Chain& chain,
                               const std::string& where) {
        const Changeset& changeset = arrival.changeset;
        const auto here = [&](std::int64_t seq) {
            return log_.find_changeset(changeset.device, seq);
        };
        if (here(changeset.seq)) return {};
        std::optional<Hash256> before;
        if (chain.last.seq == changeset.seq - 1) {
            before = chain.last.hash;
        } else if (const auto stored = here(changeset.seq - 1)) {
            before = blake2b(stored->signed_changeset.bytes);
        }
        if (before && changeset.previous != *before) return other_history(changeset, where);
        if (const auto stored = here(changeset.seq + 1)) {
            const auto after = decode_changeset(stored->signed_changeset.bytes);
            if (after && after->previous != arrival.hash) return other_history(changeset, where);
        }
        return {};
    }

    ChangeLog& log_;
    DeviceId asking_;
    std::map<DeviceId, Chain> chains_;
};

}  // namespace

Result<void> check_chains(ChangeLog& log, const DeviceId& asking,
                          const std::vector<Arrival>& arrivals) {
    ChainCheck chains(log, asking);
    for (std::size_t i = 0; i < arrivals.size(); ++i) {
        ZF_CHECK(chains.check(arrivals[i], "changesets[" + std::to_string(i) + "]"));
    }
    return {};
}

}  // namespace zf
