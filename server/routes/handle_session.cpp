// POST /v1/session: who I am and where my chain stands; the answer holds a challenge to sign and
// what this server holds of that chain.
#include "common/codec/wire.h"
#include "server/routes/route.h"
#include "server/routes/session_token.h"

namespace zf {

Result<Response> handle_session(RouteCall& call) {
    const auto request = decode_session_request(call.request.body);
    if (!request) return fail(request.error());
    const auto id = parse_device_id(request->device);
    if (!id) {
        return fail(ErrorCode::malformed, "This should be a device id of 32 hex digits.", "device");
    }
    CentralStore& store = call.store;
    SessionAnswer answer;
    answer.server_ms = store.env().now_ms();
    answer.epoch = store.epoch();
    {
        const auto held = store.lock();
        const ReadSnapshot snapshot(store.db());
        if (!store.bureau().find_device(*id)) {
            return fail(ErrorCode::unauthenticated,
                        "This device is not enrolled here; enrol it with a code from the bureau.",
                        "device");
        }
        const DeviceHead complete = store.log().complete_of(*id);
        answer.acknowledged_seq = complete.seq;
        answer.acknowledged_hash = complete.hash.hex();
        if (request->head_seq > 0) {
            const auto known = store.log().find_changeset(*id, request->head_seq);
            if (known) answer.hash_at_head = blake2b(known->signed_changeset.bytes).hex();
        }
        answer.last_entry = store.bureau().last_entry();
        answer.ssn = store.log().ssn();
    }
    answer.challenge = make_challenge(store.keys().token, *id, store.env());
    return json_response(encode_session_answer(answer));
}

}  // namespace zf
