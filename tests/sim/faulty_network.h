// A network that misbehaves as its seed says: loses requests, loses answers after the server
// applied, delivers twice, delivers late, cuts requests and answers off. May stand for a program of
// another protocol version. Struct in, struct out: no sockets.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <utility>

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
    /// How many requests broke off on their way since this was asked last.
    long take_cut_requests() { return std::exchange(cut_requests_, 0); }
    /// The protocol version that requests name from now on; nothing is the one they are made for.
    void speak(std::optional<int> version) { version_ = version; }
    [[nodiscard]] bool speaks_another() const { return version_.has_value(); }

private:
    Result<Response> deliver(const Request& request);
    bool strikes() { return static_cast<int>(dice_.next_u64() % 100) < trouble_; }

    Handler handler_;
    ManualEnv& dice_;
    int trouble_;
    std::deque<Request> late_;
    long cut_requests_ = 0;
    std::optional<int> version_;
};

}  // namespace zf::sim
