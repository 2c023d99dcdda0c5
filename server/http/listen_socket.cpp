#include "server/http/listen_socket.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

namespace zf {
namespace {

/// A night's synchronising begins with everybody at once; a short queue makes them wait a second.
constexpr int listen_queue = 1024;

struct AddressListFree {
    void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using AddressList = std::unique_ptr<addrinfo, AddressListFree>;

template <class T>
T address_as(const void* address) {
    T copy;
    std::memcpy(&copy, address, sizeof copy);
    return copy;
}

bool is_loopback(const addrinfo& address) {
    if (address.ai_family == AF_INET) {
        const auto v4 = address_as<sockaddr_in>(address.ai_addr);
        return (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
    }
    if (address.ai_family != AF_INET6) return false;
    const auto v6 = address_as<sockaddr_in6>(address.ai_addr);
    return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) != 0;
}

std::string text_of(const sockaddr_storage& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.ss_family == AF_INET) {
        const auto v4 = address_as<sockaddr_in>(&address);
        inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    } else if (address.ss_family == AF_INET6) {
        const auto v6 = address_as<sockaddr_in6>(&address);
        inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    }
    std::string written(text.data());
    constexpr std::string_view mapped = "::ffff:";
    if (written.starts_with(mapped) && written.find('.') != std::string::npos) {
        written.erase(0, mapped.size());
    }
    return written;
}

int port_of(int descriptor) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (getsockname(descriptor, std::bit_cast<sockaddr*>(&address), &size) != 0) return 0;
    return address.ss_family == AF_INET6 ? ntohs(address_as<sockaddr_in6>(&address).sin6_port)
                                         : ntohs(address_as<sockaddr_in>(&address).sin_port);
}

Unexpected cannot_bind(const std::string& where) {
    return fail(ErrorCode::unreachable,
                "Cannot listen there: " + std::generic_category().message(errno) +
                    ". Choose another port, or end the program that uses it.",
                where);
}

void set_option(int descriptor, int level, int name) {
    const int on = 1;
    setsockopt(descriptor, level, name, &on, sizeof on);
}

}  // namespace

Result<ListenSocket> open_listen_socket(const std::string& host, int port, bool loopback_only) {
    const std::string where = host + ":" + std::to_string(port);
    if (port < 0 || port > 65535) {
        return fail(ErrorCode::malformed, "A port lies between 0 and 65535.", where);
    }
    addrinfo wanted{};
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0) {
        return fail(ErrorCode::malformed,
                    "This is no address of this machine; give an IP address such as 0.0.0.0.",
                    where);
    }
    const AddressList list(found);
    if (loopback_only && !is_loopback(*list)) {
        return fail(ErrorCode::not_allowed,
                    "Plain HTTP is spoken on loopback only: listen on 127.0.0.1, or leave out "
                    "--http.",
                    where);
    }
    ListenSocket made;
    made.descriptor =
        Descriptor(::socket(list->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int number = made.descriptor.number();
    if (number < 0) return cannot_bind(where);
    set_option(number, SOL_SOCKET, SO_REUSEADDR);  // a restart need not wait for old connections
    if (::bind(number, list->ai_addr, list->ai_addrlen) != 0 ||
        ::listen(number, listen_queue) != 0) {
        return cannot_bind(where);
    }
    made.port = port_of(number);
    return made;
}

AcceptState accept_connection(int listen_descriptor, std::optional<Accepted>& out) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    Descriptor descriptor(::accept4(listen_descriptor, std::bit_cast<sockaddr*>(&address), &size,
                                    SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (descriptor.number() < 0) {
        const bool exhausted =
            errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
        return exhausted ? AcceptState::exhausted : AcceptState::nobody;
    }
    set_option(descriptor.number(), IPPROTO_TCP, TCP_NODELAY);
    out = Accepted{std::move(descriptor), text_of(address)};
    return AcceptState::accepted;
}

}  // namespace zf
