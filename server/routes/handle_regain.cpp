// What a server that was restored from a backup, or built anew, is given back by laptops.
// POST /v1/entries: entries of the bureau's log that a laptop kept. They are signed by the bureau,
// so anybody may bring them: a laptop that was enrolled after the backup has no session yet. GET
// /v1/chains: what this server holds, so that laptops know what it lacks.
#include "common/codec/wire.h"
#include "server/regain.h"
#include "server/routes/route.h"

namespace zf {

Result<Response> handle_entries(RouteCall& call) {
    const std::int64_t now = call.store.env().now_ms();
    const std::string& address = call.request.remote_address;
    if (!call.attempts.allows(address, now)) {
        return fail(ErrorCode::not_allowed,
                    "Too many foreign entries came from this address; wait ten minutes.");
    }
    auto frame = decode_pull(call.request.body);
    if (!frame) return fail(frame.error());
    std::vector<BureauEntry> entries;
    for (PulledEntry& entry : frame->entries) {
        entries.push_back({0, std::move(entry.bytes), std::move(entry.signature)});
    }
    const auto taken = regain_entries(call.store, entries);
    if (!taken) {
        if (taken.error().code == ErrorCode::bad_signature) {
            call.attempts.note_failure(address, now);
        }
        return fail(taken.error());
    }
    return json_response("{\"taken\":" + std::to_string(*taken) + "}");
}

Result<Response> handle_chains(RouteCall& call) {
    const auto held = call.store.lock();
    ChainsAnswer answer{call.store.epoch(), {}};
    for (const DeliveredUpTo& chain : call.store.log().complete_chains()) {
        answer.chains.push_back({chain.device.hex(), chain.seq});
    }
    return json_response(encode_chains(answer));
}

}  // namespace zf
