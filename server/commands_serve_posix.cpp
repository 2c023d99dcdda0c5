// serve: runs the HTTPS listener over the API until the process is asked to stop. Signals are
// POSIX's.
#include <pthread.h>

#include <charconv>
#include <csignal>
#include <filesystem>
#include <optional>
#include <ostream>

#include "common/base/private_files.h"
#include "server/api.h"
#include "server/commands.h"
#include "server/http/listener.h"

namespace zf {
namespace {

constexpr std::string_view default_listen = "0.0.0.0:8443";

struct HostPort {
    std::string host;
    int port = 0;
};

/// "127.0.0.1:8443", "[::1]:8443"
Result<HostPort> parse_listen(const std::string& text) {
    const auto refuse = [] {
        return wrong_usage("This should be HOST:PORT, like 0.0.0.0:8443 or [::1]:8443.",
                           "--listen");
    };
    const std::size_t colon = text.rfind(':');
    if (colon == text.npos || colon == 0) return refuse();
    HostPort parsed{text.substr(0, colon), 0};
    const char* end = text.data() + text.size();
    const auto [stop, code] = std::from_chars(text.data() + colon + 1, end, parsed.port);
    if (code != std::errc() || stop != end || parsed.port < 0 || parsed.port > 65535) {
        return refuse();
    }
    if (parsed.host.starts_with('[')) {
        if (!parsed.host.ends_with(']')) return refuse();
        parsed.host = parsed.host.substr(1, parsed.host.size() - 2);
    }
    return parsed;
}

/// SIGTERM and SIGINT wait from construction on, in this thread and those it starts.
class StopSignals {
public:
    StopSignals() {
        sigemptyset(&set_);
        sigaddset(&set_, SIGTERM);
        sigaddset(&set_, SIGINT);
        pthread_sigmask(SIG_BLOCK, &set_, &before_);
        // A limit on file size must fail a write, not end the server.
        std::signal(SIGXFSZ, SIG_IGN);
    }
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;
    ~StopSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    void wait() {
        int signal = 0;
        sigwait(&set_, &signal);
    }

private:
    sigset_t set_{};
    sigset_t before_{};
};

}  // namespace

Result<int> run_serve(const Invocation& invocation) {
    const auto listen = parse_listen(invocation.line.value("--listen", default_listen));
    if (!listen) return fail(listen.error());
    const std::filesystem::path data = invocation.line.data;
    // Before the store is opened, so that no restore can take it away from under the server.
    std::optional<Result<FolderLock>> lock;
    if (std::filesystem::exists(data)) lock.emplace(FolderLock::take(data));
    if (lock && !*lock) return fail(lock->error());
    const auto store = CentralStore::open(data, invocation.env);
    if (!store) return fail(store.error());
    StopSignals signals;

    Api api(**store);
    Listener listener([&api](const Request& request) { return api.handle(request); });
    ListenOptions options;
    options.host = listen->host;
    options.port = listen->port;
    if (!invocation.line.has("--http")) options.certificate = (*store)->keys().certificate;
    const auto address = listener.start(options);
    if (!address) return fail(address.error());
    ZF_CHECK(write_private_file(data / "address", address->url()));
    invocation.out << "listening on " << address->url() << " pin "
                   << (*store)->keys().bureau.public_key().hex() << std::endl;

    signals.wait();
    listener.stop();
    std::error_code ignored;  // `status` asks the lock first
    std::filesystem::remove(data / "address", ignored);
    return 0;
}

}  // namespace zf
