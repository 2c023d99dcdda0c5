// The keyboard wherever one is: screens, search, saving, leafing through.
#include "tests/ui/fill_world.h"

using namespace zf;
using namespace zf::testing;

TEST_CASE("screens are reached by number, and the list of keys by F1 and back") {
    FillWorld world;
    world.ui->press("Ctrl+8");
    CHECK(world.shell->current() == "settings");
    world.ui->press("Ctrl+2");
    CHECK(world.shell->current() == "form");
    world.ui->press("F1");
    CHECK(world.shell->current() == "settings");
    CHECK(world.ui->expect("settings.keys").visible);
    world.ui->press("F1");
    CHECK(world.shell->current() == "form");
}

TEST_CASE("on a screen that was chosen by its number Tab begins in the screen, not in the rail") {
    FillWorld world;
    Headless& ui = *world.ui;
    const std::vector<std::pair<std::string, std::string>> begins{
        {"Ctrl+3", "records.form"}, {"Ctrl+7", "sync.now"}, {"Ctrl+N", "form.enterprise"}};
    for (const auto& [keys, first] : begins) {
        INFO(keys);
        // Wherever the keyboard was before.
        ui.kit().focus("nav.form");
        ui.settle();
        ui.press(keys);
        ui.press("Tab");
        CHECK(ui.kit().focused() == first);
        ui.press("Shift+Tab");
        CHECK(ui.kit().focused() != first);
    }
}

TEST_CASE("Tab leads through every screen and back to where it began, nothing keeps it") {
    FillWorld world;
    Headless& ui = *world.ui;
    world.create("site_visit",
                 R"({"visit_date":"2008-05-12","target_name":"示例村","visitor":"ann",)"
                 R"("division":"511923203","location":{"lat":"31.50","lon":"107.20"}})");
    // Without conflicts that screen has the rail alone.
    for (const char* screen : {"today", "form", "records", "coverage", "map", "sync", "settings"}) {
        world.shell->go(screen);
        ui.wait(3);
        world.screens->worker().finish();
        ui.settle();
        for (const char* key : {"Tab", "Shift+Tab"}) {
            INFO(screen << " by " << key);
            ui.press(key);
            const std::string first = ui.kit().focused();
            std::string before = first;
            int steps = 0;
            do {
                ui.press(key);
                const std::string now = ui.kit().focused();
                INFO("from " << before);
                REQUIRE(now != before);
                before = now;
                REQUIRE(++steps < 200);
            } while (before != first);
            CHECK(steps >= 2);
        }
    }
}

TEST_CASE("a form is left for another one, saved and submitted by keys") {
    FillWorld world;
    world.fill->start("hazard");
    world.ui->settle();
    world.ui->type("field.place_name", "柳树村");
    world.ui->press("Ctrl+N");
    CHECK(world.fill->current() == nullptr);
    CHECK(world.ui->has("fill.drafts"));
    const auto draft = FillForm::left_in(*world.laptop.store);
    REQUIRE(draft.has_value());
    world.fill->reopen(*draft);
    world.ui->settle();
    CHECK(world.ui->value("field.place_name") == "柳树村");
    // What lacks something stays open, and says so.
    world.ui->press("Ctrl+Enter");
    CHECK(world.ui->has("fill.refused"));
    world.ui->press("Ctrl+S");
    CHECK(world.fill->current() == nullptr);
    CHECK(world.laptop.store->unsent_changesets() > 0);
}

TEST_CASE("a form is leafed through by page keys, also while typing") {
    FillWorld world;
    world.fill->start("site_visit");
    world.ui->settle();
    const std::string first = "section." + world.fill->current()->sections().front().id;
    const float at = world.ui->expect(first).rect.y;
    world.ui->press("PageDown");
    const float below = world.ui->expect(first).rect.y;
    CHECK(below < at - 100);
    world.ui->press("PageUp");
    CHECK(world.ui->expect(first).rect.y == doctest::Approx(at));
    world.ui->kit().focus("action.back");
    world.ui->settle();
    world.ui->press("End");
    CHECK(world.ui->expect(first).rect.y < below - 100);
    world.ui->press("Home");
    CHECK(world.ui->expect(first).rect.y == doctest::Approx(at));
}

TEST_CASE("a table of 100,000 rows is walked by arrows, pages and ends") {
    Headless ui;
    std::optional<std::size_t> activated;
    ui::TableData data;
    data.columns = {{"a", "A", 1}, {"b", "B", 2}};
    data.rows = 100'000;
    data.key = [](std::size_t row) { return std::to_string(row); };
    data.cell = [](std::size_t row, std::size_t column) {
        return std::to_string(row) + "." + std::to_string(column);
    };
    ui.show([&] {
        const auto one = ui.kit().table("table", data);
        if (one) activated = one;
    });
    ui.press("Tab");
    CHECK(ui.kit().focused() == "row.0");
    ui.press("Down");
    CHECK(ui.kit().focused() == "row.1");
    ui.press("PageDown");
    const std::string paged = ui.kit().focused();
    REQUIRE(paged.starts_with("row."));
    CHECK(std::stoi(paged.substr(4)) > 5);
    ui.press("End");
    CHECK(ui.kit().focused() == "row.99999");
    ui.press("Enter");
    CHECK(activated == 99'999);
    ui.press("Home");
    CHECK(ui.kit().focused() == "row.0");
    CHECK(ui.expect("row.0").visible);
}

TEST_CASE("Enter and Down lead from a search box to what was found") {
    Headless ui;
    std::string typed;
    std::vector<std::string> found;
    ui.show([&] {
        ui::TextOptions search;
        search.search = true;
        ui.kit().text_box("search", "Search", typed, search);
        found.clear();
        for (const char* name : {"apple", "pear", "plum"}) {
            if (std::string_view(name).find(typed) != std::string_view::npos) found.push_back(name);
        }
        ui::TableData data;
        data.columns = {{"name", "Name", 1}};
        data.rows = found.size();
        data.key = [&](std::size_t row) { return found[row]; };
        data.cell = [&](std::size_t row, std::size_t) { return found[row]; };
        ui.kit().table("table", data);
    });
    for (const char* key : {"Enter", "Down"}) {
        INFO(key);
        ui.type("search", "p");
        ui.type_on("l");
        ui.press(key);
        CHECK(ui.kit().focused() == "row.apple");
        ui.type("search", "nothing");
        ui.press(key);
        CHECK(ui.kit().focused() == "search");
        ui.type_on("s");
        CHECK(typed == "nothings");
    }
}

TEST_CASE(
    "Tab stops once at options that stand together, at the chosen one, arrows reach the rest") {
    Headless ui;
    std::string size = "b", name;
    ui.show([&] {
        ui.kit().text_box("name", "Name", name);
        ui.kit().tabs("size", {{"a", "A", ""}, {"b", "B", ""}, {"c", "C", ""}}, size);
        ui.kit().button("go", "Go");
    });
    ui.kit().focus("name");
    ui.settle();
    ui.press("Tab");
    CHECK(ui.kit().focused() == "size.b");
    ui.press("Right");
    CHECK(ui.kit().focused() == "size.c");
    CHECK(size == "b");
    ui.press("Enter");
    CHECK(size == "c");
    ui.press("Left");
    ui.press("Left");
    CHECK(ui.kit().focused() == "size.a");
    ui.press("Tab");
    CHECK(ui.kit().focused() == "go");
    ui.press("Shift+Tab");
    CHECK(ui.kit().focused() == "size.c");
    ui.press("Shift+Tab");
    CHECK(ui.kit().focused() == "name");
}
