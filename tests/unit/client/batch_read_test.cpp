// What batch shows: get, list, history, conflicts, check, status; and things that only sync
// brings, raw.
#include "tests/unit/client/device_world.h"

using namespace zf;
using namespace zf::testing;

namespace {

std::vector<std::string> listed(Laptop& laptop, const std::string& rest, const std::string& field) {
    const Value page = laptop.done(R"({"do":"list",)" + rest + "}");
    std::vector<std::string> texts;
    for (const Value& record : *page.find("records")->list()) {
        texts.push_back(text_part(record, {"values", field}));
    }
    std::sort(texts.begin(), texts.end());
    return texts;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("get tells all that there is about a record") {
    TestBureau bureau;
    Laptop laptop(bureau, 31);
    const std::string shop = laptop.create("shop", R"({"name":"a"})");
    laptop.edit(shop, R"({"name":"b","_comments":"seen it"})");
    Value got = laptop.get(shop);
    CHECK(text_part(got, {"record"}) == shop);
    CHECK(text_part(got, {"form"}) == "shop");
    CHECK(text_part(got, {"status"}) == "saved");
    CHECK(part(got, {"values"}) == R"({"name":"b"})");
    CHECK(part(got, {"conflicts"}) == "[]");
    CHECK(part(got, {"history"}) == "2");
    CHECK(text_part(got, {"notes", "_comments"}) == "seen it");
    CHECK(text_part(got, {"created_by"}) == "ann");
    laptop.done(R"({"do":"void","record":")" + shop + R"(","reason":"twice"})");
    got = laptop.get(shop);
    CHECK(part(got, {"values"}) == R"({"_void":true,"name":"b"})");
    CHECK(text_part(got, {"notes", "_void_reason"}) == "twice");
}

TEST_CASE("list finds by search and by conditions") {
    TestBureau bureau;
    Laptop laptop(bureau, 32);
    for (
        const std::string set :
        {R"({"note":"一","amount":"2.50","households":1,"levels":["low"],"day":"2008-05-01"})",
         R"({"note":"二 water","amount":"10","households":2,"levels":["low","high"],"level":"top"})",
         R"({"note":"三 Water","time":"2008-05-12T14:00:00+08:00","done":true,"place":{"lat":"1",)"
         R"("lon":"2"}})",
         R"({"note":"四","amount":"9.9","helpers":["bo"],"day":"2008-06-01"})"}) {
        laptop.create("visit", set);
    }
    const std::string form = R"("form":"visit")";
    const auto by = [&](const std::string& where) {
        return listed(laptop, form + R"(,"where":)" + where, "note");
    };
    CHECK(listed(laptop, form, "note") == Texts{"一", "三 Water", "二 water", "四"});
    CHECK(listed(laptop, form + R"(,"search":"water")", "note") == Texts{"三 Water", "二 water"});
    CHECK(listed(laptop, form + R"(,"search":"二")", "note") == Texts{"二 water"});
    CHECK(listed(laptop, form + R"(,"search":"水")", "note") == Texts{});
    CHECK(listed(laptop, form + R"(,"search":"water","where":{"level":"top"})", "note") ==
          Texts{"二 water"});
    struct Row {
        std::string where;
        Texts notes;
    };
    const std::vector<Row> rows{
        {R"({"amount":"2.5"})", {"一"}},
        {R"({"amount":"2.500"})", {}},
        {R"({"amount":null})", {"三 Water"}},
        {R"({"households":2})", {"二 water"}},
        {R"({"levels":["high","low"]})", {"二 water"}},
        {R"({"done":true})", {"三 Water"}},
        {R"({"time":"2008-05-12T06:00:00Z"})", {"三 Water"}},
        {R"({"place":{"lon":"2.0","lat":"1"}})", {"三 Water"}},
        {R"({"level":"low","day":"2008-05-01"})", {"一"}},
        {R"([{"field":"amount","op":"gt","value":"9.9"}])", {"二 water"}},
        {R"([{"field":"amount","op":"ge","value":"9.90"}])", {"二 water", "四"}},
        {R"([{"field":"amount","op":"lt","value":"9.9"}])", {"一"}},
        {R"([{"field":"amount","op":"ne","value":"10.0"}])", {"一", "四"}},
        {R"([{"field":"amount","op":"is_null"}])", {"三 Water"}},
        {R"([{"field":"day","op":"le","value":"2008-05-31"}])", {"一"}},
        {R"([{"field":"time","op":"ge","value":"2008-05-12T06:00:00Z"}])", {"三 Water"}},
        {R"([{"field":"levels","op":"contains","value":"low"}])", {"一", "二 water"}},
        {R"([{"field":"helpers","op":"contains","value":"bo"}])", {"四"}},
        {R"([{"field":"note","op":"contains","value":"ater"}])", {"三 Water", "二 water"}},
        {R"([{"field":"_void","op":"eq","value":true}])", {}},
        {R"([{"field":"note","value":"一"}])", {"一"}},
    };
    for (const Row& row : rows) {
        INFO(row.where);
        if (row.where.find("2.500") != std::string::npos) {
            // The contract's form has at most the field's places.
            CHECK(laptop.refused(R"({"do":"list",)" + form + R"(,"where":)" + row.where + "}") ==
                  "wrong_type where.amount");
            continue;
        }
        CHECK(by(row.where) == row.notes);
    }
    for (const auto& [where, answer] : std::vector<std::pair<std::string, std::string>>{
             {R"([{"field":"levels","op":"lt","value":["low"]}])", "wrong_type where.levels"},
             {R"([{"field":"done","op":"gt","value":true}])", "wrong_type where.done"},
             {R"([{"field":"households","op":"contains","value":1}])",
              "wrong_type where.households"},
             {R"([{"field":"levels","op":"contains","value":"middle"}])",
              "unknown_choice where.levels"},
             {R"([{"field":"note","op":"like","value":"a"}])", "wrong_type where[0].op"},
             {R"([{"op":"eq","value":"a"}])", "missing_argument where[0].field"},
             {R"([{"field":"note","op":"eq"}])", "missing_argument where[0].value"},
             {R"([7])", "missing_argument where[0].field"}}) {
        INFO(where);
        CHECK(laptop.refused(R"({"do":"list",)" + form + R"(,"where":)" + where + "}") == answer);
    }
}

TEST_CASE("list pages by id, and the total counts all pages") {
    TestBureau bureau;
    Laptop laptop(bureau, 33);
    std::vector<std::string> made;
    for (int i = 0; i < 7; ++i) {
        made.push_back(laptop.create("shop", R"({"name":")" + std::to_string(i) + R"("})"));
    }
    std::sort(made.begin(), made.end());
    std::vector<std::string> seen;
    std::string after;
    for (int page_number = 0; page_number < 4; ++page_number) {
        const Value page = laptop.done(R"({"do":"list","form":"shop","limit":3)" + after + "}");
        CHECK(part(page, {"total"}) == "7");
        for (const Value& record : *page.find("records")->list()) {
            seen.push_back(text_part(record, {"record"}));
        }
        after = R"(,"after":")" + seen.back() + '"';
    }
    CHECK(seen == made);
    CHECK(part(laptop.done(R"({"do":"list","form":"shop","limit":0})"), {"records"}) == "[]");
}

TEST_CASE("titles follow references, and a circle of them ends") {
    TestBureau bureau;
    Laptop laptop(bureau, 34);
    laptop.distribute([] {
        std::string text(forms_text);
        text.replace(text.find(R"("title": "{name}")"), 17, R"("title": "{name} {owner}")");
        return text;
    }());
    const std::string a = laptop.create("shop", R"({"name":"a"})");
    const std::string b = laptop.create("shop", R"({"name":"b","owner":")" + a + R"("})");
    laptop.edit(a, R"({"owner":")" + b + R"("})");
    const Value page = laptop.done(R"({"do":"list","form":"shop"})");
    CHECK(text_part(page, {"records", "0", "title"}).starts_with("a b a"));
}

TEST_CASE("history tells who wrote what, notes and intents included") {
    TestBureau bureau;
    Laptop laptop(bureau, 35, {"ann", "bo"});
    laptop.options.user = "ann";
    const std::string shop = laptop.create("shop", R"({"name":"a"})");
    laptop.done(R"({"do":"edit","record":")" + shop +
                R"(","set":{"name":"b","_amend_reason":"typo"},"user":"bo"})");
    laptop.done(R"({"do":"submit","record":")" + shop + R"("})");
    const Value history = laptop.done(R"({"do":"history","record":")" + shop + R"("})");
    std::string lines;
    for (const Value& entry : *history.find("history")->list()) {
        lines += text_part(entry, {"user"}) + " " + text_part(entry, {"field"}) + " " +
                 part(entry, {"value"}) +
                 (part(entry, {"superseded_by"}) == "null" ? "" : " superseded") + "\n";
    }
    CHECK(lines ==
          "ann name \"a\" superseded\nbo name \"b\"\nbo _amend_reason \"typo\"\n"
          "ann _status \"submitted\"\n");
    CHECK(text_part(history, {"history", "0", "at"}) == "2008-05-12T16:00:01+08:00");
    CHECK(text_part(history, {"history", "0", "device"}) == laptop.store->device().hex());
    CHECK(part(history, {"history", "1", "supersedes", "0"}) ==
          part(history, {"history", "0", "version"}));
}

