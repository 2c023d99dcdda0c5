// verify finds every changed byte; backups are whole; a restored store is a new epoch.
#include "server/verify.h"

#include <doctest/doctest.h>

#include <fstream>

#include "common/base/private_files.h"
#include "server/backup.h"
#include "server/review.h"
#include "tests/unit/server/api_world.h"

namespace zf::testing {

namespace {

namespace fs = std::filesystem;

struct FilledWorld : ApiWorld {
    FilledWorld() {
        put_staff("zhang");
        put_staff("li");
        laptop.enrol();
        other.enrol();
        for (int i = 0; i < 6; ++i) laptop.write(enterprise(*this, "a" + std::to_string(i)));
        disputed = enterprise(*this, "first").record;
        Written written{"enterprise", disputed, {{"name", "first"}}, {}, 1, {}};
        laptop.write(written);
        laptop.push_all();
        for (RawLaptop* by : {&laptop, &other}) {
            Written edit{"enterprise", disputed, {{"name", Value(by->user())}}, {}, 1, {}};
            edit.parents = {laptop.ref(7)};
            edit.supersedes = {{laptop.id(), 7, 0}};
            by->write(edit);
            by->push_all();
        }
        Changeset parked = other.next(enterprise(*this, "parked"));
        parked.user = "nobody";
        other.chain.push_back(other.sign(parked));
        Written held{"enterprise", parked.records[0].id, {{"name", "held"}}, {}, 1, {}};
        held.parents = {other.ref(2)};
        other.write(held);
        other.push_all();
        blob = *store->blobs().add_bytes("a picture");
        ZF_ASSERT(review_record(*store, {"chief", Role::leader, {}, false}, disputed,
                                ReviewKind::returned, "which one?"));
    }
    RawLaptop laptop{*this, "zhang"}, other{*this, "li"};
    Uuid disputed;
    Hash256 blob;

