// What taking back does to one record, case by case (docs/data-model.md).
#include <doctest/doctest.h>

#include "tests/unit/merge/revert_world.h"

namespace zf::testing {
namespace {

using Texts = std::vector<std::string>;
constexpr const char* row_a = "aaaaaaaa-0000-4000-8000-000000000001";
constexpr const char* row_b = "aaaaaaaa-0000-4000-8000-000000000002";

Value row(const char* id, const char* outlet) {
    return Value(Members{{"_row", id}, {"outlet", outlet}});
}
List list(std::vector<Value> values) {
    return values;
}

}  // namespace

TEST_CASE("a value that still stands gives way to what stood before it, or to null") {
    RevertWorld world;
    REQUIRE(world.edit(1, {}, {{"count", 1}, {"amount", "2"}}));
    REQUIRE(world.edit(0, {0}, {{"count", 7}, {"note", "x"}}));
    REQUIRE(world.edit(0, {0, 1}, {{"count", 8}, {"amount", Value()}}));
    const PlannedRevert plan = world.revert(0, 1);
    CHECK(plan.edit.changed == Texts{"amount", "count", "note"});
    CHECK(plan.edit.ops.back().field == field_amend_reason);
    CHECK(plan.kept.empty());
    CHECK_FALSE(plan.voids);
    CHECK(world.shown("count") == Value(1));
    CHECK(world.shown("amount") == Value("2"));
    CHECK(world.shown("note").is_null());
    CHECK(world.view_all().fields.at("note").size() == 1);
    CHECK(world.conflicts().empty());
    CHECK(world.revert(0, 1).edit.ops.empty());

    REQUIRE_FALSE(world.unrevert().edit.ops.empty());
    CHECK(world.shown("count") == Value(8));
    CHECK(world.shown("amount").is_null());
    CHECK(world.shown("note") == Value("x"));
}

TEST_CASE("only what was written from the given changeset on; a wider one later takes the rest") {
    RevertWorld world;
    REQUIRE(world.edit(1, {}, {{"count", 1}}));
    REQUIRE(world.edit(0, {0}, {{"count", 7}, {"people", list({"a"})}}));
    REQUIRE(world.edit(0, {0, 1}, {{"count", 8}, {"people", List{}}}));
    world.revert(0, 2);
    CHECK(world.shown("count") == Value(7));
    CHECK(world.shown("people") == Value(list({"a"})));
    world.revert(0, 1);
    CHECK(world.shown("count") == Value(1));
    CHECK(world.shown("people").is_null());
    CHECK(world.revert(0, 1).edit.ops.empty());
    CHECK(world.revert(0, 2).edit.ops.empty());
}

TEST_CASE("what others wrote on top stays and is told") {
    RevertWorld world;
    REQUIRE(world.edit(1, {}, {{"count", 1}, {"note", "old"}}));
    REQUIRE(world.edit(0, {0}, {{"count", 7}, {"note", "x"}}));
    REQUIRE(world.edit(2, {0, 1}, {{"count", 9}}));
    const PlannedRevert plan = world.revert(0, 1);
    CHECK(plan.edit.changed == Texts{"note"});
    CHECK(plan.kept == Texts{"count"});
    CHECK(world.shown("count") == Value(9));
    CHECK(world.shown("note") == Value("old"));
    CHECK(world.conflicts().empty());
}

TEST_CASE("a conflict that it was one side of ends, one that it had settled stands again") {
    RevertWorld side;
    REQUIRE(side.edit(1, {}, {{"count", 1}}));
    REQUIRE(side.edit(0, {0}, {{"count", 7}}));
    REQUIRE(side.edit(2, {0}, {{"count", 9}}));
    side.revert(0, 1);
    CHECK(side.conflicts().empty());
    CHECK(side.shown("count") == Value(9));
    CHECK(side.view_all().fields.at("count").size() == 1);
    side.unrevert();
    CHECK(side.conflicts().size() == 1);
    CHECK(side.shown("count") == Value(9));

    RevertWorld settled;
    REQUIRE(settled.edit(1, {}, {{"count", 1}}));
    REQUIRE(settled.edit(1, {0}, {{"count", 7}}));
    REQUIRE(settled.edit(2, {0}, {{"count", 9}}));
    REQUIRE(settled.edit(0, {0, 1, 2}, {{"count", 8}}));
    settled.revert(0, 1);
    REQUIRE(settled.conflicts().size() == 1);
    CHECK(settled.conflicts()[0].values.size() == 2);
    CHECK(settled.shown("count") == Value(9));
    settled.unrevert();
    CHECK(settled.conflicts().empty());
    CHECK(settled.shown("count") == Value(8));
}

TEST_CASE("elements of a set: added ones go, removed ones come back") {
    for (const bool knows_form : {true, false}) {
        CAPTURE(knows_form);
        RevertWorld world;
        REQUIRE(world.edit(1, {}, {{"people", list({"a", "b"})}}));
        REQUIRE(world.edit(0, {0}, {{"people", list({"b", "c", "d"})}}));
        REQUIRE(world.edit(2, {0}, {{"people", list({"a", "b", "d"})}}));
        world.revert(0, 1, knows_form);
        CHECK(world.shown("people") == Value(list({"a", "b", "d"})));
        CHECK(world.revert(0, 1, knows_form).edit.ops.empty());
        world.unrevert();
        CHECK(world.shown("people") == Value(list({"b", "c", "d"})));
    }
}

TEST_CASE("rows: changed, added, removed; one that somebody else changed since is kept") {
    RevertWorld world;
    REQUIRE(world.edit(1, {}, {{"rows", list({row(row_a, "one"), row(row_b, "two")})}}));
    REQUIRE(world.edit(0, {0}, {{"rows", list({row(row_a, "1"), Members{{"outlet", "new"}}})}}));
    RevertWorld on_top = world;
    world.revert(0, 1);
    CHECK(world.shown("rows") == Value(list({row(row_a, "one"), row(row_b, "two")})));
    CHECK(world.conflicts().empty());
    world.unrevert();
    CHECK(world.shown("rows").list()->size() == 2);
    CHECK(world.shown("rows").list()->back() == row(row_a, "1"));

    const List now = *on_top.shown("rows").list();
    REQUIRE(on_top.edit(2, {0, 1}, {{"rows", list({row(row_a, "third"), now.front()})}}));
    CHECK(on_top.revert(0, 1).kept == Texts{"rows"});
    CHECK(on_top.shown("rows") == Value(list({row(row_a, "third"), row(row_b, "two")})));
    CHECK(on_top.conflicts().empty());
}

TEST_CASE("a record that it began is voided, unless somebody else wrote data to it") {
    RevertWorld alone;
    REQUIRE(alone.edit(0, {}, {{"count", 1}}));
    REQUIRE(alone.submit(0, {0}));
    REQUIRE(alone.review(2, {0, 1}, ReviewKind::approved));
    const PlannedRevert plan = alone.revert(0, 1);
    CHECK(plan.voids);
    CHECK(plan.edit.ops.back().field == field_void_reason);
    CHECK(shown_void(alone.view_all()));
    CHECK(alone.conflicts().empty());
    CHECK(alone.shown("count") == Value(1));
    CHECK(alone.view_all().approved.at("count").front().value == Value(1));
    CHECK(alone.revert(0, 1).edit.ops.empty());
    alone.unrevert();
    CHECK_FALSE(shown_void(alone.view_all()));
    CHECK(alone.conflicts().empty());

    RevertWorld shared;
    REQUIRE(shared.edit(0, {}, {{"count", 1}, {"note", "x"}}));
    REQUIRE(shared.edit(1, {0}, {{"count", 2}}));
    const PlannedRevert other = shared.revert(0, 1);
    CHECK_FALSE(other.voids);
    CHECK(other.kept == Texts{"count"});
    CHECK(shared.shown("count") == Value(2));
    CHECK(shared.shown("note").is_null());
}

TEST_CASE("voiding and joining go back to what they were") {
    const std::string target = record_number(5).text();
    RevertWorld world;
    REQUIRE(world.edit(1, {}, {{"count", 1}}));
    REQUIRE(world.edit(0, {0}, {{"_alias_of", Value(target)}}));
    REQUIRE(world.edit(0, {0, 1}, {{"_void", true}}));
    world.revert(0, 1);
    CHECK_FALSE(shown_void(world.view_all()));
    CHECK_FALSE(shown_alias(world.view_all()));
    CHECK(world.conflicts().empty());
    world.unrevert();
    CHECK(shown_void(world.view_all()));
    CHECK(shown_alias(world.view_all()) == record_number(5));
    CHECK(world.conflicts().empty());
}

TEST_CASE("a voiding that comes back, or stands, takes in what is written beneath it") {
    RevertWorld lifted;
    REQUIRE(lifted.edit(1, {}, {{"count", 1}}));
    REQUIRE(lifted.edit(1, {0}, {{"_void", true}}));
    REQUIRE(lifted.edit(0, {0, 1}, {{"_void", false}}));
    REQUIRE(lifted.edit(0, {0, 1, 2}, {{"count", 5}, {"note", "x"}}));
    lifted.revert(0, 1);
    CHECK(shown_void(lifted.view_all()));
    CHECK(lifted.shown("count") == Value(1));
    CHECK(lifted.conflicts().empty());
    lifted.unrevert();
    CHECK_FALSE(shown_void(lifted.view_all()));
    CHECK(lifted.shown("count") == Value(5));
    CHECK(lifted.conflicts().empty());

    RevertWorld standing;
    REQUIRE(standing.edit(1, {}, {{"count", 1}}));
    REQUIRE(standing.edit(0, {0}, {{"count", 5}}));
    REQUIRE(standing.edit(1, {0, 1}, {{"_void", true}}));
    standing.revert(0, 1);
    CHECK(shown_void(standing.view_all()));
    CHECK(standing.shown("count") == Value(1));
    CHECK(standing.conflicts().empty());
    standing.unrevert();
    CHECK(standing.shown("count") == Value(5));
    CHECK(standing.conflicts().empty());

    // A voiding that had not seen a write does not see it in its new place either.
    RevertWorld unseen;
    REQUIRE(unseen.edit(1, {}, {{"count", 1}}));
    REQUIRE(unseen.edit(1, {0}, {{"_void", true}}));
    REQUIRE(unseen.edit(2, {0}, {{"count", 3}}));
    REQUIRE(unseen.edit(0, {0, 1, 2}, {{"_void", false}}));
    CHECK(unseen.conflicts().empty());
    unseen.revert(0, 1);
    REQUIRE(unseen.conflicts().size() == 1);
    CHECK(unseen.conflicts()[0].kind == ConflictKind::voiding);
}

TEST_CASE("a value equal to the one before it is left alone, and so are reviews and intents") {
    RevertWorld world;
    REQUIRE(world.edit(1, {}, {{"amount", "1.5"}}));
    REQUIRE(world.resolve(0, {0}, {{"amount", "1.50"}}));
    REQUIRE(world.submit(0, {0, 1}));
    REQUIRE(world.review(2, {0, 1, 2}, ReviewKind::approved));
    CHECK(world.revert(0, 1).edit.ops.empty());
    CHECK(status_of(world.view_all(), false) == Status::approved);
}

}  // namespace zf::testing
