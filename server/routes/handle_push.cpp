// POST /v1/push: changesets of the asking device, or relayed ones of others. POST
// /v1/push/rehearse: what that would do.
#include "common/codec/wire.h"
#include "server/rehearse_push.h"
#include "server/routes/route.h"
#include "server/take_push.h"

namespace zf {

Result<Response> handle_push(RouteCall& call) {
    auto request = decode_push(call.request.body);
    if (!request) return fail(request.error());
    ZF_CHECK(check_epoch(call.store, request->epoch));
    const auto answer = take_push(call.store, call.device->id, std::move(request->changesets),
                                  request->once_applied);
    if (!answer) return fail(answer.error());
    return json_response(encode_push_answer(*answer));
}

Result<Response> handle_push_rehearse(RouteCall& call) {
    auto request = decode_push(call.request.body);
    if (!request) return fail(request.error());
    ZF_CHECK(check_epoch(call.store, request->epoch));
    const auto answer = rehearse_push(call.store, call.device->id, std::move(request->changesets));
    if (!answer) return fail(answer.error());
    return json_response(encode_rehearsed_push(*answer));
}

}  // namespace zf
