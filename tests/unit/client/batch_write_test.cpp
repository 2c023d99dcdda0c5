// What create and edit write: defaults, nulls, sets, rows, equality (data-model.md).
#include "tests/unit/client/device_world.h"

using namespace zf;
using namespace zf::testing;

namespace {

const std::string shop_id = "0193a1b2-4c5d-7e6f-8a9b-0c1d2e3f4a5b";

std::string command(const std::string& name, const std::string& rest) {
    return R"({"do":")" + name + R"(",)" + rest + "}";
}

std::string of(const std::string& record) {
    return R"("record":")" + record + '"';
}

}  // namespace

TEST_CASE("create writes what is given and the defaults of what is not named") {
    TestBureau bureau;
    Laptop laptop(bureau, 11);
    struct Row {
        std::string set;
        std::string field;
        std::string shown;  // "" : no value
    };
    const std::vector<Row> rows{
        {R"({"day":"2008-05-12"})", "day", R"("2008-05-12")"},
        {R"({"day":"2008-05-12"})", "level", R"("low")"},
        {R"({"day":"2008-05-12","level":null})", "level", ""},
        {R"({"day":"2008-05-12","level":"high"})", "level", R"("high")"},
        {R"({"day":"2008-05-12"})", "done", "false"},
        {R"({"day":"2008-05-12","done":null})", "done", ""},
        {R"({"day":"2008-05-12","note":""})", "note", ""},
        {R"({"day":"2008-05-12","levels":[]})", "levels", ""},
        {R"({"amount":"12.50"})", "amount", R"("12.5")"},
        {R"({"amount":"-0.00"})", "amount", R"("0")"},
        {R"({"amount":"12.5","extra":"0.25"})", "total", R"("12.75")"},
        {R"({"amount":"12.5"})", "total", ""},
        {R"({"time":"2008-05-12T06:28:04Z"})", "time", R"("2008-05-12T14:28:04+08:00")"},
        {R"({"levels":["high","low","high"]})", "levels", R"(["high","low"])"},
        {R"({"note":"full-width １２．５ stays"})", "note", R"("full-width １２．５ stays")"},
        {R"({"place":{"lat":"31.560","lon":"107.1"}})", "place",
         R"({"lat":"31.56","lon":"107.1"})"},
    };
    for (const Row& row : rows) {
        INFO(row.set);
        INFO(row.field);
        CHECK(laptop.value(laptop.create("visit", row.set), row.field) == row.shown);
    }
}

TEST_CASE("create echoes an id of one's own, and refuses one in use") {
    TestBureau bureau;
    Laptop laptop(bureau, 12);
    const std::string create =
        command("create", R"("form":"shop",)" + of(shop_id) + R"(,"set":{"name":"a"})");
    CHECK(text_part(laptop.done(create), {"record"}) == shop_id);
    CHECK(laptop.refused(create) == "record_exists record");
    CHECK(laptop.changesets() == 1);
    CHECK(laptop.value(shop_id, "name") == R"("a")");
}

TEST_CASE("a save is one changeset, and one without a difference is none") {
    TestBureau bureau;
    Laptop laptop(bureau, 13);
    const std::string visit = laptop.create(
        "visit", R"({"day":"2008-05-12","amount":"1.50","time":"2008-05-12T14:28:04+08:00",)"
                 R"("levels":["low","high"],"rows":[{"topic":"a","pct":"1.0"}],"note":"x"})");
    CHECK(laptop.changesets() == 1);
    for (const std::string same :
         {R"({"amount":"1.5"})", R"({"time":"2008-05-12T06:28:04Z"})",
          R"({"levels":["high","low"]})", R"({"rows":[{"pct":"1","topic":"a"}]})",
          R"({"note":"x","level":"low","done":false})", R"({"until":null})", R"({"helpers":[]})",
          R"({"month":""})", R"({})"}) {
        INFO(same);
        CHECK(laptop.edit(visit, same) == "[]");
        CHECK(laptop.changesets() == 1);
    }
    CHECK(laptop.edit(visit, R"({"amount":"1.51","note":"y","levels":["high"]})") ==
          R"(["amount","levels","note"])");
    CHECK(laptop.changesets() == 2);
}

