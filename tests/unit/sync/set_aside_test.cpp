// A laptop that has one copy's work of a folder that was copied, while the server has the other's:
// it goes on syncing, takes the server's, and keeps what it had.
#include <doctest/doctest.h>

#include <filesystem>

#include "common/codec/changeset_codec.h"
#include "common/store/arrival.h"
#include "common/store/set_aside.h"
#include "tests/unit/sync/sync_world.h"

namespace zf::testing {
namespace {

namespace fs = std::filesystem;

Members named(const std::string& name) {
    return {{"name", name}, {"reg_no", "99"}};
}

/// Two copies of one folder under one name, and a third laptop.
struct World {
    Office office;
    Laptop a{office, "li", 1};
    Laptop twin{office, "zhao", 2};
    Laptop c{office, "wang", 3};
    Uuid common;

    World() {
        REQUIRE(a.sync().has_value());
        common = a.create("enterprise", named("common"));
        REQUIRE(a.sync().has_value());
        REQUIRE(c.sync().has_value());
        a.close();
        twin.close();
        fs::remove_all(office.folder.path / "zhao");
        fs::copy(office.folder.path / "li", office.folder.path / "zhao",
                 fs::copy_options::recursive);
        a.open();
        twin.open();
        twin.user = "li";
    }
    /// As a bundle carries it: without numbers of the server.
    static void carry(Laptop& from, Laptop& to) {
        std::vector<SignedChangeset> batch;
        for (const auto& stored : from.log().chain_after(from.device(), 0, 1000, 1 << 20)) {
            batch.push_back(stored.signed_changeset);
        }
        auto arrivals = authenticate(std::move(batch),
                                     [&](const DeviceId& id) { return to.bureau().find_key(id); });
        REQUIRE(arrivals.has_value());
        Transaction transaction(to.db());
        REQUIRE(to.log().append(*arrivals, to.env.now_ms()).has_value());
        transaction.commit();
    }
    static SyncReport must_sync(Laptop& laptop) {
        const auto done = laptop.sync();
        CAPTURE((done ? std::string() : done.error().message));
        REQUIRE(done.has_value());
        return *done;
    }
    void check_one() {
        for (int round = 0; round < 2; ++round) {
            for (Laptop* laptop : {&a, &twin, &c}) must_sync(*laptop);
        }
        CHECK(office.store().log().counts().held == 0);
        CHECK(office.store().log().counts().parked == 0);
        for (Laptop* laptop : {&a, &twin, &c}) {
            CHECK(laptop->log().state() == office.store().log().state());
            CHECK(laptop->unsent() == 0);
            CHECK(laptop->log().counts().held == 0);
        }
    }
};

std::size_t live_names(Laptop& laptop, const Uuid& id) {
    const auto doc = laptop.log().find_record(id);
    return doc && doc->fields.contains("name") ? doc->fields.find("name")->second.size() : 0;
}

}  // namespace

TEST_CASE("the server's history takes the place of another copy's, which is kept") {
    World world;
    const Uuid of_twin = world.twin.create("enterprise", named("of the twin"));
    world.twin.edit(world.common, {{"remark", "of the twin"}});
    World::carry(world.twin, world.c);
    CHECK(live_names(world.c, of_twin) == 1);
    const Uuid of_a = world.a.create("enterprise", named("of a"));
    REQUIRE(world.a.sync().has_value());

    const SyncReport done = World::must_sync(world.c);
    CHECK(done.set_aside == 2);
    CHECK(live_names(world.c, of_a) == 1);
    CHECK_FALSE(world.c.log().find_record(of_twin).has_value());
    const auto kept = changesets_set_aside(world.c.db());
    REQUIRE(kept.size() == 2);
    CHECK(decode_changeset(kept[0].bytes)->records[0].id == of_twin);
    CHECK(World::must_sync(world.c).set_aside == 0);
    CHECK(world.c.log().state() == world.office.store().log().state());

    // Its author's laptop sends it under the new name.
    CHECK(World::must_sync(world.twin).new_identity->reissued == 2);
    world.check_one();
    CHECK(live_names(world.c, of_twin) == 1);
    CHECK(live_names(world.a, of_twin) == 1);
}

TEST_CASE("a save upon what was set aside stays in sight and stands beside it in the end") {
    for (const bool is_early : {false, true}) {
        CAPTURE(is_early);  // whether the other history is as long when it is pulled
        World world;
        world.twin.create("enterprise", named("first of the twin"));
        const Uuid of_twin = world.twin.create("enterprise", named("of the twin"));
        World::carry(world.twin, world.c);
        world.c.edit(of_twin, {{"name", "upon the twin's"}});
        world.a.create("enterprise", named("of a"));
        if (is_early) world.a.create("enterprise", named("of a, too"));
        REQUIRE(world.a.sync().has_value());
        CHECK(World::must_sync(world.c).set_aside == 2);
        CHECK(world.c.log().counts().held == 0);
        CHECK(live_names(world.c, of_twin) == 1);
        World::must_sync(world.twin);
        World::must_sync(world.c);
        CHECK(live_names(world.c, of_twin) == 2);
        if (!is_early) {
            // The server waits for the place that the save names.
            CHECK(world.office.store().log().counts().held == 1);
            world.a.create("enterprise", named("of a, later"));
        }
        world.check_one();
        // Both stand: a conflict for a person, not a loss.
        CHECK(live_names(world.a, of_twin) == 2);
    }
}

TEST_CASE("what comes back as the server's is no longer set aside") {
    World world;
    world.twin.create("enterprise", named("of the twin"));
    World::carry(world.twin, world.c);
    world.a.create("enterprise", named("of a"));
    const auto own = world.a.log().find_changeset(world.a.device(), 2);
    REQUIRE(world.a.sync().has_value());
    World::must_sync(world.c);
    // The server goes back to before, and the twin is first this time.
    {
        Transaction transaction(world.c.db());
        auto arrivals = authenticate(
            {world.twin.log().find_changeset(world.twin.device(), 2)->signed_changeset},
            [&](const DeviceId& id) { return world.c.bureau().find_key(id); });
        REQUIRE(arrivals.has_value());
        world.c.log().forget_numbers();
        CHECK(set_aside_variants(world.c.log(), *arrivals, world.c.device(), 1) == 1);
        REQUIRE(world.c.log().append(*arrivals, 1).has_value());
        take_place_of_variants(world.c.log(), *arrivals);
        transaction.commit();
    }
    const auto kept = changesets_set_aside(world.c.db());
    REQUIRE(kept.size() == 1);
    CHECK(kept[0].bytes == own->signed_changeset.bytes);
}

TEST_CASE("a laptop's own chain is never set aside") {
    World world;
    world.a.create("enterprise", named("of a"));
    world.twin.create("enterprise", named("of the twin"));
    Transaction transaction(world.a.db());
    auto arrivals =
        authenticate({world.twin.log().find_changeset(world.twin.device(), 2)->signed_changeset},
                     [&](const DeviceId& id) { return world.a.bureau().find_key(id); });
    REQUIRE(arrivals.has_value());
    CHECK(set_aside_variants(world.a.log(), *arrivals, world.a.device(), 1) == 0);
    CHECK(world.a.log().append(*arrivals, 1).error().code == ErrorCode::fork);
}

}  // namespace zf::testing
