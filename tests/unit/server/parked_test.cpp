// What is stored and acknowledged, but not applied, and when it is.
#include <doctest/doctest.h>

#include <functional>

#include "tests/unit/server/api_world.h"

namespace zf::testing {

namespace {

struct ParkWorld : ApiWorld {
    ParkWorld() {
        put_staff("zhang");
        put_staff("li", {"511923"});
        put_user({"root", Role::admin, {}, false});
        laptop.enrol();
        limited.enrol();
        admins.enrol();
    }
    RawLaptop laptop{*this, "zhang"}, limited{*this, "li"}, admins{*this, "root"};

    Written record(const std::string& area = {}) { return enterprise(*this, "x", area); }

    static Written with(Written written, const std::string& field, Value value) {
        written.fields.emplace_back(field, std::move(value));
        return written;
    }
};

}  // namespace

TEST_CASE("each reason parks one changeset, and the others of the batch are applied") {
    struct Case {
        std::string what;
        std::function<RawLaptop&(ParkWorld&)> by;
        std::function<Changeset(ParkWorld&, RawLaptop&)> changeset;
        std::string code;  // empty: applied
    };
    const auto free_one = [](ParkWorld& w) -> RawLaptop& { return w.laptop; };
    const auto limited = [](ParkWorld& w) -> RawLaptop& { return w.limited; };
    const auto plain = [](ParkWorld& w, RawLaptop& by) { return by.next(w.record()); };
    const auto in_area = [](const char* area) {
        return [area](ParkWorld& w, RawLaptop& by) { return by.next(w.record(area)); };
    };
    const auto with = [](const char* field, Value value) {
        return [=](ParkWorld& w, RawLaptop& by) {
            return by.next(ParkWorld::with(w.record(), field, value));
        };
    };
    const auto by_user = [](const char* user) {
        return [user](ParkWorld& w, RawLaptop& by) {
            Changeset changeset = by.next(w.record());
            changeset.user = user;
            return changeset;
        };
    };
    const std::vector<Case> cases{
        {"nothing", free_one, plain, ""},
        {"an admin", [](ParkWorld& w) -> RawLaptop& { return w.admins; }, plain, "not_allowed"},
        {"an unknown account", free_one, by_user("nobody"), "unknown_user"},
        {"somebody else's account", free_one, by_user("li"), "not_allowed"},
        {"intent to submit", free_one, with("_status", "submitted"), ""},
        {"an approval", free_one, with("_status", "approved"), "not_allowed"},
        {"a return", free_one, with("_status", "returned"), "not_allowed"},
        {"a status that is none", free_one, with("_status", 7), "not_allowed"},
        {"a void", free_one, with("_void", true), ""},
        {"a join", free_one, with("_alias_of", Uuid{}.text()), ""},
        {"any area, for the whole bureau", free_one, in_area("110000"), ""},
        {"the own area", limited, in_area("511923"), ""},
        {"a place in the own area", limited, in_area("511923102"), ""},
        {"no place", limited, plain, ""},
        {"another area", limited, in_area("511921"), "not_allowed"},
        {"a larger area", limited, in_area("5119"), "not_allowed"},
        {"an unknown form", free_one,
         [](ParkWorld& w, RawLaptop& by) {
             Written written = w.record();
             written.form = "no_such_form";
             return by.next(written);
         },
         "unknown_form"},
        {"a newer version of a form", free_one,
         [](ParkWorld& w, RawLaptop& by) {
             Written written = w.record();
             written.form_version = 99;
             return by.next(written);
         },
         "unknown_form"},
    };
    ParkWorld world;
    for (const Case& c : cases) {
        CAPTURE(c.what);
        RawLaptop& by = c.by(world);
        const auto before = world.counts();
        const auto odd = by.sign(c.changeset(world, by));
        by.chain.push_back(odd);
        by.write(world.record());
        const std::size_t size = by.chain.size();
        const Response response = by.push({odd, by.chain.back()});
        REQUIRE(slug_of(response) == "ok");
        const auto answer = decode_push_answer(response.body);
        CHECK(answer->acknowledged_seq == static_cast<std::int64_t>(size));
        std::string code;
        for (const NotApplied& waiting : answer->not_applied) {
            if (waiting.seq == static_cast<std::int64_t>(size) - 1) code = waiting.code;
        }
        CHECK(code == c.code);
        const bool parks = !c.code.empty();
        const bool admin = by.user() == "root";
        CHECK(world.counts().parked == before.parked + (admin ? 2 : parks ? 1 : 0));
        CHECK(world.counts().changesets == before.changesets + 2);
    }
}

TEST_CASE("what is parked reaches nobody until its reason is gone") {
    ParkWorld world;
    RawLaptop reader(world, "zhang");
    reader.enrol();
    Changeset early = world.laptop.next(world.record());
    early.user = "wang";
    world.laptop.chain.push_back(world.laptop.sign(early));
    Written edit{"enterprise", early.records[0].id, {{"name", "y"}}, {}, 1, {}};
    edit.parents = {world.laptop.ref(1)};
    edit.supersedes = {{world.laptop.id(), 1, 0}};
    world.laptop.write(edit);
    const PushAnswer answer = world.laptop.push_all();
    REQUIRE(answer.not_applied.size() == 2);
    CHECK(answer.not_applied[0].standing == "parked");
    CHECK(answer.not_applied[0].code == "unknown_user");
    CHECK(answer.not_applied[1].standing == "held");
    CHECK(answer.not_applied[1].code.empty());
    CHECK(reader.pull().changesets.empty());
    const PullAnswer own = world.laptop.pull();
    CHECK(own.trailer.not_applied.size() == 2);
    for (const auto& [device, seq] : own.trailer.delivered)
        CHECK(device != world.laptop.id().hex());

    // The account comes, but not for this laptop; then it is enrolled there.
    REQUIRE(add_user(*world.store, {"wang", Role::staff, {}, false}));
    CHECK(world.laptop.pull().trailer.not_applied.at(0).code == "not_allowed");
    CHECK(slug_of(world.laptop.enrol_with(world.code_for("wang"))) == "ok");
    CHECK(world.laptop.pull().trailer.not_applied.empty());
    const PullAnswer released = reader.pull();
    REQUIRE(released.changesets.size() == 2);
    CHECK(released.changesets[0].signed_changeset.bytes == world.laptop.chain[0].bytes);
    CHECK(released.changesets[1].signed_changeset.bytes == world.laptop.chain[1].bytes);
    CHECK(world.counts().parked == 0);
    CHECK(world.counts().held == 0);
}

TEST_CASE("what was held is judged when it is released, on the areas of that moment") {
    ParkWorld world;
    const Changeset site = world.laptop.next(world.record("511921"));
    world.laptop.chain.push_back(world.laptop.sign(site));
    Written edit{"enterprise", site.records[0].id, {{"name", "y"}}, {}, 1, {}};
    edit.parents = {world.laptop.ref(1)};
    edit.supersedes = {{world.laptop.id(), 1, 0}};
    world.limited.write(edit);
    CHECK(world.limited.push_all().not_applied.at(0).standing == "held");
    CHECK(world.laptop.push_all().not_applied.empty());
    const auto waiting = world.store->log().waiting_of(world.limited.id());
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].standing == Standing::parked);
    CHECK(waiting[0].reason.code == "not_allowed");
    CHECK(world.counts().held == 0);
    REQUIRE(change_user(*world.store, "li", std::nullopt, {{"511923", "511921"}}));
    CHECK(world.store->log().waiting_of(world.limited.id()).empty());
}

