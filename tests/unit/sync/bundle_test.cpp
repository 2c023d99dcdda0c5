// The way without a network: laptops and the server exchange their work by files alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "common/store/schema.h"
#include "common/sync/bundle.h"
#include "server/administer.h"
#include "server/bundle.h"
#include "tests/unit/sync/sync_world.h"

namespace zf::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* near_area = "511923203";
constexpr const char* far_area = "511923101";

Members hazard(const std::string& place, const char* area = near_area) {
    return {{"place_name", place}, {"division", area}, {"description", "示例"}};
}

std::string content_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void put(const fs::path& file, std::string_view content) {
    std::ofstream(file, std::ios::binary)
        .write(content.data(), static_cast<std::streamsize>(content.size()));
}

template <class T>
std::string outcome_of(const Result<T>& result) {
    return result ? "ok" : std::string(facts_of(result.error().code).slug);
}

struct Exchange {
    Office office;
    ManualEnv dice{42};
    int files = 0;

    fs::path next_file() { return office.folder.path / ("stick-" + std::to_string(++files)); }

    fs::path out(Laptop& laptop, const std::optional<DeviceId>& to = {}) {
        const fs::path file = next_file();
        LaptopStores stores = laptop.stores();
        const auto done = export_bundle(stores, file, to);
        CAPTURE((done ? std::string() : done.error().message));
        REQUIRE(done.has_value());
        return file;
    }
    fs::path out_of_office(const Laptop& to) {
        const fs::path file = next_file();
        const auto done = export_bundle(office.store(), file, to.device());
        CAPTURE((done ? std::string() : done.error().message));
        REQUIRE(done.has_value());
        return file;
    }
    Result<BundleSummary> into(Laptop& laptop, const fs::path& file) {
        LaptopStores stores = laptop.stores();
        return import_bundle(stores, file, office.folder.path / ("incoming-" + laptop.user));
    }
    Result<BundleSummary> into_office(const fs::path& file) {
        return import_bundle(office.store(), file);
    }
    /// Both ways until nothing is left, by files only.
    void settle(std::vector<Laptop*> laptops) {
        for (int round = 0; round < 2; ++round) {
            for (Laptop* laptop : laptops) REQUIRE(outcome_of(into_office(out(*laptop))) == "ok");
            for (Laptop* laptop : laptops) {
                const auto done = into(*laptop, out_of_office(*laptop));
                CAPTURE((done ? std::string() : done.error().message));
                REQUIRE(done.has_value());
            }
        }
    }
    std::size_t roll(std::size_t count) { return dice.next_u64() % count; }
};

void attach(Laptop& laptop, const Uuid& record, ManualEnv& dice, std::size_t size) {
    std::string picture(size, '\0');
    for (char& c : picture) c = static_cast<char>(dice.next_u64());
    const auto hash = laptop.blobs().add_bytes(picture);
    REQUIRE(hash.has_value());
    laptop.edit(record, {{"photos", List{Value(hash->hex())}}});
}

void check_equal(Exchange& world, std::vector<Laptop*> laptops) {
    ChangeLog& log = world.office.store().log();
    for (Laptop* laptop : laptops) {
        CHECK(laptop->log().state() == log.state());
        CHECK(laptop->unsent() == 0);
        CHECK(laptop->log().open_attachments().empty());
        CHECK(laptop->log().counts().held == 0);
        for (const Hash256& hash : laptop->log().attachments()) {
            CHECK(laptop->blobs().has(hash));
            CHECK(world.office.store().blobs().has(hash));
        }
    }
    CHECK(verify_store(world.office.store()).findings.empty());
}

