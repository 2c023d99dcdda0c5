// The list of records and a record's page: search, filters, order, what is shown, what can be done.
#include "client/app/review_remarks.h"
#include "tests/ui/fill_world.h"

using namespace zf;
using namespace zf::testing;

namespace {

constexpr Language languages[] = {Language::zh_hans, Language::zh_hant, Language::en};

std::string enterprise(FillWorld& world, const std::string& name, const std::string& person) {
    return world.create("enterprise",
                        R"({"name":")" + name + R"(","legal_rep":")" + person +
                            R"(","entity_type":"enterprise","investor_origin":"out_province",)" +
                            R"("registered_on":"2008-01-02","on_register_from":"2008-01-02",)" +
                            R"("operating_status":"producing","division":"511923103000"})");
}

std::string visit(FillWorld& world, const std::string& to, const std::string& name) {
    return world.create("site_visit",
                        R"({"visit_date":"2008-05-12","visitor":"ann","target_kind":"enterprise",)"
                        R"("summary":"看了厂房","division":"511923103000","enterprise":")" +
                            to + R"(","target_name":")" + name + R"("})");
}

std::string rows(FillWorld& world) {
    std::string text;
    for (const ui::WidgetState& widget : world.ui->kit().widgets()) {
        if (widget.key.starts_with("row.")) text += widget.value + "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("records: the list tells what there is, finds while typing, and a row opens the record") {
    for (const Language language : languages) {
        INFO(std::string(name_of(language)));
        FillWorld world(language);
        world.ui->click("nav.records");
        CHECK(world.ui->has("records.none"));
        CHECK(lines_of(world.ui->flaws()) == "");
        const std::string a = enterprise(world, "江阳机械", "张三");
        const std::string b = enterprise(world, "平昌酒业", "李四");
        const std::string c = visit(world, a, "江阳机械");
        world.ui->settle();
        CHECK(world.ui->value("records.table") == "3");
        CHECK(lines_of(world.ui->flaws()) == "");
        world.ui->type("records.search", "酒");
        world.ui->settle();
        CHECK(world.ui->value("records.table") == "1");
        CHECK(world.ui->has("row." + b));
        world.ui->type("records.search", "江阳");
        world.ui->settle();
        CHECK(world.ui->has("row." + a));
        CHECK(world.ui->has("row." + c));
        world.ui->click("records.search.clear");
        world.ui->choose("records.form", "site_visit");
        world.ui->settle();
        CHECK(world.ui->value("records.table") == "1");
        CHECK(rows(world).find("江阳机械 2008-05-12") != std::string::npos);
        world.ui->click("row." + c);
        world.ui->settle();
        CHECK(world.ui->has("field.visit_date"));
        CHECK(world.ui->value("field.summary") == "看了厂房");
        CHECK(lines_of(world.ui->flaws()) == "");
        for (const char* tab : {"history", "related", "receipt"}) {
            world.ui->click("record.tab." + std::string(tab));
            world.ui->settle();
            CHECK(lines_of(world.ui->flaws()) == "");
        }
        world.ui->click("action.back");
        world.ui->settle();
        CHECK(world.ui->has("records.table"));
    }
}

TEST_CASE("records: filters, and an order by the heads of the columns") {
    FillWorld world;
    const std::string a = enterprise(world, "乙", "张三"), b = enterprise(world, "甲", "李四");
    world.laptop.done(R"({"do":"void","record":")" + b + R"(","reason":"重复"})");
    world.ui->click("nav.records");
    world.ui->settle();
    CHECK(world.ui->value("records.table") == "1");
    world.ui->choose("records.state", "gone");
    world.ui->settle();
    CHECK(world.ui->has("row." + b));
    CHECK_FALSE(world.ui->has("row." + a));
    world.ui->choose("records.state", "*");
    const std::string c = enterprise(world, "丙", "王五");
    world.ui->settle();
    world.ui->click("records.table.column.title");
    world.ui->settle();
    CHECK(world.ui->value("records.table.column.title") == "up");
    CHECK(rows(world).find("丙") < rows(world).find("乙"));
    world.ui->click("records.table.column.title");
    world.ui->settle();
    CHECK(rows(world).find("乙") < rows(world).find("丙"));
    world.ui->click("records.mine");
    world.ui->settle();
    CHECK(world.ui->value("records.table") == "2");
    world.ui->choose("records.area", "511923103");
    world.ui->settle();
    CHECK(world.ui->value("records.table") == "2");
    world.ui->type("records.from", "2008.1.3");
    world.ui->settle();
    CHECK(world.ui->has("records.none"));
    CHECK(lines_of(world.ui->flaws()) == "");
    world.ui->click("records.all");
    CHECK(world.ui->value("records.table") == "2");
    CHECK(world.ui->value("records.table.column.title") == "down");
    // By keyboard alone: from the search box to the first row and into it.
    world.ui->type("records.from", "");
    world.ui->type("records.search", "丙");
    world.ui->press("Enter");
    world.ui->settle();
    world.ui->press("Enter");
    world.ui->settle();
    CHECK(world.ui->value("field.name") == "丙");
    world.ui->press("Escape");
    world.ui->settle();
    CHECK(world.ui->has("records.table"));
    // Who presses where one is already wants to where it begins.
    for (const bool by_key : {false, true}) {
        world.ui->type("records.search", "丙");
        world.ui->press("Enter");
        world.ui->press("Enter");
        CHECK_FALSE(world.ui->has("records.table"));
        by_key ? world.ui->press("Ctrl+3") : world.ui->click("nav.records");
        CHECK(world.ui->has("records.table"));
    }
}

TEST_CASE("records: personal values are masked in lists and can be found all the same") {
    FillWorld world;
    world.create(
        "service_matter",
        R"({"matter_no":"S-1","received_on":"2008-05-12T09:00:00+08:00","applicant":"王小明"})");
    const std::string id = world.create(
        "building_check", R"({"building_no":"B-7","owner_name":"王小明","use":"housing"})");
    world.ui->click("nav.records");
    world.ui->settle();
    CHECK(rows(world).find("王小明") == std::string::npos);
    world.ui->type("records.search", "小明");
    world.ui->settle();
    CHECK(world.ui->value("records.table") == "2");
    world.ui->click("row." + id);
    world.ui->settle();
    CHECK(world.ui->value("field.owner_name") == "王小明");
}

TEST_CASE("a record's page: references are followed, children listed and made, the way back kept") {
    FillWorld world;
    const std::string a = enterprise(world, "江阳机械", "张三");
    const std::string c = visit(world, a, "江阳机械");
    world.ui->click("nav.records");
    world.ui->settle();
    world.ui->click("row." + c);
    world.ui->settle();
    world.ui->click("reference.enterprise.0");
    world.ui->settle();
    CHECK(world.ui->value("field.name") == "江阳机械");
    world.ui->click("record.tab.related");
    world.ui->settle();
    CHECK(world.ui->has("child." + c));
    world.ui->click("action.back");
    world.ui->settle();
    CHECK(world.ui->has("field.visit_date"));
    world.ui->click("action.child");
    world.ui->settle();
    world.ui->choose("asking.child", "disaster_report");
    world.ui->settle();
    CHECK(world.shell->current() == "form");
    REQUIRE(world.fill->current() != nullptr);
    CHECK(world.fill->current()->form().id == "disaster_report");
    CHECK(*world.fill->current()->find("site_visit")->value.text() == c);
    CHECK(*world.fill->current()->find("enterprise")->value.text() == a);
    CHECK(*world.fill->current()->find("division")->value.text() == "511923103000");
}

TEST_CASE("a record's page: the receipt follows what the bureau says while the page is open") {
    FillWorld world;
    const std::string a = enterprise(world, "江阳机械", "张三");
    world.screens->ways().to_record(*parse_uuid(a));
    world.ui->settle();
    world.ui->click("record.tab.receipt");
    world.ui->settle();
    CHECK(world.ui->expect("receipt.sent").label.find("0 / 1") != std::string::npos);
    {
        DeviceStore& store = *world.laptop.store;
        Transaction transaction(store.db());
        store.log().set_acknowledged(store.device(), store.log().head_of(store.device()).seq);
        transaction.commit();
    }
    world.ui->settle();
    CHECK(world.ui->expect("receipt.sent").label.find("1 / 1") != std::string::npos);
}

TEST_CASE("a record's page: history by field and whole, with what was replaced") {
    FillWorld world;
    const std::string a = enterprise(world, "江阳机械", "张三");
    world.laptop.edit(a, R"({"name":"江阳机械厂"})");
    world.screens->ways().to_record(*parse_uuid(a));
    world.ui->settle();
    world.ui->click("history.name");
    world.ui->settle();
    CHECK(world.ui->value("writes.0") == "江阳机械  →  江阳机械厂");
    CHECK(world.ui->value("writes.1") == "江阳机械");
    CHECK(world.ui->expect("writes.0.who").label.find("ann") != std::string::npos);
    CHECK(world.ui->expect("writes.0.what").label.find("现用") != std::string::npos);
    CHECK(world.ui->expect("writes.1.what").label.find("已被替换") != std::string::npos);
    world.ui->click("record.tab.history");
    world.ui->settle();
    CHECK(world.ui->value("writes.0") == "江阳机械  →  江阳机械厂");
    CHECK(world.ui->has("writes.5"));
}

TEST_CASE("a record's page: void with a reason, take that back, join and take that back, submit") {
    FillWorld world;
    const std::string a = enterprise(world, "江阳机械", "张三");
    const std::string b = enterprise(world, "江阳机械厂", "张三");
    world.screens->ways().to_record(*parse_uuid(a));
    world.ui->settle();
    world.ui->click("action.void");
    world.ui->settle();
    CHECK_FALSE(world.ui->expect("asking.void").enabled);
    CHECK(lines_of(world.ui->flaws()) == "");
    world.ui->type("asking.reason", "重复填报");
    world.ui->settle();
    world.ui->click("asking.void");
    world.ui->settle();
    CHECK(world.laptop.value(a, "_void") == "true");
    CHECK(world.ui->expect("record.void").label.find("重复填报") != std::string::npos);
    CHECK_FALSE(world.ui->has("action.edit"));
    world.ui->click("action.unvoid");
    world.ui->settle();
    CHECK(world.laptop.value(a, "_void") == "false");

    world.ui->click("action.join");
    world.ui->settle();
    world.ui->choose("asking.into", b);
    world.ui->settle();
    CHECK(lines_of(world.ui->flaws()) == "");
    world.ui->click("asking.join");
    world.ui->settle();
    CHECK(world.laptop.value(a, "_alias_of") == "\"" + b + "\"");
    world.ui->click("record.joined.open");
    world.ui->settle();
    CHECK(world.ui->value("field.name") == "江阳机械厂");
    world.ui->click("record.tab.related");
    world.ui->settle();
    world.ui->click("joined." + a);
    world.ui->settle();
    world.ui->click("action.unjoin");
    world.ui->settle();
    CHECK(world.ui->has("action.edit"));

    world.ui->click("action.submit");
    world.ui->settle();
    CHECK(text_part(world.laptop.get(a), {"status"}) == "submitted");
    // One that lacks something opens where that is to be filled in.
    const std::string c = world.create("enterprise", R"({"name":"缺项"})");
    world.screens->ways().to_record(*parse_uuid(c));
    world.ui->settle();
    world.ui->click("action.submit");
    world.ui->settle();
    CHECK(world.shell->current() == "form");
    CHECK(world.ui->kit().focused().starts_with("field.entity_type"));
    CHECK(text_part(world.laptop.get(c), {"status"}) == "saved");
}
