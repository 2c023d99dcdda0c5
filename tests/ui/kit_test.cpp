// The kit: each widget by its key, by mouse and by keyboard alone.
#include "client/ui/kit.h"

#include "client/ui/kit_draw.h"
#include "tests/ui/headless.h"

using namespace zf;
using namespace zf::testing;
using namespace zf::ui;

namespace {

std::vector<Option> find_among(const std::string& typed) {
    std::vector<Option> found;
    for (const char* name : {"apple", "pear", "plum"}) {
        if (std::string_view(name).find(typed) != std::string_view::npos) {
            found.push_back({name, name, ""});
        }
    }
    return found;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
}

}  // namespace

TEST_CASE("buttons, boxes and ticks by mouse and by keyboard alone") {
    Headless ui;
    int pressed = 0;
    bool ticked = false;
    std::string name, note;
    ui.show([&] {
        Kit& kit = ui.kit();
        if (kit.button("a", "A")) ++pressed;
        kit.text_box("name", "Name", name);
        kit.text_box("note", "Note", note, {.lines = 3});
        kit.checkbox("tick", "Tick", ticked);
        kit.button("off", "Off", {.enabled = false});
    });
    CHECK(joined(ui.flaws()) == "");
    CHECK_FALSE(ui.expect("off").enabled);
    ui.click("a");
    CHECK(pressed == 1);
    ui.click("off");
    ui.type("name", "李明");
    CHECK(name == "李明");
    CHECK(ui.value("name") == "李明");
    ui.press("Enter");  // goes on to the next box
    CHECK(ui.kit().focused() == "note");
    ui.type_on("一");
    ui.press("Enter");
    ui.type_on("二");
    CHECK(note == "一\n二");
    ui.press("Tab");
    CHECK(ui.kit().focused() == "tick");
    ui.press("Space");
    CHECK(ticked);
    ui.press("Enter");
    CHECK_FALSE(ticked);
    ui.press("Tab");
    CHECK(ui.kit().focused() == "a");
    CHECK(pressed == 1);
    ui.press("Enter");
    CHECK(pressed == 2);
    ui.press("Shift+Tab");
    ui.press("Shift+Tab");
    CHECK(ui.kit().focused() == "note");
}

TEST_CASE("Escape leaves a box and throws nothing away") {
    Headless ui;
    std::string name = "old";
    ui.show([&] { ui.kit().text_box("name", "Name", name); });
    ui.type("name", "new");
    ui.press("Escape");
    CHECK(name == "new");
    CHECK(ui.value("name") == "new");
    CHECK_FALSE(ui.kit().escape_pressed());
}

TEST_CASE("a list opens above the screen, is searched, picked from and left") {
    Headless ui;
    std::string fruit;
    std::vector<std::string> several;
    ui.show([&] {
        Kit& kit = ui.kit();
        kit.pick("one", "One", fruit, fruit, find_among);
        kit.pick_several("many", "Many", joined(several), several, find_among);
    });
    ui.click("one");
    CHECK(ui.kit().focused() == "one.search");
    CHECK(joined(ui.flaws()) == "");
    ui.type_on("pl");
    CHECK(ui.has("one.option.plum"));
    CHECK_FALSE(ui.has("one.option.pear"));
    ui.press("Enter");  // the first that is found
    CHECK(fruit == "apple");
    CHECK_FALSE(ui.has("one.search"));
    CHECK(ui.kit().focused() == "one");
    ui.press("Enter");
    ui.press("Tab");
    CHECK(ui.kit().focused() == "one.clear");
    ui.press("Tab");
    ui.press("Tab");
    CHECK(ui.kit().focused() == "one.option.pear");
    ui.press("Space");
    CHECK(fruit == "pear");
    ui.click("one");
    ui.press("Escape");
    CHECK_FALSE(ui.has("one.search"));
    CHECK(fruit == "pear");
    ui.click("one");
    ui.click("one.clear");
    CHECK(fruit.empty());

    ui.click("many");
    ui.click("many.option.pear");
    ui.click("many.option.plum");
    ui.click("many.option.pear");
    CHECK(joined(several) == "plum\n");
    ui.click("many.done");
    CHECK_FALSE(ui.has("many.search"));
}

