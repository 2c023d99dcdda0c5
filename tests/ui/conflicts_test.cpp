// Conflicts of two laptops: seen on both with names and times, settled on one, gone on the other
// after the next exchange.
#include "client/app/conflict_list.h"
#include "tests/ui/fill_world.h"

using namespace zf;
using namespace zf::testing;

namespace {

/// The program on a laptop; one at a time, as ImGui has one current context.
struct Window {
    explicit Window(DeviceStore& store, Language language = Language::zh_hans)
        : settings(store.home()),
          ui(language),
          screens(store, ui.kit(), settings, ui.textures(), nullptr) {
        ui.show([this] { screens.show(); });
        ui.settle();
    }
    void go(const std::string& screen) {
        ui.click("nav." + screen);
        ui.settle();
    }

    Settings settings;
    Headless ui;
    ui::Screens screens;
};

/// Two laptops with the shipped forms.
struct TwoLaptops {
    TwoLaptops() {
        for (Laptop* laptop : {&ann, &bob}) {
            Transaction transaction(laptop->store->db());
            laptop->distribute(shipped("forms.json"));
            transaction.commit();
        }
        for (Laptop* laptop : {&ann, &bob}) {
            Laptop& other = laptop == &ann ? bob : ann;
            Transaction transaction(laptop->store->db());
            laptop->store->bureau().put_device(bureau.key,
                                               {other.store->device(),
                                                other.store->public_key(),
                                                laptop == &ann ? "bob's laptop" : "ann's laptop",
                                                {},
                                                false},
                                               start_ms);
            transaction.commit();
        }
    }
    std::string report() {
        const std::string id =
            ann.create("disaster_report",
                       R"({"place_name":"示例村","division":"511923103000",)"
                       R"("report_time":"2008-05-14T09:00:00+08:00","affected_households":30})");
        exchange(ann, bob);
        return id;
    }
    /// Both write the households: ann 35, bob 41.
    std::string disputed() {
        const std::string id = report();
        ann.edit(id, R"({"affected_households":35})");
        bob.machine.set_now_ms(ann.machine.now_ms() + 60'000);
        bob.edit(id, R"({"affected_households":41})");
        exchange(ann, bob);
        return id;
    }
    std::string value(Laptop& laptop, const std::string& id) {
        return laptop.value(id, "affected_households");
    }

    TestBureau bureau;
    Laptop ann{bureau, 91, {"ann"}};
    Laptop bob{bureau, 92, {"bob"}};
};

}  // namespace

TEST_CASE(
    "conflicts: seen on both laptops with names and times, settled on one, gone on the other") {
    TwoLaptops two;
    const std::string id = two.disputed();
    const std::string key = "conflict." + id + ".affected_households";
    {
        Window window(*two.ann.store);
        CHECK(window.ui.expect("nav.conflicts").label.find("1") != std::string::npos);
        window.go("conflicts");
        CHECK(window.ui.value(key + ".base") == "30 户");
        CHECK(window.ui.value(key + ".0") == "41 户");
        CHECK(window.ui.value(key + ".1") == "35 户");
        const std::string theirs = window.ui.expect(key + ".0").label;
        CHECK(theirs.find("别人填的") != std::string::npos);
        CHECK(theirs.find("bob · 2008-05-12 16:") != std::string::npos);
        CHECK(theirs.find("bob's laptop") != std::string::npos);
        const std::string mine = window.ui.expect(key + ".1").label;
        CHECK(mine.find("本机填的") != std::string::npos);
        CHECK(mine.find("ann · 2008-05-12 16:") != std::string::npos);
        CHECK(lines_of(window.ui.flaws()) == "");
    }
    {
        Window window(*two.bob.store);
        window.go("conflicts");
        CHECK(window.ui.expect(key + ".0").label.find("本机填的") != std::string::npos);
        CHECK(window.ui.expect(key + ".1").label.find("ann's laptop") != std::string::npos);
        window.ui.click(key + ".1.take");
        window.ui.settle();
        CHECK(window.ui.has("conflicts.none"));
        CHECK(window.ui.expect("nav.conflicts").label.find("1") == std::string::npos);
    }
    CHECK(two.value(two.bob, id) == "35");
    {
        Window window(*two.ann.store);
        window.go("conflicts");
        CHECK(window.ui.has(key + ".0"));
        exchange(two.ann, two.bob);
        window.ui.settle();
        CHECK(window.ui.has("conflicts.none"));
    }
    CHECK(two.value(two.ann, id) == "35");
}

TEST_CASE("conflicts: a third value is written with the field's own box, and settles") {
    TwoLaptops two;
    const std::string id = two.disputed();
    const std::string key = "conflict." + id + ".affected_households";
    Window window(*two.ann.store);
    window.go("conflicts");
    window.ui.click(key + ".write");
    window.ui.settle();
    CHECK(window.screens.shell().current() == "form");
    CHECK(window.ui.kit().focused() == "field.affected_households");
    window.ui.type("field.affected_households", "38");
    window.ui.click("action.save");
    window.ui.settle();
    window.go("conflicts");
    CHECK(window.ui.has("conflicts.none"));
    exchange(two.ann, two.bob);
    CHECK(two.value(two.bob, id) == "38");
    CHECK(part(two.bob.done(R"({"do":"conflicts"})"), {"conflicts"}) == "[]");
}

TEST_CASE("conflicts: voided here while changed there, in three languages; either way is kept") {
    for (const Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
        for (const bool keeps : {true, false}) {
            INFO(std::string(name_of(language)), " ", keeps);
            TwoLaptops two;
            const std::string id = two.report();
            two.ann.done(R"({"do":"void","record":")" + id + R"(","reason":"twice"})");
            two.bob.edit(id, R"({"affected_households":41})");
            exchange(two.ann, two.bob);
            const std::string key = "conflict." + id + "._void";
            {
                Window window(*two.ann.store, language);
                window.go("conflicts");
                REQUIRE(window.ui.has(key + ".1"));
                CHECK(lines_of(window.ui.flaws()) == "");
                // Which of the two is the voiding goes by the clocks.
                std::string voiding = key + ".0", change = key + ".1";
                const bool is_first = window.ui.value(key + ".0").find("41") == std::string::npos;
                if (!is_first) std::swap(voiding, change);
                CHECK(window.ui.value(change).find("41") != std::string::npos);
                window.ui.click((keeps ? change : voiding) + ".take");
                window.ui.settle();
                CHECK(window.ui.has("conflicts.none"));
            }
            exchange(two.ann, two.bob);
            CHECK(two.bob.value(id, "_void") == (keeps ? "false" : "true"));
            CHECK(part(two.bob.done(R"({"do":"conflicts"})"), {"conflicts"}) == "[]");
        }
    }
}

TEST_CASE("conflicts: joins in a circle are explained and taken back") {
    TwoLaptops two;
    const std::string a = two.report(), b = two.report();
    two.ann.done(R"({"do":"join","record":")" + a + R"(","into":")" + b + R"("})");
    two.bob.done(R"({"do":"join","record":")" + b + R"(","into":")" + a + R"("})");
    exchange(two.ann, two.bob);
    Window window(*two.ann.store);
    window.go("conflicts");
    const std::string key = "conflict." + a + "._alias_of";
    REQUIRE(window.ui.has(key + ".unjoin"));
    CHECK(window.ui.expect(key).label.find("绕成了圈") != std::string::npos);
    CHECK(lines_of(window.ui.flaws()) == "");
    window.ui.click(key + ".unjoin");
    window.ui.settle();
    CHECK(window.ui.has("conflicts.none"));
}

TEST_CASE("conflicts: a rule that only both changes together break leads to the field") {
    TwoLaptops two;
    const std::string id = two.ann.create(
        "hazard", R"({"found_on":"2008-05-12","due_date":"2008-06-12","place_name":"示例村",)"
                  R"("closed_on":"2008-05-20","division":"511923103000"})");
    exchange(two.ann, two.bob);
    two.ann.edit(id, R"({"found_on":"2008-05-19"})");
    two.bob.edit(id, R"({"closed_on":"2008-05-15"})");
    exchange(two.ann, two.bob);
    Window window(*two.ann.store);
    window.go("conflicts");
    std::string key;
    for (const ui::WidgetState& widget : window.ui.kit().widgets()) {
        if (widget.key.ends_with(".write")) key = widget.key;
    }
    REQUIRE(key != "");
    CHECK(lines_of(window.ui.flaws()) == "");
    window.ui.click(key);
    window.ui.settle();
    CHECK(window.screens.shell().current() == "form");
}

TEST_CASE("conflicts: what both had before is found through a chain of changes on one laptop") {
    TwoLaptops two;
    const std::string id = two.report();
    two.ann.edit(id, R"({"affected_households":31})");
    two.ann.edit(id, R"({"affected_households":32})");
    two.bob.edit(id, R"({"affected_households":41})");
    exchange(two.ann, two.bob);
    const auto found = conflicts_of_record(*two.bob.store, *parse_uuid(id), Language::en);
    REQUIRE(found.has_value());
    REQUIRE(found->conflicts.size() == 1);
    const OpenConflict& conflict = found->conflicts.front();
    CHECK(conflict.sides.size() == 2);
    REQUIRE(conflict.base.size() == 1);
    CHECK(canonical_text(conflict.base.front()) == "30");
    CHECK(conflict.base_user == "ann");
}

TEST_CASE("conflicts: all of a record are settled at once, on either side, when it is confirmed") {
    for (const bool is_mine : {true, false}) {
        for (const Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
            INFO(is_mine, " ", std::string(name_of(language)));
            TwoLaptops two;
            const std::string id = two.report();
            // A single one has its own buttons, and that is enough.
            two.ann.edit(id, R"({"affected_households":35})");
            two.bob.edit(id, R"({"affected_households":41})");
            exchange(two.ann, two.bob);
            const std::string key = "conflict." + id;
            const std::string pressed = key + (is_mine ? ".all_mine" : ".all_theirs");
            Window window(*two.ann.store, language);
            Headless& ui = window.ui;
            window.go("conflicts");
            CHECK(ui.has(key));
            CHECK_FALSE(ui.has(pressed));
            two.ann.edit(id, R"({"deaths":1,"missing":2})");
            two.bob.edit(id, R"({"deaths":3,"missing":4})");
            exchange(two.ann, two.bob);
            ui.settle();
            CHECK(lines_of(ui.flaws()) == "");
            ui.kit().focus(pressed);
            ui.settle();
            ui.press("Enter");
            // What will stand there is told, and nothing has happened yet.
            CHECK(ui.value(key + ".all").find(is_mine ? "35" : "41") != std::string::npos);
            CHECK(lines_of(ui.flaws()) == "");
            ui.press("Escape");
            CHECK_FALSE(ui.has(key + ".all.do"));
            CHECK(ui.kit().focused() == pressed);
            const std::int64_t before = two.ann.store->log().counts().changesets;
            ui.press("Enter");
            ui.click(key + ".all.do");
            ui.settle();
            CHECK(ui.has("conflicts.none"));
            CHECK(two.ann.store->log().counts().changesets > before);
            exchange(two.ann, two.bob);
            for (Laptop* laptop : {&two.ann, &two.bob}) {
                CHECK(laptop->value(id, "affected_households") == (is_mine ? "35" : "41"));
                CHECK(laptop->value(id, "deaths") == (is_mine ? "1" : "3"));
                CHECK(laptop->value(id, "missing") == (is_mine ? "2" : "4"));
                CHECK(part(laptop->done(R"({"do":"conflicts"})"), {"conflicts"}) == "[]");
            }
        }
    }
}

TEST_CASE("the list of records shows in full that one is saved, not submitted and in conflict") {
    TwoLaptops two;
    const std::string id = two.disputed();
    for (const Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
        Window window(*two.ann.store, language);
        const auto say = [&](std::string_view key) {
            return std::string(window.ui.messages().text(key));
        };
        window.go("records");
        const std::string row = window.ui.value("row." + id);
        CHECK(row.find(say("status.saved") + " · " + say("state.conflict")) != std::string::npos);
        CHECK(lines_of(window.ui.flaws()) == "");
        window.go("today");
        CHECK(lines_of(window.ui.flaws()) == "");
    }
}
