#include "common/sync/sync.h"

#include <doctest/doctest.h>

#include "common/codec/changeset_codec.h"
#include "common/store/schema.h"
#include "tests/unit/sync/sync_world.h"

namespace zf::testing {
namespace {

/// Two laptops that know the forms.
struct Pair {
    Office office;
    Laptop a{office, "li", 1};
    Laptop b{office, "wang", 2};

    Pair() {
        REQUIRE(a.sync().has_value());
        REQUIRE(b.sync().has_value());
    }
    /// Until nothing is left to tell, then all three must be one.
    void come_together() {
        for (Laptop* laptop : {&a, &b, &a, &b}) {
            const auto done = laptop->sync();
            CAPTURE((done ? std::string() : done.error().message));
            REQUIRE(done.has_value());
        }
        CHECK(a.log().state() == office.store().log().state());
        CHECK(b.log().state() == office.store().log().state());
        CHECK(a.unsent() == 0);
        CHECK(b.unsent() == 0);
    }
};

Members enterprise(const std::string& name) {
    return {{"name", name}, {"reg_no", "99"}};
}

std::string text_of(Laptop& laptop, const Uuid& id, const std::string& field) {
    const auto doc = laptop.log().find_record(id);
    const auto live = doc->fields.find(field);
    return live == doc->fields.end() ? std::string() : *live->second.front().value.text();
}

}  // namespace

TEST_CASE("what one laptop saves the other has after both synced") {
    Pair pair;
    const Uuid id = pair.a.create("enterprise", enterprise("平昌茶业"));
    pair.a.edit(id, {{"remark", "first visit"}});
    CHECK(pair.a.unsent() == 2);
    const auto sent = pair.a.sync();
    REQUIRE(sent.has_value());
    CHECK(sent->pushed == 2);
    CHECK(sent->pulled == 0);
    CHECK(pair.a.unsent() == 0);
    const auto got = pair.b.sync();
    REQUIRE(got.has_value());
    CHECK(got->pulled == 2);
    CHECK(got->touched == std::vector<Uuid>{id});
    CHECK(got->forms_changed == false);
    CHECK(text_of(pair.b, id, "name") == "平昌茶业");
    const auto idle = pair.b.sync();
    REQUIRE(idle.has_value());
    CHECK(idle->pulled == 0);
    CHECK(idle->pushed == 0);
    CHECK(find_fact_integer(pair.b.db(), "last_sync_ms") == pair.b.env.now_ms());
    pair.come_together();
}

TEST_CASE("the first sync brings forms and people, and tells how far the clock is off") {
    Office office;
    Laptop laptop(office, "li", 1);
    laptop.env.set_now_ms(start_ms - 3'600'000);
    const auto first = laptop.sync();
    REQUIRE(first.has_value());
    CHECK(first->forms_changed);
    CHECK(first->clock_off_ms == 3'600'000);
    CHECK(laptop.log().forms().find("enterprise") != nullptr);
    CHECK(laptop.bureau().find_user("li").has_value());
    CHECK(laptop.bureau().last_entry() == office.store().bureau().last_entry());
}

TEST_CASE("a push whose answer was lost is not repeated") {
    Pair pair;
    pair.a.create("enterprise", enterprise("x"));
    pair.a.road.after = [](const Request& request, Response&) -> Result<void> {
        if (request.path == "/v1/push") return broken_line();
        return {};
    };
    const auto cut = pair.a.sync();
    REQUIRE_FALSE(cut.has_value());
    CHECK(cut.error().code == ErrorCode::unreachable);
    CHECK(pair.a.unsent() == 1);
    pair.a.road.after = {};
    const auto again = pair.a.sync();
    REQUIRE(again.has_value());
    CHECK(again->pushed == 0);
    CHECK(pair.a.unsent() == 0);
    CHECK(pair.office.store().log().counts().changesets == 1);
    pair.come_together();
}

TEST_CASE("more than a page goes in pages, and a break between two keeps what was done") {
    Pair pair;
    for (int i = 0; i < 1100; ++i) pair.a.create("enterprise", enterprise(std::to_string(i)));
    int pushes = 0;
    pair.a.road.before = [&](const Request& request) -> Result<void> {
        if (request.path == "/v1/push" && ++pushes >= 2) return broken_line();
        return {};
    };
    CHECK_FALSE(pair.a.sync().has_value());
    CHECK(pair.a.unsent() == 100);
    pair.a.road.before = {};
    const auto rest = pair.a.sync();
    REQUIRE(rest.has_value());
    CHECK(rest->pushed == 100);

    int pulls = 0;
    pair.b.road.before = [&](const Request& request) -> Result<void> {
        if (request.path == "/v1/pull" && ++pulls >= 2) return broken_line();
        return {};
    };
    CHECK_FALSE(pair.b.sync().has_value());
    CHECK(pair.b.log().counts().changesets == 1000);
    pair.b.road.before = {};
    const auto pulled = pair.b.sync();
    REQUIRE(pulled.has_value());
    CHECK(pulled->pulled == 100);
    pair.come_together();
}

TEST_CASE("a line that lets only small pages through is used with small pages") {
    Pair pair;
    for (int i = 0; i < 1100; ++i) {
        Members entered = enterprise(std::to_string(i));
        entered.emplace_back("remark", std::string(500, 'x') + std::to_string(i * 7919));
        pair.a.create("enterprise", entered);
    }
    const auto too_long = [](const std::string& body) { return body.size() > 20'000; };
    pair.a.road.before = [&](const Request& request) -> Result<void> {
        if (request.path == "/v1/push" && too_long(request.body)) return broken_line();
        return {};
    };
    const auto sent = pair.a.sync();
    REQUIRE(sent.has_value());
    CHECK(sent->pushed == 1100);
    pair.b.road.after = [&](const Request& request, Response& answer) -> Result<void> {
        if (request.path == "/v1/pull" && too_long(answer.body)) return broken_line();
        return {};
    };
    const auto got = pair.b.sync();
    REQUIRE(got.has_value());
    CHECK(got->pulled == 1100);
    pair.b.road.after = {};
    pair.come_together();
}

TEST_CASE("an answer cut off anywhere changes nothing, and the next sync goes on") {
    Pair pair;
    pair.a.create("enterprise", enterprise("x"));
    REQUIRE(pair.a.sync().has_value());
    for (const char* path : {"/v1/session", "/v1/pull"}) {
        CAPTURE(path);
        pair.b.road.after = [&](const Request& request, Response& response) -> Result<void> {
            if (request.path == path) response.body.resize(response.body.size() - 3);
            return {};
        };
        const auto cut = pair.b.sync();
        REQUIRE_FALSE(cut.has_value());
        CHECK(cut.error().code == ErrorCode::interrupted);
        CHECK(pair.b.log().counts().changesets == 0);
    }
    pair.b.road.after = {};
    pair.come_together();
}

TEST_CASE("a changeset that was tampered with is refused, and nothing of its page is kept") {
    Pair pair;
    const Uuid id = pair.a.create("enterprise", enterprise("honest"));
    pair.a.edit(id, {{"remark", "two"}});
    REQUIRE(pair.a.sync().has_value());
    struct Case {
        const char* what;
        std::function<void(PullAnswer&)> change;
        ErrorCode code;
    };
    const std::vector<Case> cases{
        {"another value",
         [](PullAnswer& page) {
             std::string& bytes = page.changesets[1].signed_changeset.bytes;
             bytes.replace(bytes.find("\"two\""), 5, "\"six\"");
         },
         ErrorCode::bad_signature},
        {"another signature",
         [](PullAnswer& page) { page.changesets[1].signed_changeset.signature[0] ^= 1; },
         ErrorCode::bad_signature},
        {"bytes that are not canonical",
         [](PullAnswer& page) { page.changesets[1].signed_changeset.bytes += " "; },
         ErrorCode::malformed}};
    const auto cursor = find_fact(pair.b.db(), "cursor");
    for (const Case& bad : cases) {
        CAPTURE(bad.what);
        pair.b.road.after = [&](const Request& request, Response& response) -> Result<void> {
            if (request.path != "/v1/pull") return {};
            auto page = decode_pull(response.body);
            REQUIRE(page.has_value());
            REQUIRE(page->changesets.size() == 2);
            bad.change(*page);
            response.body = encode_pull(*page);
            return {};
        };
        const auto refused = pair.b.sync();
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == bad.code);
        CHECK(refused.error().where.starts_with("changesets[1]"));
        CHECK(pair.b.log().counts().changesets == 0);
        CHECK(find_fact(pair.b.db(), "cursor") == cursor);
    }
    pair.b.road.after = {};
    pair.come_together();
}

TEST_CASE("a session that has run out is renewed without anybody noticing") {
    Pair pair;
    Sync pass(pair.a.stores(), pair.a.road);
    REQUIRE(pass.pull().has_value());
    const Uuid id = pair.a.create("enterprise", enterprise("x"));
    pair.office.env.set_now_ms(pair.office.env.now_ms() + 31ll * 60 * 1000);
    int sessions = 0;
    pair.a.road.before = [&](const Request& request) -> Result<void> {
        sessions += request.path == "/v1/session";
        return {};
    };
    REQUIRE(pass.push().has_value());
    CHECK(sessions == 1);
    CHECK(pair.a.unsent() == 0);
    CHECK(pair.office.store().log().find_record(id).has_value());
}

TEST_CASE("a device that the bureau revoked is told so") {
    Pair pair;
    {
        const auto held = pair.office.store().lock();
        Transaction transaction(pair.office.store().db());
        Device device = *pair.office.store().bureau().find_device(pair.a.device());
        device.revoked = true;
        pair.office.store().bureau().put_device(pair.office.store().keys().bureau, device, 0);
        transaction.commit();
    }
    pair.a.create("enterprise", enterprise("x"));
    const auto refused = pair.a.sync();
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == ErrorCode::device_revoked);
    CHECK(pair.a.unsent() == 1);
}

