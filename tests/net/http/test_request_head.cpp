// The guard as a pure function: what it reads, what it waits for, what it refuses.
#include <doctest/doctest.h>

#include "server/http/request_head.h"

using namespace zf;

namespace {

std::string head_with(const std::string& lines,
                      const std::string& first = "POST /v1/push HTTP/1.1") {
    return first + "\r\nHost: a\r\n" + lines + "\r\n";
}

/// 0 for a head that is taken, -1 for one that is incomplete.
int status_for(const std::string& text) {
    const HeadOutcome outcome = read_head(text, ListenerLimits{});
    if (const auto* refused = std::get_if<Response>(&outcome)) return refused->status;
    return std::holds_alternative<RequestHead>(outcome) ? 0 : -1;
}

}  // namespace

TEST_CASE("a proper head is read") {
    const std::string text =
        head_with("Content-Length: 12\r\nX-Two:  b \r\nx-two: c\r\nCookie: d\r\nCOOKIE: e\r\n");
    const HeadOutcome outcome = read_head(text + "body", ListenerLimits{});
    const auto* head = std::get_if<RequestHead>(&outcome);
    REQUIRE(head != nullptr);
    CHECK(head->method == "POST");
    CHECK(head->request_line == "POST /v1/push HTTP/1.1");
    CHECK(head->content_length == 12);
    CHECK(head->bytes == text.size());
    CHECK(head->keep_alive);
    CHECK_FALSE(head->expects_continue);
    CHECK(head->headers.at("x-two") == "b, c");
    CHECK(head->headers.at("cookie") == "d; e");
}

TEST_CASE("every beginning of a head is incomplete, never refused and never taken") {
    const std::string text = head_with("Content-Length: 0\r\n");
    for (std::size_t size = 0; size < text.size(); ++size) {
        CAPTURE(size);
        CHECK(status_for(text.substr(0, size)) == -1);
    }
    CHECK(status_for(text) == 0);
}

TEST_CASE("whether the connection is kept, and what is expected") {
    struct Case {
        std::string text;
        bool keep_alive, expects_continue;
    };
    const Case cases[] = {
        {head_with("", "GET / HTTP/1.1"), true, false},
        {head_with("Connection: close\r\n", "GET / HTTP/1.1"), false, false},
        {head_with("Connection: Upgrade, CLOSE\r\n", "GET / HTTP/1.1"), false, false},
        {"GET / HTTP/1.0\r\n\r\n", false, false},
        {head_with("Content-Length: 5\r\nExpect: 100-Continue\r\n"), true, true},
        {head_with("Content-Length: 0\r\nExpect: 100-continue\r\n"), true, false},
    };
    for (const Case& one : cases) {
        CAPTURE(one.text);
        const HeadOutcome outcome = read_head(one.text, ListenerLimits{});
        const auto* head = std::get_if<RequestHead>(&outcome);
        REQUIRE(head != nullptr);
        CHECK(head->keep_alive == one.keep_alive);
        CHECK(head->expects_continue == one.expects_continue);
    }
}

TEST_CASE("what is refused, and with which status") {
    struct Case {
        int status;
        std::string text;
    };
    const std::string get = "GET / HTTP/1.1";
    const Case cases[] = {
        {0, head_with("Content-Length: 12582912\r\n")},
        {0, head_with("", get)},
        {0, head_with("Content-Length: 3\r\n", get)},
        {400, head_with("Content-Length: 3\r\n", "BREW / HTTP/1.1")},
        {400, head_with("Content-Length: 3\r\n", "post / HTTP/1.1")},
        {400, "\x16\x03\x01"},  // a TLS greeting, refused before it could be a whole head
        {400, head_with("", "GET /")},
        {400, head_with("", "GET")},
        {400, head_with("", "")},
        {400, head_with("", "GET / a HTTP/1.1")},
        {400, head_with("", "GET  HTTP/1.1")},
        {400, head_with("", "GET http://a/ HTTP/1.1")},
        {400, head_with("", "GET * HTTP/1.1")},
        {400, head_with("", "GET /a\tb HTTP/1.1")},
        {400, head_with("", "GET /a\x80 HTTP/1.1")},
        {400, head_with("", "GET /a#b HTTP/1.1")},
        {400, head_with("", "GET /a\nb HTTP/1.1")},
        {400, "GET / HTTP/1.1\r\n\r\n"},  // no Host
        {400, head_with("Host: b\r\n", get)},
        {400, head_with("no colon\r\n", get)},
        {400, head_with(": empty\r\n", get)},
        {400, head_with("space : x\r\n", get)},
        {400, head_with("X: a\r\n folded\r\n", get)},
        {400, head_with("X: a\nY: b\r\n", get)},
        {400, head_with("X: a\rb\r\n", get)},
        {400, head_with(std::string("X: a\0b\r\n", 8), get)},
        {400, head_with("Content-Length: 3\r\nContent-Length: 3\r\n")},
        {400, head_with("Content-Length: 3, 3\r\n")},
        {400, head_with("Content-Length: -3\r\n")},
        {400, head_with("Content-Length: +3\r\n")},
        {400, head_with("Content-Length: 0x3\r\n")},
        {400, head_with("Content-Length:\r\n")},
        {400, head_with("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")},
        {400, head_with("Content-Length: 3\r\nAuthorization: a\r\nAuthorization: b\r\n")},
        {411, head_with("")},
        {411, head_with("", "PUT / HTTP/1.1")},
        {411, head_with("Transfer-Encoding: chunked\r\n")},
        {411, head_with("Transfer-Encoding: chunked\r\n", get)},
        {413, head_with("Content-Length: 12582913\r\n")},
        {413, head_with("Content-Length: 99999999999999999999999999\r\n")},
        {414, head_with("", "GET /" + std::string(8000, 'a') + " HTTP/1.1")},
        {415, head_with("Content-Length: 3\r\nContent-Encoding: gzip\r\n")},
        {415, head_with("Content-Length: 3\r\nContent-Encoding: identity\r\n")},
        {417, head_with("Content-Length: 3\r\nExpect: tea\r\n")},
        {505, head_with("", "GET / HTTP/2.0")},
        {505, head_with("", "GET / HTTP/1.11")},
    };
    for (const Case& one : cases) {
        CAPTURE(one.text.substr(0, 120));
        CHECK(status_for(one.text) == one.status);
    }
}

TEST_CASE("heads have a budget of lines and of bytes") {
    const ListenerLimits limits;
    // Request line and Host are two of the lines.
    const auto head_of_lines = [](std::size_t lines) {
        std::string extra;
        for (std::size_t i = 2; i < lines; ++i) extra += "X-" + std::to_string(i) + ": a\r\n";
        return head_with(extra, "GET / HTTP/1.1");
    };
    CHECK(status_for(head_of_lines(limits.head_lines_max)) == 0);
    CHECK(status_for(head_of_lines(limits.head_lines_max + 1)) == 431);

    const std::size_t frame = head_with("X: \r\n", "GET / HTTP/1.1").size();
    const auto head_of_bytes = [&](std::size_t bytes) {
        return head_with("X: " + std::string(bytes - frame, 'a') + "\r\n", "GET / HTTP/1.1");
    };
    CHECK(status_for(head_of_bytes(limits.head_bytes_max)) == 0);
    CHECK(status_for(head_of_bytes(limits.head_bytes_max + 1)) == 431);
    CHECK(status_for(std::string(limits.head_bytes_max, 'a')) == 431);
}
