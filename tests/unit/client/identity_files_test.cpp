// The key files and the database of a laptop's folder agree again after any crash of a change of
// identity, and after one of them was put back from an older copy.
#include <filesystem>
#include <fstream>

#include "client/draft.h"
#include "common/store/schema.h"
#include "tests/unit/client/device_world.h"

using namespace zf;
using namespace zf::testing;

namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary) << text;
}

/// A laptop with some saves, whose folder can be looked at and changed while it is closed.
struct Folder {
    TestBureau bureau;
    Laptop laptop{bureau, 81};
    fs::path home = laptop.folder.path / "home";
    std::string shop = laptop.create("shop", R"({"name":"a"})");
    DeviceId first = laptop.store->device();

    Identity& identity() { return laptop.store->identity(); }
    void close() { laptop.store.reset(); }
    void put_aside(const std::string& name) {
        close();
        fs::copy_file(home / name, laptop.folder.path / name, fs::copy_options::overwrite_existing);
        laptop.open();
    }
    void put_back(const std::string& name) {
        close();
        for (const char* more : {"", "-wal", "-shm"}) fs::remove(home / (name + more));
        fs::copy_file(laptop.folder.path / name, home / name);
    }
    std::vector<std::string> reasons() {
        std::vector<std::string> all;
        for (const FormerIdentity& former : identity().formers()) all.push_back(former.reason);
        return all;
    }
    /// Work goes on, whatever was before.
    void check_work() {
        CHECK(laptop.value(shop, "name") == R"("a")");
        CHECK(laptop.edit(shop, R"({"code":"7"})") == R"(["code"])");
        const DeviceId now = laptop.store->device();
        laptop.open();
        CHECK(laptop.store->device() == now);
        CHECK(laptop.value(shop, "code") == R"("7")");
        CHECK_FALSE(fs::exists(home / "device.key.next"));
        CHECK(named(laptop.store->db()) == now.hex());
    }
    static std::string named(Db& db) { return find_fact(db, "identity").value_or(""); }
};

}  // namespace

TEST_CASE("an undisturbed folder keeps its identity, with or without the hint") {
    Folder folder;
    folder.laptop.open();
    CHECK(folder.laptop.store->device() == folder.first);
    const std::string hint = content(folder.home / "device.head");
    CHECK(hint.starts_with(folder.first.hex() + " 1 "));
    for (const std::string& broken :
         {std::string(), std::string("x"), hint.substr(0, 40), hint + "x",
          folder.first.hex() + " 9 " + std::string(64, '0') + " 0000000000000000\n"}) {
        CAPTURE(broken);
        folder.close();
        write(folder.home / "device.head", broken);
        folder.laptop.open();
        CHECK(folder.laptop.store->device() == folder.first);
    }
    folder.close();
    fs::remove(folder.home / "device.head");
    folder.laptop.open();
    CHECK(folder.laptop.store->device() == folder.first);
    CHECK(folder.reasons().empty());
    folder.check_work();
}

TEST_CASE("a hint that is behind, as after a power cut, is no reason for anything") {
    Folder folder;
    const std::string behind = content(folder.home / "device.head");
    folder.laptop.edit(folder.shop, R"({"code":"1"})");
    folder.close();
    write(folder.home / "device.head", behind);
    folder.laptop.open();
    CHECK(folder.laptop.store->device() == folder.first);
}

TEST_CASE("a database from an older copy: a new name at once, told in the status") {
    Folder folder;
    folder.put_aside("device.db");
    folder.laptop.edit(folder.shop, R"({"code":"1"})");
    folder.put_back("device.db");
    folder.laptop.open();
    CHECK(folder.laptop.store->device() != folder.first);
    CHECK(folder.reasons() == std::vector<std::string>{"database_back"});
    CHECK(folder.identity().is_pending());
    CHECK(folder.laptop.store->users() == std::vector<std::string>{"ann"});
    CHECK(folder.laptop.store->unsent_changesets() == 1);
    folder.check_work();
    CHECK(folder.laptop.store->unsent_changesets() == 2);
    const Value status = folder.laptop.done(R"({"do":"status"})");
    CHECK(part(status, {"identity", "renewed"}) == "true");
    CHECK(part(status, {"identity", "enrolled"}) == "false");
    CHECK(part(status, {"identity", "why"}) == R"("database_back")");
    // Once more, before any sync: the bureau still knows the first one only.
    const DeviceId second = folder.laptop.store->device();
    folder.put_back("device.db");
    folder.laptop.open();
    const DeviceId third = folder.laptop.store->device();
    CHECK(third != second);
    CHECK(third != folder.first);
    CHECK(device_id_of(folder.identity().enrolled_key()->public_key()) == folder.first);
    CHECK(folder.reasons().size() == 2);
    folder.check_work();
}

TEST_CASE("a key file from an older copy: neither name is written under again") {
    Folder folder;
    folder.put_aside("device.key");
    REQUIRE(folder.identity().take_new(NewIdentityReason::folder_copied).has_value());
    REQUIRE(folder.identity().set_enrolled().has_value());
    const DeviceId second = folder.laptop.store->device();
    folder.put_back("device.key");
    folder.laptop.open();
    const DeviceId third = folder.laptop.store->device();
    CHECK(third != folder.first);
    CHECK(third != second);
    CHECK(folder.reasons() == std::vector<std::string>{"folder_copied", "key_back"});
    folder.check_work();
}