TEST_CASE("null is a value, empty text is null") {
    TestBureau bureau;
    Laptop laptop(bureau, 14);
    const std::string visit = laptop.create("visit", R"({"day":"2008-05-12","note":"x"})");
    CHECK(laptop.edit(visit, R"({"note":""})") == R"(["note"])");
    CHECK(laptop.value(visit, "note") == "");
    CHECK(laptop.edit(visit, R"({"note":null})") == "[]");
    const Value history = laptop.done(command("history", of(visit) + R"(,"field":"note")"));
    CHECK(part(history, {"history", "1", "value"}) == "null");
    CHECK(part(history, {"history", "1", "superseded_by"}) == "null");
    CHECK(part(history, {"history", "0", "superseded_by"}) ==
          part(history, {"history", "1", "version"}));
}

TEST_CASE("sets are written element by element") {
    TestBureau bureau;
    Laptop laptop(bureau, 15);
    const std::string visit = laptop.create("visit", R"({"helpers":["bo","ann"]})");
    laptop.edit(visit, R"({"helpers":["ann","cy"]})");
    CHECK(laptop.value(visit, "helpers") == R"(["ann","cy"])");
    const Value history = laptop.done(command("history", of(visit) + R"(,"field":"helpers")"));
    REQUIRE(history.find("history")->list()->size() == 4);
    CHECK(part(history, {"history", "2", "removed"}) == "true");
    CHECK(part(history, {"history", "3", "value"}) == R"("cy")");
    laptop.edit(visit, R"({"helpers":[]})");
    CHECK(laptop.value(visit, "helpers") == "");
}

TEST_CASE("rows are known by _row, and by their content where it is left out") {
    TestBureau bureau;
    Laptop laptop(bureau, 16);
    const std::string visit =
        laptop.create("visit", R"({"rows":[{"topic":"a"},{"topic":"a"},{"topic":"b"}]})");
    const auto rows = [&] { return *laptop.get(visit).find("values")->find("rows"); };
    Value shown = rows();
    REQUIRE(shown.list()->size() == 3);
    // The same rows again, in another order and without their ids: nothing new.
    CHECK(laptop.edit(visit, R"({"rows":[{"topic":"b"},{"topic":"a"},{"topic":"a"}]})") == "[]");
    // A third equal row is a new one; one fewer is a removal.
    laptop.edit(visit, R"({"rows":[{"topic":"a"},{"topic":"a"},{"topic":"a"},{"topic":"b"}]})");
    CHECK(rows().list()->size() == 4);
    laptop.edit(visit, R"({"rows":[{"topic":"a"},{"topic":"b"}]})");
    shown = rows();
    REQUIRE(shown.list()->size() == 2);
    // By its id a row can change all of its content.
    const bool first_is_a = text_part(shown, {"0", "topic"}) == "a";
    const std::string a = text_part(shown, {first_is_a ? "0" : "1", "_row"});
    const std::string b = text_part(shown, {first_is_a ? "1" : "0", "_row"});
    laptop.edit(visit, R"({"rows":[{"_row":")" + a + R"(","topic":"c","pct":"5"},{"_row":")" + b +
                           R"(","topic":"b"}]})");
    const Value history = laptop.done(command("history", of(visit) + R"(,"field":"rows")"));
    const Value& last = history.find("history")->list()->back();
    CHECK(text_part(last, {"value", "_row"}) == a);
    CHECK(text_part(last, {"value", "topic"}) == "c");
    CHECK(last.find("supersedes")->list()->size() == 1);
}

TEST_CASE("a reference to nothing is stored with a warning and resolves when it arrives") {
    TestBureau bureau;
    Laptop laptop(bureau, 17);
    const std::string set = R"("set":{"day":"2008-05-12","shop":")" + shop_id + R"("})";
    const Value made = laptop.done(command("create", R"("form":"visit",)" + set));
    CHECK(issues_in(made) == "warning unknown_reference shop");
    const std::string visit = text_part(made, {"record"});
    CHECK(laptop.value(visit, "shop") == '"' + shop_id + '"');
    laptop.done(command("create", R"("form":"shop",)" + of(shop_id) + R"(,"set":{"name":"a"})"));
    CHECK(issues_in(laptop.done(command("check", of(visit)))) == "");
}

