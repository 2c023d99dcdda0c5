// The laptop's transport against real servers: round trips, pins, kept and broken connections.
#include <doctest/doctest.h>

#include <openssl/pem.h>

#include <atomic>
#include <future>
#include <thread>

#include "client/http/http_transport.h"
#include "tests/net/http/raw_client.h"

using namespace zf;
using namespace zf::test;

namespace {

const Request get{"GET", "/v1/health", {}, {}, "", ""};

ServerCertificate certificate_of(std::uint8_t bureau) {
    Result<ServerCertificate> made = make_server_certificate(seed_of(bureau));
    REQUIRE(made);
    return *made;
}

std::string pin_of(std::uint8_t bureau) {
    return KeyPair::from_seed(seed_of(bureau)).public_key().hex();
}

HttpTransport open_transport(const std::string& url,
                             std::optional<std::string_view> pin = std::nullopt) {
    Result<HttpTransport> opened = HttpTransport::open(url, pin);
    REQUIRE(opened);
    return std::move(*opened);
}

std::string url_of(const RawServer& server) {
    return "http://127.0.0.1:" + std::to_string(server.port());
}

}  // namespace

TEST_CASE("a request arrives and its answer returns, byte for byte") {
    std::string large(5'000'000, '\0');
    for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 7 + i / 251);
    Request seen;
    const Handler handler = [&](const Request& request) {
        seen = request;
        Response response{418, {{"content-type", "application/x"}, {"x-epoch", "e1"}}, {}};
        response.body = request.body;
        return response;
    };
    const RunningListener plain(handler);
    const RunningListener secure(handler, with_tls(certificate_of(1)));
    for (const Address& address : {plain.address, secure.address}) {
        CAPTURE(address.url());
        HttpTransport transport = open_transport(address.url());
        Request request{"POST", "/v1/a b/\u6c49%", {{"after", "17"}, {"q&=", "\u6c49 +%"}}, {}, "",
                        ""};
        request.headers = {{"authorization", "Zoufang abc"}, {"content-type", "application/y"}};
        request.body = large;
        const Result<Response> answer = transport.send(request);
        REQUIRE(answer);
        CHECK(answer->status == 418);
        CHECK(answer->headers.at("content-type") == "application/x");
        CHECK(answer->headers.at("x-epoch") == "e1");
        CHECK(answer->body == large);
        CHECK(seen.method == "POST");
        CHECK(seen.path == request.path);
        CHECK(seen.query == request.query);
        CHECK(seen.headers.at("authorization") == "Zoufang abc");
        CHECK(seen.headers.at("content-type") == "application/y");
        CHECK(seen.body == large);
        CHECK(seen.remote_address == "127.0.0.1");
    }
}

TEST_CASE("methods and empty bodies") {
    std::string seen;
    const RunningListener running([&](const Request& request) {
        seen = request.method;
        return Response{204, {}, ""};
    });
    HttpTransport transport = open_transport(running.address.url());
    for (const char* method : {"GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"}) {
        CAPTURE(method);
        const Result<Response> answer = transport.send({method, "/", {}, {}, "", ""});
        REQUIRE(answer);
        CHECK(answer->status == 204);
        CHECK(seen == method);
    }
}

TEST_CASE("the right pin is accepted, also after the server's TLS key was changed") {
    for (int i = 0; i < 2; ++i) {
        const RunningListener running([](const Request&) { return Response{}; },
                                      with_tls(certificate_of(1)));
        HttpTransport transport = open_transport(running.address.url(), pin_of(1));
        CHECK_FALSE(transport.learned_pin());
        CHECK(transport.send(get));
        REQUIRE(transport.learned_pin());
        CHECK(transport.learned_pin()->hex() == pin_of(1));
    }
}

TEST_CASE("a server of another key is refused before anything is sent") {
    std::atomic<int> handled = 0;
    const Handler count = [&](const Request&) {
        ++handled;
        return Response{};
    };
    const RunningListener other(count, with_tls(certificate_of(2)));
    // An impostor that shows the real bureau's certificate beside its own.
    ServerCertificate mixed = certificate_of(2);
    mixed.certificate_chain_pem += certificate_of(1).bureau_ca_pem;
    const RunningListener impostor(count, with_tls(mixed));
    for (const Address& address : {other.address, impostor.address}) {
        CAPTURE(address.port);
        HttpTransport transport = open_transport(address.url(), pin_of(1));
        for (int i = 0; i < 2; ++i) {
            const Result<Response> answer = transport.send(get);
            REQUIRE_FALSE(answer);
            CHECK(answer.error().code == ErrorCode::pin_mismatch);
            CHECK_FALSE(transport.learned_pin());
        }
    }
    CHECK(handled == 0);
    // It is the pin that refuses: with the other bureau's pin the same servers answer.
    CHECK(open_transport(other.address.url(), pin_of(2)).send(get));
    CHECK(open_transport(impostor.address.url(), pin_of(2)).send(get));
}

