// A network that misbehaves as its seed says: loses requests, loses answers after the server
// applied, delivers twice, delivers late, cuts answers off. Struct in, struct out: no sockets.
#pragma once

#include <deque>
#include <functional>
#include <string>

#include "common/base/env.h"
#include "common/sync/transport.h"

namespace zf::sim {

using Handler = std::function<Response(const Request&)>;

class FaultyNetwork final : public Transport {
public:
    /// `trouble`: of 100 requests, about how many meet each kind of trouble; 0 is a good network.
    FaultyNetwork(Handler handler, ManualEnv& dice, int trouble)
        : handler_(std::move(handler)), dice_(dice), trouble_(trouble) {}

    void set_trouble(int trouble) { trouble_ = trouble; }
    Result<Response> send(const Request& request) override;
    [[nodiscard]] const std::string& last_fault() const { return last_fault_; }

private:
    bool strikes() { return static_cast<int>(dice_.next_u64() % 100) < trouble_; }

    Handler handler_;
    ManualEnv& dice_;
    int trouble_;
    std::deque<Request> late_;
    std::string last_fault_;
};

}  // namespace zf::sim
