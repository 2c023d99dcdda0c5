// A running listener: ports, kept connections, many clients, slow clients, stopping.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "client/http/http_transport.h"
#include "tests/net/http/raw_client.h"

using namespace zf;
using namespace zf::test;

namespace {

const std::string get = "GET /v1/health HTTP/1.1\r\nHost: a\r\n\r\n";

Handler body_length() {
    return [](const Request& request) {
        Response response;
        response.body = std::to_string(request.body.size());
        return response;
    };
}

/// Seconds that a stop takes; the contract grants a server two.
double seconds_to_stop(Listener& listener) {
    const auto start = std::chrono::steady_clock::now();
    listener.stop();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

TEST_CASE("port 0 picks a free port and says which") {
    const RunningListener first(body_length());
    const RunningListener second(body_length());
    CHECK(first.address.port > 0);
    CHECK(first.address.port != second.address.port);
    CHECK(first.address.url() == "http://127.0.0.1:" + std::to_string(first.address.port));
    CHECK(Address{"::1", 8443, true}.url() == "https://[::1]:8443");
}

TEST_CASE("addresses that cannot be served are refused with a reason") {
    const RunningListener running(body_length());
    struct Case {
        std::string host;
        int port;
        ErrorCode code;
    };
    const Case cases[] = {
        {"127.0.0.1", running.address.port, ErrorCode::unreachable},  // in use
        {"127.0.0.1", 65536, ErrorCode::malformed},
        {"127.0.0.1", -1, ErrorCode::malformed},
        {"300.1.1.1", 0, ErrorCode::malformed},
        {"0.0.0.0", 0, ErrorCode::not_allowed},  // plain HTTP is for loopback
        {"::", 0, ErrorCode::not_allowed},
    };
    for (const Case& one : cases) {
        CAPTURE(one.host);
        ListenOptions options;
        options.host = one.host;
        options.port = one.port;
        Listener listener(body_length());
        const Result<Address> started = listener.start(options);
        REQUIRE_FALSE(started);
        CHECK(started.error().code == one.code);
    }
}

TEST_CASE("with TLS every address may be served") {
    const Result<ServerCertificate> certificate = make_server_certificate(seed_of(1));
    REQUIRE(certificate);
    ListenOptions options = with_tls(*certificate);
    options.host = "0.0.0.0";
    const RunningListener running(body_length(), options);
    auto transport =
        HttpTransport::open("https://127.0.0.1:" + std::to_string(running.address.port));
    REQUIRE(transport);
    CHECK(transport->send({"GET", "/", {}, {}, "", ""}));
}

TEST_CASE("one connection serves many requests, pipelined ones in order") {
    const RunningListener running(body_length());
    RawClient client(running.address.port);
    for (int i = 0; i < 3; ++i) {
        client.send(get);
        CHECK(status_of(client.read_message()) == 200);
    }
    std::string many;
    for (int i = 0; i < 20; ++i) {
        many += "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(i) + "\r\n\r\n" +
                std::string(static_cast<std::size_t>(i), 'b');
    }
    client.send(many);
    for (int i = 0; i < 20; ++i) CHECK(body_of(client.read_message()) == std::to_string(i));
}

TEST_CASE("a connection that was asked to close is closed after the answer") {
    const RunningListener running(body_length());
    for (const char* request :
         {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"}) {
        RawClient client(running.address.port);
        client.send(request);
        CHECK(status_of(client.read_message()) == 200);
        CHECK(client.sees_end());
    }
}

TEST_CASE("a client that asks is told to go on before it sends its body") {
    const RunningListener running(body_length());
    RawClient client(running.address.port);
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    CHECK(status_of(client.read_message()) == 100);
    client.send("abc");
    CHECK(body_of(client.read_message()) == "3");
}

TEST_CASE("HEAD has the head of GET and no body") {
    const RunningListener running(body_length());
    RawClient client(running.address.port);
    client.send("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const std::string answer = client.read_to_end();
    CHECK(status_of(answer) == 200);
    CHECK(body_of(answer).empty());
    CHECK(answer.find("Accept-Ranges: bytes") == std::string::npos);
}

TEST_CASE("more slow and silent clients than threads stop nobody else") {
    const RunningListener running(body_length());
    std::vector<std::unique_ptr<RawClient>> slow;
    const char* const beginnings[] = {
        "", "G", "GET / HTTP/1.1\r\nHost: a\r\nX:",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc"};
    for (const char* beginning : beginnings) {
        for (int i = 0; i < 16; ++i) {
            slow.push_back(std::make_unique<RawClient>(running.address.port));
            slow.back()->send(beginning);
        }
    }
    for (int i = 0; i < 16; ++i) {
        RawClient client(running.address.port);
        client.send(get);
        CHECK(status_of(client.read_message()) == 200);
    }
}

TEST_CASE("64 clients at once are all answered, and again on the same connections") {
    const RunningListener running(body_length());
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 64; ++i) {
        clients.push_back(std::make_unique<RawClient>(running.address.port));
    }
    for (int round = 0; round < 2; ++round) {
        for (const auto& client : clients) client->send(get);
        for (const auto& client : clients) CHECK(status_of(client->read_message()) == 200);
    }
}

TEST_CASE("64 TLS clients on 8 threads are all answered") {
    const Result<ServerCertificate> certificate = make_server_certificate(seed_of(1));
    REQUIRE(certificate);
    const RunningListener running(body_length(), with_tls(*certificate));
    std::atomic<int> answered = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&] {
            std::vector<HttpTransport> open;
            for (int i = 0; i < 8; ++i) {
                open.push_back(std::move(*HttpTransport::open(running.address.url())));
            }
            for (int round = 0; round < 2; ++round) {
                for (HttpTransport& transport : open) {
                    const auto answer = transport.send({"POST", "/", {}, {}, "four", ""});
                    if (answer && answer->body == "4") ++answered;
                }
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(answered == 128);
}

TEST_CASE("stop returns in time with idle, half-said and TLS connections open") {
    const Result<ServerCertificate> certificate = make_server_certificate(seed_of(1));
    REQUIRE(certificate);
    RunningListener plain(body_length());
    RunningListener secure(body_length(), with_tls(*certificate));
    RawClient idle(plain.address.port), half(plain.address.port), silent(plain.address.port);
    idle.send(get);
    CHECK(status_of(idle.read_message()) == 200);
    half.send("GET / HT");
    auto transport = HttpTransport::open(secure.address.url());
    REQUIRE(transport);
    CHECK(transport->send({"GET", "/", {}, {}, "", ""}));

    CHECK(seconds_to_stop(plain.listener) < 2.0);
    CHECK(seconds_to_stop(secure.listener) < 2.0);
    CHECK(idle.sees_end());
    const auto after = transport->send({"GET", "/", {}, {}, "", ""});
    REQUIRE_FALSE(after);
    CHECK(after.error().code == ErrorCode::unreachable);
    plain.listener.stop();  // a second time does nothing
}

TEST_CASE("stop waits for a request in progress and sends its answer whole") {
    std::promise<void> entered, may_answer;
    RunningListener running([&](const Request&) {
        entered.set_value();
        may_answer.get_future().wait();
        Response response;
        response.body = std::string(300'000, 'a');
        return response;
    });
    RawClient client(running.address.port);
    client.send(get);
    entered.get_future().wait();
    RawClient idle(running.address.port);
    std::thread stopping([&] { running.listener.stop(); });
    CHECK(idle.sees_end());  // so the stop has begun
    may_answer.set_value();
    CHECK(body_of(client.read_message()).size() == 300'000);
    stopping.join();
}
