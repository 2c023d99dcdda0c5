// Enrolment and sync of a laptop with a real server over TLS on the loopback interface.
#include "client/enrol.h"

#include <sstream>

#include "client/commands.h"
#include "common/base/private_files.h"
#include "tests/unit/client/device_world.h"
#include "tests/unit/client/served_bureau.h"

using namespace zf;
using namespace zf::testing;

namespace {

struct Ran {
    int status = 0;
    std::string out, messages;
};

Ran run(const std::vector<std::string>& arguments, const std::string& input = "") {
    std::istringstream in(input);
    std::ostringstream out, messages;
    Ran ran;
    ran.status = run_client(arguments, in, out, messages);
    ran.out = out.str();
    ran.messages = messages.str();
    return ran;
}

}  // namespace

TEST_CASE("a laptop is enrolled, fetches its forms, works offline and syncs") {
    ServedBureau server(91);
    ScratchFolder folder;
    const std::string home = (folder.path / "home").string();
    Ran ran = run({"--home", home, "enrol", "--server", server.url, "--code",
                   server.code_for("ann"), "--pin", server.pin});
    INFO(ran.messages);
    REQUIRE(ran.status == 0);
    const std::string device = ran.out.substr(0, ran.out.find('\n'));
    CHECK(parse_device_id(device).has_value());
    ran = run(
        {"--home", home, "batch"},
        R"({"do":"create","form":"meeting","set":{"topic":"灾后重建","held_on":"2008-05-20"}})");
    INFO(ran.out);
    REQUIRE(ran.status == 0);
    Value status = json(run({"--home", home, "status"}).out);
    CHECK(text_part(status, {"device"}) == device);
    CHECK(text_part(status, {"user"}) == "ann");
    CHECK(part(status, {"unsent_changesets"}) == "1");
    const Value rehearsal = json(run({"--home", home, "sync", "--rehearse"}).out);
    CHECK(part(rehearsal, {"changesets_to_send"}) == "1");
    CHECK(part(rehearsal, {"reachable"}) == "true");
    ran = run({"--home", home, "sync"});
    INFO(ran.messages);
    REQUIRE(ran.status == 0);
    CHECK(part(json(ran.out), {"pushed"}) == "1");
    ran = run({"--home", home, "batch"}, R"({"do":"sync"})");
    CHECK(part(json(ran.out), {"pushed"}) == "0");
    status = json(run({"--home", home, "status"}).out);
    CHECK(part(status, {"unsent_changesets"}) == "0");
    CHECK(part(status, {"last_sync"}) != "null");
    const auto held = server.store->lock();
    CHECK(text_part(status, {"state"}) == server.store->log().state().hex());
}

TEST_CASE("without a pin the server's key is learned and told; later it must be the same") {
    ServedBureau server(92), impostor(93);
    ScratchFolder folder;
    const std::string home = (folder.path / "home").string();
    const Ran ran =
        run({"--home", home, "enrol", "--server", server.url, "--code", server.code_for("ann")});
    REQUIRE(ran.status == 0);
    CHECK(ran.messages.find(server.pin) != std::string::npos);
    // The same laptop at another bureau: refused before the code is sent.
    const std::string code = impostor.code_for("ann");
    Ran refused = run({"--home", home, "enrol", "--server", impostor.url, "--code", code});
    CHECK(refused.status == 1);
    CHECK(refused.messages.find("pin_mismatch") != std::string::npos);
    refused = run(
        {"--home", home, "enrol", "--server", impostor.url, "--code", code, "--pin", impostor.pin});
    CHECK(refused.status == 1);
    CHECK(refused.messages.find("not_allowed") != std::string::npos);
    // The code was not spent on it.
    CHECK(run({"--home", (folder.path / "new").string(), "enrol", "--server", impostor.url,
               "--code", code, "--pin", impostor.pin})
              .status == 0);
}

