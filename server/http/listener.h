// Serves a function from Request to Response over HTTPS, or over plain HTTP on loopback. One
// thread moves all bytes and never waits for anybody; worker threads run the function on requests
// that have arrived whole. So slow, silent or greedy clients cost a descriptor and their deadline,
// never a thread. Refuses to know routes, accounts and stores.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "common/base/result.h"
#include "common/sync/transport.h"
#include "server/http/certificate.h"
#include "server/http/limits.h"

namespace zf {

/// Called on several worker threads at once. Should answer within a second: `Listener::stop`
/// waits for it. An exception becomes a 500 without details.
using Handler = std::function<Response(const Request&)>;

struct ListenOptions {
    std::string host = "127.0.0.1";  // IP address or name to listen on
    int port = 0;                    // 0 picks a free one
    /// Without a certificate plain HTTP is spoken, which only loopback addresses may do.
    std::optional<ServerCertificate> certificate;
    ListenerLimits limits;
};

struct Address {
    std::string host;
    int port = 0;
    bool tls = false;
    /// "https://127.0.0.1:8443"
    [[nodiscard]] std::string url() const;
};

class EventLoop;

class Listener {
public:
    explicit Listener(Handler handler);
    /// Stops, if it still runs.
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// Binds, starts the threads and returns the address with the port in use. From then on
    /// SIGPIPE is ignored in the whole process. Once per Listener. Errors: `not_allowed` (plain
    /// HTTP off loopback), `unreachable` (the address cannot be bound), `malformed` (host, port or
    /// certificate).
    Result<Address> start(const ListenOptions& options);

    /// Stops accepting, drops idle connections, lets requests in progress finish and sends their
    /// answers. Returns within ListenerLimits::stop_timeout_ms plus what a handler still takes.
    /// May be called from any thread but a worker, and more than once.
    void stop();

private:
    Handler handler_;
    std::mutex mutex_;  // of loop_
    std::unique_ptr<EventLoop> loop_;
};

}  // namespace zf
