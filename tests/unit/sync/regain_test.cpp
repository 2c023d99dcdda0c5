// A server that went back to a backup, or was lost, gets everything back from the laptops.
#include <doctest/doctest.h>

#include "common/base/private_files.h"
#include "common/sync/bundle.h"
#include "server/bundle.h"
#include "tests/unit/sync/sync_world.h"

namespace zf::testing {
namespace {

constexpr const char* near_area = "511923203";
constexpr const char* far_area = "511923101";

Members enterprise(const std::string& name, const char* area) {
    return {{"name", name}, {"reg_no", "99"}, {"division", area}};
}

void sync(Laptop& laptop) {
    const auto done = laptop.sync();
    CAPTURE((done ? std::string() : done.error().message + " " + done.error().where));
    REQUIRE(done.has_value());
}

/// Inside the store's lock and one transaction.
void at(Office& office, const std::function<void(CentralStore&)>& work) {
    const auto held = office.store().lock();
    Transaction transaction(office.store().db());
    work(office.store());
    transaction.commit();
}

void review(Office& office, const Uuid& id) {
    at(office, [&](CentralStore& store) {
        const auto doc = store.log().find_record(id);
        REQUIRE(doc.has_value());
        const auto plan = plan_review(*doc, ReviewKind::approved, Value());
        REQUIRE(store.author().write("chief", {{&*doc, 1, plan}}).has_value());
    });
}

/// Everything about the server that must come back.
struct Bureau {
    Hash256 state;
    std::vector<std::string> users, devices;
    std::int64_t forms = 0, changesets = 0;
    bool operator==(const Bureau&) const = default;
};

Bureau bureau_of(Office& office) {
    CentralStore& store = office.store();
    Bureau all{store.log().state(),
               {},
               {},
               store.bureau().catalog_version("forms"),
               store.log().counts().changesets};
    for (const User& user : store.bureau().users()) {
        if (user.role != Role::admin) {
            all.users.push_back(user.name + (user.disabled ? " disabled" : ""));
        }
    }
    for (const Device& device : store.bureau().devices()) {
        all.devices.push_back(device.id.hex() + (device.revoked ? " revoked" : ""));
    }
    return all;
}

void check_sound(Office& office) {
    const Verification found = verify_store(office.store());
    for (const Discrepancy& one : found.findings) MESSAGE(one.where << ": " << one.what);
    CHECK(found.findings.empty());
}

/// A bureau with history: two laptops of the whole bureau, one of an area, a device that was
/// revoked, forms of a second version, reviews.
struct History {
    Office office;
    Laptop a{office, "li", 1};
    Laptop b{office, "wang", 2};
    Laptop narrow{office, "zhao", 3, {near_area}};
    Uuid first, second, far;

    History() {
        sync(a);
        sync(b);
        first = a.create("enterprise", enterprise("one", near_area));
        sync(a);
        sync(b);
        sync(narrow);
    }