TEST_CASE("a server of another protocol version: the user is told who must be updated") {
    Pair pair;
    pair.a.create("enterprise", enterprise("x"));
    pair.a.road.after = [](const Request& request, Response& response) -> Result<void> {
        CHECK(request.headers.at("zoufang-protocol") == "1");
        response = {426,
                    {},
                    R"({"error":{"code":"version_unsupported","message":"","where":""},)"
                    R"("speaks":{"max":3,"min":2}})"};
        return {};
    };
    const auto refused = pair.a.sync();
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == ErrorCode::version_unsupported);
    CHECK(refused.error().message.find("this program is too old") == 0);
    CHECK(pair.a.unsent() == 1);
}

TEST_CASE("after the server went back to a backup everything comes together again") {
    Pair pair;
    const Uuid kept = pair.a.create("enterprise", enterprise("kept"));
    pair.come_together();
    pair.office.make_backup();
    // All of this the server forgets: saves of both, a person, and numbers given to them.
    const Uuid lost = pair.a.create("enterprise", enterprise("lost"));
    pair.come_together();
    pair.b.edit(lost, {{"remark", "by the other"}});
    pair.b.edit(kept, {{"remark", "by the other"}});
    pair.come_together();
    const Hash256 before = pair.a.log().state();
    {
        const auto held = pair.office.store().lock();
        Transaction transaction(pair.office.store().db());
        for (const char* name : {"zhao", "qian"}) {
            pair.office.store().bureau().put_user(pair.office.store().keys().bureau,
                                                  {name, Role::staff, {}, false}, 0);
        }
        transaction.commit();
    }
    pair.come_together();
    CHECK(pair.a.bureau().find_user("qian").has_value());

    pair.office.go_back();
    CHECK(pair.office.store().log().counts().changesets == 1);
    // New work comes first, so that numbers are given anew in another order.
    const Uuid fresh = pair.b.create("enterprise", enterprise("after"));
    REQUIRE(pair.b.sync().has_value());
    // The first to come brings back what the other had made, too.
    CHECK(pair.office.store().log().counts().changesets == 5);
    CHECK(pair.office.store().log().counts().held == 0);
    pair.come_together();
    CHECK(pair.office.store().log().counts().changesets == 5);
    CHECK(pair.office.store().log().counts().held == 0);
    CHECK(pair.a.log().find_record(fresh).has_value());
    CHECK(text_of(pair.a, lost, "remark") == "by the other");
    CHECK(pair.a.log().state() != before);
    CHECK(pair.a.bureau().last_entry() == pair.office.store().bureau().last_entry());
    CHECK(pair.a.bureau().find_user("qian").has_value());
    // A review by the server's new identity is taken as its own.
    {
        const auto held = pair.office.store().lock();
        Transaction transaction(pair.office.store().db());
        const auto doc = pair.office.store().log().find_record(kept);
        REQUIRE(pair.office.store()
                    .author()
                    .write("chief", {{&*doc, 1, plan_review(*doc, ReviewKind::approved, Value())}})
                    .has_value());
        transaction.commit();
    }
    pair.come_together();
}

