#include "client/app/bureau_line.h"

#include "client/http/http_transport.h"
#include "common/codec/wire.h"

namespace zf {

void BureauLine::hold(HttpTransport* one) {
    const std::lock_guard lock(mutex_);
    transport_ = one;
    if (transport_ && is_cut_) transport_->cancel();
}

void BureauLine::cut() {
    const std::lock_guard lock(mutex_);
    is_cut_ = true;
    if (transport_) transport_->cancel();
}

Result<std::string> ask_for_key(HttpTransport& transport) {
    Request request;
    request.method = "GET";
    request.path = "/v1/bureau";
    request.headers["zoufang-protocol"] = std::to_string(protocol_version);
    const auto response = transport.send(request);
    if (!response) return fail(response.error());
    if (response->status != 200) return fail(decode_error(response->body, response->status));
    const auto key = transport.learned_pin();
    return key ? key->hex() : std::string();
}

}  // namespace zf
