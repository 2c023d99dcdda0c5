#include <algorithm>
#include <charconv>

#include "client/http/http_transport.h"

namespace zf {
namespace {

Unexpected malformed_url(std::string_view url) {
    return fail(ErrorCode::malformed,
                "This is no server address; it should look like https://192.168.1.10:8443.",
                std::string(url));
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Letters, digits, '.' and '-'; inside brackets hexadecimal digits, ':' and '.'.
bool is_host(std::string_view host, bool bracketed) {
    return !host.empty() && std::all_of(host.begin(), host.end(), [bracketed](char c) {
        const bool is_hex = is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (bracketed) return is_hex || c == ':' || c == '.';
        return is_hex || (c >= 'g' && c <= 'z') || (c >= 'G' && c <= 'Z') || c == '.' || c == '-';
    });
}

bool is_loopback_host(std::string_view host) {
    // A name such as 127.0.0.1.example.org begins like an address and is none.
    const bool is_v4 =
        std::all_of(host.begin(), host.end(), [](char c) { return is_digit(c) || c == '.'; });
    return host == "localhost" || host == "::1" || (is_v4 && host.starts_with("127."));
}

/// 1 to 65535 in digits alone; anything else is nothing.
std::optional<int> parse_port(std::string_view text) {
    if (text.empty() || text.size() > 5 || !std::all_of(text.begin(), text.end(), is_digit)) {
        return std::nullopt;
    }
    int port = 0;
    std::from_chars(text.data(), text.data() + text.size(), port);
    if (port < 1 || port > 65535) return std::nullopt;
    return port;
}

}  // namespace

Result<ServerUrl> parse_server_url(std::string_view url) {
    constexpr std::string_view secure = "https://", plain = "http://";
    ServerUrl parsed;
    std::string_view rest = url;
    if (rest.starts_with(secure)) {
        rest.remove_prefix(secure.size());
    } else if (rest.starts_with(plain)) {
        rest.remove_prefix(plain.size());
        parsed.tls = false;
        parsed.port = 80;
    } else {
        return malformed_url(url);
    }
    if (rest.ends_with('/')) rest.remove_suffix(1);
    std::string_view host = rest.substr(0, rest.find(':'));
    const bool bracketed = rest.starts_with('[');
    if (bracketed) {
        const std::size_t end = rest.find(']');
        if (end == std::string_view::npos) return malformed_url(url);
        host = rest.substr(1, end - 1);
        rest.remove_prefix(end + 1);
    } else {
        rest.remove_prefix(host.size());
    }
    if (!is_host(host, bracketed)) return malformed_url(url);
    parsed.host = host;
    if (!rest.empty()) {
        const std::optional<int> port =
            rest.front() == ':' ? parse_port(rest.substr(1)) : std::nullopt;
        if (!port) return malformed_url(url);
        parsed.port = *port;
    }
    if (!parsed.tls && !is_loopback_host(parsed.host)) {
        return fail(ErrorCode::not_allowed,
                    "Plain http:// is allowed to this machine only; use https://.",
                    std::string(url));
    }
    return parsed;
}

}  // namespace zf
