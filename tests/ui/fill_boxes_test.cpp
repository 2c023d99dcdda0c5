// What is typed into the boxes of a form, and what stands beside them: spellings, divisions, lists,
// what was there before.
#include <filesystem>
#include <fstream>

#include "client/app/typed_value.h"
#include "tests/ui/fill_world.h"

using namespace zf;
using namespace zf::testing;

TEST_CASE("dates, months, times, numbers and points in the spellings that people use") {
    struct Spelling {
        FieldType type;
        std::string typed, value;
    };
    const std::vector<Spelling> spellings{
        {FieldType::date, "2008.6.30", R"("2008-06-30")"},
        {FieldType::date, "2008-6-30", R"("2008-06-30")"},
        {FieldType::date, "2008/6/30", R"("2008-06-30")"},
        {FieldType::date, "20080630", R"("2008-06-30")"},
        {FieldType::date, "２００８．６．３０", R"("2008-06-30")"},
        {FieldType::date, "2008年6月30日", R"("2008-06-30")"},
        {FieldType::date, "2008.6.31", R"("2008.6.31")"},
        {FieldType::date, "2008.6", R"("2008.6")"},
        {FieldType::date, " ", "null"},
        {FieldType::month, "2008.6", R"("2008-06")"},
        {FieldType::month, "200806", R"("2008-06")"},
        {FieldType::month, "2008年12月", R"("2008-12")"},
        {FieldType::month, "2008.13", R"("2008.13")"},
        {FieldType::datetime, "2008.5.12 14:28", R"("2008-05-12T14:28:00+08:00")"},
        {FieldType::datetime, "2008年5月12日14时28分", R"("2008-05-12T14:28:00+08:00")"},
        {FieldType::datetime, "20080512 1428", R"("2008-05-12T14:28:00+08:00")"},
        {FieldType::datetime, "2008.5.12 2500", R"("2008.5.12 2500")"},
        {FieldType::datetime, "2008.5.12 25:00", R"("2008.5.12 25:00")"},
        {FieldType::integer, "1,234", "1234"},
        {FieldType::integer, "１２", "12"},
        {FieldType::integer, "12.5", R"("12.5")"},
        {FieldType::decimal, "1,234.50", R"("1234.5")"},
        {FieldType::decimal, "１２。５", R"("12.5")"},
        {FieldType::decimal, "12.", R"("12.")"},
        {FieldType::geopoint, "31.56，107.10", R"({"lat":"31.56","lon":"107.10"})"},
        {FieldType::geopoint, "31.56", R"("31.56")"},
        {FieldType::text, " 原样 ", R"(" 原样 ")"},
    };
    for (const Spelling& one : spellings) {
        INFO(one.typed);
        Field field;
        field.type = one.type;
        const Value value = read_typed(field, one.typed);
        CHECK(canonical_text(value) == one.value);
        // What stands in the box afterwards means the same.
        CHECK(canonical_text(read_typed(field, typed_text(field, value))) == one.value);
    }
}

TEST_CASE("beside a changed box stands what was there before, and comes back with a press") {
    FillWorld world;
    const std::string record = world.create("enterprise", R"({"name":"示例一厂"})");
    world.fill->open(*parse_uuid(record));
    world.ui->frame();
    CHECK_FALSE(world.ui->has("last.name"));
    world.ui->type("field.name", "示例二厂");
    CHECK(world.ui->value("last.name").find("示例一厂") != std::string::npos);
    world.ui->click("same.name");
    CHECK(world.ui->value("field.name") == "示例一厂");
    CHECK_FALSE(world.ui->has("last.name"));
}

TEST_CASE("a division is given by its name, by its code or from the list") {
    for (const Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
        INFO(std::string(name_of(language)));
        FillWorld world(language);
        // The codes of that time, as they stand in the records here; else those of today.
        world.create("enterprise", R"({"name":"示例一厂","division":"511923203"})");
        world.ui->settle();
        world.ui->click("form.disaster_report");
        world.ui->type("field.division", "大寨");
        world.ui->press("Tab");
        CHECK(world.ui->value("field.division") == "511923203");
        CHECK(world.ui->value("name.division") == "大寨乡");
        world.ui->type("field.division", "511923100205");
        CHECK(world.ui->value("name.division") == "江口镇");
        world.ui->click("field.division.list");
        CHECK(world.ui->has("field.division.list.option.511923"));
        world.ui->type_on("响滩");
        CHECK(world.ui->flaws().empty());
        world.ui->press("Enter");
        CHECK(world.ui->value("field.division") == "511923101");
        CHECK(world.fill->current()->find("division")->value == Value("511923101"));
        // No such place: told at the box, and what was typed stays.
        world.ui->type("field.division", "没有的乡");
        world.ui->press("Tab");
        CHECK(world.ui->value("field.division") == "没有的乡");
        CHECK_FALSE(world.ui->has("name.division"));
        CHECK(world.ui->has("message.division.0"));
    }
}

TEST_CASE("a list is gone through by arrows, a short one without a search") {
    FillWorld world;
    world.ui->click("form.site_visit");
    world.ui->click("field.target_kind");
    CHECK_FALSE(world.ui->has("field.target_kind.search"));
    CHECK(world.ui->kit().focused() == "field.target_kind.option.enterprise");
    world.ui->press("Down");
    CHECK(world.ui->kit().focused() == "field.target_kind.option.village");
    world.ui->press("Enter");
    CHECK(world.ui->value("field.target_kind") == "村（社区）");
    // Whoever fills in the form is the first of the people.
    world.ui->click("field.visitor");
    CHECK(world.ui->kit().focused() == "field.visitor.search");
    world.ui->press("Down");
    const std::string first = world.ui->kit().focused();
    CHECK(first.starts_with("field.visitor.option."));
    world.ui->press("Enter");
    CHECK(first == "field.visitor.option." + world.ui->value("field.visitor"));
}

TEST_CASE("\"now\" is written as people write it, to the minute") {
    FillWorld world;
    world.laptop.machine.set_now_ms(start_ms + 95'378);
    world.fill->start("disaster_report");
    world.ui->settle();
    world.ui->click("field.report_time.now");
    CHECK(world.ui->value("field.report_time") == "2008-05-12 16:01");
}

TEST_CASE("a file of divisions that cannot be read is told, and the program's own are used") {
    for (const Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
        FillWorld world(language);
        const auto folder = world.laptop.store->home() / "map";
        std::filesystem::create_directories(folder);
        CHECK_FALSE(world.ui->has("shell.news"));
        std::ofstream(folder / "divisions.json") << R"({"county":{"code":"51","name":"县"}})";
        world.restart();
        world.ui->settle();
        CHECK(world.ui->value("shell.news").find("[county]") != std::string::npos);
        CHECK(lines_of(world.ui->flaws()) == "");
        world.fill->start("hazard");
        world.ui->settle();
        world.ui->type("field.division", "511923100205");
        CHECK(world.ui->value("name.division") == "江口镇");
    }
}
