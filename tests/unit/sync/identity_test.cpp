// A laptop whose folder was copied, or put back from a backup, takes a new identity by itself and
// loses nothing; so does one whose database alone was put back.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "common/codec/changeset_codec.h"
#include "common/store/schema.h"
#include "tests/unit/sync/sync_world.h"

namespace zf::testing {
namespace {

namespace fs = std::filesystem;

/// A laptop at work, another that joins later, and the bureau.
struct World {
    Office office;
    Laptop a{office, "li", 1};
    Laptop b{office, "wang", 2};

    World() { settle({&a, &b}); }

    void settle(const std::vector<Laptop*>& laptops) {
        for (int round = 0; round < 2; ++round) {
            for (Laptop* laptop : laptops) {
                const auto done = laptop->sync();
                CAPTURE((done ? std::string() : done.error().message));
                REQUIRE(done.has_value());
                CHECK(laptop->unsent() == 0);
            }
        }
        for (Laptop* laptop : laptops) {
            CHECK(laptop->log().state() == office.store().log().state());
        }
        CHECK(office.store().log().counts().held == 0);
        CHECK(office.store().log().counts().parked == 0);
    }
    /// What `other` finds when it is opened next: a copy of the first laptop's folder.
    void copy_to(Laptop& other, const std::string& name) {
        a.close();
        other.close();
        fs::remove_all(path(name));
        fs::copy(path("li"), path(name), fs::copy_options::recursive);
        a.open();
        other.open();
        other.user = "li";
    }
    /// Puts the database alone back; the rest of the folder stays.
    void put_database_back(const fs::path& from) {
        a.close();
        for (const char* name : {"device.db", "device.db-wal", "device.db-shm"}) {
            fs::remove(path("li") / name);
        }
        fs::copy_file(from, path("li") / "device.db");
        a.open();
    }
    void put_database_aside() {
        a.close();
        fs::copy_file(path("li") / "device.db", path("old.db"));
        a.open();
    }
    [[nodiscard]] fs::path path(const std::string& name) const { return office.folder.path / name; }
};

Members named(const std::string& name) {
    return {{"name", name}, {"reg_no", "99"}};
}

std::string value_of(Laptop& laptop, const Uuid& id, const std::string& field) {
    const auto doc = laptop.log().find_record(id);
    if (!doc || !doc->fields.contains(field)) return "(none)";
    std::string all;
    for (const LiveValue& live : doc->fields.find(field)->second) {
        all += (all.empty() ? "" : "|") + *live.value.text();
    }
    return all;
}

/// Whether every record with this name is there once.
int count_named(ChangeLog& log, const std::string& name) {
    int count = 0;
    log.each_record("enterprise", [&](const RecordDoc& doc) {
        const auto live = doc.fields.find("name");
        count += live != doc.fields.end() && live->second.size() == 1 &&
                 *live->second.front().value.text() == name;
        return true;
    });
    return count;
}

}  // namespace

TEST_CASE("a folder that was put back from a backup goes on under a new identity") {
    struct Case {
        const char* what;
        // Saves: sent before the backup; unsent in it; made after it and sent; made in the folder
        // that was put back.
        int sent, unsent, lost, anew;
        std::int64_t reissued;
    };
    for (const Case& one : {
             Case{"nothing new", 1, 0, 1, 0, 0},
             Case{"as many new", 1, 0, 2, 2, 2},
             Case{"fewer new", 1, 0, 2, 1, 1},
             Case{"more new", 1, 0, 1, 3, 3},
             Case{"unsent then is sent now", 2, 2, 1, 2, 2},
             Case{"unsent then, nothing new", 0, 3, 0, 0, 0},
             Case{"never sent before", 0, 0, 3, 2, 2},
             Case{"a long common history", 100, 7, 5, 9, 9},
         }) {
        CAPTURE(one.what);
        World world;
        for (int i = 0; i < one.sent; ++i) world.a.create("enterprise", named("sent"));
        REQUIRE(world.a.sync().has_value());
        for (int i = 0; i < one.unsent; ++i) world.a.create("enterprise", named("unsent"));
        world.a.copy_home("li", "backup");
        for (int i = 0; i < one.lost; ++i) world.a.create("enterprise", named("lost"));
        REQUIRE(world.a.sync().has_value());
        const DeviceId former = world.a.device();
        world.a.copy_home("backup", "li");
        for (int i = 0; i < one.anew; ++i) world.a.create("enterprise", named("anew"));
        const bool is_ahead = one.lost > 0 || one.anew > 0;
        const auto done = world.a.sync();
        CAPTURE((done ? std::string() : done.error().message));
        REQUIRE(done.has_value());
        CHECK(done->new_identity.has_value() == is_ahead);
        if (is_ahead) {
            CHECK(world.a.device() != former);
            CHECK(done->new_identity->former == former);
            CHECK(done->new_identity->current == world.a.device());
            CHECK(done->new_identity->reissued == one.reissued);
            const auto device = world.office.store().bureau().find_device(world.a.device());
            REQUIRE(device.has_value());
            CHECK(device->succeeds == former);
            CHECK(device->users == std::vector<std::string>{"li"});
            CHECK_FALSE(world.office.store().bureau().find_device(former)->revoked);
            CHECK_FALSE(world.a.identity().is_pending());
        }
        world.settle({&world.a, &world.b});
        for (Laptop* laptop : {&world.a, &world.b}) {
            CHECK(count_named(laptop->log(), "sent") == one.sent);
            CHECK(count_named(laptop->log(), "unsent") == one.unsent);
            CHECK(count_named(laptop->log(), "lost") == one.lost);
            CHECK(count_named(laptop->log(), "anew") == one.anew);
        }
        // It is told once; the next sync has nothing to say.
        const auto again = world.a.sync();
        REQUIRE(again.has_value());
        CHECK_FALSE(again->new_identity.has_value());
    }
}

TEST_CASE("two copies of a folder go on and both people's work is everywhere") {
    World world;
    const Uuid shared = world.a.create("enterprise", named("shared"));
    REQUIRE(world.a.sync().has_value());
    world.a.edit(shared, {{"remark", "before the copy, unsent"}});
    // The second laptop is a copy of the first, with all its files.
    Laptop copy(world.office, "zhao", 77);
    world.copy_to(copy, "zhao");
    REQUIRE(copy.device() == world.a.device());

    world.a.edit(shared, {{"name", "by the first"}});
    const Uuid first = world.a.create("enterprise", named("first"));
    copy.edit(shared, {{"reg_no", "100"}});
    copy.edit(shared, {{"remark", "of the second"}});
    const Uuid second = copy.create("enterprise", named("second"));
    copy.edit(second, {{"remark", "own edit of an own save"}});

    const auto of_first = world.a.sync();
    REQUIRE(of_first.has_value());
    CHECK_FALSE(of_first->new_identity.has_value());
    const auto of_second = copy.sync();
    CAPTURE((of_second ? std::string() : of_second.error().message));
    REQUIRE(of_second.has_value());
    REQUIRE(of_second->new_identity.has_value());
    CHECK(of_second->new_identity->reissued == 4);
    CHECK(of_second->pushed == 4);
    CHECK(copy.device() != world.a.device());
    world.settle({&world.a, &copy, &world.b});
    for (Laptop* laptop : {&world.a, &copy, &world.b}) {
        CHECK(value_of(*laptop, shared, "name") == "by the first");
        CHECK(value_of(*laptop, shared, "reg_no") == "100");
        CHECK(value_of(*laptop, shared, "remark") == "of the second");
        CHECK(value_of(*laptop, first, "name") == "first");
        CHECK(value_of(*laptop, second, "remark") == "own edit of an own save");
    }
    // Each goes on as its own device.
    world.a.edit(second, {{"remark", "the first again"}});
    copy.edit(first, {{"remark", "the second again"}});
    world.settle({&world.a, &copy, &world.b});
}

TEST_CASE("a push that meets the other copy's in between takes the new identity at once") {
    World world;
    world.a.create("enterprise", named("before"));
    REQUIRE(world.a.sync().has_value());
    Laptop copy(world.office, "zhao", 77);
    world.copy_to(copy, "zhao");
    world.a.create("enterprise", named("first"));
    copy.create("enterprise", named("second"));
    bool pushed = false;
    copy.road.before = [&](const Request& request) -> Result<void> {
        if (request.path == "/v1/push" && !pushed) {
            pushed = true;
            REQUIRE(world.a.sync().has_value());
        }
        return {};
    };
    const auto done = copy.sync();
    CAPTURE((done ? std::string() : done.error().message));
    REQUIRE(done.has_value());
    CHECK(done->new_identity.has_value());
    world.settle({&world.a, &copy, &world.b});
    CHECK(count_named(world.b.log(), "first") == 1);
    CHECK(count_named(world.b.log(), "second") == 1);
}

TEST_CASE("a database that was put back alone never writes under the old name again") {
    World world;
    const Uuid kept = world.a.create("enterprise", named("kept"));
    REQUIRE(world.a.sync().has_value());
    world.a.edit(kept, {{"remark", "unsent, in the copy"}});
    world.put_database_aside();
    world.a.edit(kept, {{"remark", "sent, not in the copy"}});
    REQUIRE(world.a.sync().has_value());
    const Uuid gone = world.a.create("enterprise", named("never sent, gone with the database"));
    const DeviceId former = world.a.device();
    world.put_database_back(world.path("old.db"));
    const DeviceId second = world.a.device();
    CHECK(second != former);
    CHECK(world.a.identity().is_pending());
    CHECK(world.a.unsent() == 0);
    // Saves go on without a network, under the new name; one names what is about to move.
    const Uuid fresh = world.a.create("enterprise", named("fresh"));
    world.a.edit(kept, {{"reg_no", "7"}});
    world.a.open();
    CHECK(world.a.device() == second);
    const auto done = world.a.sync();
    CAPTURE((done ? std::string() : done.error().message));
    REQUIRE(done.has_value());
    REQUIRE(done->new_identity.has_value());
    CHECK(done->new_identity->reason == "database_back");
    CHECK_FALSE(world.a.identity().is_pending());
    world.settle({&world.a, &world.b});
    CHECK(value_of(world.b, kept, "reg_no") == "7");
    CHECK(value_of(world.b, kept, "remark") == "sent, not in the copy");
    CHECK(value_of(world.b, fresh, "name") == "fresh");
    CHECK_FALSE(world.b.log().find_record(gone).has_value());
}

TEST_CASE("what another copy has sent under the shared name meanwhile is not written once more") {
    World world;
    const Uuid kept = world.a.create("enterprise", named("kept"));
    REQUIRE(world.a.sync().has_value());
    world.a.edit(kept, {{"remark", "unsent, in the copy"}});
    world.put_database_aside();
    Laptop twin(world.office, "zhao", 77);
    world.copy_to(twin, "zhao");
    world.a.edit(kept, {{"remark", "gone with the database"}});
    world.put_database_back(world.path("old.db"));
    // Saved under the second identity, about what stands under the first.
    world.a.edit(kept, {{"remark", "upon the unsent"}});
    const DeviceId second = world.a.device();
    // Meanwhile a twin of the folder writes its own history under the first.
    twin.create("enterprise", named("twin"));
    REQUIRE(twin.sync().has_value());
    {
        const auto held = world.office.store().lock();
        CHECK(world.office.store().log().head_of(twin.device()).seq == 3);
    }
    const auto done = world.a.sync();
    CAPTURE((done ? std::string() : done.error().message));
    REQUIRE(done.has_value());
    // The server had the unsent edit from the twin: nothing had to move, the name stays.
    CHECK(done->new_identity->reissued == 0);
    CHECK(world.a.device() == second);
    world.settle({&world.a, &twin, &world.b});
    CHECK(value_of(world.b, kept, "remark") == "upon the unsent");
    CHECK(count_named(world.b.log(), "twin") == 1);
}

TEST_CASE("saves under a new name about a tail that must move are written once more with it") {
    World world;
    const Uuid kept = world.a.create("enterprise", named("kept"));
    REQUIRE(world.a.sync().has_value());
    Laptop twin(world.office, "zhao", 77);
    world.copy_to(twin, "zhao");
    twin.create("enterprise", named("twin"));
    REQUIRE(twin.sync().has_value());  // holds the next place of the shared name

    const Uuid tail = world.a.create("enterprise", named("tail"));
    world.put_database_aside();
    world.a.edit(kept, {{"remark", "gone with the database"}});
    world.put_database_back(world.path("old.db"));
    const DeviceId second = world.a.device();
    world.a.edit(tail, {{"remark", "upon the tail"}});
    const auto done = world.a.sync();
    CAPTURE((done ? std::string() : done.error().message));
    REQUIRE(done.has_value());
    CHECK(done->new_identity->reissued == 2);
    CHECK(world.a.device() != second);
    CHECK_FALSE(world.office.store().bureau().find_device(second).has_value());
    world.settle({&world.a, &twin, &world.b});
    CHECK(value_of(world.b, tail, "name") == "tail");
    CHECK(value_of(world.b, tail, "remark") == "upon the tail");
    CHECK(world.b.log().find_record(tail)->fields.find("name")->second.size() == 1);
    CHECK(world.b.log().find_record(tail)->heads.size() == 1);
}

TEST_CASE("a line that breaks at any request of the change is gone on with by the next sync") {
    for (int broken_request = 1; broken_request < 40; ++broken_request) {
        for (const bool after : {false, true}) {
            CAPTURE(broken_request);
            CAPTURE(after);
            World world;
            world.a.create("enterprise", named("sent"));
            REQUIRE(world.a.sync().has_value());
            world.a.copy_home("li", "backup");
            for (int i = 0; i < 3; ++i) world.a.create("enterprise", named("lost"));
            REQUIRE(world.a.sync().has_value());
            world.a.copy_home("backup", "li");
            for (int i = 0; i < 2; ++i) world.a.create("enterprise", named("anew"));
            int requests = 0;
            const auto breaks = [&]() -> Result<void> {
                if (++requests == broken_request) return broken_line();
                return {};
            };
            if (after) {
                world.a.road.after = [&](const Request&, Response&) { return breaks(); };
            } else {
                world.a.road.before = [&](const Request&) { return breaks(); };
            }
            const bool done = world.a.sync().has_value();
            world.a.road.after = {};
            world.a.road.before = {};
            world.a.open();
            world.settle({&world.a, &world.b});
            CHECK(count_named(world.b.log(), "lost") == 3);
            CHECK(count_named(world.b.log(), "anew") == 2);
            // One new identity, however often it was tried.
            CHECK(world.office.store().bureau().devices().size() == 3);
            if (done) {
                CHECK(broken_request > 5);
                return;
            }
        }
    }
}

TEST_CASE("a disk that fails at any statement of the change is gone on with after a restart") {
    int broken = 1;
    for (bool done = false; !done; ++broken) {
        CAPTURE(broken);
        World world;
        const Uuid record = world.a.create("enterprise", named("sent"));
        REQUIRE(world.a.sync().has_value());
        world.a.copy_home("li", "backup");
        world.a.create("enterprise", named("lost"));
        REQUIRE(world.a.sync().has_value());
        world.a.copy_home("backup", "li");
        world.a.create("enterprise", named("anew"));
        world.a.edit(record, {{"remark", "anew"}});
        int statements = 0;
        world.a.db().set_fault([&] { return ++statements == broken; });
        try {
            done = world.a.sync().has_value();
        } catch (const DbError&) {
            done = false;
        }
        world.a.db().set_fault({});
        world.a.open();
        world.settle({&world.a, &world.b});
        CHECK(count_named(world.b.log(), "lost") == 1);
        CHECK(count_named(world.b.log(), "anew") == 1);
        CHECK(value_of(world.b, record, "remark") == "anew");
        CHECK(world.office.store().bureau().devices().size() == 3);
        REQUIRE(broken < 2000);
        if (broken > 30) broken += broken > 90 ? 16 : 4;  // the pull has its own tests
    }
    CHECK(broken > 40);
}

TEST_CASE("a revoked identity does not get a successor, and what is here stays") {
    World world;
    world.a.create("enterprise", named("sent"));
    REQUIRE(world.a.sync().has_value());
    world.a.copy_home("li", "backup");
    world.a.create("enterprise", named("lost"));
    REQUIRE(world.a.sync().has_value());
    world.a.copy_home("backup", "li");
    world.a.create("enterprise", named("anew"));
    {
        const auto held = world.office.store().lock();
        Transaction transaction(world.office.store().db());
        auto device = *world.office.store().bureau().find_device(world.a.device());
        device.revoked = true;
        world.office.store().bureau().put_device(world.office.store().keys().bureau, device, 0);
        transaction.commit();
    }
    for (int i = 0; i < 2; ++i) {
        const auto refused = world.a.sync();
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == ErrorCode::device_revoked);
    }
    CHECK(count_named(world.a.log(), "anew") == 1);
    // The bureau enrols this laptop with a new code.
    world.office.enrol("li", world.a.identity().key().public_key());
    world.settle({&world.a, &world.b});
    CHECK(count_named(world.b.log(), "anew") == 1);
    CHECK(count_named(world.b.log(), "lost") == 1);
}

