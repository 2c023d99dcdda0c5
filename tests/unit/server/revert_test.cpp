#include "server/revert.h"

#include <doctest/doctest.h>

#include <sstream>

#include "common/merge/record_view.h"
#include "common/store/arrival.h"
#include "server/commands.h"
#include "server/review.h"
#include "server/verify.h"
#include "tests/unit/server/api_world.h"

namespace zf::testing {

namespace {

struct RevertedWorld : ApiWorld {
    RevertedWorld() {
        put_staff("zhang");
        put_staff("li");
        put_user({"chief", Role::leader, {}, false});
        put_user({"far", Role::section_head, {"511923"}, false});
        laptop.enrol();
        other.enrol();
        placed = enterprise(*this, "placed", "511921");
        other.write(placed);
        other.push_all();
        Written edit{"enterprise", placed.record, {{"name", "wrong"}}, {other.ref(1)}, 1, {}};
        edit.supersedes = {{other.id(), 1, 0}};
        laptop.write(edit);
        begun = enterprise(*this, "begun");
        laptop.write(begun);
        laptop.push_all();
    }
    RawLaptop laptop{*this, "zhang"}, other{*this, "li"};
    Written placed, begun;

    Result<RevertOutcome> revert(const std::string& by = "chief", bool rehearse = false,
                                 std::int64_t since = 1) {
        return revert_device(*store, laptop.id(), since, {by, "lent to a stranger", rehearse});
    }
    static std::string slug(const Result<RevertOutcome>& outcome) {
        return outcome ? "ok" : std::string(facts_of(outcome.error().code).slug);
    }
    RecordDoc doc(const Written& written) {
        const auto held = store->lock();
        return *store->log().find_record(written.record);
    }
    std::string name_of_placed() {
        return *shown_value(nullptr, doc(placed).fields.at("name")).text();
    }
    Hash256 state() {
        const auto held = store->lock();
        return store->log().state();
    }
};

}  // namespace

TEST_CASE("one laptop's work is taken back by the server, once, and brought back") {
    RevertedWorld world;
    const auto before = world.counts().changesets;
    const auto outcome = world.revert();
    REQUIRE(outcome);
    CHECK(outcome->records == 2);
    CHECK(outcome->values == 2);
    CHECK(outcome->kept.empty());
    CHECK(outcome->waiting == 0);
    CHECK(outcome->voided == std::vector<Uuid>{world.begun.record});
    CHECK(outcome->batch == world.store->author().device().hex() + ":1-2");
    CHECK(world.name_of_placed() == "placed");
    const RecordDoc begun = world.doc(world.begun);
    CHECK(shown_void(begun));
    CHECK(begun.notes.at("_void_reason").value.text()->ends_with(": lent to a stranger"));
    CHECK(begun.updated.user == "chief");
    CHECK(world.counts().changesets == before + 2);

    const auto again = world.revert();
    REQUIRE(again);
    CHECK(again->batch.empty());
    CHECK(again->records == 0);
    CHECK(world.counts().changesets == before + 2);

    // Laptops take it over like a review.
    const PullAnswer answer = world.other.pull();
    std::vector<SignedChangeset> pulled;
    for (const auto& one : answer.changesets) pulled.push_back(one.signed_changeset);
    CHECK(authenticate(pulled,
                       [&](const DeviceId& id) { return world.store->bureau().find_key(id); }));

    const auto back = unrevert_batch(*world.store, outcome->batch, {"chief", {}, false});
    REQUIRE(back);
    CHECK(back->records == 2);
    CHECK(back->voided.empty());
    CHECK(world.name_of_placed() == "wrong");
    CHECK_FALSE(shown_void(world.doc(world.begun)));
    const auto once_more = unrevert_batch(*world.store, back->batch, {"chief", {}, false});
    REQUIRE(once_more);
    CHECK(world.name_of_placed() == "placed");
    CHECK(shown_void(world.doc(world.begun)));
    CHECK(verify_store(*world.store).findings.empty());
}

TEST_CASE("since a changeset; what others wrote on top is told; what waits is counted") {
    RevertedWorld world;
    Written edit{"enterprise", world.placed.record, {{"name", "right"}}, {}, 1, {}};
    edit.parents = {world.laptop.ref(1)};
    edit.supersedes = {{world.laptop.id(), 1, 0}};
    world.other.write(edit);
    world.other.push_all();
    const auto late = world.revert("chief", false, 3);
    REQUIRE(late);
    CHECK(late->records == 0);
    CHECK(late->kept.empty());
    Written waiting{"enterprise", world.placed.record, {{"name", "held"}}, {}, 1, {}};
    waiting.parents = {world.other.ref(7)};
    world.laptop.write(waiting);
    world.laptop.push_all();
    const auto outcome = world.revert();
    REQUIRE(outcome);
    CHECK(outcome->records == 1);
    CHECK(outcome->waiting == 1);
    REQUIRE(outcome->kept.size() == 1);
    CHECK(outcome->kept[0] == std::pair(world.placed.record, std::string("name")));
    CHECK(world.name_of_placed() == "right");
}

TEST_CASE("approved values stay as approved") {
    RevertedWorld world;
    Written donation{"donation",
                     world.env.new_uuid(),
                     {{"amount", "100"},
                      {"recipient", "the county's Red Cross"},
                      {"donated_on", "2008-05-16"},
                      {"kind", "staff"},
                      {"donor_group", "staff"},
                      {"_status", "submitted"}},
                     {},
                     1,
                     {}};
    world.other.write(donation);
    world.other.push_all();
    Written edit{"donation", donation.record, {{"amount", "900"}}, {world.other.ref(2)}, 1, {}};
    edit.supersedes = {{world.other.id(), 2, 0}};
    world.laptop.write(edit);
    world.laptop.push_all();
    const User chief{"chief", Role::leader, {}, false};
    REQUIRE(review_record(*world.store, chief, donation.record, ReviewKind::approved, {}));
    REQUIRE(world.revert());
    const RecordDoc doc = world.doc(donation);
    CHECK(shown_value(nullptr, doc.fields.at("amount")) == Value("100"));
    CHECK(approved_values(doc, nullptr).at("amount") == Value("900"));
    CHECK(has_pending_amendment(doc));
}

TEST_CASE("a rehearsal and what is refused write nothing") {
    RevertedWorld world;
    const Hash256 before = world.state();
    const auto rehearsed = world.revert("chief", true);
    REQUIRE(rehearsed);
    CHECK(rehearsed->records == 2);
    CHECK(world.slug(world.revert("nobody")) == "not_found");
    CHECK(world.slug(world.revert("zhang")) == "not_allowed");
    CHECK(world.slug(world.revert("admin")) == "not_allowed");
    CHECK(world.slug(world.revert("far")) == "not_allowed");
    CHECK(world.slug(revert_device(*world.store, world.store->author().device(), 1,
                                   {"chief", {}, false})) == "not_found");
    CHECK(world.state() == before);
    CHECK(world.counts().changesets == 3);

    REQUIRE(world.revert());
    const std::string server = world.store->author().device().hex();
    const std::pair<std::string, std::string> batches[] = {
        {"", "malformed"},
        {server, "malformed"},
        {server + ":1", "malformed"},
        {server + ":2-1", "malformed"},
        {server + ":0-1", "malformed"},
        {server + ":01-2", "malformed"},
        {server + ":1-2x", "malformed"},
        {server + ":1-99999999999999999999", "malformed"},
        {server + ":1-3", "not_found"},
        {world.laptop.id().hex() + ":1-2", "not_found"},
    };
    for (const auto& [batch, expected] : batches) {
        CAPTURE(batch);
        CHECK(world.slug(unrevert_batch(*world.store, batch, {"chief", {}, false})) == expected);
    }
    const User chief{"chief", Role::leader, {}, false};
    REQUIRE(review_record(*world.store, chief, world.placed.record, ReviewKind::returned, {}));
    CHECK(world.slug(unrevert_batch(*world.store, server + ":1-3", {"chief", {}, false})) ==
          "not_found");
}

TEST_CASE("device revert and unrevert as commands") {
    RevertedWorld world;
    std::ostringstream out, messages;
    const auto run = [&](std::vector<std::string> words) {
        words.insert(words.begin(), {"--data", world.data().string()});
        out.str({});
        messages.str({});
        return run_command(words, world.env, out, messages);
    };
    const std::string id = world.laptop.id().hex();
    CHECK(run({"device", "revert", id, "--since", "1"}) == 2);
    CHECK(run({"device", "revert", id, "--by", "chief"}) == 2);
    CHECK(run({"device", "revert", id, "--since", "0", "--by", "chief"}) == 2);
    CHECK(run({"device", "revert", id, "--since", "1x", "--by", "chief"}) == 2);
    CHECK(run({"device", "revert", "xy", "--since", "1", "--by", "chief"}) == 2);
    CHECK(run({"device", "unrevert", "x", "--by", "chief"}) == 1);
    REQUIRE(run({"device", "revert", id, "--since", "1", "--by", "chief", "--rehearse"}) == 0);
    CHECK(parse_json(out.str())->find("batch")->is_null());
    CHECK(*parse_json(out.str())->find("records") == Value(2));
    REQUIRE(run({"device", "revert", id, "--since", "1", "--by", "chief", "--reason", "x"}) == 0);
    CHECK(messages.str().find("not revoked") != std::string::npos);
    const Value answer = *parse_json(out.str());
    CHECK(answer.find("voided")->list()->size() == 1);
    REQUIRE(run({"device", "unrevert", *answer.find("batch")->text(), "--by", "chief"}) == 0);
    CHECK(*parse_json(out.str())->find("records") == Value(2));
}

}  // namespace zf::testing
