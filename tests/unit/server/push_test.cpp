#include <doctest/doctest.h>

#include "tests/unit/server/api_world.h"

namespace zf::testing {

namespace {

struct TwoLaptops : ApiWorld {
    TwoLaptops() {
        put_staff("zhang");
        put_staff("li");
        laptop.enrol();
        other.enrol();
    }
    RawLaptop laptop{*this, "zhang"}, other{*this, "li"};
};

}  // namespace

TEST_CASE("a push is stored, numbered and acknowledged; a repeat changes nothing") {
    TwoLaptops world;
    const auto one = world.laptop.write(enterprise(world, "a"));
    const auto two = world.laptop.write(enterprise(world, "b"));
    const auto answer = decode_push_answer(world.laptop.push({one}).body);
    REQUIRE(answer);
    CHECK(answer->acknowledged_seq == 1);
    CHECK(answer->received == 1);
    CHECK(answer->repeated == 0);
    CHECK(answer->not_applied.empty());

    const auto again = decode_push_answer(world.laptop.push({one, two}).body);
    REQUIRE(again);
    CHECK(again->acknowledged_seq == 2);
    CHECK(again->received == 1);
    CHECK(again->repeated == 1);
    const auto twice = decode_push_answer(world.laptop.push({one, one, two, two}).body);
    REQUIRE(twice);
    CHECK(twice->received == 0);
    CHECK(twice->repeated == 4);
    const auto none = decode_push_answer(world.laptop.push({}).body);
    REQUIRE(none);
    CHECK(none->acknowledged_seq == 2);
    CHECK(world.counts().changesets == 2);
    CHECK(world.counts().records == 2);
}

TEST_CASE("another laptop may bring changesets along") {
    TwoLaptops world;
    world.laptop.write(enterprise(world, "a"));
    world.laptop.write(enterprise(world, "b"));
    const auto answer = decode_push_answer(world.other.push(world.laptop.chain).body);
    REQUIRE(answer);
    CHECK(answer->received == 2);
    CHECK(answer->acknowledged_seq == 0);  // of the one that pushed
    CHECK(decode_session_answer(world.laptop.ask_session().body)->acknowledged_seq == 2);
}

TEST_CASE("whatever is wrong with one changeset, nothing of its batch is taken") {
    TwoLaptops world;
    RawLaptop& laptop = world.laptop;
    laptop.push({laptop.write(enterprise(world, "a"))});

    const SignedChangeset second = laptop.write(enterprise(world, "b"));
    const SignedChangeset third = laptop.write(enterprise(world, "c"));
    const SignedChangeset good = world.other.write(enterprise(world, "d"));

    SignedChangeset bent = second;
    bent.bytes[bent.bytes.find("\"b\"") + 1] = 'x';
    SignedChangeset unsigned_one = second;
    unsigned_one.signature.assign(64, '\0');
    SignedChangeset spaced = second;
    spaced.bytes += " ";
    Changeset fork = laptop.next(enterprise(world, "e"));
    fork.seq = 1;
    fork.previous = {};
    Changeset side = fork;
    side.seq = 2;  // names another first changeset
    side.previous = blake2b("another history");
    RawLaptop stranger(world, "zhang");

    struct Case {
        std::string what;
        std::vector<SignedChangeset> batch;
        std::string slug;
    };
    const std::vector<Case> cases{
        {"a gap", {good, third}, "malformed"},
        {"changed bytes", {good, bent}, "bad_signature"},
        {"changed bytes, vouched for by nobody", {good, bent, third}, "bad_signature"},
        {"a signature of nothing", {good, unsigned_one}, "bad_signature"},
        {"not canonical", {good, spaced}, "malformed"},
        {"no changeset", {good, {R"({"_format":1})", std::string(64, 'x')}}, "malformed"},
        {"another first changeset", {good, laptop.sign(fork)}, "fork"},
        {"another history", {good, laptop.sign(side)}, "fork"},
        {"an unknown author", {good, stranger.write(enterprise(world, "s"))}, "unauthenticated"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(slug_of(laptop.push(c.batch)) == c.slug);
        CHECK(world.counts().changesets == 1);
    }
    // The message of a gap says what would be right.
    const Error gap = decode_error(laptop.push({third}).body, 400);
    CHECK(gap.message.find("should be 2") != std::string::npos);
    CHECK(gap.where == "changesets[0]");
    // A signature of nothing is enough where the next changeset vouches for it.
    CHECK(slug_of(laptop.push({unsigned_one, third})) == "ok");
    CHECK(world.counts().changesets == 3);
}

TEST_CASE("frames that are too long, cut, or not frames") {
    TwoLaptops world;
    RawLaptop& laptop = world.laptop;
    std::vector<SignedChangeset> batch;
    for (std::size_t i = 0; i <= WireLimits::push_changesets_max; ++i) {
        batch.push_back(laptop.write(enterprise(world, std::to_string(i))));
    }
    const std::string whole = encode_push({world.store->epoch(), {batch[0], batch[1]}});
    CHECK(slug_of(laptop.push(batch)) == "too_large");
    const auto post = [&](std::string body) {
        return slug_of(laptop.send(request_of("POST", "/v1/push", std::move(body))));
    };
    CHECK(post("") == "malformed");
    CHECK(post("{}") == "malformed");
    for (std::size_t bytes = 0; bytes < whole.size(); bytes += 7) {
        CAPTURE(bytes);
        CHECK(post(whole.substr(0, bytes)) == "malformed");
    }
    CHECK(world.counts().changesets == 0);
    batch.pop_back();
    CHECK(slug_of(laptop.push(batch)) == "ok");
    CHECK(world.counts().changesets == 1000);
}

TEST_CASE("a push for another epoch is refused before anything is looked at") {
    TwoLaptops world;
    const auto one = world.laptop.write(enterprise(world, "a"));
    CHECK(slug_of(world.laptop.push({one}, Uuid{}.text())) == "wrong_epoch");
    CHECK(slug_of(world.laptop.ask_pull(0, 0, Uuid{}.text())) == "wrong_epoch");
    CHECK(world.counts().changesets == 0);
    CHECK(slug_of(world.laptop.push({one}, world.store->epoch())) == "ok");
    CHECK(slug_of(world.laptop.ask_pull(0, 0, world.store->epoch())) == "ok");
}

}  // namespace zf::testing
