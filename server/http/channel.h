// The bytes of one connection, with or without TLS; never waits. Refuses to know HTTP. Used by
// the listener's one network thread only.
#pragma once

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "common/base/result.h"
#include "server/http/certificate.h"

namespace zf {

/// A file descriptor that closes itself.
class Descriptor {
public:
    explicit Descriptor(int number = -1) : number_(number) {}
    ~Descriptor();
    Descriptor(Descriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int number() const { return number_; }

private:
    int number_;
};

struct SslContextFree {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using SslContext = std::unique_ptr<SSL_CTX, SslContextFree>;

/// A TLS 1.3 server context. Error: `malformed` when certificate and key cannot be used.
Result<SslContext> make_server_context(const ServerCertificate& certificate);

enum class ChannelState {
    moved,   // something was done
    stuck,   // nothing can be done until the network moves
    closed,  // the peer has ended, or the connection is broken
};

struct ChannelResult {
    ChannelState state = ChannelState::stuck;
    std::size_t bytes = 0;
};

class Channel {
public:
    /// `context` null: plain. The descriptor must be non-blocking.
    Channel(Descriptor descriptor, SSL_CTX* context);

    [[nodiscard]] int descriptor() const { return descriptor_.number(); }
    /// `moved` once the handshake is complete; at once for plain connections.
    ChannelState handshake();
    ChannelResult read(std::span<char> out);
    ChannelResult write(std::string_view data);
    /// Says that nothing more will be sent. Reading goes on.
    void end_sending();

private:
    struct SslFree {
        void operator()(SSL* ssl) const { SSL_free(ssl); }
    };
    Descriptor descriptor_;
    std::unique_ptr<SSL, SslFree> ssl_;

    ChannelState state_of_failure(int ssl_result);
};

}  // namespace zf