TEST_CASE("forms and fields that are not known here are kept and shown raw") {
    TestBureau bureau;
    Laptop modern(bureau, 36), old(bureau, 37);
    std::string newer(forms_text);
    newer.replace(newer.find(R"({"name": "owner")"), 1,
                  R"({"name": "colour", "type": "text",
                  "label": {"zh-Hans": "色", "zh-Hant": "色", "en": "Colour"}}, {)");
    newer.replace(newer.find(R"({"id": "shop")"), 1,
                  R"({"id": "farm", "version": 1, "title": "{cows}",
      "role": "register", "category": "all",
      "label": {"zh-Hans": "农", "zh-Hant": "農", "en": "Farm"}, "review": {"chain": ["leader"]},
      "fields": [{"name": "cows", "type": "integer",
      "label": {"zh-Hans": "牛", "zh-Hant": "牛", "en": "Cows"}}]}, {)");
    modern.distribute(newer);
    const std::string farm = modern.create("farm", R"({"cows":3})");
    const std::string shop = modern.create("shop", R"({"name":"a","colour":"red"})");
    old.take_from(modern);
    CHECK(part(old.get(farm), {"values"}) == R"({"cows":3})");
    CHECK(text_part(old.get(farm), {"form"}) == "farm");
    CHECK(part(old.get(shop), {"values"}) == R"({"colour":"red","name":"a"})");
    CHECK(listed(old, R"("form":"farm","where":{"cows":3})", "cows") == Texts{"3"});
    CHECK(part(old.done(R"({"do":"history","record":")" + shop + R"(","field":"colour"})"),
               {"history", "0", "value"}) == R"("red")");
    // They are not typed here.
    CHECK(old.refused(R"({"do":"edit","record":")" + farm + R"(","set":{"cows":4}})") ==
          "unknown_form form");
    CHECK(old.refused(R"({"do":"submit","record":")" + farm + R"("})") == "unknown_form form");
    CHECK(old.refused(R"({"do":"edit","record":")" + shop + R"(","set":{"colour":"blue"}})") ==
          "unknown_field colour");
    CHECK(old.edit(shop, R"({"name":"b"})") == R"(["name"])");
    CHECK(old.value(shop, "colour") == R"("red")");
}

TEST_CASE("status counts what waits to be sent") {
    TestBureau bureau;
    Laptop laptop(bureau, 38);
    laptop.create("shop", R"({"name":"a"})");
    const Value status = laptop.done(R"({"do":"status"})");
    CHECK(text_part(status, {"device"}) == laptop.store->device().hex());
    CHECK(text_part(status, {"user"}) == "ann");
    CHECK(part(status, {"unsent_changesets"}) == "1");
    CHECK(part(status, {"unsent_attachments"}) == "0");
    CHECK(part(status, {"last_sync"}) == "null");
    CHECK(part(status, {"conflicts"}) == "0");
    CHECK(*status.find("disk")->integer() > 0);
    CHECK(text_part(status, {"state"}) == laptop.store->log().state().hex());
}
