#include "client/app/network_linux.h"

#include <linux/rtnetlink.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>
#include <vector>

namespace zf {
namespace {

std::string content_of(const char* file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string ways_out_now() {
    return ways_out(content_of("/proc/net/route"), content_of("/proc/net/ipv6_route"));
}

/// A socket on which the kernel tells of changed routes; below 0 when there is none to be had.
int open_socket() {
    const int socket = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (socket < 0) return -1;
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    address.nl_groups = RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
    // NOLINTNEXTLINE: sockets' addresses are passed so.
    if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        return socket;
    }
    ::close(socket);
    return -1;
}

void read_all(int socket) {
    std::array<char, 8192> ignored;
    while (::recv(socket, ignored.data(), ignored.size(), 0) > 0) continue;
}

}  // namespace

struct NetworkWatch::State {
    std::function<void()> came;
    int socket = -1, ends = -1;
    std::thread thread;

    void run() {
        std::string known = ways_out_now();
        std::array<pollfd, 2> watched{{{socket, POLLIN, 0}, {ends, POLLIN, 0}}};
        while (::poll(watched.data(), watched.size(), -1) >= 0) {
            if (watched[1].revents != 0) return;
            read_all(socket);
            const std::string now = ways_out_now();
            if (!now.empty() && now != known) came();
            known = now;
        }
    }
};

NetworkWatch::NetworkWatch(std::function<void()> came) : state_(std::make_unique<State>()) {
    state_->came = std::move(came);
    state_->socket = open_socket();
    state_->ends = ::eventfd(0, EFD_CLOEXEC);
    if (state_->socket < 0 || state_->ends < 0) return;
    state_->thread = std::thread([state = state_.get()] { state->run(); });
}

NetworkWatch::~NetworkWatch() {
    if (state_->thread.joinable()) {
        const std::uint64_t one = 1;
        if (::write(state_->ends, &one, sizeof one) == sizeof one) state_->thread.join();
    }
    for (const int descriptor : {state_->socket, state_->ends}) {
        if (descriptor >= 0) ::close(descriptor);
    }
}

std::string ways_out(const std::string& v4, const std::string& v6) {
    std::vector<std::string> ways;
    std::string line;
    std::istringstream four(v4);
    std::getline(four, line);  // the names of the columns
    while (std::getline(four, line)) {
        std::istringstream words(line);
        std::string device, destination, gateway;
        words >> device >> destination >> gateway;
        if (!device.empty() && device != "lo") ways.push_back(device + " " + destination + gateway);
    }
    std::istringstream six(v6);
    while (std::getline(six, line)) {
        std::istringstream words(line);
        const std::vector<std::string> all{std::istream_iterator<std::string>(words), {}};
        // destination, its length, source, its length, gateway, ..., device
        if (all.size() < 10 || all.back() == "lo") continue;
        const bool is_of_link = all[0].starts_with("fe80") || all[0].starts_with("ff");
        if (!is_of_link) ways.push_back(all.back() + " " + all[0] + all[4]);
    }
    std::sort(ways.begin(), ways.end());
    std::string text;
    for (const std::string& way : ways) text += way + "\n";
    return text;
}

}  // namespace zf
