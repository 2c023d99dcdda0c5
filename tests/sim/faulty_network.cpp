#include "tests/sim/faulty_network.h"

namespace zf::sim {

Result<Response> FaultyNetwork::send(const Request& request) {
    // Something that was thought lost arrives after all, before this request.
    if (!late_.empty() && strikes()) {
        handler_(late_.front());
        late_.pop_front();
    }
    if (strikes()) {
        if (strikes()) late_.push_back(request);
        last_fault_ = "request lost";
        return fail(ErrorCode::unreachable, "the simulated network lost the request");
    }
    Response response = handler_(request);
    if (strikes()) {
        last_fault_ = "request delivered twice";
        response = handler_(request);
    }
    if (strikes()) {
        last_fault_ = "answer lost";
        return fail(ErrorCode::unreachable, "the simulated network lost the answer");
    }
    if (strikes() && !response.body.empty()) {
        last_fault_ = "answer cut off";
        response.body.resize(dice_.next_u64() % response.body.size());
    }
    return response;
}

}  // namespace zf::sim
