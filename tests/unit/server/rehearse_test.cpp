// What a push would do is told exactly, and not done; what is kept back is listed with its remedy.
#include <doctest/doctest.h>

#include "server/administer.h"
#include "server/parked.h"
#include "tests/unit/server/api_world.h"

namespace zf::testing {

namespace {

struct RehearseWorld : ApiWorld {
    RehearseWorld() {
        put_staff("zhang");
        put_staff("li", {"511923"});
        laptop.enrol();
        other.enrol();
        limited.enrol();
    }

    Response rehearse(RawLaptop& by, std::vector<SignedChangeset> changesets) {
        const PushRequest push{store->epoch(), std::move(changesets)};
        return by.send(request_of("POST", "/v1/push/rehearse", encode_push(push)));
    }
    RehearsedPush foresee(RawLaptop& by, std::vector<SignedChangeset> changesets) {
        const Response response = rehearse(by, std::move(changesets));
        REQUIRE(response.status == 200);
        auto answer = decode_rehearsed_push(response.body);
        REQUIRE(answer.has_value());
        return std::move(*answer);
    }
    std::vector<KeptBack> kept() {
        const auto held = store->lock();
        return kept_back(*store);
    }
    /// What a rehearsal must leave as it is.
    std::string trace() {
        const auto held = store->lock();
        const auto counts = store->log().counts();
        std::string text = store->log().state().hex() + " " + std::to_string(counts.changesets) +
                           " " + std::to_string(counts.parked) + " " + std::to_string(counts.held) +
                           " " + std::to_string(store->log().ssn());
        for (const DeliveredUpTo& chain : store->log().complete_chains()) {
            text += " " + chain.device.hex() + ":" + std::to_string(chain.seq);
        }
        return text;
    }

    RawLaptop laptop{*this, "zhang"}, other{*this, "zhang"}, limited{*this, "li"};
};

}  // namespace

TEST_CASE("a rehearsed push answers as the push then does, and leaves no trace") {
    RehearseWorld world;
    world.laptop.write(enterprise(world, "first"));
    world.laptop.push_all();
    const std::string before = world.trace();
    SUBCASE("plain") {
        world.laptop.write(enterprise(world, "second"));
        const RehearsedPush told = world.foresee(world.laptop, world.laptop.chain);
        CHECK(told.push.received == 1);
        CHECK(told.push.repeated == 1);
        CHECK(told.push.acknowledged_seq == 2);
        CHECK(told.push.not_applied.empty());
        CHECK(told.conflicts.empty());
        CHECK(world.trace() == before);
        CHECK(world.laptop.push_all().received == 1);
    }
    SUBCASE("kept back, and one that builds on it") {
        Written outside = enterprise(world, "far", "510100");
        world.limited.write(outside);
        outside.parents = {world.limited.ref(1)};
        outside.fields = {{"remarks", Value("x")}};
        world.limited.write(outside);
        const RehearsedPush told = world.foresee(world.limited, world.limited.chain);
        CHECK(world.trace() == before);
        CHECK(world.kept().empty());
        const PushAnswer done = world.limited.push_all();
        REQUIRE(told.push.not_applied.size() == 2);
        REQUIRE(done.not_applied.size() == 2);
        for (const std::size_t i : {0u, 1u}) {
            CHECK(told.push.not_applied[i].seq == done.not_applied[i].seq);
            CHECK(told.push.not_applied[i].standing == done.not_applied[i].standing);
            CHECK(told.push.not_applied[i].code == done.not_applied[i].code);
            CHECK(told.push.not_applied[i].detail == done.not_applied[i].detail);
        }
        CHECK(told.push.not_applied[0].code == "not_allowed");
        CHECK(told.push.not_applied[1].standing == "held");
    }
    SUBCASE("a conflict, once") {
        Written edit{"enterprise", {}, {{"name", Value("mine")}}, {}, 1, {}};
        edit.record = decode_changeset(world.laptop.chain[0].bytes)->records[0].id;
        edit.parents = {world.laptop.ref(1)};
        edit.supersedes = {Dot{world.laptop.id(), 1, 0}};
        world.laptop.write(edit);
        world.laptop.push_all();
        const std::string after_mine = world.trace();
        edit.fields = {{"name", Value("theirs")}};
        world.other.write(edit);
        const RehearsedPush told = world.foresee(world.other, world.other.chain);
        REQUIRE(told.conflicts.size() == 1);
        CHECK(told.conflicts[0].record == edit.record.text());
        CHECK(told.conflicts[0].field == "name");
        CHECK(told.conflicts[0].kind == "value");
        CHECK(world.trace() == after_mine);
        world.other.push_all();
        // It is open now, and nothing new to foresee.
        CHECK(world.foresee(world.other, world.other.chain).conflicts.empty());
    }
}

TEST_CASE("a rehearsal is refused what a push is refused") {
    RehearseWorld world;
    const auto first = world.laptop.write(enterprise(world, "1"));
    const auto second = world.laptop.write(enterprise(world, "2"));
    const std::string before = world.trace();
    CHECK(slug_of(world.rehearse(world.laptop, {second})) == "malformed");
    CHECK(slug_of(world.rehearse(world.laptop, {{first.bytes, std::string(64, 'x')}})) ==
          "bad_signature");
    Request foreign =
        request_of("POST", "/v1/push/rehearse", encode_push({"another epoch", {first, second}}));
    CHECK(slug_of(world.laptop.send(std::move(foreign))) == "wrong_epoch");
    CHECK(world.send(request_of("POST", "/v1/push/rehearse", "")).status == 401);
    CHECK(world.trace() == before);
}

TEST_CASE("what is kept back is listed with who, what, why, and what to do") {
    RehearseWorld world;
    CHECK(world.kept().empty());
    Written far = enterprise(world, "far", "510100");
    world.limited.write(far);
    world.limited.push_all();
    Written later = enterprise(world, "later");
    // Builds on a changeset of a laptop that has not synced.
    later.record = world.env.new_uuid();
    later.parents = {world.laptop.ref(1)};
    world.other.write(later);
    world.other.push_all();
    const auto all = world.kept();
    REQUIRE(all.size() == 2);
    for (const KeptBack& one : all) {
        CAPTURE(one.remedy);
        CHECK(one.since_ms == world.env.now_ms());
        REQUIRE(one.records.size() == 1);
        CHECK_FALSE(one.device_name.empty());
        if (one.device == world.limited.id()) {
            CHECK_FALSE(one.is_held);
            CHECK(one.user == "li");
            CHECK(one.reason.code == "not_allowed");
            CHECK(one.reason.detail.find("510100") != std::string::npos);
            CHECK(one.remedy.find("user change") != std::string::npos);
            CHECK(one.records[0].id == far.record);
        } else {
            CHECK(one.is_held);
            REQUIRE(one.missing.has_value());
            CHECK(one.missing->device == world.laptop.id());
            CHECK(one.missing->seq == 1);
            CHECK(one.remedy.find("has not arrived") != std::string::npos);
        }
    }
    REQUIRE(change_user(*world.store, "li", std::nullopt, std::vector<std::string>{}).has_value());
    CHECK(world.kept().size() == 1);
}

}  // namespace zf::testing
