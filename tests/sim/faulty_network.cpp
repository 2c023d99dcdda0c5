#include "tests/sim/faulty_network.h"

#include <string>

namespace zf::sim {

Result<Response> FaultyNetwork::send(const Request& request) {
    if (!version_) return deliver(request);
    Request other = request;
    other.headers["zoufang-protocol"] = std::to_string(*version_);
    return deliver(other);
}

Result<Response> FaultyNetwork::deliver(const Request& request) {
    // Something that was thought lost arrives after all, before this request.
    if (!late_.empty() && strikes()) {
        handler_(late_.front());
        late_.pop_front();
    }
    if (strikes()) {
        if (strikes()) late_.push_back(request);
        return fail(ErrorCode::unreachable, "the simulated network lost the request");
    }
    if (!request.body.empty() && strikes()) {
        // A listener drops it, or hands on the part that came when the request says so.
        const std::size_t arrived = dice_.next_u64() % request.body.size();
        if (arrived > 0 && request.headers.contains(std::string(partial_header))) {
            Request part = request;
            part.body.resize(arrived);
            handler_(part);
        }
        ++cut_requests_;
        return fail(ErrorCode::unreachable, "the simulated network broke the request off");
    }
    Response response = handler_(request);
    if (strikes()) response = handler_(request);
    if (strikes()) return fail(ErrorCode::unreachable, "the simulated network lost the answer");
    if (strikes() && !response.body.empty()) {
        response.body.resize(dice_.next_u64() % response.body.size());
    }
    return response;
}

}  // namespace zf::sim