TEST_CASE("a day is typed or picked from the calendar") {
    Headless ui;
    std::string day;
    ui.kit().set_today({2008, 5, 12});
    ui.show([&] { ui.kit().date_box("day", "Day", day); });
    ui.type("day", "2008.6.30");
    CHECK(day == "2008.6.30");
    ui.click("day.open");
    CHECK(joined(ui.flaws()) == "");
    CHECK(ui.expect("day.open.day.30").value == "true");
    CHECK_FALSE(ui.has("day.open.day.31"));
    ui.click("day.open.after");
    ui.click("day.open.day.31");
    CHECK(day == "2008-07-31");
    ui.type("day", "");
    ui.click("day.open");
    CHECK(ui.kit().focused() == "day.open.day.12");
    ui.press("Right");
    ui.press("Space");
    CHECK(day == "2008-05-13");
}

TEST_CASE("a table of 100,000 rows draws those in sight, scrolls by wheel, drag and keyboard") {
    Headless ui;
    std::optional<std::size_t> activated;
    std::size_t asked = 0;
    TableData data;
    data.columns = {{"name", "Name", 2}, {"state", "State", 1}};
    data.rows = 100'000;
    data.key = [](std::size_t row) { return std::to_string(row); };
    data.cell = [&](std::size_t row, std::size_t column) {
        ++asked;
        return (column == 0 ? "row " : "state ") + std::to_string(row);
    };
    ui.show([&] {
        if (const auto row = ui.kit().table("list", data)) activated = row;
    });
    asked = 0;
    ui.frame();
    CHECK(asked < 100);
    ui.click("row.3");
    CHECK(activated == 3);
    ui.wheel("row.3", -10);
    CHECK_FALSE(ui.expect("row.3").visible);  // it has the keyboard, so it is still drawn
    // The last row may be drawn below the edge of the table; this one is in its middle.
    const std::string before = ui.kit().widgets()[ui.kit().widgets().size() - 5].key;
    activated.reset();
    ui.drag(before, -300);
    CHECK_FALSE(activated);  // what was dragged was not pressed
    CHECK(ui.expect(before).rect.y < 300);
    ui.press("Tab");
    const std::string first = ui.kit().focused();
    CHECK(first.starts_with("row."));
    ui.press("Down");
    CHECK(ui.kit().focused() != first);
    ui.press("Enter");
    CHECK(activated.has_value());
}

TEST_CASE("notices go by themselves, a task can be cancelled, and at rest no frame is wanted") {
    Headless ui;
    bool cancelled = false;
    ui.show([&] {
        if (ui.kit().progress("task", "Working", 0.4F)) cancelled = true;
    });
    CHECK(ui.value("task") == "40%");
    CHECK_FALSE(ui.kit().next_frame_in().has_value());
    ui.kit().toast("saved", Tone::good);
    ui.frame();
    CHECK(ui.value("toast.0") == "saved");
    ui.wait(7);
    CHECK_FALSE(ui.has("toast.0"));
    ui.click("task.cancel");
    CHECK(cancelled);
    CHECK_FALSE(ui.kit().next_frame_in().has_value());
}

TEST_CASE("sizes follow the scale, in every theme") {
    for (const float scale : {0.8F, 1.0F, 2.0F}) {
        for (const ThemeKind kind : {ThemeKind::light, ThemeKind::dark, ThemeKind::contrast}) {
            Headless ui(Language::en, {kind, scale});
            std::string name, fruit;
            ui.show([&] {
                ui.kit().button("b", "Press this");
                ui.kit().text_box("name", "Name", name);
                ui.kit().pick("fruit", "Fruit", fruit, fruit, find_among);
            });
            CHECK(joined(ui.flaws()) == "");
            CHECK(ui.expect("b").rect.h == doctest::Approx(48 * scale).epsilon(0.03));
            CHECK(ui.expect("name").rect.h == doctest::Approx(48 * scale).epsilon(0.03));
            ui.kit().set_theme({kind, 1});
            ui.kit().set_theme({kind, scale});
            ui.settle();
            CHECK(ui.expect("b").rect.h == doctest::Approx(48 * scale).epsilon(0.03));
        }
    }
}

