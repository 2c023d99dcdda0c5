#include "server/parked.h"

#include <array>
#include <string_view>

#include "common/codec/changeset_codec.h"

namespace zf {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> remedies{{
    {"device_revoked",
     "if the laptop was revoked by mistake, enrol it anew with a code; else leave it, it stays "
     "without effect"},
    {"unknown_user", "make the account with `user add`; it is applied by itself then"},
    {"not_allowed",
     "give the account the role, area or device it lacks with `user change` or a new enrolment "
     "code; it is applied by itself then"},
    {"unknown_form", "distribute the form in that version; it is applied by itself then"},
}};

std::string name_of_device(BureauLog& bureau, const DeviceId& id) {
    const auto device = bureau.find_device(id);
    return device ? device->name : std::string();
}

/// The first changeset named by it that is not here.
std::optional<ChangesetRef> find_missing(ChangeLog& log, const Changeset& changeset) {
    const auto is_here = [&](const DeviceId& device, std::int64_t seq) {
        const auto stored = log.find_changeset(device, seq);
        return stored && stored->standing == Standing::applied;
    };
    for (const TouchedRecord& touched : changeset.records) {
        for (const ChangesetRef& parent : touched.parents) {
            if (!is_here(parent.device, parent.seq)) return parent;
        }
    }
    for (const Op& op : changeset.ops) {
        for (const Dot& dot : op.supersedes) {
            if (!is_here(dot.device, dot.seq)) return ChangesetRef{dot.device, dot.seq};
        }
        for (const SeenField& seen : op.saw) {
            for (const Dot& dot : seen.dots) {
                if (!is_here(dot.device, dot.seq)) return ChangesetRef{dot.device, dot.seq};
            }
        }
    }
    return std::nullopt;
}

std::string remedy_of(CentralStore& store, const KeptBack& one) {
    if (!one.is_held) {
        for (const auto& [code, remedy] : remedies) {
            if (code == one.reason.code) return std::string(remedy);
        }
        return "see the reason";
    }
    if (!one.missing) return "it is applied with the next change of an account or form";
    if (store.log().find_changeset(one.missing->device, one.missing->seq)) {
        return "it builds on changeset " + std::to_string(one.missing->seq) + " of " +
               name_of_device(store.bureau(), one.missing->device) +
               ", which is kept back itself: see there";
    }
    return "it builds on changeset " + std::to_string(one.missing->seq) + " of " +
           name_of_device(store.bureau(), one.missing->device) +
           ", which has not arrived: let that laptop sync, or bring its bundle";
}

}  // namespace

std::vector<KeptBack> kept_back(CentralStore& store) {
    std::vector<KeptBack> all;
    const ChangeLog::Counts counts = store.log().counts();
    if (counts.parked + counts.held == 0) return all;
    for (const DeliveredUpTo& chain : store.log().complete_chains()) {
        for (WaitingChangeset& waiting : store.log().waiting_of(chain.device)) {
            const auto stored = store.log().find_changeset(chain.device, waiting.seq);
            if (!stored) continue;
            KeptBack one;
            one.device = chain.device;
            one.device_name = name_of_device(store.bureau(), chain.device);
            one.seq = waiting.seq;
            one.is_held = waiting.standing == Standing::held;
            one.reason = std::move(waiting.reason);
            one.since_ms = stored->received_ms;
            const auto changeset = decode_changeset(stored->signed_changeset.bytes);
            if (changeset) {  // else damaged: verify says so
                one.user = changeset->user;
                one.records = changeset->records;
                if (one.is_held) one.missing = find_missing(store.log(), *changeset);
            }
            one.remedy = remedy_of(store, one);
            all.push_back(std::move(one));
        }
    }
    return all;
}

}  // namespace zf
