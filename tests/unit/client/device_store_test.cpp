// A laptop's folder: what is in it, who may read it, and that two programs may use it at once.
#include <filesystem>
#include <fstream>

#include "tests/unit/client/device_world.h"

using namespace zf;
using namespace zf::testing;

namespace {

namespace fs = std::filesystem;

constexpr fs::perms others = fs::perms::group_all | fs::perms::others_all;

}  // namespace

TEST_CASE("nobody else may read a laptop's folder and key") {
    TestBureau bureau;
    Laptop laptop(bureau, 71);
    const fs::path home = laptop.folder.path / "home";
    for (const char* name : {"", "device.key", "device.db"}) {
        INFO(std::string(name));
        CHECK((fs::status(home / name).permissions() & others) == fs::perms::none);
    }
    // 64 hex digits and a line feed.
    CHECK(fs::file_size(home / "device.key") == 65);
}

TEST_CASE("a folder remembers its device, and says what is wrong with its key") {
    TestBureau bureau;
    Laptop laptop(bureau, 72);
    const fs::path home = laptop.folder.path / "home";
    const DeviceId device = laptop.store->device();
    const std::string shop = laptop.create("shop", R"({"name":"a"})");
    laptop.open();
    CHECK(laptop.store->device() == device);
    CHECK(laptop.value(shop, "name") == R"("a")");
    CHECK(laptop.edit(shop, R"({"name":"b"})") == R"(["name"])");

    laptop.store.reset();
    fs::rename(home / "device.key", home / "away");
    auto missing = DeviceStore::open(home, laptop.env);
    REQUIRE_FALSE(missing.has_value());
    CHECK(missing.error().code == ErrorCode::damaged);
    for (const std::string wrong : {"", "abc", "zz", "00ff"}) {
        std::ofstream(home / "device.key") << wrong;
        auto damaged = DeviceStore::open(home, laptop.env);
        REQUIRE_FALSE(damaged.has_value());
        CHECK(damaged.error().code == ErrorCode::damaged);
        CHECK(damaged.error().where == (home / "device.key").string());
    }
    fs::rename(home / "away", home / "device.key");
    laptop.open();
    CHECK(laptop.value(shop, "name") == R"("b")");
}

TEST_CASE("before enrolment every command about data says what to do first") {
    ManualEnv env(73, start_ms);
    ScratchFolder folder;
    auto store = DeviceStore::open(folder.path / "home", env);
    REQUIRE(store.has_value());
    const std::string id = "0193a1b2-4c5d-7e6f-8a9b-0c1d2e3f4a5b";
    const std::string record = R"("record":")" + id + '"';
    for (const std::string command :
         {R"({"do":"create","form":"shop","set":{"name":"a"}})", R"({"do":"list","form":"shop"})",
          R"({"do":"conflicts"})", R"({"do":"sync"})"}) {
        const Value answer = answer_command(**store, {}, command);
        CHECK(text_part(answer, {"error", "code"}) == "not_enrolled");
        CHECK(text_part(answer, {"error", "message"}).find("zoufang enrol") != std::string::npos);
    }
    for (const std::string verb : {"edit", "void", "join", "unjoin", "submit", "get", "history",
                                   "resolve", "attach", "check"}) {
        const Value answer =
            answer_command(**store, {}, R"({"do":")" + verb + "\"," + record + "}");
        CHECK(text_part(answer, {"error", "code"}) == "not_enrolled");
    }
    const Value status = answer_command(**store, {}, R"({"do":"status"})");
    CHECK(part(status, {"ok"}) == "true");
    CHECK(part(status, {"device"}) == "null");
    CHECK(create_record(**store, {"ann"}, "shop", {}, {{"name", "a"}}).error().code ==
          ErrorCode::not_enrolled);
}

TEST_CASE("who writes is chosen among those who are enrolled") {
    TestBureau bureau;
    Laptop one(bureau, 74, {"ann"}), two(bureau, 75, {"ann", "bo"});
    CHECK(*one.store->choose_user({}) == "ann");
    CHECK(*one.store->choose_user("ann") == "ann");
    CHECK(one.store->choose_user("bo").error().code == ErrorCode::not_allowed);
    CHECK(two.store->choose_user({}).error().code == ErrorCode::missing_argument);
    CHECK(*two.store->choose_user("bo") == "bo");
    CHECK(two.refused(R"({"do":"create","form":"shop","set":{"name":"a"}})") ==
          "missing_argument user");
    // The command's own choice goes before the program's option.
    two.options.user = "ann";
    const Value made = two.done(R"({"do":"create","form":"shop","set":{"name":"a"},"user":"bo"})");
    CHECK(text_part(two.get(text_part(made, {"record"})), {"created_by"}) == "bo");
}

TEST_CASE("two programs may write one folder: each sees the other's work and forms") {
    TestBureau bureau;
    Laptop laptop(bureau, 76);
    auto other = DeviceStore::open(laptop.folder.path / "home", laptop.env);
    REQUIRE(other.has_value());
    const std::string shop = laptop.create("shop", R"({"name":"a"})");
    const auto ask_other = [&](const std::string& command) {
        return answer_command(**other, {}, command);
    };
    CHECK(text_part(ask_other(R"({"do":"get","record":")" + shop + R"("})"), {"values", "name"}) ==
          "a");
    for (int turn = 0; turn < 5; ++turn) {
        const std::string set = R"({"name":")" + std::to_string(turn);
        CHECK(laptop.edit(shop, set + R"(a"})") == R"(["name"])");
        const Value answer =
            ask_other(R"({"do":"edit","record":")" + shop + R"(","set":)" + set + R"(b"}})");
        CHECK(part(answer, {"ok"}) == "true");
    }
    // One chain, nothing concurrent.
    CHECK(laptop.store->log().head_of(laptop.store->device()).seq == 11);
    CHECK(part(laptop.get(shop), {"conflicts"}) == "[]");
    CHECK(laptop.value(shop, "name") == R"("4b")");
    CHECK((*other)->log().state() == laptop.store->log().state());

    // New forms that one of them fetches are in force for the other's next command.
    std::string newer(forms_text);
    newer.replace(newer.find(R"("name": "owner")"), 15, R"("name": "keeper")");
    laptop.distribute(newer);
    const Value answer =
        ask_other(R"({"do":"edit","record":")" + shop + R"(","set":{"owner":null}})");
    CHECK(text_part(answer, {"error", "code"}) == "unknown_field");
}
