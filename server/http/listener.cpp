#include "server/http/listener.h"

#include <csignal>
#include <utility>

#include "common/base/assert.h"
#include "server/http/event_loop.h"

namespace zf {

std::string Address::url() const {
    const bool is_v6 = host.find(':') != std::string::npos;
    return (tls ? "https://" : "http://") + (is_v6 ? "[" + host + "]" : host) + ":" +
           std::to_string(port);
}

Listener::Listener(Handler handler) : handler_(std::move(handler)) {}
Listener::~Listener() = default;

Result<Address> Listener::start(const ListenOptions& options) {
    ZF_ASSERT(!loop_);
    // A client that leaves while it is answered must not end the server.
    std::signal(SIGPIPE, SIG_IGN);
    SslContext context;
    if (options.certificate) {
        Result<SslContext> made = make_server_context(*options.certificate);
        if (!made) return fail(made.error());
        context = std::move(*made);
    }
    Result<ListenSocket> socket =
        open_listen_socket(options.host, options.port, !options.certificate);
    if (!socket) return fail(socket.error());
    const Address address{options.host, socket->port, options.certificate.has_value()};
    const std::lock_guard lock(mutex_);
    loop_ = std::make_unique<EventLoop>(handler_, options.limits, std::move(*socket),
                                        std::move(context));
    return address;
}

void Listener::stop() {
    const std::lock_guard lock(mutex_);
    loop_.reset();
}

}  // namespace zf