    /// What a backup made before does not know.
    void go_on() {
        second = b.create("enterprise", enterprise("two", near_area));
        b.edit(first, {{"remark", "by wang"}});
        far = b.create("enterprise", enterprise("far", far_area));
        sync(b);
        narrow.edit(first, {{"name", "one and a half"}});
        sync(narrow);
        review(office, second);
        at(office, [](CentralStore& store) {
            Value forms = store.bureau().catalog("forms");
            Value& form = forms.find("forms")->list()->front();
            form.set("version", *form.find("version")->integer() + 1);
            store.bureau().put_catalog(store.keys().bureau, "forms", forms, store.env().now_ms());
        });
        for (Laptop* laptop : {&a, &b, &narrow}) sync(*laptop);
    }
};

}  // namespace

TEST_CASE("a lost server is built anew from its laptops alone, reviews included") {
    History world;
    world.go_on();
    const Bureau before = bureau_of(world.office);
    world.office.rebuild_from_nothing();
    CHECK(world.office.store().log().counts().changesets == 0);
    SUBCASE("when everybody comes") {
        for (Laptop* laptop : {&world.a, &world.narrow, &world.b}) sync(*laptop);
    }
    SUBCASE("when those who see little come first") {
        for (Laptop* laptop : {&world.narrow, &world.b, &world.a, &world.narrow}) sync(*laptop);
    }
    SUBCASE("when one laptop was lost with the server") {
        sync(world.a);
    }
    const Bureau after = bureau_of(world.office);
    CHECK(after == before);
    CHECK(world.office.store().log().counts().held == 0);
    CHECK(world.office.store().log().counts().parked == 0);
    sync(world.a);
    CHECK(world.a.log().state() == world.office.store().log().state());
    CHECK(world.a.unsent() == 0);
    check_sound(world.office);
}

TEST_CASE("what only a laptop of one area kept comes back with gaps, and the others fill them") {
    History world;
    world.go_on();
    const Hash256 before = world.office.store().log().state();
    world.office.rebuild_from_nothing();
    sync(world.narrow);
    // wang's third changeset, about the far place, is not among them.
    const DeviceHead head = world.office.store().log().head_of(world.b.device());
    CHECK(world.office.store().log().complete_of(world.b.device()).seq == head.seq);
    CHECK(head.seq == 2);
    check_sound(world.office);
    world.b.edit(world.second, {{"remark", "later"}});
    sync(world.narrow);
    sync(world.b);
    CHECK(world.b.unsent() == 0);
    sync(world.a);
    CHECK(world.office.store().log().counts().held == 0);
    world.office.store().log().each_record("", [&](const RecordDoc&) { return true; });
    CHECK(world.office.store().log().find_record(world.far).has_value());
    CHECK(world.a.log().state() == world.office.store().log().state());
    CHECK(before != world.office.store().log().state());
    check_sound(world.office);
}

TEST_CASE("a gap in the middle of a relayed chain is filled by its author") {
    History world;
    // far, then near: a laptop of the near area holds the second of the two only.
    world.b.create("enterprise", enterprise("far", far_area));
    const Uuid near = world.b.create("enterprise", enterprise("near", near_area));
    sync(world.b);
    sync(world.narrow);
    const Hash256 before = world.office.store().log().state();
    world.office.rebuild_from_nothing();
    sync(world.narrow);
    ChangeLog& log = world.office.store().log();
    CHECK(log.head_of(world.b.device()).seq == 2);
    CHECK(log.complete_of(world.b.device()).seq == 0);
    CHECK(log.find_record(near).has_value());
    const Verification found = verify_store(world.office.store());
    CHECK(found.findings.empty());
    CHECK(found.gaps == 1);
    // Its author is told that nothing is acknowledged before the gap, and sends all of it.
    sync(world.b);
    CHECK(log.complete_of(world.b.device()).seq == 2);
    CHECK(world.b.unsent() == 0);
    sync(world.a);
    CHECK(log.state() == before);
    check_sound(world.office);
}

TEST_CASE("a backup that does not know a laptop learns of it from the laptop") {
    History world;
    world.office.make_backup();
    world.go_on();
    Laptop late{world.office, "sun", 4};
    sync(late);
    late.create("enterprise", enterprise("by the late one", near_area));
    sync(late);
    sync(world.a);
    const Bureau before = bureau_of(world.office);
    world.office.go_back();
    CHECK_FALSE(world.office.store().bureau().find_device(late.device()).has_value());
    SUBCASE("which comes first") {
        sync(late);
    }
    SUBCASE("which comes last") {
        sync(world.a);
        sync(late);
    }
    sync(world.b);
    CHECK(bureau_of(world.office) == before);
    CHECK(late.unsent() == 0);
    check_sound(world.office);
}

TEST_CASE("a laptop revoked after the backup stays revoked once any other laptop has told") {
    History world;
    world.office.make_backup();
    at(world.office, [&](CentralStore& store) {
        Device device = *store.bureau().find_device(world.narrow.device());
        device.revoked = true;
        store.bureau().put_device(store.keys().bureau, device, store.env().now_ms() + 1);
    });
    sync(world.a);
    world.office.go_back();
    CHECK_FALSE(world.office.store().bureau().find_device(world.narrow.device())->revoked);
    sync(world.a);
    CHECK(world.office.store().bureau().find_device(world.narrow.device())->revoked);
    // Its own older entry does not undo that.
    const auto refused = world.narrow.sync();
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == ErrorCode::device_revoked);
    CHECK(world.office.store().bureau().find_device(world.narrow.device())->revoked);
}

TEST_CASE("a record that left an area while the server had forgotten is dropped all the same") {
    History world;
    const Uuid own = world.narrow.create("enterprise", enterprise("of zhao", near_area));
    sync(world.narrow);
    sync(world.b);
    world.office.make_backup();
    // Both leave the area; zhao's laptop was not there to be told.
    world.b.edit(world.first, {{"division", far_area}});
    world.b.edit(own, {{"division", far_area}});
    const Uuid stays = world.b.create("enterprise", enterprise("stays", near_area));
    sync(world.b);
    world.office.go_back();
    sync(world.b);
    // Unsent work on what has left stays, and is sent.
    world.narrow.edit(own, {{"remark", "seen yesterday"}});
    sync(world.narrow);
    CHECK_FALSE(world.narrow.log().find_record(world.first).has_value());
    CHECK(world.narrow.log().find_record(stays).has_value());
    CHECK(world.narrow.unsent() == 0);
    const auto waiting = world.office.store().log().waiting_of(world.narrow.device());
    CHECK(waiting.size() == 1);
    sync(world.a);
    CHECK(world.a.log().state() == world.office.store().log().state());
}

