#include "server/http/http_engine.h"

#include <httplib.h>

#include <algorithm>
#include <cstring>

#include "common/base/text.h"

// Without its macros the library's classes have other sizes here than in its binary.
#ifndef CPPHTTPLIB_OPENSSL_SUPPORT
#error "cpp-httplib must be used with the macros that pkg-config gives"
#endif

namespace zf {
namespace {

/// What the library reads is a prepared text; what it writes is collected.
class MemoryStream final : public httplib::Stream {
public:
    explicit MemoryStream(std::string_view input) : input_(input) {}

    [[nodiscard]] bool is_readable() const override { return !input_.empty(); }
    [[nodiscard]] bool is_writable() const override { return true; }
    ssize_t read(char* out, std::size_t size) override {
        const std::size_t count = std::min(size, input_.size());
        std::memcpy(out, input_.data(), count);
        input_.remove_prefix(count);
        return static_cast<ssize_t>(count);
    }
    ssize_t write(const char* data, std::size_t size) override {
        output.append(data, size);
        return static_cast<ssize_t>(size);
    }
    void get_remote_ip_and_port(std::string&, int&) const override {}
    void get_local_ip_and_port(std::string&, int&) const override {}
    [[nodiscard]] socket_t socket() const override { return INVALID_SOCKET; }

    std::string output;

private:
    std::string_view input_;
};

/// There is no limit; the library's header names one.
constexpr std::size_t requests_told = 1'000'000;

bool is_clean(const std::string& text) {
    return is_valid_utf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
               const auto byte = static_cast<unsigned char>(c);
               return byte < 0x20 || byte == 0x7f;
           });
}

}  // namespace

class HttpEngine::Library final : public httplib::Server {
public:
    Library(const zf::Handler& handler, const ListenerLimits& limits) : handler_(handler) {
        // Only told to the client; the connection itself keeps the time.
        set_keep_alive_timeout(limits.idle_timeout_ms / 1000);
        set_keep_alive_max_count(requests_told);
        set_pre_routing_handler([this](const httplib::Request& parsed, httplib::Response& out) {
            route(parsed, out);
            return HandlerResponse::Handled;
        });
        set_exception_handler(
            [](const httplib::Request&, httplib::Response& out, const std::exception_ptr&) {
                give(refusal(500, ErrorCode::internal,
                             "The server failed on this request; its log says why."),
                     out);
            });
        // The library's own refusals come without a body.
        const HandlerWithResponse explain = [](const httplib::Request&, httplib::Response& out) {
            if (!out.body.empty()) return HandlerResponse::Unhandled;
            give(refusal(out.status, ErrorCode::malformed, "The request cannot be read."), out);
            return HandlerResponse::Handled;
        };
        set_error_handler(explain);
    }

    std::string answer(WholeRequest request) {
        current_ = std::move(request);
        // Of the headers the library sees none: ranges, codings and expectations are not for it.
        const std::string prepared = current_.head.request_line + "\r\n\r\n";
        MemoryStream stream(prepared);
        bool closed = false;
        process_request(stream, !current_.head.keep_alive, closed, nullptr);
        current_ = {};
        return std::move(stream.output);
    }

private:
    const zf::Handler& handler_;
    WholeRequest current_;

    static void give(Response&& answer, httplib::Response& out) {
        out.status = answer.status;
        for (const auto& [name, value] : answer.headers) out.set_header(name, value);
        out.body = std::move(answer.body);
    }

    void route(const httplib::Request& parsed, httplib::Response& out) {
        Request request;
        request.method = parsed.method;
        request.path = parsed.path;
        bool is_fine = is_clean(parsed.path);
        for (const auto& [name, value] : parsed.params) {
            const bool is_new = request.query.emplace(name, value).second;
            is_fine = is_fine && is_new && is_clean(name) && is_valid_utf8(value);
        }
        if (!is_fine) {
            give(refusal(400, ErrorCode::malformed,
                         "The address holds control characters, text that is not UTF-8, or a "
                         "query name twice.",
                         "request line"),
                 out);
            return;
        }
        // The library would promise ranges to those who ask for the head alone.
        if (parsed.method == "HEAD") out.set_header("Accept-Ranges", "none");
        request.headers = std::move(current_.head.headers);
        request.body = std::move(current_.body);
        request.remote_address = std::move(current_.remote_address);
        give(handler_(request), out);
    }
};

HttpEngine::HttpEngine(const Handler& handler, const ListenerLimits& limits)
    : library_(std::make_unique<Library>(handler, limits)) {}
HttpEngine::~HttpEngine() = default;

std::string HttpEngine::answer(WholeRequest request) {
    return library_->answer(std::move(request));
}

std::string encode_refusal(const Response& response) {
    const Handler same = [&response](const Request&) { return response; };
    WholeRequest request;
    request.head.request_line = "GET / HTTP/1.1";
    request.head.keep_alive = false;
    const ListenerLimits limits;
    return HttpEngine(same, limits).answer(std::move(request));
}

}  // namespace zf
