// The seams for clock and randomness: what a replay relies on.
#include "common/base/env.h"

#include <doctest/doctest.h>

#include <array>
#include <set>
#include <vector>

namespace {

using namespace zf;

std::vector<std::uint8_t> random_bytes(Env& env, std::size_t count) {
    std::vector<std::uint8_t> bytes(count);
    env.fill_random(bytes);
    return bytes;
}

TEST_CASE("manual env: the same seed gives the same bytes, another seed others") {
    ManualEnv a(7), b(7), c(8);
    for (const std::size_t count : {0U, 1U, 7U, 8U, 9U, 1000U}) {
        const auto bytes = random_bytes(a, count);
        CHECK(random_bytes(b, count) == bytes);
        if (count > 4) CHECK(random_bytes(c, count) != bytes);
    }
    CHECK(a.next_u64() == b.next_u64());
}

TEST_CASE("manual env: published sequence of its generator") {
    // SplitMix64 with seed 1234567, as in its authors' reference implementation.
    ManualEnv env(1234567);
    for (const std::uint64_t expected :
         {6457827717110365317U, 3203168211198807973U, 9817491932198370423U}) {
        CHECK(env.next_u64() == expected);
    }
}

TEST_CASE("manual env: the clock moves only by hand") {
    ManualEnv env(1, 1000);
    CHECK(env.now_ms() == 1000);
    CHECK(env.now_ms() == 1000);
    env.set_now_ms(-5);
    CHECK(env.now_ms() == -5);
}

TEST_CASE("new ids: version 7, stamped with the clock, all different") {
    ManualEnv env(3, 1'210'573'680'000);
    std::set<Uuid> seen;
    for (int i = 0; i < 1000; ++i) {
        const Uuid id = env.new_uuid();
        REQUIRE(id.text().substr(0, 15) == "0119dbd0-6d80-7");
        const int variant = id.bytes[8] >> 6;
        CHECK(variant == 2);
        CHECK(seen.insert(id).second);
    }
}

TEST_CASE("system env: ids and bytes do not repeat, the clock is plausible") {
    Env& env = system_env();
    CHECK(env.new_uuid() != env.new_uuid());
    CHECK(random_bytes(env, 32) != random_bytes(env, 32));
    const std::int64_t year_2000 = 946'684'800'000;
    const std::int64_t year_2200 = 7'258'118'400'000;
    CHECK(env.now_ms() > year_2000);
    CHECK(env.now_ms() < year_2200);
}

}  // namespace
