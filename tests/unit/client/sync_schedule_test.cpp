// When a laptop syncs by itself, on a clock that is set by hand.
#include "client/app/sync_schedule.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "common/base/date.h"
#include "common/base/env.h"

namespace zf::testing {
namespace {

constexpr std::int64_t minute = 60'000, hour = 60 * minute, day = 24 * hour;
const Date first_day = *parse_date("2008-05-13");

/// HH:MM of the first day at the bureau, or of a later one.
std::int64_t at(int hours, int minutes, int days = 0) {
    return instant_at(first_day, hours * 60 + minutes, bureau_offset_minutes) + days * day;
}

DeviceId device(int first_byte) {
    DeviceId id;
    id.bytes[0] = static_cast<std::uint8_t>(first_byte);
    return id;
}

SyncSchedule fresh() {
    SyncSchedule schedule(device(0), {22});
    schedule.synced(at(9, 0));
    return schedule;
}

}  // namespace

TEST_CASE("once a day at the hour, and not again until the next") {
    SyncSchedule schedule = fresh();
    CHECK(schedule.due(at(21, 59)) == std::nullopt);
    CHECK(schedule.next_ms(at(12, 0)) == at(22, 0));
    CHECK(schedule.due(at(22, 0)) == SyncCause::night);
    CHECK(schedule.next_ms(at(22, 1)) == at(22, 1));
    schedule.synced(at(22, 2));
    CHECK(schedule.due(at(22, 3)) == std::nullopt);
    CHECK(schedule.next_ms(at(22, 3)) == at(22, 0, 1));
}

TEST_CASE("a night that was slept through is made up for when the lid is opened") {
    SyncSchedule schedule = fresh();
    CHECK(schedule.due(at(8, 0, 1)) == SyncCause::night);
    schedule.synced(at(8, 1, 1));
    CHECK(schedule.due(at(8, 2, 1)) == std::nullopt);
    CHECK(schedule.next_ms(at(8, 2, 1)) == at(22, 0, 1));
}

TEST_CASE("a sync by hand in the evening counts for the night when it is after the hour") {
    SyncSchedule schedule = fresh();
    schedule.synced(at(21, 0));
    CHECK(schedule.due(at(22, 0)) == SyncCause::night);
    schedule.synced(at(22, 30));
    CHECK(schedule.due(at(23, 0)) == std::nullopt);
}

TEST_CASE("laptops spread over the hour, each always at its minute") {
    int least = 60, greatest = 0;
    for (int first = 0; first < 256; ++first) {
        const SyncSchedule schedule(device(first), {22});
        least = std::min(least, schedule.minute());
        greatest = std::max(greatest, schedule.minute());
    }
    CHECK(least == 0);
    CHECK(greatest == 59);
    SyncSchedule late(device(128), {22});
    late.synced(at(9, 0));
    CHECK(late.due(at(22, 29)) == std::nullopt);
    CHECK(late.due(at(22, 30)) == SyncCause::night);
}

TEST_CASE("after failures it waits 1, 2, 5, 15, 60, 60 minutes, and begins anew after a success") {
    SyncSchedule schedule = fresh();
    std::int64_t now = at(22, 0);
    for (const int wait : {1, 2, 5, 15, 60, 60}) {
        CHECK(schedule.due(now) == SyncCause::night);
        schedule.failed(now, true);
        CHECK(schedule.due(now) == std::nullopt);
        CHECK(schedule.due(now + wait * minute - 1) == std::nullopt);
        CHECK(schedule.next_ms(now) == now + wait * minute);
        now += wait * minute;
    }
    schedule.synced(now);
    CHECK(schedule.due(now + 1) == std::nullopt);
    schedule.network_came(now + hour);
    schedule.failed(now + hour, true);
    CHECK(schedule.next_ms(now + hour) == now + hour + minute);
}

TEST_CASE("what trying again cannot mend waits for the next night") {
    SyncSchedule schedule = fresh();
    schedule.failed(at(22, 0), false);
    CHECK(schedule.due(at(23, 30)) == std::nullopt);
    CHECK(schedule.next_ms(at(22, 1)) == at(22, 0, 1));
    CHECK(schedule.due(at(22, 0, 1)) == SyncCause::night);
}

TEST_CASE("a network that comes is used soon, and ends the waiting") {
    SyncSchedule schedule = fresh();
    schedule.network_came(at(15, 0));
    CHECK(schedule.due(at(15, 0)) == std::nullopt);
    CHECK(schedule.next_ms(at(15, 0)) == at(15, 0) + 5'000);
    CHECK(schedule.due(at(15, 0) + 5'000) == SyncCause::network);
    schedule.failed(at(15, 1), true);
    CHECK(schedule.due(at(15, 1) + 1) == std::nullopt);
    CHECK(schedule.next_ms(at(15, 1)) == at(15, 2));
    schedule.network_came(at(15, 1) + 1000);
    CHECK(schedule.due(at(15, 1) + 6'000) == SyncCause::network);
    schedule.synced(at(15, 2));
    // It comes and goes: ten minutes apart will do.
    schedule.network_came(at(15, 5));
    CHECK(schedule.due(at(15, 6)) == std::nullopt);
    schedule.network_came(at(15, 13));
    CHECK(schedule.due(at(15, 14)) == SyncCause::network);
}

TEST_CASE("off is off") {
    SyncSchedule schedule(device(0), {std::nullopt});
    schedule.network_came(at(15, 0));
    CHECK(schedule.due(at(22, 0, 3)) == std::nullopt);
    CHECK(schedule.next_ms(at(22, 0)) == std::nullopt);
    schedule.set_hour({6});
    CHECK(schedule.due(at(22, 0, 3)).has_value());
}

TEST_CASE("a clock that was set back keeps nothing waiting for years") {
    SyncSchedule schedule(device(0), {22});
    schedule.synced(at(22, 0, 700));
    CHECK(schedule.due(at(12, 0)) == SyncCause::night);
    schedule.failed(at(22, 0, 700), true);
    CHECK(schedule.due(at(12, 0)) == SyncCause::night);
}

TEST_CASE("whatever happens, it is due when it said that it would be, and never before") {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        CAPTURE(seed);
        ManualEnv random(seed);
        SyncSchedule schedule(device(static_cast<int>(random.next_u64() % 256)), {22});
        std::int64_t now = at(9, 0);
        for (int step = 0; step < 40; ++step) {
            switch (random.next_u64() % 5) {
                case 0:
                    schedule.synced(now);
                    break;
                case 1:
                    schedule.failed(now, true);
                    break;
                case 2:
                    schedule.failed(now, false);
                    break;
                case 3:
                    schedule.network_came(now);
                    break;
                default:
                    now += static_cast<std::int64_t>(random.next_u64() % (3 * hour));
                    break;
            }
            const auto next = schedule.next_ms(now);
            REQUIRE(next.has_value());
            REQUIRE(schedule.due(*next).has_value());
            REQUIRE(*next <= now + day);
            if (*next == now) continue;
            const auto between =
                now + static_cast<std::int64_t>(random.next_u64() %
                                                static_cast<std::uint64_t>(*next - now));
            REQUIRE(schedule.due(between) == std::nullopt);
        }
    }
}

TEST_CASE("the hour is read and written, nonsense is the default") {
    CHECK_FALSE(read_sync_hour("off").hour.has_value());
    CHECK(read_sync_hour("0").hour == 0);
    CHECK(read_sync_hour("23").hour == 23);
    for (const char* odd : {"", "24", "-1", "x", "7x"}) {
        CHECK(read_sync_hour(odd).hour == SyncHour::default_hour);
    }
    CHECK(sync_hour_text({std::nullopt}) == "off");
    CHECK(sync_hour_text({6}) == "6");
}

}  // namespace zf::testing
