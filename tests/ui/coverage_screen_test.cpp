// The coverage board by key: lists, since when, filters, what is behind a row, a visit begun.
#include "client/ui/kit_chart.h"
#include "tests/ui/fill_world.h"

using namespace zf;
using namespace zf::testing;

namespace {

/// A laptop with two townships visited, one promised for a day that has passed.
struct BoardWorld : FillWorld {
    explicit BoardWorld(Language language = Language::zh_hans, ui::Theme theme = {},
                        float width = 1366, float height = 768)
        : FillWorld(language, theme, width, height) {
        mill = create("enterprise", R"({"name":"示例磨坊","division":"511923101"})");
        seen = create("site_visit",
                      R"({"visit_date":"2008-05-12","target_name":"示例村","visitor":"ann",)"
                      R"("target_kind":"village","division":"511923203","purpose":["disaster"],)"
                      R"("follow_up_due":"2008-05-10"})");
        create("disaster_report",
               R"({"place_name":"示例磨坊","place_kind":"enterprise","division":"511923101",)"
               R"("report_time":"2008-05-12T15:00:00+08:00","light_rooms":4,"enterprise":")" +
                   mill + R"(","disaster_start":"2008-05-12T14:28:00+08:00"})");
        acknowledge();
        screens->shell().go("coverage");
        gathered();
    }
    void acknowledge() {
        Transaction transaction(laptop.store->db());
        laptop.store->log().set_acknowledged(
            laptop.store->device(), laptop.store->log().head_of(laptop.store->device()).seq);
        transaction.commit();
    }
    /// Frames until what is shown is what is in the store.
    void gathered() {
        ui->wait(3);
        screens->worker().finish();
        ui->settle();
    }
    std::string mill, seen;
};

}  // namespace

TEST_CASE("the board counts, filters and searches in three languages without a flaw") {
    for (const Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
        for (const float scale : {1.0F, 1.25F, 1.6F}) {
            BoardWorld world(language, {ui::ThemeKind::light, scale});
            Headless& ui = *world.ui;
            CHECK(lines_of(ui.flaws()) == "");
            CHECK(ui.value("coverage.since") == "2008-05-12");
            CHECK(ui.value("coverage.rows") == "44");
            // At the greatest size the rows may be below the edge of the screen until it is
            // scrolled.
            const bool is_near = scale < 1.5F;
            // The promised day has passed, so that it comes first.
            CHECK((!is_near || ui.has("row.511923203")));
            ui.click("coverage.state.damage");
            CHECK(ui.value("coverage.rows") == "1");
            CHECK(ui.has("row.511923101"));
            ui.click("row.511923101");
            CHECK(lines_of(ui.flaws()) == "");
            ui.press("Escape");
            ui.click("coverage.state.overdue");
            CHECK(ui.value("coverage.rows") == "1");
            ui.click("row.511923203");
            CHECK(lines_of(ui.flaws()) == "");
            ui.click("coverage.close");
            ui.click("coverage.state.all");
            ui.type("coverage.search", "大寨");
            CHECK(ui.value("coverage.rows") == "1");
            ui.type("coverage.search", "");
            ui.click("coverage.list.villages");
            CHECK(ui.value("coverage.rows") == "1");
            ui.click("coverage.list.enterprises");
            CHECK(ui.value("coverage.rows") == "1");
            CHECK((!is_near || ui.has("row." + world.mill)));
            CHECK(lines_of(ui.flaws()) == "");
        }
    }
}

TEST_CASE("a row opens by keyboard what is behind it, and a visit begins with what is known") {
    BoardWorld world;
    Headless& ui = *world.ui;
    ui.type("coverage.search", "大寨");
    ui.press("Tab");
    while (!ui.kit().focused().starts_with("row.")) ui.press("Tab");
    CHECK(ui.kit().focused() == "row.511923203");
    ui.press("Enter");
    CHECK(ui.kit().focused() == "coverage.visit");
    CHECK(ui.value("coverage.opened.name") == "大寨乡");
    ui.press("Escape");
    CHECK_FALSE(ui.has("coverage.visit"));
    CHECK(ui.kit().focused() == "row.511923203");
    ui.press("Enter");
    ui.press("Enter");
    CHECK(world.shell->current() == "form");
    CHECK(ui.value("field.division") == "511923203");
    CHECK(ui.value("field.target_name") == "大寨乡");
    CHECK(ui.value("field.target_kind") == "乡镇");
    CHECK(ui.value("field.visit_date") == "2008-05-12");
    CHECK(ui.value("field.visitor") == "ann");
}

TEST_CASE("what is saved here and not sent is said to be on this laptop, a draft too") {
    BoardWorld world;
    Headless& ui = *world.ui;
    world.create("site_visit", R"({"visit_date":"2008-05-12","target_name":"示例","visitor":"ann",)"
                               R"("target_kind":"township","division":"511923102"})");
    world.gathered();
    ui.click("coverage.state.on_laptop");
    CHECK(ui.value("coverage.rows") == "1");
    ui.click("row.511923102");
    CHECK(ui.value("coverage.opened.away").find("ann") != std::string::npos);
    world.fill->start("hazard", {{"found_on", "2008-05-12"}, {"division", "511923103"}});
    world.fill->current()->set(*world.fill->current()->find("found_on"), Value("2008-05-12"));
    world.shell->go("coverage");
    world.gathered();
    CHECK(ui.value("coverage.rows") == "2");
    ui.click("row.511923103");
    CHECK(ui.has("coverage.opened.drafts"));
    const auto drafts = Draft::list(*world.laptop.store);
    REQUIRE(drafts.size() == 1);
    ui.click("coverage.record." + drafts[0].id.text());
    CHECK(world.shell->current() == "form");
    CHECK(ui.value("field.division") == "511923103");
}

TEST_CASE("the day from which is counted can be typed, and is kept") {
    BoardWorld world;
    Headless& ui = *world.ui;
    ui.type("coverage.since", "2008.5.13");
    CHECK(ui.value("coverage.since") == "2008.5.13");
    ui.click("coverage.state.damage");
    CHECK(ui.value("coverage.rows") == "0");
    world.restart();
    world.shell->go("coverage");
    world.gathered();
    CHECK(world.ui->value("coverage.since") == "2008-05-13");
    world.ui->click("coverage.month");
    CHECK(world.ui->value("coverage.since") == "2008-05-01");
    world.ui->click("coverage.disaster");
    CHECK(world.ui->value("coverage.since") == "2008-05-12");
}

TEST_CASE("a line keeps the peaks of any number of values, however few columns there are") {
    std::vector<double> values(100'000, 5);
    values[70'001] = 90;
    values[3] = 0;
    for (const std::size_t columns : {std::size_t{1}, std::size_t{7}, std::size_t{300}}) {
        const auto all = ui::chart_columns(values, columns);
        REQUIRE(all.size() == columns);
        double least = 5, greatest = 5;
        for (const auto& column : all) {
            least = std::min(least, column.least);
            greatest = std::max(greatest, column.greatest);
        }
        CHECK(least == 0);
        CHECK(greatest == 90);
    }
    const auto slope = ui::chart_columns({0, 10}, 5);
    CHECK(slope[0].least == 0);
    CHECK(slope[0].greatest == doctest::Approx(2));
    CHECK(slope[4].greatest == doctest::Approx(10));
    CHECK(ui::chart_columns({}, 5).empty());
    CHECK(ui::chart_columns({7}, 2)[1].greatest == 7);
    CHECK(ui::chart_number(12) == "12");
    CHECK(ui::chart_number(12.34) == "12.3");
}
