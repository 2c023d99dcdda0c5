#include "server/http/request_head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "common/codec/wire.h"

namespace zf {
namespace {

/// Longer targets are refused by the HTTP library as well, at 8192 with method and version.
constexpr std::size_t target_bytes_max = 8000;

bool is_token_character(char c) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           others.find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

/// Visible characters, spaces, tabs and bytes beyond ASCII; no other controls.
bool is_header_value(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7f;
    });
}

std::string lower_case(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lower;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t";
    const std::size_t first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

using Refused = std::optional<Response>;

Response malformed(std::string message, std::string where) {
    return refusal(400, ErrorCode::malformed, std::move(message), std::move(where));
}

Refused read_request_line(std::string_view line, RequestHead& head) {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) {
        return malformed("The request line is not METHOD TARGET HTTP/1.1.", "request line");
    }
    const std::string_view method = line.substr(0, first);
    const std::string_view target = line.substr(first + 1, last - first - 1);
    const std::string_view version = line.substr(last + 1);
    constexpr std::array<std::string_view, 7> methods{"GET",   "HEAD",   "POST",   "PUT",
                                                      "PATCH", "DELETE", "OPTIONS"};
    if (std::find(methods.begin(), methods.end(), method) == methods.end()) {
        return malformed("This method is not spoken here; use GET or POST.", "request line");
    }
    if (target.size() > target_bytes_max) {
        return refusal(414, ErrorCode::too_large, "The address is longer than 8000 bytes.",
                       "request line");
    }
    const bool is_plain_ascii = std::all_of(
        target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '#'; });
    if (target.empty() || target.front() != '/' || !is_plain_ascii) {
        return malformed(
            "The address must begin with / and have other characters than visible "
            "ASCII percent-encoded.",
            "request line");
    }
    if (version != "HTTP/1.1" && version != "HTTP/1.0") {
        return refusal(505, ErrorCode::version_unsupported, "Only HTTP/1.1 is spoken here.",
                       "request line");
    }
    head.request_line = line;
    head.method = method;
    head.keep_alive = version == "HTTP/1.1";
    return std::nullopt;
}

/// Headers that say where a request ends or whom it is for: two of them are an attack or a bug.
bool must_be_single(std::string_view name) {
    return name == "content-length" || name == "host" || name == "authorization" ||
           name == "content-type" || name == "expect";
}

Refused read_header_line(std::string_view line, RequestHead& head) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
        return malformed("A header line is not NAME: VALUE.", "headers");
    }
    const std::string name = lower_case(line.substr(0, colon));
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (!is_header_value(value)) {
        return malformed("A header's value holds control characters.", name);
    }
    const auto [at, is_new] = head.headers.try_emplace(name, value);
    if (is_new) return std::nullopt;
    if (must_be_single(name)) return malformed("This header may stand only once.", name);
    at->second += name == "cookie" ? "; " : ", ";
    at->second += value;
    return std::nullopt;
}

Refused read_length(RequestHead& head, const ListenerLimits& limits) {
    const auto at = head.headers.find("content-length");
    if (at == head.headers.end()) {
        const bool has_body = head.method == "POST" || head.method == "PUT" ||
                              head.method == "PATCH" || head.headers.contains("transfer-encoding");
        if (!has_body) return std::nullopt;
        return refusal(411, ErrorCode::malformed,
                       "A request with a body must say its length in Content-Length; chunked "
                       "bodies are not taken.",
                       "content-length");
    }
    if (head.headers.contains("transfer-encoding")) {
        return malformed(
            "Content-Length and Transfer-Encoding contradict each other; send only "
            "Content-Length.",
            "transfer-encoding");
    }
    const std::string& digits = at->second;
    const bool is_number = !digits.empty() && std::all_of(digits.begin(), digits.end(), [](char c) {
        return c >= '0' && c <= '9';
    });
    if (!is_number) return malformed("Content-Length is not a number.", "content-length");
    const auto [end, problem] =
        std::from_chars(digits.data(), digits.data() + digits.size(), head.content_length);
    if (problem != std::errc() || head.content_length > limits.body_bytes_max) {
        return refusal(413, ErrorCode::too_large,
                       "The body is larger than " + std::to_string(limits.body_bytes_max) +
                           " bytes; send it in smaller parts.",
                       "content-length");
    }
    return std::nullopt;
}

Refused check_headers(RequestHead& head, const ListenerLimits& limits) {
    if (head.keep_alive && !head.headers.contains("host")) {
        return malformed("The Host header is missing.", "host");
    }
    if (Refused refused = read_length(head, limits)) return refused;
    if (head.headers.contains("content-encoding")) {
        return refusal(415, ErrorCode::malformed,
                       "Bodies with a Content-Encoding are not taken; send the body as the "
                       "protocol page says.",
                       "content-encoding");
    }
    if (const auto at = head.headers.find("expect"); at != head.headers.end()) {
        if (lower_case(at->second) != "100-continue") {
            return refusal(417, ErrorCode::malformed, "Only 100-continue can be expected.",
                           "expect");
        }
        head.expects_continue = head.content_length > 0;
    }
    if (const auto at = head.headers.find("connection"); at != head.headers.end()) {
        if (lower_case(at->second).find("close") != std::string::npos) head.keep_alive = false;
    }
    return std::nullopt;
}

Response head_too_large() {
    return refusal(431, ErrorCode::too_large,
                   "The request's headers are too many or too long; send only those that the "
                   "protocol page names.",
                   "headers");
}

}  // namespace

Response refusal(int status, ErrorCode code, std::string message, std::string where) {
    Response response;
    response.status = status;
    response.headers["content-type"] = "application/json";
    response.body = encode_error(Error{code, std::move(message), std::move(where)});
    return response;
}

HeadOutcome read_head(std::string_view received, const ListenerLimits& limits) {
    const std::size_t end = received.substr(0, limits.head_bytes_max).find("\r\n\r\n");
    if (end == std::string_view::npos) {
        if (received.size() >= limits.head_bytes_max) return head_too_large();
        // No method begins so; a TLS greeting on a plain port need not wait for its deadline.
        if (!received.empty() && (received.front() < 'A' || received.front() > 'Z')) {
            return malformed("This is no HTTP request; this port speaks HTTP/1.1.", "request line");
        }
        return HeadIncomplete{};
    }
    RequestHead head;
    head.bytes = end + 4;
    std::string_view rest = received.substr(0, end + 2);
    std::size_t lines = 0;
    while (!rest.empty()) {
        const std::size_t line_end = rest.find("\r\n");
        const std::string_view line = rest.substr(0, line_end);
        rest.remove_prefix(line_end + 2);
        if (++lines > limits.head_lines_max) return head_too_large();
        Refused refused = lines == 1 ? read_request_line(line, head) : read_header_line(line, head);
        if (refused) return std::move(*refused);
    }
    if (Refused refused = check_headers(head, limits)) return std::move(*refused);
    return head;
}

}  // namespace zf