    void run(const std::string& sql) { store->db().execute(sql); }
    std::string where() {
        const Verification result = verify_store(*store);
        std::string all;
        for (const Discrepancy& finding : result.findings) all += finding.where + "\n";
        return all;
    }
    std::int64_t key_of(const RawLaptop& by, std::int64_t seq) {
        Statement find = store->db().prepare("SELECT n FROM device WHERE id=?1");
        const DeviceId id = by.id();
        find.bind_bytes(1, id.bytes);
        ZF_ASSERT(find.step());
        return (find.integer(0) << 40) | seq;
    }
    std::string changeset(const RawLaptop& by, std::int64_t seq) {
        return "changeset " + by.id().hex() + ":" + std::to_string(seq) + "\n";
    }
};

}  // namespace

TEST_CASE("a sound store is found sound, and is left as it was") {
    FilledWorld world;
    const Verification result = verify_store(*world.store);
    CHECK(result.findings.empty());
    CHECK(result.entries == 8);
    CHECK(result.changesets == 12);
    CHECK(result.devices == 3);  // the server reviews
    CHECK(result.records == 7);
    CHECK(result.blobs == 1);
    CHECK(result.state == world.store->log().state().hex());
    for (const auto& entry : fs::directory_iterator(world.data())) {
        CHECK_FALSE(entry.path().filename().string().starts_with("verify-"));
    }
}

TEST_CASE("one changed byte in any changeset is found, and that changeset is named") {
    FilledWorld world;
    struct Place {
        RawLaptop& by;
        std::int64_t seq;
    };
    for (const Place& place :
         {Place{world.laptop, 1}, Place{world.laptop, 4}, Place{world.laptop, 8},
          Place{world.other, 2}, Place{world.other, 3}}) {
        const std::string key = std::to_string(world.key_of(place.by, place.seq));
        const std::string& bytes = place.by.chain[static_cast<std::size_t>(place.seq - 1)].bytes;
        const auto flip = [&](const char* column, std::size_t at) {
            world.run(std::string("UPDATE changeset SET ") + column + "=CAST(substr(" + column +
                      ",1," + std::to_string(at) + ") || CASE substr(" + column + "," +
                      std::to_string(at + 1) + ",1) WHEN x'30' THEN x'31' ELSE x'30' END || " +
                      "substr(" + column + "," + std::to_string(at + 2) +
                      ") AS BLOB) WHERE key=" + key);
        };
        for (std::size_t at = 0; at < bytes.size(); at += 1 + bytes.size() / 5) {
            CAPTURE(place.seq);
            CAPTURE(at);
            world.run("SAVEPOINT before");
            flip("bytes", at);
            world.run("RELEASE before");
            CHECK(world.where() == world.changeset(place.by, place.seq));
            Statement put =
                world.store->db().prepare("UPDATE changeset SET bytes=?1 WHERE key=" + key);
            put.bind_blob(1, bytes).run();
        }
        flip("signature", 17);
        CHECK(world.where() == world.changeset(place.by, place.seq));
        const std::string& signature =
            place.by.chain[static_cast<std::size_t>(place.seq - 1)].signature;
        Statement put =
            world.store->db().prepare("UPDATE changeset SET signature=?1 WHERE key=" + key);
        put.bind_blob(1, signature).run();
    }
    CHECK(world.where().empty());
}

TEST_CASE("what is missing or differs from the log is found") {
    FilledWorld world;
    const std::string key = std::to_string(world.key_of(world.laptop, 3));
    SUBCASE("a changeset in the middle") {
        world.run("DELETE FROM changeset WHERE key=" + key);
        CHECK(world.where().find(world.changeset(world.laptop, 3)) != std::string::npos);
    }
    SUBCASE("the last changeset") {
        world.run("DELETE FROM changeset WHERE key=" +
                  std::to_string(world.key_of(world.laptop, 8)));
        CHECK(world.where() == world.changeset(world.laptop, 8));
    }
    SUBCASE("two changesets swapped") {
        const std::string next = std::to_string(world.key_of(world.laptop, 4));
        world.run("UPDATE changeset SET key=-1 WHERE key=" + key +
                  "; UPDATE changeset SET key=" + key + " WHERE key=" + next +
                  "; UPDATE changeset SET key=" + next + " WHERE key=-1");
        CHECK(world.where().find(world.changeset(world.laptop, 3)) != std::string::npos);
    }
    SUBCASE("a record's document") {
        world.run("UPDATE record SET doc=replace(doc, 'a1', 'a9')");
        CHECK(world.where().starts_with("record "));
    }
    SUBCASE("a record too few") {
        world.run("DELETE FROM record WHERE doc LIKE '%a1%'");
        CHECK(world.where().starts_with("record "));
    }
    SUBCASE("a conflict too few") {
        world.run("DELETE FROM conflict");
        CHECK(world.where() == "conflicts\n");
    }
    SUBCASE("a changeset that waits for nothing") {
        world.run("UPDATE changeset SET standing=1 WHERE key=" + key);
        CHECK(world.where() == "waiting changesets\n");
    }
    SUBCASE("an entry of the bureau") {
        world.run(
            "UPDATE bureau_entry SET bytes=CAST(replace(CAST(bytes AS TEXT), "
            "'\"staff\"', '\"chief\"') AS BLOB) WHERE n=5");
        CHECK(world.where() == "bureau entry 5\n");
    }
    SUBCASE("a missing entry of the bureau") {
        world.run("DELETE FROM bureau_entry WHERE n=2");
        CHECK(world.where() == "bureau entry 3\n");
    }
    SUBCASE("an attachment") {
        for (const auto& entry : fs::recursive_directory_iterator(world.data() / "blobs")) {
            if (entry.is_regular_file()) std::ofstream(entry.path(), std::ios::app) << "x";
        }
        CHECK(world.where() == "blob " + world.blob.hex() + "\n");
    }
}

TEST_CASE("a backup is whole; a restored one is a new epoch that old sessions do not open") {
    FilledWorld world;
    const fs::path backup = world.folder.path / "backup";
    const auto summary = back_up(*world.store, backup);
    REQUIRE(summary);
    CHECK(summary->changesets == 12);
    CHECK(summary->blobs == 1);
    CHECK_FALSE(back_up(*world.store, backup));  // not over another one
    for (const auto& entry : fs::recursive_directory_iterator(backup)) {
        const auto rights = entry.status().permissions();
        CAPTURE(entry.path().string());
        const bool is_blob = entry.path().string().find("/blobs/") != std::string::npos;
        if (!is_blob)
            CHECK((rights & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
    }

    world.laptop.write(enterprise(world, "after the backup"));
    world.laptop.push_all();
    const std::string state = verify_store(*world.store).state;
    const std::string epoch = world.store->epoch();
    const DeviceId identity = world.store->author().device();
    {
        const auto serving = FolderLock::take(world.data());
        REQUIRE(serving);
        CHECK(restore(backup, world.data(), world.env).error().code == ErrorCode::busy);
    }
    CHECK_FALSE(restore(world.folder.path / "nothing", world.data(), world.env));
    world.api.reset();
    world.store.reset();
    const auto restored = restore(backup, world.data(), world.env);
    REQUIRE(restored);
    world.open();
    CHECK(world.store->epoch() == restored->epoch);
    CHECK(world.store->epoch() != epoch);
    CHECK(world.store->author().device() != identity);
    CHECK(world.store->keys().bureau.public_key().hex() == world.first.pin);
    CHECK(world.where().empty());
    CHECK(world.counts().changesets == 12);

    // What was there is set aside, whole.
    REQUIRE(fs::exists(restored->set_aside / "central.db"));
    const auto before = CentralStore::open(restored->set_aside, world.env);
    REQUIRE(before);
    CHECK(verify_store(**before).state == state);

    CHECK(slug_of(world.laptop.ask_pull(0, 0)) == "unauthenticated");
    world.laptop.open_session();
    CHECK(world.laptop.session.acknowledged_seq == 8);
    CHECK(slug_of(world.laptop.push(world.laptop.chain, epoch)) == "wrong_epoch");
    CHECK(slug_of(world.laptop.push(world.laptop.chain)) == "ok");
    CHECK(world.counts().changesets == 13);
    REQUIRE(review_record(*world.store, {"chief", Role::leader, {}, false}, world.disputed,
                          ReviewKind::returned, ""));
    CHECK(world.where().empty());
}

TEST_CASE("a backup restores into an empty folder, with the same pin") {
    FilledWorld world;
    const fs::path backup = world.folder.path / "backup";
    const fs::path elsewhere = world.folder.path / "elsewhere";
    REQUIRE(back_up(*world.store, backup));
    const auto restored = restore(backup, elsewhere, world.env);
    REQUIRE(restored);
    CHECK(restored->set_aside.empty());
    const auto store = CentralStore::open(elsewhere, world.env);
    REQUIRE(store);
    CHECK((*store)->keys().bureau.public_key().hex() == world.first.pin);
    CHECK((*store)->blobs().has(world.blob));
    CHECK(verify_store(**store).findings.empty());
}

}  // namespace zf::testing
