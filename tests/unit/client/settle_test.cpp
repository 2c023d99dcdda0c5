// Two laptops that did not know of each other: conflicts, settling, voids, joins, amendments.
#include "tests/unit/client/device_world.h"

using namespace zf;
using namespace zf::testing;

namespace {

struct World {
    TestBureau bureau;
    Laptop a{bureau, 41, {"ann"}};
    Laptop b{bureau, 42, {"bo"}};

    // Bo's clock leads, so that it is clear whose write is shown.
    World() { b.machine.set_now_ms(start_ms + 100'000); }

    /// A record that both hold.
    std::string shared(const std::string& form, const std::string& set) {
        const std::string id = a.create(form, set);
        exchange(a, b);
        return id;
    }
    /// Both have the same state in the end.
    void meet() {
        exchange(a, b);
        CHECK(a.store->log().state() == b.store->log().state());
    }
};

std::string on(const std::string& name, const std::string& record, const std::string& rest = "") {
    return R"({"do":")" + name + R"(","record":")" + record + '"' + rest + "}";
}

Value conflicts(Laptop& laptop) {
    return *laptop.done(R"({"do":"conflicts"})").find("conflicts");
}

/// "field kind value|value; ..." of all conflicts.
std::string told(const Value& list) {
    std::string text;
    for (const Value& conflict : *list.list()) {
        std::string values;
        for (const Value& value : *conflict.find("values")->list()) {
            values += (values.empty() ? "" : "|") + part(value, {"value"});
        }
        text += (text.empty() ? "" : "; ") + text_part(conflict, {"field"}) + " " +
                text_part(conflict, {"kind"}) + " " + values;
    }
    return text;
}

}  // namespace

TEST_CASE("a value conflict is shown with both authors and settled by value or pick") {
    for (const bool picks : {false, true}) {
        World world;
        const std::string visit = world.shared("visit", R"({"households":30})");
        world.a.edit(visit, R"({"households":35})");
        world.b.edit(visit, R"({"households":40})");
        world.b.edit(visit, R"({"households":41})");
        world.meet();
        const Value list = conflicts(world.a);
        CHECK(told(list) == "households value 41|35");
        CHECK(told(*world.b.get(visit).find("conflicts")) == "households value 41|35");
        CHECK(part(world.a.done(R"({"do":"status"})"), {"conflicts"}) == "1");
        const Value& mine = (*list.list()->front().find("values")->list())[1];
        CHECK(text_part(list, {"0", "form"}) == "visit");
        CHECK(text_part(list, {"0", "record"}) == visit);
        CHECK(text_part(mine, {"user"}) == "ann");
        CHECK(text_part(mine, {"device"}) == world.a.store->device().hex());
        CHECK(text_part(mine, {"at"}).starts_with("2008-05-12T16:00:0"));
        if (picks) {
            world.b.done(
                on("resolve", visit,
                   R"(,"field":"households","pick":")" + text_part(mine, {"version"}) + '"'));
        } else {
            world.b.done(on("resolve", visit, R"(,"field":"households","value":35)"));
        }
        world.meet();
        CHECK(told(conflicts(world.a)) == "");
        CHECK(world.a.value(visit, "households") == "35");
    }
}

TEST_CASE("resolve writes even what is shown, an ordinary edit to another value settles too") {
    World world;
    const std::string visit = world.shared("visit", R"({"households":30,"note":"n"})");
    world.a.edit(visit, R"({"households":35,"note":"a"})");
    world.b.edit(visit, R"({"households":41,"note":null})");
    world.meet();
    CHECK(told(conflicts(world.a)) == "households value 41|35; note value null|\"a\"");
    CHECK(world.a.edit(visit, R"({"households":41})") == "[]");
    CHECK(world.a.edit(visit, R"({"note":"third"})") == R"(["note"])");
    CHECK(told(conflicts(world.a)) == "households value 41|35");
    world.a.done(on("resolve", visit, R"(,"field":"households","value":41)"));
    CHECK(told(conflicts(world.a)) == "");
    // With nothing to settle it still writes.
    const auto before = world.a.changesets();
    world.a.done(on("resolve", visit, R"(,"field":"households","value":41)"));
    CHECK(world.a.changesets() == before + 1);
    CHECK(world.a.refused(on("resolve", visit, R"(,"field":"households","value":"41")")) ==
          "wrong_type households");
}

TEST_CASE("sets do not conflict: add wins") {
    World world;
    const std::string visit = world.shared("visit", R"({"helpers":["x","y"]})");
    world.a.edit(visit, R"({"helpers":["y"]})");
    world.b.edit(visit, R"({"helpers":["x","y","z"]})");
    world.meet();
    CHECK(world.a.value(visit, "helpers") == R"(["y","z"])");
    world.a.edit(visit, R"({"helpers":["y","z","q"]})");
    world.b.edit(visit, R"({"helpers":["z","y","q"]})");
    world.meet();
    CHECK(world.a.value(visit, "helpers") == R"(["q","y","z"])");
    CHECK(told(conflicts(world.a)) == "");
    const std::string version = text_part(
        world.a.done(on("history", visit, R"(,"field":"helpers")")), {"history", "1", "version"});
    CHECK(world.a.refused(on("resolve", visit, R"(,"field":"helpers","pick":")" + version + '"')) ==
          "no_conflict field");
}

TEST_CASE("two versions of a row conflict; picking one leaves other rows alone") {
    World world;
    const std::string visit = world.shared("visit", R"({"rows":[{"topic":"a"},{"topic":"b"}]})");
    const Value rows = *world.a.get(visit).find("values")->find("rows");
    const auto renamed = [&](const std::string& by) {
        std::string text;
        for (const Value& row : *rows.list()) {
            text += (text.empty() ? "" : ",") + std::string(R"({"_row":)") + part(row, {"_row"}) +
                    R"(,"topic":")" + text_part(row, {"topic"}) + by + R"("})";
        }
        return R"({"rows":[)" + text + "]}";
    };
    world.a.edit(visit, renamed("1"));
    world.b.edit(visit, renamed("2"));
    world.meet();
    const Value list = conflicts(world.a);
    REQUIRE(list.list()->size() == 1);
    const Value& values = *list.list()->front().find("values");
    REQUIRE(values.list()->size() == 4);
    std::string version, row;
    for (const Value& value : *values.list()) {
        if (text_part(value, {"value", "topic"}) != "a1") continue;
        version = text_part(value, {"version"});
        row = text_part(value, {"value", "_row"});
    }
    world.a.done(on("resolve", visit, R"(,"field":"rows","pick":")" + version + '"'));
    const Value left = conflicts(world.a);
    REQUIRE(left.list()->size() == 1);
    const Value& other_row = *left.list()->front().find("values");
    CHECK(other_row.list()->size() == 2);
    const Value now = *world.a.get(visit).find("values")->find("rows");
    for (const Value& shown : *now.list()) {
        const bool picked = text_part(shown, {"_row"}) == row;
        CHECK((text_part(shown, {"topic"}) == "a1") == picked);
    }
    world.a.done(on("void", visit, R"(,"reason":"r")"));
    CHECK(world.a.refused(on("resolve", visit,
                             R"(,"field":"rows","pick":")" +
                                 text_part(other_row, {"0", "version"}) + '"')) == "voided record");
}

TEST_CASE("a void against an edit is a conflict of its own kind") {
    World world;
    const std::string shop = world.shared("shop", R"({"name":"a"})");
    world.a.done(on("void", shop, R"(,"reason":"closed")"));
    CHECK(part(world.a.get(shop), {"values", "_void"}) == "true");
    world.b.edit(shop, R"({"name":"b"})");
    world.meet();
    const Value list = conflicts(world.b);
    REQUIRE(list.list()->size() == 1);
    CHECK(text_part(list, {"0", "field"}) == "_void");
    CHECK(text_part(list, {"0", "kind"}) == "void");
    CHECK(world.b.refused(on("edit", shop, R"(,"set":{"name":"c"})")) == "voided name");
    SUBCASE("settled by un-voiding") {
        world.b.done(on("resolve", shop, R"(,"field":"_void","value":false)"));
        world.meet();
        CHECK(part(world.a.get(shop), {"values", "_void"}) == "false");
        CHECK(world.a.value(shop, "name") == R"("b")");
    }
    SUBCASE("settled by voiding again") {
        world.b.done(on("resolve", shop, R"(,"field":"_void","value":true)"));
        world.meet();
        CHECK(part(world.a.get(shop), {"values", "_void"}) == "true");
    }
    CHECK(told(conflicts(world.a)) == "");
}

TEST_CASE("un-voiding works without a conflict, by resolve and by edit") {
    World world;
    const std::string shop = world.a.create("shop", R"({"name":"a"})");
    for (const std::string back : {R"({"do":"resolve","record":"@","field":"_void","value":false})",
                                   R"({"do":"edit","record":"@","set":{"_void":false}})"}) {
        world.a.done(on("void", shop, R"(,"reason":"closed")"));
        CHECK(world.a.refused(on("edit", shop, R"(,"set":{"name":"b"})")) == "voided name");
        std::string command = back;
        world.a.done(command.replace(command.find('@'), 1, shop));
        CHECK(part(world.a.get(shop), {"values", "_void"}) == "false");
        CHECK(world.a.edit(shop, R"({"code":"1"})") == R"(["code"])");
        world.a.edit(shop, R"({"code":null})");
    }
    // Voiding twice writes nothing but once.
    world.a.done(on("void", shop, R"(,"reason":"closed")"));
    const auto before = world.a.changesets();
    CHECK(part(world.a.done(on("void", shop, R"(,"reason":"closed")")), {"changed"}) == "[]");
    CHECK(world.a.changesets() == before);
}

TEST_CASE("joins are shown, taken back, and conflict when they differ or go round") {
    World world;
    const std::string x = world.shared("shop", R"({"name":"x"})");
    const std::string y = world.shared("shop", R"({"name":"y"})");
    const std::string z = world.shared("shop", R"({"name":"z"})");
    world.a.done(on("join", x, R"(,"into":")" + y + '"'));
    CHECK(part(world.a.get(x), {"values"}) == R"({"_alias_of":")" + y + R"(","name":"x"})");
    CHECK(part(world.a.get(y), {"values"}) == R"({"name":"y"})");
    world.a.done(on("unjoin", x));
    CHECK(part(world.a.get(x), {"values"}) == R"({"name":"x"})");
    CHECK(part(world.a.done(on("unjoin", x)), {"changed"}) == "[]");
    world.meet();
    world.a.done(on("join", x, R"(,"into":")" + y + '"'));
    world.b.done(on("join", x, R"(,"into":")" + z + '"'));
    world.meet();
    const Value list = conflicts(world.a);
    REQUIRE(list.list()->size() == 1);
    CHECK(text_part(list, {"0", "field"}) == "_alias_of");
    CHECK(text_part(list, {"0", "kind"}) == "value");
    world.a.done(on("resolve", x,
                    R"(,"field":"_alias_of","pick":")" +
                        text_part(list, {"0", "values", "1", "version"}) + '"'));
    CHECK(told(conflicts(world.a)) == "");
    CHECK(part(world.a.get(x), {"values", "_alias_of"}) == '"' + y + '"');
    world.a.done(on("join", y, R"(,"into":")" + x + '"'));
    std::string kinds;
    const Value circle = conflicts(world.a);
    for (const Value& conflict : *circle.list()) {
        kinds += text_part(conflict, {"kind"}) + " ";
    }
    CHECK(kinds == "alias alias ");
    // A target that is not here yet is stored as given.
    world.a.done(on("join", z, R"(,"into":"0193a1b2-4c5d-7e6f-8a9b-0c1d2e3f4a5b")"));
}

TEST_CASE("edits that are right by themselves may break a rule together") {
    World world;
    const std::string visit = world.shared("visit", R"({"day":"2008-05-10","until":"2008-05-20"})");
    world.a.edit(visit, R"({"day":"2008-05-18"})");
    world.b.edit(visit, R"({"until":"2008-05-12"})");
    world.meet();
    const Value list = conflicts(world.a);
    REQUIRE(list.list()->size() == 1);
    CHECK(text_part(list, {"0", "kind"}) == "rule");
    CHECK(text_part(list, {"0", "field"}) == "ends_after");
    world.a.edit(visit, R"({"until":"2008-05-19"})");
    CHECK(told(conflicts(world.a)) == "");
}

TEST_CASE("an amendment of an approved record should give its reason") {
    World world;
    const std::string shop = world.a.create("shop", R"({"name":"a"})");
    world.a.done(on("submit", shop));
    const auto edit = [&](const std::string& set) {
        return issues_in(world.a.done(on("edit", shop, R"(,"set":)" + set)));
    };
    CHECK(edit(R"({"name":"b"})") == "");
    world.a.review(shop, ReviewKind::approved);
    CHECK(text_part(world.a.get(shop), {"status"}) == "approved");
    CHECK(edit(R"({"name":"b"})") == "");  // nothing differs, nothing is amended
    CHECK(edit(R"({"_comments":"fine"})") == "");
    CHECK(text_part(world.a.get(shop), {"status"}) == "approved");
    CHECK(edit(R"({"name":"c"})") == "warning amendment_without_reason _amend_reason");
    CHECK(edit(R"({"name":"d","_amend_reason":""})") ==
          "warning amendment_without_reason _amend_reason");
    CHECK(edit(R"({"name":"e","_amend_reason":"licence seen"})") == "");
    CHECK(text_part(world.a.get(shop), {"status"}) == "submitted");
    CHECK(part(world.a.get(shop), {"pending_amendment"}) == "true");
    CHECK(text_part(world.a.get(shop), {"notes", "_amend_reason"}) == "licence seen");
    CHECK(issues_in(world.a.done(on("void", shop, R"(,"reason":"r")"))) ==
          "warning amendment_without_reason _amend_reason");
}

TEST_CASE("a replay sets the clock and the intent to submit for one command each") {
    World world;
    world.a.options.replay_clock = &world.a.env;
    const Value made =
        world.a.done(R"({"do":"create","form":"shop","set":{"code":"1"},"submit":true,)"
                     R"("at":"2008-01-02T03:04:05+08:00"})");
    CHECK(issues_in(made) == "error required name");
    const std::string shop = text_part(made, {"record"});
    CHECK(text_part(world.a.get(shop), {"created_at"}) == "2008-01-02T03:04:05+08:00");
    // The intent was written though an error stood; mending it submits the record.
    CHECK(text_part(world.a.get(shop), {"status"}) == "saved");
    CHECK(world.a.changesets() == 1);
    world.a.edit(shop, R"({"name":"a"})");
    CHECK(text_part(world.a.get(shop), {"status"}) == "submitted");
    CHECK(text_part(world.a.get(shop), {"updated_at"}).starts_with("2008-05-12"));
    CHECK(world.a.refused(on("get", shop, R"(,"at":"yesterday")")) == "wrong_type at");
    CHECK(world.a.refused(on("edit", shop, R"(,"set":{"name":"b"},"submit":"yes")")) ==
          "wrong_type submit");
}
