// What batch refuses, with the code and place that the answer names; nothing is written then.
#include <sstream>

#include "tests/unit/client/device_world.h"

using namespace zf;
using namespace zf::testing;

namespace {

const std::string unknown_id = "0193a1b2-4c5d-7e6f-8a9b-0c1d2e3f4a5b";

struct World {
    TestBureau bureau;
    Laptop laptop{bureau, 21};
    std::string shop = laptop.create("shop", R"({"name":"a"})");
    std::string visit = laptop.create("visit", R"({"day":"2008-05-12","helpers":["bo"]})");
    std::string gone = laptop.create("shop", R"({"name":"gone"})");
    World() { laptop.done(R"({"do":"void","record":")" + gone + R"(","reason":"r"})"); }

    /// @shop and the like stand for ids.
    std::string filled(std::string text) const {
        const std::pair<std::string, std::string> ids[] = {
            {"@shop", shop}, {"@visit", visit}, {"@gone", gone}, {"@nobody", unknown_id}};
        for (const auto& [name, id] : ids) {
            for (std::size_t at; (at = text.find(name)) != std::string::npos;) {
                text.replace(at, name.size(), id);
            }
        }
        return text;
    }
};

struct Refusal {
    std::string command;
    std::string answer;  // "code where"
};

void check_refusals(const std::vector<Refusal>& rows) {
    World world;
    const std::int64_t before = world.laptop.changesets();
    const Hash256 state = world.laptop.store->log().state();
    for (const Refusal& row : rows) {
        INFO(row.command);
        CHECK(world.laptop.refused(world.filled(row.command)) == row.answer);
    }
    CHECK(world.laptop.changesets() == before);
    CHECK(world.laptop.store->log().state() == state);
}

}  // namespace

TEST_CASE("values of another form than the contract's are refused at their place") {
    std::vector<Refusal> rows;
    const auto add = [&](const std::string& set, const std::string& answer) {
        rows.push_back({R"({"do":"edit","record":"@visit","set":)" + set + "}", answer});
        rows.push_back({R"({"do":"create","form":"visit","set":)" + set + "}", answer});
    };
    add(R"({"amount":12.5})", "wrong_type amount");
    add(R"({"amount":12})", "wrong_type amount");
    add(R"({"amount":"12.555"})", "wrong_type amount");
    add(R"({"amount":"1,000"})", "wrong_type amount");
    add(R"({"amount":"１２"})", "wrong_type amount");
    add(R"({"amount":"1e3"})", "wrong_type amount");
    add(R"({"households":"12"})", "wrong_type households");
    add(R"({"households":1.5})", "wrong_type households");
    add(R"({"households":99999999999999999999})", "wrong_type households");
    add(R"({"day":"2008-02-30"})", "wrong_type day");
    add(R"({"day":"2008-5-12"})", "wrong_type day");
    add(R"({"day":20080512})", "wrong_type day");
    add(R"({"month":"2008-13"})", "wrong_type month");
    add(R"({"time":"2008-05-12 14:28"})", "wrong_type time");
    add(R"({"done":"true"})", "wrong_type done");
    add(R"({"done":1})", "wrong_type done");
    add(R"({"level":"medium"})", "unknown_choice level");
    add(R"({"level":["low"]})", "wrong_type level");
    add(R"({"levels":"low"})", "wrong_type levels");
    add(R"({"levels":["low","medium"]})", "unknown_choice levels[1]");
    add(R"({"note":12})", "wrong_type note");
    add(R"({"note":"bell \u0007"})", "wrong_type note");
    add(R"({"shop":"dis-03"})", "wrong_type shop");
    add(R"({"shops":["dis-03"]})", "wrong_type shops[0]");
    add(R"({"place":{"lat":31.5,"lon":107.1}})", "wrong_type place.lat");
    add(R"({"place":{"lat":"91","lon":"107.1"}})", "wrong_type place.lat");
    add(R"({"place":{"lat":"31"}})", "wrong_type place");
    add(R"({"photos":["abc"]})", "wrong_type photos[0]");
    add(R"({"rows":[{"topic":"a"},{"pct":5}]})", "wrong_type rows[1].pct");
    add(R"({"rows":[{"subject":"a"}]})", "unknown_field rows[0].subject");
    add(R"({"rows":{"topic":"a"}})", "wrong_type rows");
    add(R"({"total":"1"})", "computed_field total");
    add(R"({"total":null})", "computed_field total");
    add(R"({"profit":1})", "unknown_field profit");
    add(R"({"_status":"approved"})", "unknown_field _status");
    add(R"({"_void":"yes"})", "wrong_type _void");
    add(R"({"_alias_of":"dis-03"})", "wrong_type _alias_of");
    add(R"({"_amend_reason":7})", "wrong_type _amend_reason");
    // One wrong value keeps the right ones out as well.
    add(R"({"note":"fine","day":"2008-05-32"})", "wrong_type day");
    check_refusals(rows);
}