TEST_CASE("a first page of a new epoch that is refused is asked for again from the start") {
    Pair pair;
    pair.a.create("enterprise", enterprise("x"));
    pair.come_together();
    pair.office.make_backup();
    pair.office.go_back();
    pair.a.create("enterprise", enterprise("y"));
    REQUIRE(pair.a.sync().has_value());
    pair.b.road.after = [](const Request& request, Response& response) -> Result<void> {
        if (request.path != "/v1/pull") return {};
        auto page = decode_pull(response.body);
        REQUIRE(page->changesets.size() == 2);
        page->changesets[0].signed_changeset.bytes += " ";
        response.body = encode_pull(*page);
        return {};
    };
    CHECK_FALSE(pair.b.sync().has_value());
    pair.b.road.after = {};
    const auto again = pair.b.sync();
    REQUIRE(again.has_value());
    CHECK(again->pulled == 2);
    pair.come_together();
}

TEST_CASE("a server that goes back between two requests does not break the sync") {
    Pair pair;
    pair.office.make_backup();
    pair.a.create("enterprise", enterprise("x"));
    bool done = false;
    pair.a.road.before = [&](const Request& request) -> Result<void> {
        if (request.path == "/v1/pull" && !std::exchange(done, true)) pair.office.go_back();
        return {};
    };
    const auto report = pair.a.sync();
    CAPTURE((report ? std::string() : report.error().message));
    REQUIRE(report.has_value());
    CHECK(done);
    CHECK(pair.office.store().log().counts().changesets == 1);
    pair.come_together();
}

