// What counts as a network, read from what the kernel lists; and a watch that sleeps.
#include "client/app/network_linux.h"

#include <doctest/doctest.h>

#include <atomic>

using namespace zf;

namespace {

const std::string columns = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\n";
const std::string any_of_wlan = "wlan0\t00000000\t0102A8C0\t0003\t0\t0\t600\n";
const std::string wlan = "wlan0\t0002A8C0\t00000000\t0001\t0\t0\t600\n";

}  // namespace

TEST_CASE("no route but local ones is no network") {
    CHECK(ways_out("", "").empty());
    CHECK(ways_out(columns, "").empty());
    CHECK(ways_out(columns + "lo\t0000007F\t00000000\t0001\n", "").empty());
    // Every interface has a link-local address, with or without a network.
    CHECK(ways_out(columns,
                   "fe800000000000000000000000000000 40 00000000000000000000000000000000 00 "
                   "00000000000000000000000000000000 00000100 00000001 00000000 00000001   eth0\n"
                   "00000000000000000000000000000000 00 00000000000000000000000000000000 00 "
                   "00000000000000000000000000000000 ffffffff 00000001 00000000 00200200     lo\n")
              .empty());
}

TEST_CASE("networks are told apart, in whatever order they are listed") {
    const std::string one = ways_out(columns + any_of_wlan + wlan, "");
    CHECK(one == ways_out(columns + wlan + any_of_wlan, ""));
    CHECK_FALSE(one.empty());
    CHECK(one != ways_out(columns + "eth0\t00000000\t010200C0\t0003\n", ""));
    // A counter that goes on is no other network.
    CHECK(one == ways_out(columns + "wlan0\t00000000\t0102A8C0\t0003\t7\t9\t600\n" + wlan, ""));
    CHECK_FALSE(
        ways_out("",
                 "fd000000000000000000000000000000 40 00000000000000000000000000000000 00 "
                 "00000000000000000000000000000000 00000100 00000001 00000000 00000001 eth0\n")
            .empty());
}

TEST_CASE("a watch ends when it should, and tells nothing while nothing changes") {
    std::atomic<int> told = 0;
    for (int i = 0; i < 20; ++i) NetworkWatch watch([&] { ++told; });
    CHECK(told == 0);
}