TEST_CASE("a disabled account's changesets wait until it is brought back") {
    ParkWorld world;
    RawLaptop reader(world, "li");
    reader.enrol();
    REQUIRE(disable_user(*world.store, "zhang"));
    world.laptop.write(world.record());
    const PushAnswer answer = world.laptop.push_all();
    REQUIRE(answer.not_applied.size() == 1);
    CHECK(answer.not_applied[0].code == "not_allowed");
    CHECK(slug_of(world.laptop.ask_pull(0, 0)) == "not_allowed");
    REQUIRE(add_user(*world.store, {"zhang", Role::staff, {}, false}));
    CHECK(reader.pull().changesets.size() == 1);
}

TEST_CASE("a revoked device's changesets that another one brings are parked") {
    ParkWorld world;
    world.laptop.write(world.record());
    REQUIRE(revoke_device(*world.store, world.laptop.id()));
    const Response response = world.limited.push(world.laptop.chain);
    REQUIRE(slug_of(response) == "ok");
    CHECK(world.counts().parked == 1);
    const auto waiting = world.store->log().waiting_of(world.laptop.id());
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].reason.code == "device_revoked");
}

TEST_CASE("areas of records that the same batch brings or moves") {
    ParkWorld world;
    const Written far = world.record("511921");
    const Written report{"enterprise_report",
                         world.env.new_uuid(),
                         {{"enterprise", Value(far.record.text())}, {"report_month", "2008-05"}},
                         {},
                         1,
                         {}};
    SUBCASE("a record refers to one that lies elsewhere") {
        world.laptop.write(far);
        world.laptop.push_all();
        world.limited.write(report);
        CHECK(world.limited.push_all().not_applied.size() == 1);
    }
    SUBCASE("... and comes with it") {
        world.limited.write(far);
        world.limited.write(report);
        // The enterprise is parked, so the report has no place yet.
        CHECK(world.limited.push_all().not_applied.size() == 1);
    }
    SUBCASE("... and comes with it, brought along from somebody who may") {
        world.laptop.write(far);
        world.limited.write(report);
        const auto answer = decode_push_answer(
            world.limited.push({world.laptop.chain[0], world.limited.chain[0]}).body);
        REQUIRE(answer);
        CHECK(answer->not_applied.size() == 1);
    }
    SUBCASE("a record moves out of the own area within one batch") {
        const Written near = world.record("511923");
        world.limited.write(near);
        Written moved{"enterprise", near.record, {{"division", "511921"}}, {}, 1, {}};
        moved.parents = {world.limited.ref(1)};
        moved.supersedes = {{world.limited.id(), 1, 1}};
        world.limited.write(moved);
        const auto answer = world.limited.push_all();
        REQUIRE(answer.not_applied.size() == 1);
        CHECK(answer.not_applied[0].seq == 2);
        CHECK(answer.not_applied[0].code == "not_allowed");
    }
}

}  // namespace zf::testing