/// A week on two laptops; files go into a pile, out of which some are imported in any order.
void a_week(std::uint64_t seed, bool with_network) {
    CAPTURE(seed);
    Exchange world;
    world.dice = ManualEnv(seed);
    Laptop li(world.office, "li", 1), wang(world.office, "wang", 2);
    const std::vector<Laptop*> both{&li, &wang};
    for (Laptop* laptop : both) REQUIRE(laptop->sync().has_value());
    struct Carried {
        fs::path file;
        Laptop* to;  // nobody: the office
    };
    std::vector<Carried> pile;
    std::vector<Uuid> records;
    std::int64_t refused = 0, done = 0, names = 100;
    const auto carry = [&](const Carried& one) {
        const auto taken = one.to ? world.into(*one.to, one.file) : world.into_office(one.file);
        CAPTURE((taken ? std::string() : taken.error().message));
        // One that comes before its predecessor may be refused, for no other reason.
        REQUIRE((taken || taken.error().code == ErrorCode::out_of_range));
        ++(taken ? done : refused);
    };
    for (int day = 0; day < 7; ++day) {
        for (Laptop* laptop : both) {
            for (int i = 0; i < 3; ++i) {
                records.push_back(laptop->create("hazard", hazard("地点" + std::to_string(day))));
            }
            for (int i = 0; i < 4; ++i) {
                const Uuid& id = records[world.roll(records.size())];
                if (!laptop->log().find_record(id)) continue;
                laptop->edit(id, {{"place_name", "地点" + std::to_string(++names)}});
            }
            attach(*laptop, records.back(), world.dice, 1 + world.roll(60'000));
        }
        pile.push_back({world.out(li), nullptr});
        pile.push_back({world.out(wang), nullptr});
        pile.push_back({world.out(li, wang.device()), &wang});
        pile.push_back({world.out(wang, li.device()), &li});
        pile.push_back({world.out_of_office(li), &li});
        pile.push_back({world.out_of_office(wang), &wang});
        for (int i = 0; i < 6; ++i) carry(pile[world.roll(pile.size())]);
        if (with_network && day % 3 == 1) REQUIRE(both[world.roll(2)]->sync().has_value());
    }
    world.settle(both);
    check_equal(world, both);
    const Hash256 state = world.office.store().log().state();
    const std::int64_t changesets = world.office.store().log().counts().changesets;
    // Everything again, twice, in a shuffled order.
    for (int round = 0; round < 2; ++round) {
        for (std::size_t i = pile.size(); i > 1; --i) {
            std::swap(pile[i - 1], pile[world.roll(i)]);
        }
        for (const Carried& one : pile) carry(one);
    }
    CHECK(world.office.store().log().state() == state);
    CHECK(world.office.store().log().counts().changesets == changesets);
    check_equal(world, both);
    CHECK(done > refused);
    // The network agrees afterwards and has nothing left to move but cursors.
    for (Laptop* laptop : both) {
        const auto synced = laptop->sync();
        REQUIRE(synced.has_value());
        CHECK(synced->pushed == 0);
        CHECK(synced->blobs_sent + synced->blobs_fetched == 0);
    }
    check_equal(world, both);
}

TEST_CASE("two laptops and the server exchange a week's work by files, in any order, twice") {
    for (const std::uint64_t seed : {1u, 2u, 3u, 4u}) a_week(seed, false);
}

TEST_CASE("some of it comes by network in between") {
    for (const std::uint64_t seed : {11u, 12u, 13u, 14u}) a_week(seed, true);
}

TEST_CASE("a review comes back to a laptop by file, and a receipt for what it sent") {
    Exchange world;
    Laptop li(world.office, "li", 1);
    REQUIRE(li.sync().has_value());
    const Uuid id = li.create("hazard", hazard("柳树村"));
    REQUIRE(li.unsent() == 1);
    const auto sent = world.into_office(world.out(li));
    REQUIRE(sent.has_value());
    CHECK(sent->changesets == 1);
    CHECK(li.unsent() == 1);
    {
        const auto held = world.office.store().lock();
        Transaction transaction(world.office.store().db());
        const auto doc = world.office.store().log().find_record(id);
        const auto plan = plan_review(*doc, ReviewKind::returned, Value("数字不对"));
        REQUIRE(world.office.store().author().write("chief", {{&*doc, 1, plan}}).has_value());
        transaction.commit();
    }
    const auto back = world.into(li, world.out_of_office(li));
    REQUIRE(back.has_value());
    CHECK(back->changesets == 1);
    CHECK(li.unsent() == 0);
    CHECK(li.log().state() == world.office.store().log().state());
}

TEST_CASE("a laptop hands on what another one gave it") {
    Exchange world;
    Laptop li(world.office, "li", 1), wang(world.office, "wang", 2);
    for (Laptop* laptop : {&li, &wang}) REQUIRE(laptop->sync().has_value());
    const Uuid id = li.create("hazard", hazard("柳树村"));
    attach(li, id, world.dice, 50'000);
    REQUIRE(outcome_of(world.into(wang, world.out(li, wang.device()))) == "ok");
    CHECK(wang.log().state() == li.log().state());
    // li's laptop falls into the river; wang brings its work to the office.
    REQUIRE(outcome_of(world.into_office(world.out(wang))) == "ok");
    CHECK(world.office.store().log().state() == li.log().state());
    // It comes by network, too: only the numbers are new.
    REQUIRE(wang.sync().has_value());
    const auto stored = wang.log().find_changeset(li.device(), 1);
    REQUIRE(stored.has_value());
    CHECK(stored->ssn.has_value());
}

// Found by seed 8266 of the simulation: the author's folder was put back to before the save, and
// the other laptop never sent on what only it had.
TEST_CASE("what came by file from a laptop that is gone reaches the office by network") {
    Exchange world;
    Laptop li(world.office, "li", 1), wang(world.office, "wang", 2);
    for (Laptop* laptop : {&li, &wang}) REQUIRE(laptop->sync().has_value());
    const Uuid id = li.create("hazard", hazard("柳树村"));
    REQUIRE(li.sync().has_value());
    li.edit(id, {{"place_name", "柳树村三社"}});
    attach(li, id, world.dice, 50'000);
    REQUIRE(outcome_of(world.into(wang, world.out(li, wang.device()))) == "ok");
    // li's laptop falls into the river.
    auto synced = wang.sync();
    REQUIRE(synced.has_value());
    CHECK(synced->given_back == 2);
    CHECK(synced->blobs_sent == 1);
    CHECK(world.office.store().log().state() == li.log().state());
    // With the numbers of the server there is nothing more to send.
    REQUIRE(wang.sync().has_value());
    synced = wang.sync();
    REQUIRE(synced.has_value());
    CHECK(synced->given_back == 0);
    CHECK(wang.log().find_changeset(li.device(), 3)->ssn.has_value());
    check_equal(world, {&wang});
}

TEST_CASE("another laptop gets only what its people may see") {
    Exchange world;
    Laptop li(world.office, "li", 1), wang(world.office, "wang", 2, {near_area});
    for (Laptop* laptop : {&li, &wang}) REQUIRE(laptop->sync().has_value());
    const Uuid near = li.create("hazard", hazard("柳树村"));
    const Uuid far = li.create("hazard", hazard("远处", far_area));
    REQUIRE(outcome_of(world.into(wang, world.out(li, wang.device()))) == "ok");
    CHECK(wang.log().find_record(near).has_value());
    CHECK_FALSE(wang.log().find_record(far).has_value());
    CHECK_FALSE(wang.log().find_changeset(li.device(), 2).has_value());
}

TEST_CASE("one that comes before its predecessor is refused, named, and changes nothing") {
    Exchange world;
    Laptop li(world.office, "li", 1), wang(world.office, "wang", 2);
    for (Laptop* laptop : {&li, &wang}) REQUIRE(laptop->sync().has_value());
    SUBCASE("on the server") {
        // Of two bundles the first is lost, and a receipt for it came by another way.
        li.create("hazard", hazard("一"));
        const fs::path first = world.out(li);
        {
            Transaction transaction(li.db());
            li.log().set_acknowledged(li.device(), 1);
            transaction.commit();
        }
        li.create("hazard", hazard("二"));
        const fs::path second = world.out(li);
        const auto refused = world.into_office(second);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == ErrorCode::out_of_range);
        CHECK(refused.error().message.find("changesets 1 to 1") != std::string::npos);
        CHECK(refused.error().message.find("laptop of li") != std::string::npos);
        CHECK(world.office.store().log().counts().changesets == 0);
        REQUIRE(outcome_of(world.into_office(first)) == "ok");
        REQUIRE(outcome_of(world.into_office(second)) == "ok");
        CHECK(world.office.store().log().state() == li.log().state());
    }
    SUBCASE("on a laptop") {
        // The server goes on from what li told it, and the folder is put back to before.
        wang.create("hazard", hazard("一"));
        REQUIRE(wang.sync().has_value());
        li.copy_home("li", "kept");
        REQUIRE(li.sync().has_value());
        REQUIRE(outcome_of(world.into_office(world.out(li))) == "ok");
        li.copy_home("kept", "li");
        const fs::path file = world.out_of_office(li);
        const Hash256 before = li.log().state();
        const auto refused = world.into(li, file);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == ErrorCode::out_of_range);
        CHECK(li.log().state() == before);
        // A new one from here tells where it stands, and the answer fits.
        REQUIRE(outcome_of(world.into_office(world.out(li))) == "ok");
        REQUIRE(outcome_of(world.into(li, world.out_of_office(li))) == "ok");
        CHECK(li.log().state() == world.office.store().log().state());
    }
}

TEST_CASE("damaged, cut off and foreign files change nothing on either side") {
    Exchange world;
    Laptop li(world.office, "li", 1), wang(world.office, "wang", 2);
    for (Laptop* laptop : {&li, &wang}) REQUIRE(laptop->sync().has_value());
    attach(li, li.create("hazard", hazard("柳树村")), world.dice, 70'000);
    const fs::path to_office = world.out(li);
    const fs::path to_wang = world.out(li, wang.device());
    const auto check_refused = [&](const fs::path& file, bool at_office) {
        const auto taken = at_office ? world.into_office(file) : world.into(wang, file);
        REQUIRE_FALSE(taken.has_value());
        CHECK(world.office.store().log().counts().changesets == 0);
        CHECK(wang.log().counts().changesets == 0);
        CHECK(wang.log().attachments().empty());
        CHECK_FALSE(find_fact(world.office.store().db(), "bundle_told:" + li.device().hex()));
        return std::string(facts_of(taken.error().code).slug);
    };
    SUBCASE("1,000 flips of a byte") {
        for (const bool at_office : {true, false}) {
            const std::string whole = content_of(at_office ? to_office : to_wang);
            for (int i = 0; i < 500; ++i) {
                std::string changed = whole;
                changed[world.roll(whole.size())] ^= static_cast<char>(1u << world.roll(8));
                const fs::path file = world.next_file();
                put(file, changed);
                CHECK(check_refused(file, at_office) != "interrupted");
                fs::remove(file);
            }
        }
        CHECK(fs::is_empty(world.office.data() / "incoming"));
    }
    SUBCASE("half a file, then the whole one") {
        const std::string whole = content_of(to_office);
        const fs::path file = world.next_file();
        put(file, std::string_view(whole).substr(0, whole.size() * 6 / 10));
        CHECK(check_refused(file, true) == "interrupted");
        const auto taken = world.into_office(to_office);
        REQUIRE(taken.has_value());
        CHECK(taken->bytes_resumed > taken->bytes / 3);
        CHECK(world.office.store().log().state() == li.log().state());
        CHECK(fs::is_empty(world.office.data() / "incoming"));
    }
    SUBCASE("somebody else's") {
        const auto refused = world.into_office(to_wang);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == ErrorCode::not_allowed);
        CHECK(refused.error().message.find("laptop of wang") != std::string::npos);
        CHECK(check_refused(to_office, false) == "not_allowed");
    }
    SUBCASE("a revoked sender") {
        REQUIRE(revoke_device(world.office.store(), li.device()).has_value());
        CHECK(check_refused(to_office, true) == "device_revoked");
        REQUIRE(wang.sync().has_value());
        CHECK(outcome_of(world.into(wang, to_wang)) == "device_revoked");
        LaptopStores stores = wang.stores();
        CHECK(outcome_of(export_bundle(stores, world.next_file(), li.device())) ==
              "device_revoked");
        CHECK(outcome_of(export_bundle(world.office.store(), world.next_file(), li.device())) ==
              "device_revoked");
    }
    SUBCASE("a laptop of another bureau") {
        const KeyPair bureau = KeyPair::generate(world.dice), zhao = KeyPair::generate(world.dice);
        Db db = Db::open((world.office.folder.path / "other.db").string());
        BureauLog log(db);
        const DeviceId id = device_id_of(zhao.public_key());
        log.put_device(bureau, {id, zhao.public_key(), "zhao", {"zhao"}, false}, 1);
        const auto key = world.office.store().keys().server.public_key();
        const fs::path file = world.next_file();
        auto writer = BundleWriter::create(file, zhao, key, world.dice);
        REQUIRE(writer.has_value());
        BundleHead head;
        head.sender = *log.entry_of(id);
        REQUIRE(writer->add(bundle_kind::head, encode_bundle_head(head)).has_value());
        REQUIRE(writer->finish().has_value());
        CHECK(check_refused(file, true) == "unauthenticated");
    }
}

TEST_CASE("no value can be read in a file, nor in what an import leaves while it is cut off") {
    Exchange world;
    Laptop li(world.office, "li", 1);
    REQUIRE(li.sync().has_value());
    for (int i = 0; i < 300; ++i) li.create("hazard", hazard("柳树村" + std::to_string(i)));
    const std::string whole = content_of(world.out(li));
    const fs::path half = world.next_file();
    put(half, std::string_view(whole).substr(0, whole.size() - 100));
    REQUIRE(outcome_of(world.into_office(half)) == "interrupted");
    std::string kept;
    for (const auto& entry : fs::directory_iterator(world.office.data() / "incoming")) {
        kept += content_of(entry.path());
    }
    CHECK(kept.size() > 1000);
    for (const std::string& text : {whole, kept}) {
        for (const char* value : {"柳树村", "示例", "hazard", "place_name", "511923203"}) {
            CHECK(text.find(value) == std::string::npos);
        }
    }
}

TEST_CASE("after a restore old bundles still open, and a new one begins the epoch") {
    Exchange world;
    Laptop li(world.office, "li", 1), wang(world.office, "wang", 2);
    for (Laptop* laptop : {&li, &wang}) REQUIRE(laptop->sync().has_value());
    li.create("hazard", hazard("一"));
    REQUIRE(li.sync().has_value());
    world.office.make_backup();
    li.create("hazard", hazard("二"));
    wang.create("hazard", hazard("三"));
    for (int i = 0; i < 2; ++i) {
        for (Laptop* laptop : {&li, &wang}) REQUIRE(laptop->sync().has_value());
    }
    const fs::path answer_before = world.out_of_office(li);
    li.create("hazard", hazard("四"));
    const fs::path before = world.out(li);
    world.office.go_back();
    // It goes on behind what the server has lost: said, and nothing lost.
    CHECK(outcome_of(world.into_office(before)) == "out_of_range");
    REQUIRE(outcome_of(world.into(li, world.out_of_office(li))) == "ok");
    CHECK(find_fact(li.db(), "epoch") == world.office.store().epoch());
    CHECK(li.unsent() == 2);
    REQUIRE(outcome_of(world.into_office(world.out(li))) == "ok");
    REQUIRE(outcome_of(world.into_office(before)) == "ok");
    // What wang had sent and the server lost came along.
    CHECK(world.office.store().log().state() == li.log().state());
    // An answer of the former epoch does not lead back to it.
    REQUIRE(outcome_of(world.into(li, answer_before)) == "ok");
    CHECK(find_fact(li.db(), "epoch") == world.office.store().epoch());
    world.settle({&li, &wang});
    check_equal(world, {&li, &wang});
}

}  // namespace
}  // namespace zf::testing
