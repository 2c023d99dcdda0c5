// A client that says exactly what a test tells it to, rude things included, and a server that
// answers what a test tells it to. Waits are bounded, so that a failing test ends.
#pragma once

#include <string>
#include <string_view>

#include "server/http/channel.h"
#include "server/http/listener.h"

namespace zf::test {

class RawClient {
public:
    explicit RawClient(int port);
    explicit RawClient(Descriptor connected);
    /// Sends all of it; a peer that has closed is no error.
    void send(std::string_view text);
    /// One head and the body that its Content-Length announces; what came, if less came.
    std::string read_message();
    /// Everything until the peer ends or, for an hour-long silence, until the wait is over.
    std::string read_to_end();
    /// Whether the peer ends without saying anything more.
    bool sees_end();
    /// Waits until one of the two has something to read; true when it is the first.
    static bool first_hears_sooner(const RawClient& first, const RawClient& second);

private:
    Descriptor descriptor_;
    std::string left_;

    bool read_more();
};

/// Accepts single connections on a free loopback port.
class RawServer {
public:
    RawServer();
    [[nodiscard]] int port() const { return port_; }
    RawClient accept();
    /// Refuses further connections.
    void close() { descriptor_ = Descriptor(); }

private:
    Descriptor descriptor_;
    int port_ = 0;
};

/// "HTTP/1.1 404 Not Found..." -> 404; 0 when it is no answer.
int status_of(std::string_view answer);
std::string_view body_of(std::string_view answer);

/// A listener that has started on a free port of 127.0.0.1.
struct RunningListener {
    RunningListener(Handler handler, ListenOptions options = {});
    Listener listener;
    Address address;
};

ListenOptions with_tls(const ServerCertificate& certificate);
std::array<std::uint8_t, 32> seed_of(std::uint8_t first);

}  // namespace zf::test
