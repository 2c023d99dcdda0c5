// Which addresses of servers are understood, and what is refused.
#include <doctest/doctest.h>

#include "client/http/http_transport.h"

using namespace zf;

TEST_CASE("server addresses that are understood") {
    struct Case {
        const char* text;
        ServerUrl url;
    };
    const Case cases[] = {
        {"https://example.org", {true, "example.org", 443}},
        {"https://example.org/", {true, "example.org", 443}},
        {"https://10.0.0.7:8443", {true, "10.0.0.7", 8443}},
        {"https://[2001:db8::7]:8443/", {true, "2001:db8::7", 8443}},
        {"https://[::1]", {true, "::1", 443}},
        {"http://127.0.0.1:8080", {false, "127.0.0.1", 8080}},
        {"http://127.8.8.8", {false, "127.8.8.8", 80}},
        {"http://localhost:1", {false, "localhost", 1}},
        {"http://[::1]:65535", {false, "::1", 65535}},
    };
    for (const Case& one : cases) {
        CAPTURE(one.text);
        const Result<ServerUrl> parsed = parse_server_url(one.text);
        REQUIRE(parsed);
        CHECK(*parsed == one.url);
    }
}

TEST_CASE("server addresses that are refused") {
    struct Case {
        const char* text;
        ErrorCode code;
    };
    const Case cases[] = {
        {"", ErrorCode::malformed},
        {"example.org", ErrorCode::malformed},
        {"HTTPS://example.org", ErrorCode::malformed},
        {"ftp://example.org", ErrorCode::malformed},
        {"https://", ErrorCode::malformed},
        {"https:///", ErrorCode::malformed},
        {"https://:8443", ErrorCode::malformed},
        {"https://a:", ErrorCode::malformed},
        {"https://a:0", ErrorCode::malformed},
        {"https://a:65536", ErrorCode::malformed},
        {"https://a:+1", ErrorCode::malformed},
        {"https://a:1x", ErrorCode::malformed},
        {"https://a:1/path", ErrorCode::malformed},
        {"https://a/path", ErrorCode::malformed},
        {"https://a?b", ErrorCode::malformed},
        {"https://user@a", ErrorCode::malformed},
        {"https://a b", ErrorCode::malformed},
        {"https://a\r\nb", ErrorCode::malformed},
        {"https://[::1", ErrorCode::malformed},
        {"https://[]:1", ErrorCode::malformed},
        {"https://[::1]8443", ErrorCode::malformed},
        {"https://::1", ErrorCode::malformed},
        {"http://10.0.0.7:8080", ErrorCode::not_allowed},
        {"http://127.0.0.1.example.org", ErrorCode::not_allowed},
        {"http://localhost.example.org", ErrorCode::not_allowed},
        {"http://[2001:db8::7]", ErrorCode::not_allowed},
    };
    for (const Case& one : cases) {
        CAPTURE(one.text);
        const Result<ServerUrl> parsed = parse_server_url(one.text);
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().code == one.code);
        CHECK_FALSE(parsed.error().message.empty());
    }
}

TEST_CASE("a pin that is no key is refused before anything is sent") {
    for (const char* pin :
         {"", "12", "zz00000000000000000000000000000000000000000000000000000000000000",
          "000000000000000000000000000000000000000000000000000000000000000000"}) {
        CAPTURE(pin);
        const auto transport = HttpTransport::open("https://127.0.0.1:1", pin);
        REQUIRE_FALSE(transport);
        CHECK(transport.error().code == ErrorCode::malformed);
    }
}