TEST_CASE("a bundle that begins an epoch does not cost the bureau what only this laptop knows") {
    // Found by the simulation, seed 3774.
    History world;
    world.office.make_backup();
    world.office.go_back();
    // The entry about this server, and what it wrote, is on one laptop only.
    const DeviceId between = device_id_of(world.office.store().keys().server.public_key());
    review(world.office, world.first);
    sync(world.a);
    world.office.go_back();
    REQUIRE_FALSE(world.office.store().bureau().find_key(between).has_value());
    const auto file = world.office.folder.path / "stick";
    REQUIRE(export_bundle(world.office.store(), file, world.a.device()).has_value());
    LaptopStores stores = world.a.stores();
    REQUIRE(import_bundle(stores, file, world.office.folder.path / "incoming").has_value());
    sync(world.a);
    CHECK(world.office.store().bureau().find_key(between).has_value());
    CHECK(world.office.store().log().head_of(between).seq == 1);
    CHECK(world.a.log().state() == world.office.store().log().state());
    CHECK(world.a.bureau().former_after(0, 1).empty());
    check_sound(world.office);
}

TEST_CASE("entries that the bureau never signed are refused whole") {
    History world;
    world.office.rebuild_from_nothing();
    ManualEnv env(9, start_ms);
    const KeyPair stranger = KeyPair::generate(env);
    Db db = Db::open(":memory:");
    BureauLog forged(db);
    {
        Transaction transaction(db);
        forged.put_user(stranger, {"mallory", Role::leader, {}, false}, start_ms);
        transaction.commit();
    }
    PullAnswer frame;
    for (const BureauEntry& entry : forged.entries_after(0, 1u << 20)) {
        frame.entries.push_back({entry.bytes, entry.signature});
    }
    Request request;
    request.method = "POST";
    request.path = "/v1/entries";
    request.headers["zoufang-protocol"] = "1";
    request.body = encode_pull(frame);
    const Response answer = world.office.handle(request);
    CHECK(answer.status != 200);
    CHECK(answer.body.find("bad_signature") != std::string::npos);
    CHECK_FALSE(world.office.store().bureau().find_user("mallory").has_value());
}

TEST_CASE("a server's folder put back by hand is noticed by its lower numbers") {
    namespace fs = std::filesystem;
    History world;
    const fs::path aside = world.office.folder.path / "aside";
    fs::copy(world.office.data(), aside, fs::copy_options::recursive);
    world.go_on();
    const Hash256 before = world.office.store().log().state();
    world.office.replace_folder(aside);
    sync(world.a);
    sync(world.b);
    sync(world.narrow);
    CHECK(world.office.store().log().state() == before);
    sync(world.a);
    CHECK(world.a.log().state() == before);
    check_sound(world.office);
}

TEST_CASE("the bureau's key survives the way over paper, and a mistyped digit is noticed") {
    Office office;
    const auto paper = bureau_key_on_paper(office.data());
    REQUIRE(paper.has_value());
    const auto sheet = office.folder.path / "typed";
    const auto typed = [&](const std::string& text) {
        std::filesystem::remove_all(office.folder.path / "new");
        ZF_ASSERT(write_private_file(sheet, text).has_value());
        return bring_back_bureau_key(office.folder.path / "new", sheet);
    };
    CHECK(typed(*paper).has_value());
    std::string shouted = *paper;
    for (char& c : shouted) c = c == ' ' ? '-' : static_cast<char>(std::toupper(c));
    CHECK(typed(shouted).has_value());
    CHECK(*read_whole_file(office.folder.path / "new" / "keys" / "bureau.key", 1000) ==
          *read_whole_file(office.data() / "keys" / "bureau.key", 1000));
    for (std::size_t i = 0; i < paper->size(); ++i) {
        std::string wrong = *paper;
        if (wrong[i] == ' ' || wrong[i] == '\n') continue;
        wrong[i] = wrong[i] == '0' ? '1' : '0';
        CAPTURE(i);
        CHECK_FALSE(typed(wrong).has_value());
    }
    CHECK_FALSE(typed("").has_value());
    // Not into the folder of another bureau.
    Office other;
    ZF_ASSERT(write_private_file(sheet, *paper).has_value());
    std::filesystem::create_directories(office.folder.path / "second" / "keys");
    std::filesystem::copy_file(office.data() / "keys" / "server.key",
                               office.folder.path / "second" / "keys" / "bureau.key");
    CHECK_FALSE(bring_back_bureau_key(office.folder.path / "second", sheet).has_value());
}

}  // namespace zf::testing
