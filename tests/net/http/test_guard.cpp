// Rude, broken and spoofing clients against a running listener.
#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>

#include "tests/net/http/raw_client.h"

using namespace zf;
using namespace zf::test;

namespace {

Handler echo() {
    return [](const Request& request) {
        Response response;
        response.headers["content-type"] = "text/plain";
        response.body = request.method + " " + request.path;
        for (const auto& [name, value] : request.query) response.body += "|" + name + "=" + value;
        response.body += "|" + request.body + "|" + request.remote_address;
        return response;
    };
}

std::string answer_to(int port, const std::string& request) {
    RawClient client(port);
    client.send(request);
    return client.read_message();
}

}  // namespace

TEST_CASE("refusals name the error on the wire, close, and never reach the handler") {
    std::atomic<int> handled = 0;
    const RunningListener running([&](const Request&) {
        ++handled;
        return Response{};
    });
    struct Case {
        int status;
        const char* slug;
        std::string request;
    };
    const std::string post = "POST /v1/push HTTP/1.1\r\nHost: a\r\n";
    const Case cases[] = {
        {400, "malformed", "nonsense\r\n\r\n"},
        {411, "malformed", post + "\r\n"},
        {411, "malformed", post + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"},
        {413, "too_large", post + "Content-Length: 99999999\r\n\r\n"},
        {415, "malformed", post + "Content-Length: 3\r\nContent-Encoding: gzip\r\n\r\nabc"},
        {431, "too_large", post + "X: " + std::string(20000, 'a')},
        {505, "version_unsupported", "GET / HTTP/3.0\r\nHost: a\r\n\r\n"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.request.substr(0, 100));
        RawClient client(running.address.port);
        client.send(one.request);
        const std::string answer = client.read_message();
        CHECK(status_of(answer) == one.status);
        CHECK(answer.find("Connection: close") != std::string::npos);
        const std::string expected = R"({"error":{"code":")" + std::string(one.slug) + '"';
        CHECK(std::string(body_of(answer)).starts_with(expected));
        CHECK(client.sees_end());
    }
    CHECK(handled == 0);
}

TEST_CASE("a client that sends its whole oversized body still reads the refusal") {
    const RunningListener running(echo());
    RawClient client(running.address.port);
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 16000000\r\n\r\n");
    client.send(std::string(16'000'000, 'a'));
    CHECK(status_of(client.read_message()) == 413);
}

TEST_CASE("path and query arrive decoded; what does not decode cleanly is refused") {
    const RunningListener running(echo());
    struct Case {
        int status;
        std::string target, body;
    };
    const Case cases[] = {
        {200, "/", "GET /||127.0.0.1"},
        {200, "/a%20b/%E6%B1%89", "GET /a b/\u6c49||127.0.0.1"},
        {200, "/a?y=%26&x=1+2", "GET /a|x=1 2|y=&||127.0.0.1"},
        {200, "/a?x=", "GET /a|x=||127.0.0.1"},
        {400, "/a%00b", ""},
        {400, "/a%0d%0ab", ""},
        {400, "/a%ff", ""},
        {400, "/a?x=%ff", ""},
        {400, "/a?x=1&x=2", ""},
    };
    for (const Case& one : cases) {
        CAPTURE(one.target);
        const std::string answer =
            answer_to(running.address.port, "GET " + one.target + " HTTP/1.1\r\nHost: a\r\n\r\n");
        CHECK(status_of(answer) == one.status);
        if (one.status == 200) CHECK(body_of(answer) == one.body);
    }
}

TEST_CASE("headers arrive as sent; none of them changes address, form or amount of the answer") {
    std::string escaped, spoofed;
    const RunningListener running([&](const Request& request) {
        escaped = request.headers.at("x-escaped");
        spoofed = request.remote_address;
        Response response;
        response.headers["content-type"] = "text/plain";
        response.body = std::string(1000, 'a');
        return response;
    });
    const std::string answer = answer_to(running.address.port,
                                         "GET / HTTP/1.1\r\nHost: a\r\nX-Escaped: a%0d%0ab\r\n"
                                         "REMOTE_ADDR: 9.9.9.9\r\nRange: bytes=0-1,0-1\r\n"
                                         "Accept-Encoding: gzip, br\r\n\r\n");
    CHECK(status_of(answer) == 200);
    CHECK(body_of(answer) == std::string(1000, 'a'));
    CHECK(escaped == "a%0d%0ab");
    CHECK(spoofed == "127.0.0.1");
}

TEST_CASE("an exception becomes a 500 that tells nothing, and the listener goes on") {
    const RunningListener running([](const Request& request) -> Response {
        if (request.path == "/text") throw std::runtime_error("secret");
        if (request.path == "/other") throw 7;
        return {};
    });
    for (const char* path : {"/text", "/other"}) {
        CAPTURE(path);
        const std::string answer = answer_to(
            running.address.port, "GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n\r\n");
        CHECK(status_of(answer) == 500);
        CHECK(answer.find("secret") == std::string::npos);
        CHECK(answer.find("EXCEPTION") == std::string::npos);
        CHECK(body_of(answer).starts_with(R"({"error":{"code":"internal")"));
    }
    CHECK(status_of(answer_to(running.address.port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")) == 200);
}

TEST_CASE("a header value with a line end cannot split the answer") {
    const RunningListener running([](const Request&) {
        Response response;
        response.headers["x-evil"] = "a\r\nX-Injected: b";
        return response;
    });
    const std::string answer = answer_to(running.address.port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(status_of(answer) == 200);
    CHECK(answer.find("X-Injected") == std::string::npos);
}
