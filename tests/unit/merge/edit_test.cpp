// What a save writes, and what counts as a conflict: the cases of docs/data-model.md.
#include <doctest/doctest.h>

#include "tests/unit/merge/merge_world.h"

namespace zf::testing {
namespace {

std::vector<Conflict> conflicts(const World& world) {
    return find_conflicts(world.view_all(), &world.form());
}

Value shown(const World& world, const char* field) {
    const RecordDoc doc = world.view_all();
    const auto live = doc.fields.find(field);
    return live == doc.fields.end() ? Value() : shown_value(world.form().find(field), live->second);
}

Value row(const char* outlet, const char* id = nullptr) {
    Members members{{"outlet", outlet}};
    if (id) members.emplace_back("_row", id);
    return Value(std::move(members));
}

constexpr const char* row_a = "aaaaaaaa-0000-4000-8000-000000000001";

}  // namespace

TEST_CASE("a value equal to the shown one is not written, in canonical form") {
    World world;
    REQUIRE(world.edit(0, {}, {{"amount", "1.50"}, {"note", "x"}}));
    CHECK_FALSE(world.edit(0, {0}, {{"amount", "1.5"}}));
    CHECK_FALSE(world.edit(0, {0}, {{"note", "x"}, {"count", Value()}}));
    CHECK(world.edit(0, {0}, {{"note", ""}}));  // clearing writes null
    CHECK(shown(world, "note").is_null());
    CHECK(shown(world, "amount") == Value("1.5"));
}

TEST_CASE("two different values are a conflict, equal ones are none") {
    World differ;
    REQUIRE(differ.edit(0, {}, {{"count", 1}}));
    REQUIRE(differ.edit(0, {0}, {{"count", 35}}));
    REQUIRE(differ.edit(1, {0}, {{"count", 41}}));
    REQUIRE(conflicts(differ).size() == 1);
    CHECK(conflicts(differ)[0].field == "count");
    CHECK(conflicts(differ)[0].values.size() == 2);
    CHECK(shown(differ, "count") == Value(41));

    World equal;
    REQUIRE(equal.edit(0, {}, {{"amount", "2"}}));
    REQUIRE(equal.edit(0, {0}, {{"amount", "3.10"}}));
    REQUIRE(equal.edit(1, {0}, {{"amount", "3.1"}}));
    CHECK(conflicts(equal).empty());
    CHECK(equal.view_all().fields.at("amount").size() == 2);

    // Equal when read, whatever a program of another version wrote.
    World written;
    REQUIRE(written.edit(0, {}, {{"amount", "2"}}));
    for (const int device : {0, 1}) {
        PlannedEdit plan = written.planned({0}, {{"amount", "3.1"}});
        plan.ops.at(0).value = Value(device == 0 ? "3.10" : "3.1");
        REQUIRE(written.append(device, {0}, plan));
    }
    CHECK(conflicts(written).empty());
}

TEST_CASE("null against a value is a conflict") {
    World world;
    REQUIRE(world.edit(0, {}, {{"count", 1}}));
    REQUIRE(world.edit(0, {0}, {{"count", Value()}}));
    REQUIRE(world.edit(1, {0}, {{"count", 35}}));
    REQUIRE(conflicts(world).size() == 1);
    CHECK(conflicts(world)[0].values.size() == 2);
}

TEST_CASE("a chain on one side against one edit on the other is one conflict of two values") {
    World world;
    REQUIRE(world.edit(0, {}, {{"count", 1}}));
    REQUIRE(world.edit(0, {0}, {{"count", 2}}));
    REQUIRE(world.edit(0, {0, 1}, {{"count", 3}}));
    REQUIRE(world.edit(1, {0}, {{"count", 9}}));
    REQUIRE(conflicts(world).size() == 1);
    CHECK(conflicts(world)[0].values.size() == 2);
}

TEST_CASE("a set to another value than the shown one settles; resolve settles on the shown one") {
    World world;
    REQUIRE(world.edit(0, {}, {{"count", 1}}));
    REQUIRE(world.edit(0, {0}, {{"count", 35}}));
    REQUIRE(world.edit(1, {0}, {{"count", 41}}));
    World by_edit = world;
    CHECK_FALSE(by_edit.edit(0, {0, 1, 2}, {{"count", 41}}));
    CHECK(conflicts(by_edit).size() == 1);
    REQUIRE(by_edit.edit(0, {0, 1, 2}, {{"count", 38}}));
    CHECK(conflicts(by_edit).empty());
    World by_resolve = world;
    REQUIRE(by_resolve.resolve(0, {0, 1, 2}, {{"count", 41}}));
    CHECK(conflicts(by_resolve).empty());
    CHECK(shown(by_resolve, "count") == Value(41));
}

TEST_CASE("sets: add wins over a removal that did not see it, two adds show one, no conflicts") {
    World world;
    REQUIRE(world.edit(0, {}, {{"people", List{Value("a"), Value("b")}}}));
    REQUIRE(world.edit(0, {0}, {{"people", List{Value("b")}}}));  // removes a
    REQUIRE(world.edit(1, {0}, {{"people", List{Value("c"), Value("a"), Value("b")}}}));
    REQUIRE(world.edit(2, {0}, {{"people", List{Value("a"), Value("b"), Value("c")}}}));
    CHECK(shown(world, "people") == Value(List{Value("b"), Value("c")}));
    CHECK(conflicts(world).empty());
    // a removed and added again at the same time by somebody who saw it gone: it stays.
    World again;
    REQUIRE(again.edit(0, {}, {{"people", List{Value("a")}}}));
    REQUIRE(again.edit(0, {0}, {{"people", List{}}}));
    REQUIRE(again.edit(0, {0, 1}, {{"people", List{Value("a")}}}));
    REQUIRE(again.edit(1, {0}, {{"people", Value()}}));
    CHECK(shown(again, "people") == Value(List{Value("a")}));
    CHECK_FALSE(again.edit(0, {0, 1, 2}, {{"people", List{Value("a"), Value("a")}}}));
}

TEST_CASE("rows: equal rows of two people are two rows; matched as a multiset without ids") {
    World world;
    REQUIRE(world.edit(0, {}, {{"rows", List{row("x")}}}));
    REQUIRE(world.edit(1, {}, {{"rows", List{row("x")}}}));
    const Value both = shown(world, "rows");
    REQUIRE(both.list());
    CHECK(both.list()->size() == 2);
    CHECK_FALSE(world.edit(0, {0, 1}, {{"rows", List{row("x"), row("x")}}}));
    REQUIRE(world.edit(0, {0, 1}, {{"rows", List{row("x")}}}));
    CHECK(shown(world, "rows").list()->size() == 1);
}

TEST_CASE("rows: two versions of one row are a conflict of the repeat field") {
    World world;
    REQUIRE(world.edit(0, {}, {{"rows", List{row("x", row_a)}}}));
    REQUIRE(world.edit(0, {0}, {{"rows", List{row("y", row_a)}}}));
    REQUIRE(world.edit(1, {0}, {{"rows", List{row("z", row_a)}}}));
    REQUIRE(conflicts(world).size() == 1);
    CHECK(conflicts(world)[0].field == "rows");
    CHECK(conflicts(world)[0].values.size() == 2);
    CHECK(shown(world, "rows").list()->size() == 1);
    REQUIRE(world.resolve(1, {0, 1, 2}, {{"rows", List{row("z", row_a)}}}));
    CHECK(conflicts(world).empty());
}

TEST_CASE("void against an unseen edit is a conflict until somebody who saw both writes _void") {
    World world;
    REQUIRE(world.edit(0, {}, {{"count", 1}, {"note", "n"}}));
    REQUIRE(world.edit(0, {0}, {{"_void", true}, {"_void_reason", "double"}}));
    CHECK(conflicts(world).empty());
    REQUIRE(world.edit(1, {0}, {{"count", 4}}));
    REQUIRE(conflicts(world).size() == 1);
    CHECK(conflicts(world)[0].kind == ConflictKind::voiding);
    CHECK(shown_void(world.view_all()));
    World keeps = world;
    REQUIRE(keeps.resolve(2, {0, 1, 2}, {{"_void", true}}));
    CHECK(conflicts(keeps).empty());
    CHECK(shown_void(keeps.view_all()));
    World takes_back = world;
    REQUIRE(takes_back.resolve(2, {0, 1, 2}, {{"_void", false}}));
    CHECK(conflicts(takes_back).empty());
    CHECK_FALSE(shown_void(takes_back.view_all()));
    CHECK(shown(takes_back, "count") == Value(4));
}

TEST_CASE("what a void has not seen: null, an added element; a removal does not count") {
    const auto with_concurrent = [](const Members& entered) {
        World world;
        world.edit(0, {}, {{"count", 1}, {"people", List{Value("a")}}});
        world.edit(0, {0}, {{"_void", true}});
        world.edit(1, {0}, entered);
        return conflicts(world).size();
    };
    CHECK(with_concurrent({{"count", Value()}}) == 1);
    CHECK(with_concurrent({{"people", List{Value("a"), Value("b")}}}) == 1);
    CHECK(with_concurrent({{"people", List{}}}) == 0);
    CHECK(with_concurrent({{"_comments", "hello"}}) == 0);
}

TEST_CASE("a second voiding that saw the edit is no conflict; true against false is one") {
    World world;
    REQUIRE(world.edit(0, {}, {{"count", 1}}));
    REQUIRE(world.edit(0, {0}, {{"_void", true}}));
    REQUIRE(world.edit(1, {0}, {{"count", 4}}));
    REQUIRE(world.edit(1, {0, 2}, {{"_void", true}}));  // saw the edit, not the first voiding
    CHECK(conflicts(world).empty());
    REQUIRE(world.edit(0, {0, 1}, {{"_void", false}}));
    REQUIRE(conflicts(world).size() == 1);
    CHECK(conflicts(world)[0].kind == ConflictKind::voiding);
}

TEST_CASE("a voided record refuses everything but writing _void") {
    World world;
    REQUIRE(world.edit(0, {}, {{"count", 1}}));
    REQUIRE(world.edit(0, {0}, {{"_void", true}}));
    const RecordDoc doc = world.view_all();
    const NewUuid none = [] { return Uuid{}; };
    for (const Members& entered : {Members{{"count", 2}}, Members{{"_alias_of", Value()}},
                                   Members{{"_void", false}, {"count", 2}}}) {
        const auto plan = plan_edit(world.catalog(), world.form(), doc, entered, none);
        REQUIRE_FALSE(plan.has_value());
        CHECK(plan.error().code == ErrorCode::voided);
    }
    CHECK(plan_edit(world.catalog(), world.form(), doc, {{"_void", false}}, none).has_value());
    // Found by a generated case: a decision on the voiding may give its reason.
    const Members with_reason{{"_void", true}, {"_amend_reason", "letter"}};
    CHECK(plan_resolve(world.catalog(), world.form(), doc, with_reason, none).has_value());
}

TEST_CASE("status follows the newest review that saw all live values") {
    World world;
    REQUIRE(world.edit(0, {}, {{"count", 1}}));
    CHECK(status_of(world.view_all(), false) == Status::saved);
    REQUIRE(world.submit(0, {0}));
    CHECK(status_of(world.view_all(), false) == Status::submitted);
    CHECK(status_of(world.view_all(), true) == Status::saved);
    REQUIRE(world.review(2, {0, 1}, ReviewKind::checked));
    CHECK(status_of(world.view_all(), false) == Status::checked);
    REQUIRE(world.review(2, {0, 1, 2}, ReviewKind::approved));
    CHECK(status_of(world.view_all(), false) == Status::approved);
    REQUIRE(world.edit(0, {0, 1, 2, 3}, {{"count", 2}}));
    CHECK(status_of(world.view_all(), false) == Status::submitted);
    CHECK(has_pending_amendment(world.view_all()));
    REQUIRE(world.review(2, {0, 1, 2, 3, 4}, ReviewKind::returned));
    CHECK(status_of(world.view_all(), false) == Status::returned);
    const RecordDoc doc = world.view_all();
    CHECK(approved_values(doc, &world.form()).at("count") == Value(1));
}

TEST_CASE("entered values: what is refused names the field") {
    World world;
    const NewUuid none = [] { return Uuid{}; };
    struct Case {
        Members entered;
        ErrorCode code;
        const char* where;
    };
    const std::vector<Case> cases{
        {{{"nowhere", 1}}, ErrorCode::unknown_field, "nowhere"},
        {{{"_status", "approved"}}, ErrorCode::unknown_field, "_status"},
        {{{"count", "12"}}, ErrorCode::wrong_type, "count"},
        {{{"amount", OddNumber{"1.5"}}}, ErrorCode::wrong_type, "amount"},
        {{{"amount", "1.23456"}}, ErrorCode::wrong_type, "amount"},
        {{{"_void", "yes"}}, ErrorCode::wrong_type, "_void"},
        {{{"_alias_of", "nobody"}}, ErrorCode::wrong_type, "_alias_of"},
        {{{"note", std::string(70000, 'x')}}, ErrorCode::too_large, "note"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.where);
        const auto plan = plan_create(world.catalog(), world.form(), c.entered, none);
        REQUIRE_FALSE(plan.has_value());
        CHECK(plan.error().code == c.code);
        CHECK(plan.error().where == c.where);
        CHECK_FALSE(plan.error().message.empty());
    }
}

}  // namespace zf::testing