TEST_CASE("commands that lack something or make no sense are refused") {
    check_refusals({
        {R"({"form":"shop"})", "missing_argument do"},
        {R"({"do":7})", "wrong_type do"},
        {R"({"do":"drop"})", "unknown_command do"},
        {R"({"do":"create","set":{"name":"a"}})", "missing_argument form"},
        {R"({"do":"create","form":"farm","set":{"name":"a"}})", "unknown_form form"},
        {R"({"do":"create","form":"shop"})", "missing_argument set"},
        {R"({"do":"create","form":"shop","set":[]})", "wrong_type set"},
        {R"({"do":"create","form":"shop","set":{}})", "missing_argument set"},
        {R"({"do":"create","form":"shop","set":{"name":null}})", "missing_argument set"},
        {R"({"do":"create","form":"shop","record":"x","set":{"name":"a"}})", "wrong_type record"},
        {R"({"do":"edit","set":{"name":"a"}})", "missing_argument record"},
        {R"({"do":"edit","record":"@nobody","set":{"name":"a"}})", "unknown_record record"},
        {R"({"do":"void","record":"@shop"})", "missing_argument reason"},
        {R"({"do":"void","record":"@nobody","reason":"r"})", "unknown_record record"},
        {R"({"do":"join","record":"@shop"})", "missing_argument into"},
        {R"({"do":"join","record":"@shop","into":"x"})", "wrong_type into"},
        {R"({"do":"join","record":"@shop","into":"@shop"})", "out_of_range _alias_of"},
        {R"({"do":"unjoin","record":"@nobody"})", "unknown_record record"},
        {R"({"do":"submit","record":"@nobody"})", "unknown_record record"},
        {R"({"do":"get","record":"@nobody"})", "unknown_record record"},
        {R"({"do":"check","record":"@nobody"})", "unknown_record record"},
        {R"({"do":"history","record":"@nobody"})", "unknown_record record"},
        {R"({"do":"history","record":"@shop","field":"profit"})", "unknown_field field"},
        {R"({"do":"list"})", "missing_argument form"},
        {R"({"do":"list","form":"farm"})", "unknown_form form"},
        {R"({"do":"list","form":""})", "unknown_form form"},
        {R"({"do":"list","form":"shop","limit":-1})", "wrong_type limit"},
        {R"({"do":"list","form":"shop","limit":"5"})", "wrong_type limit"},
        {R"({"do":"list","form":"shop","after":"x"})", "wrong_type after"},
        {R"({"do":"list","form":"shop","where":{"profit":1}})", "unknown_field where.profit"},
        {R"({"do":"list","form":"visit","where":{"amount":5}})", "wrong_type where.amount"},
        {R"({"do":"list","form":"shop","where":"name"})", "wrong_type where"},
        {R"({"do":"resolve","record":"@shop","field":"name"})", "missing_argument value"},
        {R"({"do":"resolve","record":"@shop","field":"name","value":"b","pick":"x"})",
         "missing_argument value"},
        {R"({"do":"resolve","record":"@shop","field":"name","pick":"x"})", "not_found pick"},
        {R"({"do":"resolve","record":"@shop","field":"profit","value":1})", "unknown_field profit"},
        {R"({"do":"resolve","record":"@visit","field":"total","value":"1"})",
         "computed_field total"},
        {R"({"do":"attach","record":"@visit","field":"photos"})", "missing_argument file"},
        {R"({"do":"attach","record":"@visit","field":"note","file":"/dev/null"})",
         "wrong_type field"},
        {R"({"do":"attach","record":"@visit","field":"profit","file":"/dev/null"})",
         "unknown_field field"},
        {R"({"do":"attach","record":"@visit","field":"photos","file":"/nowhere/a.jpg"})",
         "not_found /nowhere/a.jpg"},
        {R"({"do":"blob","hash":"x","file":"/nowhere/a.jpg"})", "wrong_type hash"},
        {R"({"do":"bundle_out","file":"/nowhere/x","device":"x"})", "wrong_type device"},
        {R"({"do":"bundle_out"})", "missing_argument file"},
        {R"({"do":"bundle_in","file":"/nowhere/x"})", "not_found /nowhere/x"},
        {R"({"do":"get","record":"@shop","at":"2008-05-12T00:00:00Z"})", "not_allowed at"},
        {R"({"do":"edit","record":"@shop","set":{"name":"b"},"submit":true})",
         "not_allowed submit"},
        {R"({"do":"edit","record":"@shop","set":{"name":"b"},"user":"bo"})", "not_allowed user"},
        {R"({"do":"sync"})", "unreachable 127.0.0.1:9"},
    });
}