TEST_CASE("without a pin the key that signed the server's certificate is learned") {
    ServerCertificate mixed = certificate_of(2);
    mixed.certificate_chain_pem += certificate_of(1).bureau_ca_pem;
    const RunningListener running([](const Request&) { return Response{}; }, with_tls(mixed));
    HttpTransport transport = open_transport(running.address.url());
    CHECK(transport.send(get));
    REQUIRE(transport.learned_pin());
    CHECK(transport.learned_pin()->hex() == pin_of(2));
}

TEST_CASE("without a pin a server that no sent bureau vouches for is refused") {
    ServerCertificate foreign = certificate_of(2);
    const std::size_t second = foreign.certificate_chain_pem.find("-----BEGIN", 1);
    foreign.certificate_chain_pem.resize(second);  // the leaf alone
    ServerCertificate misleading = foreign;
    misleading.certificate_chain_pem += certificate_of(1).bureau_ca_pem;
    for (const ServerCertificate& certificate : {foreign, misleading}) {
        const RunningListener running([](const Request&) { return Response{}; },
                                      with_tls(certificate));
        HttpTransport transport = open_transport(running.address.url());
        const Result<Response> answer = transport.send(get);
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code == ErrorCode::pin_mismatch);
        CHECK_FALSE(transport.learned_pin());
    }
}

TEST_CASE("a learned key binds the later connections of the same transport") {
    int port = 0;
    {
        const RunningListener first([](const Request&) { return Response{}; },
                                    with_tls(certificate_of(1)));
        port = first.address.port;
        HttpTransport transport = open_transport(first.address.url());
        CHECK(transport.send(get));
        ListenOptions options = with_tls(certificate_of(2));
        options.port = port;
        // The first one must leave the port before the other bureau's server takes it.
        const_cast<Listener&>(first.listener).stop();
        const RunningListener second([](const Request&) { return Response{}; }, options);
        const Result<Response> answer = transport.send(get);
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code == ErrorCode::pin_mismatch);
        CHECK(transport.learned_pin()->hex() == pin_of(1));
    }
}

TEST_CASE("the connection is kept between requests") {
    RawServer server;
    std::thread answering([&] {
        RawClient connection = server.accept();
        server.close();  // a second connection would be refused
        for (int i = 0; i < 3; ++i) {
            connection.read_message();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        }
    });
    HttpTransport transport = open_transport(url_of(server));
    for (int i = 0; i < 3; ++i) {
        const Result<Response> answer = transport.send(get);
        REQUIRE(answer);
        CHECK(answer->body == "ok");
    }
    answering.join();
}

TEST_CASE("a connection that the server closed meanwhile is replaced without an error") {
    const ServerCertificate certificate = certificate_of(1);
    for (const bool tls : {false, true}) {
        CAPTURE(tls);
        ListenOptions options;
        if (tls) options.certificate = certificate;
        auto running =
            std::make_unique<RunningListener>([](const Request&) { return Response{}; }, options);
        HttpTransport transport = open_transport(running->address.url());
        CHECK(transport.send(get));
        options.port = running->address.port;
        running.reset();
        running =
            std::make_unique<RunningListener>([](const Request&) { return Response{}; }, options);
        CHECK(transport.send(get));
    }
}

TEST_CASE("nobody there, another protocol, and connections that break are unreachable") {
    int free_port = 0;
    {
        RawServer gone;
        free_port = gone.port();
    }
    const RunningListener plain([](const Request&) { return Response{}; });
    const RunningListener secure([](const Request&) { return Response{}; },
                                 with_tls(certificate_of(1)));
    const std::string local = "127.0.0.1:";
    const std::string urls[] = {
        "http://" + local + std::to_string(free_port),
        "https://" + local + std::to_string(free_port),
        "https://" + local + std::to_string(plain.address.port),
        "http://" + local + std::to_string(secure.address.port),
        "https://no-such-host.invalid",
    };
    for (const std::string& url : urls) {
        CAPTURE(url);
        const Result<Response> answer = open_transport(url).send(get);
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code == ErrorCode::unreachable);
        CHECK_FALSE(answer.error().where.empty());
    }
}

TEST_CASE("an answer that breaks off is no answer") {
    for (const char* part : {"", "HTTP/1.1 200 OK\r\nContent-Le",
                             "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"}) {
        CAPTURE(part);
        RawServer server;
        std::thread answering([&] {
            RawClient connection = server.accept();
            connection.read_message();
            connection.send(part);
        });
        const Result<Response> answer = open_transport(url_of(server)).send(get);
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code == ErrorCode::unreachable);
        answering.join();
    }
}

TEST_CASE("cancel ends a request that waits, and every later one") {
    RawServer server;
    std::promise<void> asked, over;
    std::thread holding([&] {
        RawClient connection = server.accept();
        connection.read_message();
        asked.set_value();
        over.get_future().wait();
    });
    HttpTransport transport = open_transport(url_of(server));
    std::thread cancelling([&] {
        asked.get_future().wait();
        transport.cancel();
    });
    for (int i = 0; i < 2; ++i) {
        const Result<Response> answer = transport.send(get);
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code == ErrorCode::interrupted);
    }
    over.set_value();
    cancelling.join();
    holding.join();
}
