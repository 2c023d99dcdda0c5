// GET /v1/health and GET /v1/bureau: what anybody may know, in any protocol version.
#include "server/api.h"
#include "server/routes/route.h"

namespace zf {

Result<Response> handle_health(RouteCall& call) {
    // The lock proves that the store answers.
    const auto held = call.store.lock();
    Value answer;
    answer.set("status", "ok");
    answer.set("version", ZF_VERSION);
    return json_response(canonical_text(answer));
}

Result<Response> handle_bureau(RouteCall& call) {
    Value protocol;
    protocol.set("min", Api::protocol_min);
    protocol.set("max", Api::protocol_max);
    Value answer;
    answer.set("bureau_key", call.store.keys().bureau.public_key().hex());
    answer.set("ca", call.store.keys().certificate.bureau_ca_pem);
    answer.set("epoch", call.store.epoch());
    answer.set("protocol", std::move(protocol));
    return json_response(canonical_text(answer));
}

}  // namespace zf