TEST_CASE("what waits on the server is reported to its author, and nothing else is kept up") {
    Pair pair;
    const Uuid id = pair.a.create("enterprise", enterprise("x"));
    {
        const auto held = pair.office.store().lock();
        Transaction transaction(pair.office.store().db());
        pair.office.store().bureau().put_user(pair.office.store().keys().bureau,
                                              {"li", Role::staff, {}, true}, 0);
        pair.office.store().bureau().put_user(pair.office.store().keys().bureau,
                                              {"sun", Role::staff, {}, false}, 0);
        Device device = *pair.office.store().bureau().find_device(pair.a.device());
        device.users.emplace_back("sun");
        pair.office.store().bureau().put_device(pair.office.store().keys().bureau, device, 0);
        transaction.commit();
    }
    const auto report = pair.a.sync();
    REQUIRE(report.has_value());
    CHECK(report->pushed == 1);
    CHECK(pair.a.unsent() == 0);
    REQUIRE(report->not_applied.size() == 1);
    CHECK(report->not_applied[0].seq == 1);
    CHECK(report->not_applied[0].standing == "parked");
    CHECK(report->not_applied[0].code == "not_allowed");
    CHECK(pair.a.log().find_record(id).has_value());
    CHECK_FALSE(pair.office.store().log().find_record(id).has_value());
}

TEST_CASE("the user can stop between two requests") {
    Pair pair;
    pair.a.create("enterprise", enterprise("x"));
    const auto stopped = pair.a.sync([](const SyncReport& so_far) { return so_far.pushed == 0; });
    REQUIRE_FALSE(stopped.has_value());
    CHECK(stopped.error().code == ErrorCode::interrupted);
    CHECK(pair.a.unsent() == 0);
    pair.come_together();
}

TEST_CASE("a rehearsal says what a sync would do, and does none of it") {
    Pair pair;
    const Uuid id = pair.a.create("enterprise", enterprise("x"));
    pair.a.edit(id, {{"remark", "y"}});
    pair.b.create("enterprise", enterprise("z"));
    REQUIRE(pair.b.sync().has_value());
    const Hash256 state = pair.a.log().state();
    auto rehearsal = Sync(pair.a.stores(), pair.a.road).rehearse();
    REQUIRE(rehearsal.has_value());
    CHECK(rehearsal->reachable);
    CHECK(rehearsal->changesets_to_send == 2);
    CHECK(rehearsal->records_to_send == 1);
    CHECK(rehearsal->fields_to_send == 4);  // one of them a default of the form
    CHECK(rehearsal->bytes_to_send > 0);
    CHECK(rehearsal->changesets_to_fetch == 1);
    CHECK(pair.a.log().state() == state);
    CHECK(pair.a.unsent() == 2);
    CHECK(pair.office.store().log().counts().changesets == 1);

    pair.a.road.before = [](const Request&) -> Result<void> { return broken_line(); };
    rehearsal = Sync(pair.a.stores(), pair.a.road).rehearse();
    REQUIRE(rehearsal.has_value());
    CHECK_FALSE(rehearsal->reachable);
    CHECK(rehearsal->changesets_to_send == 2);
}

TEST_CASE("a few edits cost a few hundred bytes") {
    Pair pair;
    std::vector<Uuid> ids;
    for (int i = 0; i < 50; ++i) {
        ids.push_back(pair.a.create("enterprise", enterprise("第" + std::to_string(i) + "厂")));
    }
    pair.come_together();
    for (std::size_t i = 0; i < 10; ++i)
        pair.a.edit(ids[i], {{"remark", "改" + std::to_string(i)}});
    const auto report = pair.a.sync();
    REQUIRE(report.has_value());
    MESSAGE("10 edited fields: " << report->bytes_up << " bytes up, " << report->bytes_down
                                 << " down (bodies), " << pair.a.road.requests << " requests");
    CHECK(report->bytes_up < 2048);
    CHECK(report->bytes_down < 1024);
}

}  // namespace zf::testing
