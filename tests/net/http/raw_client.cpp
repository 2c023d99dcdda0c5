#include "tests/net/http/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <bit>
#include <charconv>

#include <doctest/doctest.h>

namespace zf::test {
namespace {

void bound_waits(int descriptor) {
    const timeval longest{20, 0};
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
}

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

}  // namespace

RawClient::RawClient(int port) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const sockaddr_in address = loopback(port);
    REQUIRE(::connect(descriptor_.number(), std::bit_cast<const sockaddr*>(&address),
                      sizeof address) == 0);
    bound_waits(descriptor_.number());
}

RawClient::RawClient(Descriptor connected) : descriptor_(std::move(connected)) {
    bound_waits(descriptor_.number());
}

void RawClient::send(std::string_view text) {
    while (!text.empty()) {
        const ssize_t sent = ::send(descriptor_.number(), text.data(), text.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
}

bool RawClient::read_more() {
    std::array<char, 65536> buffer{};
    const ssize_t got = ::recv(descriptor_.number(), buffer.data(), buffer.size(), 0);
    if (got <= 0) return false;
    left_.append(buffer.data(), static_cast<std::size_t>(got));
    return true;
}

std::string RawClient::read_message() {
    std::size_t end = 0;
    while ((end = left_.find("\r\n\r\n")) == std::string::npos) {
        if (!read_more()) return std::exchange(left_, {});
    }
    std::size_t length = 0;
    constexpr std::string_view name = "Content-Length: ";
    if (const std::size_t at = left_.find(name); at < end) {
        std::from_chars(left_.data() + at + name.size(), left_.data() + end, length);
    }
    const std::size_t whole = end + 4 + length;
    while (left_.size() < whole && read_more()) continue;
    std::string message = left_.substr(0, whole);
    left_.erase(0, whole);
    return message;
}

std::string RawClient::read_to_end() {
    while (read_more()) continue;
    return std::exchange(left_, {});
}

bool RawClient::sees_end() {
    char byte = 0;
    return left_.empty() && ::recv(descriptor_.number(), &byte, 1, 0) == 0;
}

bool RawClient::first_hears_sooner(const RawClient& first, const RawClient& second) {
    std::array<pollfd, 2> both{pollfd{first.descriptor_.number(), POLLIN, 0},
                               pollfd{second.descriptor_.number(), POLLIN, 0}};
    REQUIRE(::poll(both.data(), both.size(), 20'000) > 0);
    return both[0].revents != 0;
}

RawServer::RawServer() : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    bound_waits(descriptor_.number());
    REQUIRE(::bind(descriptor_.number(), std::bit_cast<const sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(descriptor_.number(), 8) == 0);
    REQUIRE(::getsockname(descriptor_.number(), std::bit_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
}

RawClient RawServer::accept() {
    Descriptor accepted(::accept(descriptor_.number(), nullptr, nullptr));
    REQUIRE(accepted.number() >= 0);
    return RawClient(std::move(accepted));
}

int status_of(std::string_view answer) {
    constexpr std::string_view version = "HTTP/1.1 ";
    int status = 0;
    if (answer.starts_with(version)) {
        std::from_chars(answer.data() + version.size(), answer.data() + answer.size(), status);
    }
    return status;
}

std::string_view body_of(std::string_view answer) {
    const std::size_t end = answer.find("\r\n\r\n");
    return end == std::string_view::npos ? std::string_view() : answer.substr(end + 4);
}

RunningListener::RunningListener(Handler handler, ListenOptions options)
    : listener(std::move(handler)) {
    Result<Address> started = listener.start(options);
    REQUIRE(started);
    address = *started;
}

ListenOptions with_tls(const ServerCertificate& certificate) {
    ListenOptions options;
    options.certificate = certificate;
    return options;
}

std::array<std::uint8_t, 32> seed_of(std::uint8_t first) {
    std::array<std::uint8_t, 32> seed{};
    seed[0] = first;
    return seed;
}

}  // namespace zf::test
