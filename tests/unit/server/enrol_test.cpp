#include <doctest/doctest.h>

#include <algorithm>

#include "server/attempt_limit.h"
#include "tests/unit/server/api_world.h"

namespace zf::testing {

TEST_CASE("a code makes one device of one person, however it is typed") {
    ApiWorld world;
    world.put_staff("zhang");
    const std::string code = world.code_for("zhang");
    CHECK(code.size() == 14);
    std::string typed = code;
    std::erase(typed, '-');
    std::transform(typed.begin(), typed.end(), typed.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    RawLaptop laptop(world, "zhang");
    const Response response = laptop.enrol_with(" " + typed);
    REQUIRE(response.status == 200);
    const auto answer = decode_enrol_answer(response.body);
    REQUIRE(answer);
    CHECK(answer->device == laptop.id().hex());
    CHECK(answer->user == "zhang");
    CHECK(answer->bureau_key == world.first.pin);
    CHECK(answer->epoch == world.store->epoch());

    // The answer was lost: the same laptop may ask again, and becomes no second device.
    const std::int64_t entries = world.store->bureau().last_entry();
    CHECK(slug_of(laptop.enrol_with(code)) == "ok");
    CHECK(world.store->bureau().last_entry() == entries);
    CHECK(slug_of(RawLaptop(world, "zhang").enrol_with(code)) == "bad_code");
    CHECK(world.store->bureau().devices().size() == 1);
}

TEST_CASE("a second person on the same laptop") {
    ApiWorld world;
    world.put_staff("zhang", {"511923"});
    world.put_staff("li", {"511921"});
    RawLaptop laptop(world, "zhang");
    laptop.enrol();
    CHECK(slug_of(laptop.enrol_with(world.code_for("li"))) == "ok");
    const auto device = world.store->bureau().find_device(laptop.id());
    REQUIRE(device);
    CHECK(device->users == std::vector<std::string>{"zhang", "li"});
}

TEST_CASE("codes that are not valid, and requests that are not proven") {
    ApiWorld world;
    world.put_staff("zhang");
    RawLaptop laptop(world, "zhang");
    const std::string code = world.code_for("zhang");
    CHECK(slug_of(laptop.enrol_with("0000-0000-0000")) == "bad_code");
    CHECK(slug_of(laptop.enrol_with("")) == "bad_code");
    CHECK(slug_of(laptop.enrol_with(code, "another text was signed")) == "bad_signature");
    CHECK(slug_of(world.send(request_of("POST", "/v1/enrol", "{}"))) == "malformed");
    CHECK(slug_of(world.send(request_of("POST", "/v1/enrol", "\xff"))) == "malformed");

    world.env.set_now_ms(start_ms + Accounts::code_life_ms);
    CHECK(slug_of(laptop.enrol_with(code)) == "bad_code");
    world.env.set_now_ms(start_ms + Accounts::code_life_ms - 1);
    CHECK(slug_of(laptop.enrol_with(code)) == "ok");

    const std::string late = world.code_for("zhang");
    REQUIRE(disable_user(*world.store, "zhang"));
    CHECK(slug_of(RawLaptop(world, "zhang").enrol_with(late)) == "not_allowed");
    CHECK_FALSE(make_enrol_code(*world.store, "zhang"));
    CHECK_FALSE(make_enrol_code(*world.store, "nobody"));
}

TEST_CASE("codes are kept as hashes only") {
    ApiWorld world;
    world.put_staff("zhang");
    std::string code = world.code_for("zhang");
    for (const bool plain : {false, true}) {
        if (plain) std::erase(code, '-');
        Statement find = world.store->db().prepare(
            "SELECT COUNT(*) FROM enrol_code WHERE instr(hash, ?1)>0 OR instr(user, ?1)>0");
        find.bind_text(1, code);
        REQUIRE(find.step());
        CHECK(find.integer(0) == 0);
    }
}

TEST_CASE("an address that guesses is stopped for ten minutes, others are not") {
    ApiWorld world;
    world.put_staff("zhang");
    RawLaptop laptop(world, "zhang");
    for (int i = 0; i < AttemptLimit::failures_max; ++i) {
        REQUIRE(slug_of(laptop.enrol_with("0000-0000-0000")) == "bad_code");
    }
    const std::string code = world.code_for("zhang");
    CHECK(slug_of(laptop.enrol_with(code)) == "not_allowed");
    Request other = request_of("POST", "/v1/enrol", "{}");
    other.remote_address = "192.0.2.8";
    CHECK(slug_of(world.send(other)) == "malformed");
    world.env.set_now_ms(start_ms + AttemptLimit::window_ms);
    CHECK(slug_of(laptop.enrol_with(code)) == "ok");
}

TEST_CASE("the limit's memory is bounded and survives a clock set back") {
    AttemptLimit limit;
    for (int i = 0; i < 25'000; ++i) limit.note_failure("address " + std::to_string(i), i);
    for (int i = 0; i < AttemptLimit::failures_max; ++i) limit.note_failure("x", 100'000);
    CHECK_FALSE(limit.allows("x", 100'000));
    CHECK_FALSE(limit.allows("x", 100'000 + AttemptLimit::window_ms - 1));
    CHECK(limit.allows("x", 100'000 + AttemptLimit::window_ms));
    CHECK(limit.allows("x", 99'999));
    CHECK(limit.allows("y", 100'000));
}

}  // namespace zf::testing
