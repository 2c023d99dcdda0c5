// Binding and accepting: addresses as people write them, descriptors as the listener needs them.
// Refuses to know TLS and HTTP.
#pragma once

#include <optional>
#include <string>

#include "common/base/result.h"
#include "server/http/channel.h"

namespace zf {

struct ListenSocket {
    Descriptor descriptor;  // non-blocking
    int port = 0;           // in use
};

/// Binds `host` (name or IP address) and listens with a long queue. Port 0 picks a free port.
/// Errors: `malformed` (host or port), `not_allowed` (`loopback_only` and another address),
/// `unreachable` (in use, or not this machine's).
Result<ListenSocket> open_listen_socket(const std::string& host, int port, bool loopback_only);

struct Accepted {
    Descriptor descriptor;  // non-blocking, answers sent at once
    std::string remote_address;
};

/// What accepting came to: a connection, nobody there, or no descriptors left.
enum class AcceptState { accepted, nobody, exhausted };
AcceptState accept_connection(int listen_descriptor, std::optional<Accepted>& out);

}  // namespace zf