TEST_CASE("what a crash leaves of a change is finished or taken back") {
    struct Case {
        const char* what;
        bool is_committed, is_key_replaced, is_next_there;
    };
    for (const Case& one : {
             Case{"before the database changed", false, false, true},
             Case{"after the database changed", true, false, true},
             Case{"after the key was replaced", true, true, true},
             Case{"at the end", true, true, false},
         }) {
        CAPTURE(one.what);
        Folder folder;
        folder.put_aside("device.db");
        const std::string key_before = content(folder.home / "device.key");
        const std::string hint_before = content(folder.home / "device.head");
        REQUIRE(folder.identity().take_new(NewIdentityReason::folder_copied).has_value());
        const DeviceId second = folder.laptop.store->device();
        const std::string key_after = content(folder.home / "device.key");
        folder.close();
        if (!one.is_committed) folder.put_back("device.db");
        if (!one.is_key_replaced) {
            write(folder.home / "device.key", key_before);
            write(folder.home / "device.head", hint_before);
        }
        if (one.is_next_there) write(folder.home / "device.key.next", key_after);
        folder.laptop.open();
        CHECK(folder.laptop.store->device() == (one.is_committed ? second : folder.first));
        CHECK(folder.reasons().size() == (one.is_committed ? 1 : 0));
        CHECK(device_id_of(folder.identity().enrolled_key()->public_key()) == folder.first);
        folder.check_work();
    }
}

TEST_CASE("a database that fails at any statement of the change leaves one identity, not two") {
    for (int broken = 1;; ++broken) {
        CAPTURE(broken);
        Folder folder;
        int statements = 0;
        folder.laptop.store->db().set_fault([&] { return ++statements == broken; });
        bool done = false;
        try {
            done = folder.identity().take_new(NewIdentityReason::folder_copied).has_value();
        } catch (const DbError&) {
            done = false;
        }
        folder.laptop.store->db().set_fault({});
        folder.laptop.open();
        CHECK((folder.laptop.store->device() != folder.first) == !folder.reasons().empty());
        CHECK(device_id_of(folder.identity().enrolled_key()->public_key()) == folder.first);
        folder.check_work();
        if (done) {
            CHECK(broken > 4);
            return;
        }
    }
}

TEST_CASE("another process's change is taken over before the next save") {
    Folder folder;
    auto other = DeviceStore::open(folder.home, folder.laptop.env);
    REQUIRE(other.has_value());
    REQUIRE((*other)->identity().take_new(NewIdentityReason::folder_copied).has_value());
    CHECK(folder.laptop.edit(folder.shop, R"({"code":"3"})") == R"(["code"])");
    CHECK(folder.laptop.store->device() == (*other)->device());
    CHECK(folder.laptop.store->log().head_of(folder.first).seq == 1);
    CHECK(folder.laptop.store->log().head_of((*other)->device()).seq == 1);
}

// Found by seed 28742 of the simulation: the save named a changeset that no longer was, and waited
// for it on every laptop for ever.
TEST_CASE("a form that stayed open while its save moved replaces that save") {
    for (const bool is_on_disk : {false, true}) {
        CAPTURE(is_on_disk);
        Folder folder;
        folder.laptop.edit(folder.shop, R"({"name":"b"})");
        auto draft = Draft::open(*folder.laptop.store, *parse_uuid(folder.shop));
        REQUIRE(draft.has_value());
        draft->set("name", "c");
        if (is_on_disk) draft->autosave();
        // A sync on another thread, with a store of its own.
        auto other = DeviceStore::open(folder.home, folder.laptop.env);
        REQUIRE(other.has_value());
        REQUIRE((*other)->identity().take_new(NewIdentityReason::folder_copied).has_value());
        REQUIRE((*other)->identity().settle({{folder.first, 1, 2}}).has_value());
        draft->set("name", "d");
        draft->autosave();
        const Uuid id = draft->id();
        REQUIRE(draft->commit({"ann"}).has_value());
        CHECK(folder.laptop.value(folder.shop, "name") == R"("d")");
        CHECK(part(folder.laptop.get(folder.shop), {"conflicts"}) == "[]");
        const auto doc = folder.laptop.store->log().find_record(*parse_uuid(folder.shop));
        CHECK(doc->heads.size() == 1);
        CHECK(folder.laptop.store->log().counts().held == 0);
        CHECK_FALSE(Draft::reopen(*folder.laptop.store, id).has_value());
    }
}

TEST_CASE("a draft that was opened on a save which moved replaces that save") {
    Folder folder;
    folder.laptop.edit(folder.shop, R"({"name":"b"})");
    auto draft = Draft::open(*folder.laptop.store, *parse_uuid(folder.shop));
    REQUIRE(draft.has_value());
    draft->set("name", "c");
    draft->autosave();
    const Uuid id = draft->id();
    REQUIRE(folder.identity().take_new(NewIdentityReason::folder_copied).has_value());
    const auto moved = folder.identity().settle({{folder.first, 1, 2}});
    REQUIRE(moved.has_value());
    CHECK(*moved == 1);
    CHECK(folder.laptop.value(folder.shop, "name") == R"("b")");
    folder.laptop.open();
    auto reopened = Draft::reopen(*folder.laptop.store, id);
    REQUIRE(reopened.has_value());
    REQUIRE(reopened->commit({"ann"}).has_value());
    CHECK(folder.laptop.value(folder.shop, "name") == R"("c")");
    CHECK(part(folder.laptop.get(folder.shop), {"conflicts"}) == "[]");
    const auto doc = folder.laptop.store->log().find_record(*parse_uuid(folder.shop));
    CHECK(doc->heads.size() == 1);
    CHECK(folder.laptop.store->log().head_of(folder.first).seq == 1);
    CHECK(folder.laptop.store->log().head_of(folder.laptop.store->device()).seq == 2);
}