TEST_CASE("errors bar submitting, not saving; warnings bar nothing") {
    TestBureau bureau;
    Laptop laptop(bureau, 18);
    const std::string shop = laptop.create("shop", R"({"name":"a","code":"1"})");
    const std::string with_shop = R"({"shop":")" + shop + R"(",)";
    struct Row {
        std::string set;
        std::string issues;
        std::string status;  // after submit
    };
    const std::vector<Row> rows{
        {with_shop + R"("day":"2008-05-01"})", "", "submitted"},
        {R"({"day":"2008-05-02"})", "error required shop", "saved"},
        {with_shop + R"("day":"2008-05-03","households":1001})",
         "error out_of_range households; warning rule many", "saved"},
        {with_shop + R"("day":"2008-05-04","households":501})", "warning rule many", "submitted"},
        {with_shop + R"("day":"2008-05-05","until":"2008-05-04"})", "error rule ends_after",
         "saved"},
        {with_shop + R"("day":"2008-05-06","done":true})", "error required why", "saved"},
        {with_shop + R"("day":"2008-05-07","done":false,"why":null})", "", "submitted"},
        {with_shop + R"("day":"2008-05-01"})", "warning duplicate shop", "submitted"},
    };
    for (const Row& row : rows) {
        INFO(row.set);
        const Value made = laptop.done(command("create", R"("form":"visit","set":)" + row.set));
        const std::string visit = text_part(made, {"record"});
        CHECK(issues_in(made) == row.issues);
        CHECK(text_part(laptop.get(visit), {"status"}) == "saved");
        const Value submitted = laptop.ask(command("submit", of(visit)));
        CHECK(issues_in(submitted) == row.issues);
        const bool passes = row.status == "submitted";
        CHECK(part(submitted, {"ok"}) == (passes ? "true" : "false"));
        CHECK(text_part(submitted, {"error", "code"}) == (passes ? "" : "not_submittable"));
        CHECK(text_part(laptop.get(visit), {"status"}) == row.status);
    }
}

TEST_CASE("an issue speaks three languages and names a duplicate") {
    TestBureau bureau;
    Laptop laptop(bureau, 19);
    const std::string first = laptop.create("shop", R"({"name":"a","code":"7"})");
    const Value made =
        laptop.done(command("create", R"("form":"shop","set":{"name":"b","code":"7"})"));
    REQUIRE(issues_in(made) == "warning duplicate code");
    for (const char* language : {"zh-Hans", "zh-Hant", "en"}) {
        const std::string message = text_part(made, {"issues", "0", "messages", language});
        CHECK(message.find(first) != std::string::npos);
    }
    CHECK(part(made, {"issues", "0", "message"}) == part(made, {"issues", "0", "messages", "en"}));
    // A voided record is neither checked nor anybody's double.
    laptop.edit(first, R"({"name":null})");
    laptop.done(command("void", of(first) + R"(,"reason":"twice")"));
    CHECK(issues_in(laptop.done(command("check", of(first)))) == "");
    CHECK(issues_in(laptop.done(command("check", of(text_part(made, {"record"}))))) == "");
}

TEST_CASE("submitting is once and stays; a later error makes the record saved again") {
    TestBureau bureau;
    Laptop laptop(bureau, 20);
    const std::string shop = laptop.create("shop", R"({"name":"a"})");
    laptop.done(command("submit", of(shop)));
    CHECK(laptop.changesets() == 2);
    laptop.done(command("submit", of(shop)));
    CHECK(laptop.changesets() == 2);
    laptop.edit(shop, R"({"name":null})");
    CHECK(text_part(laptop.get(shop), {"status"}) == "saved");
    laptop.edit(shop, R"({"name":"b"})");
    CHECK(text_part(laptop.get(shop), {"status"}) == "submitted");
}
