#include "client/http/http_transport.h"

#include <httplib.h>
#include <poll.h>

#include <atomic>

#include "client/http/pin.h"
#include "common/base/assert.h"

// Without its macros the library's classes have other sizes here than in its binary.
#ifndef CPPHTTPLIB_OPENSSL_SUPPORT
#error "cpp-httplib must be used with the macros that pkg-config gives"
#endif

namespace zf {
namespace {

constexpr int connect_timeout_s = 5;
constexpr int step_timeout_s = 60;
/// Far above any answer of the protocol; keeps a strange server from filling the memory.
constexpr std::size_t answer_bytes_max = 256u << 20;

/// Everything but unreserved characters and '/', as %XX (RFC 3986).
void append_encoded(std::string& out, std::string_view text, bool keeps_slash) {
    constexpr std::string_view digits = "0123456789ABCDEF", unreserved = "-._~";
    for (const char c : text) {
        const bool is_plain =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
            unreserved.find(c) != std::string_view::npos || (keeps_slash && c == '/');
        if (is_plain) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4];
        out += digits[byte & 15u];
    }
}

std::string target_of(const Request& request) {
    std::string target;
    append_encoded(target, request.path, true);
    char separator = '?';
    for (const auto& [name, value] : request.query) {
        target += separator;
        append_encoded(target, name, false);
        target += '=';
        append_encoded(target, value, false);
        separator = '&';
    }
    return target;
}

std::string lower_case(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

/// A kept connection on which something arrives between requests has been closed by the server.
bool has_news(socket_t descriptor) {
    pollfd watched{descriptor, POLLIN, 0};
    return ::poll(&watched, 1, 0) != 0;
}

}  // namespace

class HttpTransport::Connection {
public:
    Connection(ServerUrl url, std::optional<PublicKey> pin)
        : url_(std::move(url)), pin_check_(pin) {
        if (url_.tls) {
            auto secure = std::make_unique<httplib::SSLClient>(url_.host, url_.port);
            // The library's own check asks for names, dates and authorities; ours replaces it.
            secure->enable_server_certificate_verification(false);
            pin_check_.install(secure->ssl_context());
            SSL_CTX_set_min_proto_version(secure->ssl_context(), TLS1_3_VERSION);
            client_ = std::move(secure);
        } else {
            client_ = std::make_unique<httplib::ClientImpl>(url_.host, url_.port);
        }
        client_->set_connection_timeout(connect_timeout_s);
        client_->set_read_timeout(step_timeout_s);
        client_->set_write_timeout(step_timeout_s);
        client_->set_keep_alive(true);
        client_->set_tcp_nodelay(true);
        client_->set_follow_location(false);
        client_->set_url_encode(false);
        client_->set_decompress(false);
    }

    Result<Response> send(const Request& request) {
        if (cancelled_) return interrupted();
        if (client_->is_socket_open() && has_news(client_->socket())) client_->stop();
        pin_check_.forget_outcome();

        httplib::Request out;
        out.method = request.method;
        out.path = target_of(request);
        for (const auto& [name, value] : request.headers) out.set_header(name, value);
        out.body = request.body;
        Response answer;
        bool is_too_large = false;
        out.content_receiver = [&](const char* data, std::size_t size, std::uint64_t,
                                   std::uint64_t) {
            is_too_large = size > answer_bytes_max - answer.body.size();
            if (!is_too_large) answer.body.append(data, size);
            return !is_too_large;
        };
        httplib::Response head;
        out.response_handler = [&](const httplib::Response& begun) {
            // Also when the rest of the answer does not arrive.
            head.status = begun.status;
            head.headers = begun.headers;
            return true;
        };
        httplib::Error problem = httplib::Error::Success;
        if (!client_->send(out, head, problem)) {
            client_->stop();
            if (cancelled_) return interrupted();
            if (is_too_large) return too_large();
            const bool is_part = head.status == 200 && !answer.body.empty() &&
                                 request.headers.contains(std::string(partial_header));
            if (!is_part) return failure(problem);
            answer.headers.emplace(partial_header, "cut");
        }
        // No answer may come over TLS unless this server has proved itself.
        pin_check_.confirm();
        ZF_ASSERT(!url_.tls || pin_check_.proved_key());
        answer.status = head.status;
        for (const auto& [name, value] : head.headers) {
            answer.headers.emplace(lower_case(name), value);
        }
        return answer;
    }

    void cancel() {
        cancelled_ = true;
        client_->stop();
    }

    [[nodiscard]] const PinCheck& pin_check() const { return pin_check_; }

private:
    const ServerUrl url_;
    PinCheck pin_check_;  // outlives client_, whose context refers to it
    std::unique_ptr<httplib::ClientImpl> client_;
    std::atomic<bool> cancelled_ = false;

    [[nodiscard]] std::string where() const { return url_.host + ":" + std::to_string(url_.port); }

    [[nodiscard]] Unexpected interrupted() const {
        return fail(ErrorCode::interrupted, "Cancelled; it can be continued later.", where());
    }

    [[nodiscard]] Unexpected too_large() const {
        return fail(ErrorCode::too_large,
                    "The server's answer is larger than this program takes; check that the "
                    "address is the bureau's server.",
                    where());
    }

    [[nodiscard]] Unexpected failure(httplib::Error problem) const {
        switch (pin_check_.outcome()) {
            case PinOutcome::other_key:
                return fail(ErrorCode::pin_mismatch,
                            "This is not the bureau's server: its key is not the pinned one. "
                            "Nothing was sent. Check the address, or ask the bureau.",
                            where());
            case PinOutcome::no_bureau:
                return fail(ErrorCode::pin_mismatch,
                            "This is no Zoufang server: its certificate is not signed by a "
                            "bureau's key. Nothing was sent. Check the address.",
                            where());
            case PinOutcome::not_asked:
            case PinOutcome::trusted:
                break;
        }
        if (problem == httplib::Error::SSLConnection) {
            return fail(ErrorCode::unreachable,
                        "The server does not answer in TLS; check address and port.", where());
        }
        if (problem == httplib::Error::Connection || problem == httplib::Error::ConnectionTimeout) {
            return fail(ErrorCode::unreachable,
                        "The server cannot be reached; check the network and the address.",
                        where());
        }
        return fail(ErrorCode::unreachable,
                    "The connection to the server broke; it can be tried again.", where());
    }
};

HttpTransport::HttpTransport(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)) {}
HttpTransport::HttpTransport(HttpTransport&&) noexcept = default;
HttpTransport& HttpTransport::operator=(HttpTransport&&) noexcept = default;
HttpTransport::~HttpTransport() = default;

Result<HttpTransport> HttpTransport::open(std::string_view url,
                                          std::optional<std::string_view> pin) {
    Result<ServerUrl> parsed = parse_server_url(url);
    if (!parsed) return fail(parsed.error());
    std::optional<PublicKey> key;
    if (pin) {
        key = parse_public_key(*pin);
        if (!key) {
            return fail(ErrorCode::malformed, "A pin is 64 hexadecimal digits.", std::string(*pin));
        }
    }
    return HttpTransport(std::make_unique<Connection>(std::move(*parsed), key));
}

Result<Response> HttpTransport::send(const Request& request) {
    return connection_->send(request);
}

std::optional<PublicKey> HttpTransport::learned_pin() const {
    return connection_->pin_check().proved_key();
}

void HttpTransport::cancel() {
    connection_->cancel();
}

}  // namespace zf