TEST_CASE("columns that fit are as wide as their texts, and one that cannot be is told") {
    Headless ui;
    std::string state = "ok";
    std::size_t states = 1;
    TableData data;
    data.columns = {{"title", "Title", 1}};
    data.rows = 3;
    data.key = [](std::size_t row) { return std::to_string(row); };
    data.cell = [&](std::size_t row, std::size_t column) -> std::string {
        if (column == 0)
            return "A title of a length that no column of a list is ever given " +
                   std::to_string(row) + std::string(200, '-');
        return row == 1 ? state : "";
    };
    ui.show([&] {
        data.columns.resize(1);
        for (std::size_t i = 0; i < states; ++i) {
            data.columns.push_back({"state" + std::to_string(i), "State", 0, true, true});
        }
        ui.kit().table("table", data);
    });
    CHECK(joined(ui.flaws()) == "");
    const float narrow = ui.expect("table.column.state0").rect.w;
    state = "Saved, not submitted · In conflict";
    ui.settle();
    CHECK(ui.expect("table.column.state0").rect.w > narrow + 100);
    CHECK(joined(ui.flaws()) == "");
    // It stays as wide when the text has gone out of sight: nothing jumps to and fro.
    state = "ok";
    ui.settle();
    CHECK(ui.expect("table.column.state0").rect.w > narrow + 100);
    states = 6;
    state = "Saved, not submitted · In conflict";
    ui.settle();
    CHECK(joined(ui.flaws()).find("row.1 is cut") != std::string::npos);
}

TEST_CASE("a caret blinks while somebody is there, and then asks for no more frames") {
    Headless ui;
    std::string text;
    ui.show([&] { ui.kit().text_box("field.a", "A", text); });
    ui.type("field.a", "张三");
    ui.wait(5);
    CHECK(ui.kit().next_frame_in().has_value());
    ui.wait(8);
    CHECK_FALSE(ui.kit().next_frame_in().has_value());
    ui.type_on("丰");
    CHECK(ui.kit().next_frame_in().has_value());
    CHECK(text == "张三丰");
}

TEST_CASE("a table without room leaves out columns by rank, and keeps some rows in sight") {
    for (const float width : {1366.0F, 420.0F}) {
        CAPTURE(width);
        Headless ui(Language::zh_hans, {}, width, 260);
        TableData data;
        data.columns = {{"name", "名称", 3, true},
                        {"form", "表格", 2, false, false, 1},
                        {"by", "更改人", 0, true, true, 2}};
        data.rows = 100;
        data.key = [](std::size_t row) { return std::to_string(row); };
        data.cell = [](std::size_t row, std::size_t column) {
            return column == 2 ? "示例填报人员 " + std::to_string(row)
                               : "示例" + std::to_string(row);
        };
        ui.show([&] { ui.kit().table("table", data); });
        ui.settle();
        CHECK(ui.has("table.column.name"));
        CHECK(ui.has("table.column.form"));
        CHECK(ui.has("table.column.by") == (width > 1000));
        CHECK(ui.has("row.3"));
        CHECK(ui.flaws().empty());
    }
}

TEST_CASE("lines of Chinese are full, do not begin with a comma or end with a bracket") {
    const std::string text =
        "坐标为 WGS-84（接收机和手机照片所用）。网络地图上抄来的坐标（GCJ-02）会偏几百米，"
        "按“看全部”；用 + - "
        "键，\n姓𠮷。https://sync.example.gov.cn:8443/abcdefghijklmnopqrstuvwxyz";
    const std::string_view never_first = "，。；）”、", never_last = "（“";
    Headless ui;
    ui.show([&] {
        const float em = ImGui::GetFontSize();
        CHECK(wrapped("短", em) == "短");
        for (float width = 8 * em; width < 60 * em; width += em / 3) {
            std::string lines = from_slots(wrapped(text, width)), rest = lines;
            INFO(width << ": " << lines);
            while (!rest.empty()) {
                const std::size_t end = std::min(rest.find('\n'), rest.size());
                const std::string line = rest.substr(0, end);
                rest.erase(0, end + 1);
                REQUIRE_FALSE(line.empty());
                CHECK(ui.kit().text_width(line) <= width + 1);
                for (std::size_t i = 0; i < never_first.size(); i += 3) {
                    CHECK_FALSE(line.starts_with(never_first.substr(i, 3)));
                }
                for (std::size_t i = 0; i < never_last.size(); i += 3) {
                    CHECK_FALSE(line.ends_with(never_last.substr(i, 3)));
                }
            }
            const auto without_ends = [](std::string from) {
                std::erase_if(from, [](char one) { return one == '\n' || one == ' '; });
                return from;
            };
            CHECK(without_ends(lines) == without_ends(text));
        }
        // A space in the text is no reason to end a line early.
        CHECK(wrapped("坐标为 WGS-84（接收机和手机照片所用）", 12 * em)
                  .starts_with("坐标为 WGS-84（接收"));
    });
}