TEST_CASE("what a restored server had acknowledged stays under the former name") {
    World world;
    world.a.create("enterprise", named("in the server's backup"));
    REQUIRE(world.a.sync().has_value());
    world.office.make_backup();
    for (int i = 0; i < 3; ++i) world.a.create("enterprise", named("acknowledged"));
    REQUIRE(world.a.sync().has_value());
    REQUIRE(world.b.sync().has_value());
    world.a.copy_home("li", "backup-of-li");
    for (int i = 0; i < 2; ++i) world.a.create("enterprise", named("lost by both"));
    REQUIRE(world.a.sync().has_value());
    world.office.go_back();
    world.a.copy_home("backup-of-li", "li");
    world.a.close();
    // The hint says that this laptop wrote more than its database knows.
    std::ofstream(world.path("li") / "device.head") << "nonsense";
    world.a.open();
    CHECK_FALSE(world.a.identity().is_pending());
    const DeviceId former = world.a.device();
    REQUIRE(world.a.identity().take_new(NewIdentityReason::database_back).has_value());
    world.a.create("enterprise", named("anew"));
    const auto done = world.a.sync();
    CAPTURE((done ? std::string() : done.error().message));
    REQUIRE(done.has_value());
    CHECK(done->new_identity->reissued == 0);
    world.settle({&world.a, &world.b});
    CHECK(world.office.store().log().head_of(former).seq == 4);
    CHECK(count_named(world.b.log(), "acknowledged") == 3);
    CHECK(count_named(world.b.log(), "anew") == 1);
}

TEST_CASE("a rehearsal says that a new identity is due and changes nothing") {
    World world;
    world.a.copy_home("li", "backup");
    world.a.create("enterprise", named("lost"));
    REQUIRE(world.a.sync().has_value());
    world.a.copy_home("backup", "li");
    world.a.create("enterprise", named("anew"));
    const DeviceId former = world.a.device();
    const auto rehearsal = Sync(world.a.stores(), world.a.road).rehearse();
    REQUIRE(rehearsal.has_value());
    CHECK(rehearsal->new_identity);
    CHECK(rehearsal->changesets_to_send == 1);
    CHECK(rehearsal->records_to_send == 1);
    CHECK(world.a.device() == former);
    CHECK(world.office.store().bureau().devices().size() == 2);
    world.settle({&world.a, &world.b});
}

}  // namespace zf::testing