TEST_CASE("a voided record takes nothing but its own un-voiding") {
    check_refusals({
        {R"({"do":"edit","record":"@gone","set":{"name":"b"}})", "voided name"},
        {R"({"do":"edit","record":"@gone","set":{"_void":false,"name":"b"}})", "voided name"},
        {R"({"do":"join","record":"@gone","into":"@shop"})", "voided _alias_of"},
        {R"({"do":"unjoin","record":"@gone"})", "voided _alias_of"},
        {R"({"do":"submit","record":"@gone"})", "voided record"},
        {R"({"do":"resolve","record":"@gone","field":"name","value":"b"})", "voided name"},
    });
}

TEST_CASE("what is no command is answered by line and byte, and the next line is carried out") {
    TestBureau bureau;
    Laptop laptop(bureau, 22);
    std::string many = R"({"do":"status")" + std::string(5000, ']') + "}";
    const std::vector<std::pair<std::string, std::string>> rows{
        {R"({"do":"status"})", ""},
        {R"({"do":)", "line 2 byte"},
        {"[1,2]", "line 3"},
        {"", ""},
        {R"({"do":"status","do":"status"})", "line 5"},
        {std::string("{\"do\":\"\xff\"}"), "line 6 byte"},
        {std::string("\0\0", 2), "line 7 byte"},
        {std::string(100, '[') + std::string(100, ']'), "line 8"},
        {many, "line 9 byte"},
        {R"({"do":"status"} {"do":"status"})", "line 10 byte"},
        {R"({"do":"status"})", ""},
    };
    std::string input;
    for (const auto& [line, where] : rows) input += line + "\n";
    std::istringstream in(input);
    std::ostringstream out;
    CHECK_FALSE(run_batch(*laptop.store, laptop.options, in, out));
    std::istringstream answers(out.str());
    std::string line;
    for (const auto& [command, where] : rows) {
        if (command.empty()) continue;
        REQUIRE(std::getline(answers, line));
        const Value answer = json(line);
        INFO(line);
        CHECK(part(answer, {"ok"}) == (where.empty() ? "true" : "false"));
        if (where.empty()) continue;
        CHECK(text_part(answer, {"error", "code"}) == "malformed");
        CHECK(text_part(answer, {"error", "where"}).starts_with(where));
    }
    CHECK_FALSE(std::getline(answers, line));
}

TEST_CASE("texts are kept to their limit and no further") {
    TestBureau bureau;
    Laptop laptop(bureau, 23);
    const auto create = [](const std::string& note) {
        return R"({"do":"create","form":"visit","set":{"note":")" + note + R"("}})";
    };
    CHECK(laptop.refused(create(std::string(1 << 20, 'a'))) == "too_large note");
    CHECK(laptop.refused(create(std::string((64 << 10) + 1, 'a'))) == "too_large note");
    CHECK(laptop.changesets() == 0);
    const std::string longest((64 << 10), 'a');
    const Value made = laptop.done(create(longest));
    CHECK(text_part(laptop.get(text_part(made, {"record"})), {"values", "note"}) == longest);
    // Many rows at once go beyond one changeset.
    std::string rows;
    for (int i = 0; i < 5000; ++i) rows += (i ? "," : "") + std::string(R"({"topic":"t"})");
    CHECK(laptop.refused(R"({"do":"create","form":"visit","set":{"rows":[)" + rows + "]}}") ==
          "too_large ");
    CHECK(laptop.changesets() == 1);
}

TEST_CASE("a disk that fails is an answer, nothing is stored by halves, and work goes on") {
    TestBureau bureau;
    Laptop laptop(bureau, 24);
    const std::string shop = laptop.create("shop", R"({"name":"a"})");
    const Hash256 state = laptop.store->log().state();
    const std::string edit =
        R"({"do":"edit","record":")" + shop + R"(","set":{"name":"b","code":"7"}})";
    for (int fails_at = 0;; ++fails_at) {
        REQUIRE(fails_at < 500);
        int statements = 0;
        laptop.store->db().set_fault([&] { return statements++ == fails_at; });
        const Value answer = laptop.ask(edit);
        laptop.store->db().set_fault({});
        INFO(fails_at);
        INFO(canonical_text(answer));
        if (statements <= fails_at) {
            CHECK(fails_at > 10);
            CHECK(part(answer, {"ok"}) == "true");
            CHECK(laptop.value(shop, "code") == R"("7")");
            break;
        }
        CHECK(text_part(answer, {"error", "code"}) == "internal");
        CHECK_FALSE(laptop.store->db().in_transaction());
        CHECK(laptop.store->log().state() == state);
    }
    laptop.edit(shop, R"({"name":"c"})");
    CHECK(laptop.value(shop, "name") == R"("c")");
}
