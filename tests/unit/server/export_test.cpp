#include "server/export.h"

#include <doctest/doctest.h>

#include "tests/unit/server/api_world.h"

namespace zf::testing {

namespace {

struct ExportWorld : ApiWorld {
    ExportWorld() {
        put_staff("zhang");
        laptop.enrol();
    }
    RawLaptop laptop{*this, "zhang"};
    ExportChoice choice{"enterprise", {}, false, {2008, 6, 30}};

    Uuid add(const std::string& name, std::vector<std::pair<std::string, Value>> more = {}) {
        env.set_now_ms(env.now_ms() + 1);  // ids ascend with time
        Written written = enterprise(*this, name);
        written.fields.insert(written.fields.end(), more.begin(), more.end());
        laptop.write(written);
        return written.record;
    }
    void change(const Uuid& record, const std::string& field, Value value, std::int64_t parent) {
        Written written{"enterprise", record, {{field, std::move(value)}}, {}, 1, {}};
        written.parents = {laptop.ref(parent)};
        laptop.write(written);
    }
    List json() {
        const auto held = store->lock();
        const auto value = export_json(store->log(), choice);
        ZF_ASSERT(value.has_value());
        return *value->list();
    }
    std::string csv() {
        const auto held = store->lock();
        const auto text = export_csv(store->log(), choice);
        ZF_ASSERT(text.has_value());
        return *text;
    }
};

std::string name_in(const Value& record) {
    return *record.find("values")->find("name")->text();
}

}  // namespace

TEST_CASE("voided and joined records are left out, everything else is in") {
    ExportWorld world;
    const Uuid kept = world.add("kept"), voided = world.add("voided"), joined = world.add("joined");
    world.change(voided, "_void", true, 2);
    world.change(joined, "_alias_of", kept.text(), 3);
    world.laptop.push_all();
    const List records = world.json();
    REQUIRE(records.size() == 1);
    CHECK(*records[0].find("record")->text() == kept.text());
    CHECK(*records[0].find("form")->text() == "enterprise");
    CHECK(*records[0].find("status")->text() == "saved");
    CHECK(name_in(records[0]) == "kept");
}

TEST_CASE("personal fields only when asked for, in rows too") {
    ExportWorld world;
    world.add("a", {{"legal_rep", "Wang"}, {"contact_phone", "139"}, {"short_name", "A"}});
    world.laptop.push_all();
    const Value values = *world.json()[0].find("values");
    CHECK(values.find("legal_rep") == nullptr);
    CHECK(values.find("contact_phone") == nullptr);
    CHECK(*values.find("short_name")->text() == "A");
    CHECK(world.csv().find("legal_rep") == std::string::npos);
    CHECK(world.csv().find("Wang") == std::string::npos);
    world.choice.personal = true;
    CHECK(*world.json()[0].find("values")->find("legal_rep")->text() == "Wang");
    CHECK(world.csv().find("Wang") != std::string::npos);
}

TEST_CASE("a period takes the form's date field, ends included") {
    ExportWorld world;
    for (const char* day : {"2008-04-30", "2008-05-01", "2008-05-31", "2008-06-01"}) {
        world.add(day, {{"registered_on", day}});
    }
    world.add("no date");
    world.laptop.push_all();
    world.choice.period = *parse_period("2008-05");
    const List records = world.json();
    REQUIRE(records.size() == 2);
    CHECK(name_in(records[0]) == "2008-05-01");
    CHECK(name_in(records[1]) == "2008-05-31");
}

TEST_CASE("CSV: byte order mark, quoting, and cells that are no formulas") {
    ExportWorld world;
    world.add("plain", {{"registered_capital", "-5.5"}});
    world.add("=1+1");
    world.add("a,\"b\"\nc");
    world.add("@x", {{"remark", "-5"}});
    world.add("+86", {{"registered_capital", "12"}});
    world.laptop.push_all();
    const std::string csv = world.csv();
    CHECK(csv.starts_with("\xef\xbb\xbfrecord,form,status,name,short_name,"));
    CHECK(csv.ends_with("\r\n"));
    for (const char* cell : {",plain,", ",'=1+1,", ",\"a,\"\"b\"\"\nc\",", ",'@x,", ",'+86,",
                             ",-5.5,", ",'-5", ",12,"}) {
        CAPTURE(std::string(cell));
        CHECK(csv.find(cell) != std::string::npos);
    }
}

TEST_CASE("all forms at once, and forms that are none") {
    ExportWorld world;
    world.add("a");
    world.laptop.write({"donation", world.env.new_uuid(), {{"amount", "5"}}, {}, 1, {}});
    world.laptop.push_all();
    world.choice.form.clear();
    CHECK(world.json().size() == 2);
    const auto held = world.store->lock();
    const auto csv = export_csv(world.store->log(), world.choice);
    REQUIRE(csv);
    CHECK(csv->find(",enterprise,saved,a,") != std::string::npos);
    CHECK(csv->find(",donation,saved,") != std::string::npos);
    world.choice.form = "no_such_form";
    CHECK(export_json(world.store->log(), world.choice).error().code == ErrorCode::unknown_form);
    CHECK(export_csv(world.store->log(), world.choice).error().code == ErrorCode::unknown_form);
}

}  // namespace zf::testing
