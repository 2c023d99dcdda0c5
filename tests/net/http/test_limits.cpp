// Deadlines and budgets of a running listener, made small so that tests need not wait.
#include <doctest/doctest.h>

#include <memory>
#include <vector>

#include "tests/net/http/raw_client.h"

using namespace zf;
using namespace zf::test;

namespace {

const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

Handler answer_of(std::size_t bytes) {
    return [bytes](const Request&) {
        Response response;
        response.body = std::string(bytes, 'a');
        return response;
    };
}

ListenOptions with_limits(const ListenerLimits& limits) {
    ListenOptions options;
    options.limits = limits;
    return options;
}

}  // namespace

TEST_CASE("requests that come too slowly are given up, with a reason once they have begun") {
    ListenerLimits limits;
    limits.head_timeout_ms = 50;
    limits.transfer_grace_ms = 50;
    const RunningListener running(answer_of(1), with_limits(limits));

    RawClient silent(running.address.port);
    CHECK(silent.sees_end());

    for (const char* beginning :
         {"GET / HTTP/1.1\r\nX:", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"}) {
        CAPTURE(beginning);
        RawClient slow(running.address.port);
        slow.send(beginning);
        const std::string answer = slow.read_message();
        CHECK(status_of(answer) == 408);
        CHECK(body_of(answer).starts_with(R"({"error":{"code":"interrupted")"));
        CHECK(slow.sees_end());
    }
}

TEST_CASE("an idle connection ends silently after its time") {
    ListenerLimits limits;
    limits.idle_timeout_ms = 50;
    const RunningListener running(answer_of(1), with_limits(limits));
    RawClient client(running.address.port);
    client.send(get);
    CHECK(status_of(client.read_message()) == 200);
    CHECK(client.sees_end());
}

TEST_CASE("when connections run out, the longest idle one makes room") {
    ListenerLimits limits;
    limits.connections_max = 3;
    const RunningListener running(answer_of(1), with_limits(limits));
    std::vector<std::unique_ptr<RawClient>> idle;
    for (int i = 0; i < 3; ++i) {
        idle.push_back(std::make_unique<RawClient>(running.address.port));
        idle.back()->send(get);
        CHECK(status_of(idle.back()->read_message()) == 200);
    }
    RawClient newcomer(running.address.port);
    newcomer.send(get);
    CHECK(status_of(newcomer.read_message()) == 200);
    CHECK(idle[0]->sees_end());
    idle[2]->send(get);
    CHECK(status_of(idle[2]->read_message()) == 200);
}

TEST_CASE("when all connections are busy, a newcomer waits until one is not") {
    ListenerLimits limits;
    limits.connections_max = 2;
    const RunningListener running(answer_of(1), with_limits(limits));
    RawClient first(running.address.port), second(running.address.port);
    first.send("GET / HTTP/1.1\r\n");
    second.send("GET / HTTP/1.1\r\n");
    RawClient newcomer(running.address.port);
    newcomer.send(get);
    first.send("Host: a\r\n\r\n");  // its connection is idle after the answer
    CHECK(status_of(newcomer.read_message()) == 200);
    CHECK(status_of(first.read_message()) == 200);
    CHECK(first.sees_end());
}

TEST_CASE("a refused client that stays makes room for a newcomer") {
    ListenerLimits limits;
    limits.connections_max = 1;
    const RunningListener running(answer_of(1), with_limits(limits));
    RawClient refused(running.address.port);
    refused.send("nonsense");
    CHECK(status_of(refused.read_message()) == 400);
    RawClient newcomer(running.address.port);
    newcomer.send(get);
    CHECK(status_of(newcomer.read_message()) == 200);
}

TEST_CASE("bodies of all clients together have a budget; who exceeds it is told to come again") {
    ListenerLimits limits;
    limits.buffered_bytes_max = 2u << 20;
    const RunningListener running(answer_of(1), with_limits(limits));
    const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1600000\r\n\r\n";
    RawClient first(running.address.port), second(running.address.port);
    first.send(head + std::string(1'500'000, 'a'));
    second.send(head + std::string(1'500'000, 'a'));
    const bool first_refused = RawClient::first_hears_sooner(first, second);
    RawClient& refused = first_refused ? first : second;
    RawClient& other = first_refused ? second : first;
    const std::string answer = refused.read_message();
    CHECK(status_of(answer) == 503);
    CHECK(body_of(answer).starts_with(R"({"error":{"code":"busy")"));
    other.send(std::string(100'000, 'a'));
    CHECK(status_of(other.read_message()) == 200);
}

TEST_CASE("an answer that nobody reads gives way to one that somebody reads") {
    ListenerLimits limits;
    limits.buffered_bytes_max = 40u << 20;
    constexpr std::size_t large = 32u << 20;  // more than the system's own buffers hold
    const RunningListener running(answer_of(large), with_limits(limits));
    RawClient sleeper(running.address.port);
    sleeper.send(get);
    // Its answer must be under way before the other's: two workers answer in any order.
    RawClient::first_hears_sooner(sleeper, sleeper);
    RawClient reader(running.address.port);
    reader.send(get);
    CHECK(body_of(reader.read_message()).size() == large);
    CHECK(body_of(sleeper.read_to_end()).size() < large);
}
