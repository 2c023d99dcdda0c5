// Tells when this machine gets a network, or another one: the kernel says so by itself, so nothing
// runs and nothing is asked while nothing changes. Linux only; where it cannot be had nothing is
// ever told. Knows nothing of servers: that one is reached is another matter.
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace zf {

class NetworkWatch {
public:
    /// `came` is called from a thread of this watch.
    explicit NetworkWatch(std::function<void()> came);
    ~NetworkWatch();
    NetworkWatch(const NetworkWatch&) = delete;
    NetworkWatch& operator=(const NetworkWatch&) = delete;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The ways out of this machine as the kernel lists them, one a line; empty: there is no network.
/// `v4` and `v6`: what /proc/net/route and /proc/net/ipv6_route hold. Local ones do not count.
std::string ways_out(const std::string& v4, const std::string& v6);

}  // namespace zf
