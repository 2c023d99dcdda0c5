// The laptop's road to its server: one kept connection over TLS, checked against the bureau's
// pinned key. Names, validity dates and the machine's list of authorities play no part, so a wrong
// clock does no harm. Use from one thread; only `cancel` may be called from another.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/base/sign.h"
#include "common/sync/transport.h"

namespace zf {

struct ServerUrl {
    bool tls = true;
    std::string host;  // name or IP address, without brackets
    int port = 443;
    bool operator==(const ServerUrl&) const = default;
};

/// Reads "https://HOST[:PORT][/]", or "http://..." when HOST is a loopback address or localhost;
/// IPv6 addresses stand in brackets. The port is 443 (80 for http) when not given. Errors:
/// `malformed` with what would be right; `not_allowed` for plain HTTP to another machine.
Result<ServerUrl> parse_server_url(std::string_view url);

class HttpTransport final : public Transport {
public:
    /// Does not connect yet. `pin`: the bureau's public key as 64 hex digits; without it (first
    /// enrolment only) the first connection decides and `learned_pin` tells the key, for the
    /// person to compare. A plain HTTP connection has no pin. Errors: those of parse_server_url;
    /// `malformed` pin.
    static Result<HttpTransport> open(std::string_view url,
                                      std::optional<std::string_view> pin = std::nullopt);
    HttpTransport(HttpTransport&&) noexcept;
    HttpTransport& operator=(HttpTransport&&) noexcept;
    ~HttpTransport() override;

    /// See Transport. Waits at most 5 s for a connection and 60 s for each further step of the
    /// server. The connection is kept for the next request.
    Result<Response> send(const Request& request) override;

    /// The bureau's key that the server has proved to stand for; nothing before the first
    /// connection, and over plain HTTP.
    [[nodiscard]] std::optional<PublicKey> learned_pin() const;

    /// Makes a running `send`, and every later one, end with `interrupted`. From any thread.
    void cancel();

private:
    class Connection;
    explicit HttpTransport(std::unique_ptr<Connection> connection);
    std::unique_ptr<Connection> connection_;
};

}  // namespace zf