TEST_CASE("a pin is read in either case and must fit") {
    ServedBureau server(94);
    ScratchFolder folder;
    std::string capital = server.pin;
    for (char& c : capital) {
        if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
    }
    CHECK(run({"--home", (folder.path / "a").string(), "enrol", "--server", server.url, "--code",
               server.code_for("ann"), "--pin", capital})
              .status == 0);
    std::string other = server.pin;
    other[0] = other[0] == '0' ? '1' : '0';
    const std::string home = (folder.path / "b").string();
    const std::string code = server.code_for("ann");
    const Ran refused =
        run({"--home", home, "enrol", "--server", server.url, "--code", code, "--pin", other});
    CHECK(refused.status == 1);
    CHECK(refused.messages.find("pin_mismatch") != std::string::npos);
    CHECK(part(json(run({"--home", home, "status"}).out), {"device"}) == "null");
    CHECK(
        run({"--home", home, "enrol", "--server", server.url, "--code", code, "--pin", server.pin})
            .status == 0);
}

TEST_CASE("a code is good once; a wrong one enrols nobody") {
    ServedBureau server(95);
    ScratchFolder folder;
    const std::string code = server.code_for("ann");
    const auto enrol_at = [&](const std::string& home, const std::string& with) {
        return run({"--home", (folder.path / home).string(), "enrol", "--server", server.url,
                    "--code", with, "--pin", server.pin});
    };
    const Ran wrong = enrol_at("a", "nonsense");
    CHECK(wrong.status == 1);
    CHECK(wrong.messages.find("bad_code") != std::string::npos);
    CHECK(enrol_at("a", code).status == 0);
    CHECK(enrol_at("b", code).status == 1);
    CHECK(part(json(run({"--home", (folder.path / "b").string(), "status"}).out), {"device"}) ==
          "null");
}

TEST_CASE("a laptop may hold several people, and keeps its key and its unsent work") {
    ServedBureau server(96);
    ScratchFolder folder;
    auto opened = DeviceStore::open(folder.path / "home", server.env);
    REQUIRE(opened.has_value());
    DeviceStore& store = **opened;
    const auto first = enrol(store, {server.url, server.code_for("ann"), server.pin, "laptop"});
    REQUIRE(first.has_value());
    const Members set{{"topic", "t"}};
    REQUIRE(create_record(store, {"ann"}, "meeting", {}, set).has_value());
    const auto second = enrol(store, {server.url, server.code_for("bo"), server.pin, "laptop"});
    REQUIRE(second.has_value());
    CHECK(second->device == first->device);
    CHECK(second->user == "bo");
    CHECK(store.users() == std::vector<std::string>{"ann", "bo"});
    CHECK(store.choose_user({}).error().code == ErrorCode::missing_argument);
    CHECK(*store.choose_user("bo") == "bo");
    CHECK(store.log().counts().records == 1);
}

TEST_CASE("an enrolment whose first fetch fails stands, and a sync completes it") {
    ServedBureau server(97);
    ScratchFolder folder;
    const std::string home = (folder.path / "home").string();
    server.refuses_pulls = true;
    const Ran ran = run({"--home", home, "enrol", "--server", server.url, "--code",
                         server.code_for("ann"), "--pin", server.pin});
    CHECK(ran.status == 1);
    CHECK(ran.messages.find("is enrolled") != std::string::npos);
    const std::string create = R"({"do":"create","form":"meeting","set":{"topic":"t"}})";
    const Value early = json(run({"--home", home, "batch"}, create).out);
    CHECK(text_part(early, {"error", "code"}) == "unknown_form");
    server.refuses_pulls = false;
    CHECK(run({"--home", home, "sync"}).status == 0);
    CHECK(run({"--home", home, "batch"}, create).status == 0);
}

TEST_CASE("one folder is enrolled by one program at a time") {
    ServedBureau server(98);
    ScratchFolder folder;
    auto store = DeviceStore::open(folder.path / "home", server.env);
    REQUIRE(store.has_value());
    const EnrolmentOrder order{server.url, server.code_for("ann"), server.pin, "laptop"};
    {
        const auto other = FolderLock::take(folder.path / "home");
        REQUIRE(other.has_value());
        const auto refused = enrol(**store, order);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == ErrorCode::busy);
    }
    CHECK(enrol(**store, order).has_value());
}
