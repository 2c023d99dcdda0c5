// What the fill-in screen does beyond filling: rules at the field, drafts that survive a kill, what
// was entered last time, doubles, conditional and computed fields, rows, files, amendments.
#include <fstream>
#include <set>

#include "client/app/typed_value.h"
#include "tests/ui/fill_world.h"

using namespace zf;
using namespace zf::testing;

namespace {

constexpr Language hans = Language::zh_hans;

std::string saved_value(FillWorld& world, const std::string& record, const std::string& field) {
    return world.laptop.value(record, field);
}

std::string current_record(FillWorld& world) {
    REQUIRE(world.fill->current() != nullptr);
    return world.fill->current()->record().text();
}

}  // namespace

TEST_CASE("each rule of level error is told at its field when broken, and goes when corrected") {
    struct Case {
        std::string form;
        std::vector<std::pair<std::string, std::string>> typed;  // the last one breaks the rule
        std::string at, corrected_field, corrected;
    };
    const std::vector<Case> cases{
        {"enterprise",
         {{"on_register_from", "2008.1.1"}, {"deregistered_on", "2007-12-31"}},
         "deregistered_on",
         "deregistered_on",
         "20080131"},
        {"enterprise_report",
         {{"output_month", "20"}, {"output_ytd", "12"}},
         "output_ytd",
         "output_ytd",
         "20"},
        {"enterprise_report",
         {{"employees_end", "20"}, {"local_employees_end", "21"}},
         "local_employees_end",
         "employees_end",
         "30"},
        {"project",
         {{"sign_date", "2008.3.1"}, {"first_stat_year", "2007"}},
         "sign_date",
         "first_stat_year",
         "2008"},
        {"capital_arrival",
         {{"arrival_date", "2008.5.13"}},
         "arrival_date",
         "arrival_date",
         "2008.5.12"},
        {"capital_arrival", {{"amount", "-5"}}, "", "amount", "5"},
        {"promo_material",
         {{"copies", "10"}, {"distributed", "11"}},
         "distributed",
         "copies",
         "100"},
        {"outreach_trip",
         {{"start_date", "2008.5.2"}, {"end_date", "2008.5.1"}},
         "end_date",
         "end_date",
         "2008.5.3"},
        {"disaster_report", {{"loss_housing", "8"}, {"direct_loss", "5"}}, "", "direct_loss", "9"},
        {"disaster_report", {{"deaths", "1"}}, "narrative", "deaths", "0"},
        {"hazard",
         {{"found_on", "2008.5.12"}, {"closed_on", "2008.5.1"}},
         "closed_on",
         "closed_on",
         "2008.5.12"},
    };
    for (const Case& one : cases) {
        INFO(one.form, " ", one.at, " ", one.corrected_field);
        FillWorld world;
        world.ui->click("form." + one.form);
        for (const auto& [field, text] : one.typed) world.ui->type("field." + field, text);
        CHECK(remarks_of(*world.fill, hans).find("error ") == std::string::npos);
        world.ui->wait(0.7);
        const std::string broken = remarks_of(*world.fill, hans);
        INFO(broken);
        CHECK(broken.find("error " + one.at) != std::string::npos);
        if (!one.at.empty()) CHECK(world.ui->has("message." + one.at + ".0"));
        CHECK(lines_of(world.ui->flaws()) == "");
        world.ui->type("field." + one.corrected_field, one.corrected);
        world.ui->wait(0.7);
        CHECK(remarks_of(*world.fill, hans).find("error ") == std::string::npos);
    }
}

TEST_CASE("killed while typing, every form opens where it was left with all but the last moment") {
    FillWorld world;
    std::vector<std::string> ids;
    for (const Form& form : world.laptop.store->log().forms().forms) ids.push_back(form.id);
    for (const std::string& form_id : ids) {
        INFO(form_id);
        world.ui->click("nav.form");
        if (world.fill->current()) world.ui->click("action.back");
        world.ui->click("form." + form_id);
        const Form& form = world.fill->current()->form();
        std::string typed;
        for (const Field& field : form.fields) {
            const bool is_text =
                field.type == FieldType::text || field.type == FieldType::multiline;
            const FillBox* box = world.fill->current()->find(field.name);
            if (is_text && box->is_visible) typed = field.name;
        }
        REQUIRE_FALSE(typed.empty());
        const std::string key = "field." + typed;
        const std::string id = current_record(world);
        world.ui->type(key, "写到一半𠮷");
        CHECK(world.ui->value("fill.draft") == world.ui->messages().text("fill.not_put_by"));
        world.ui->wait(0.6);
        CHECK(world.ui->value("fill.draft") == world.ui->messages().text("fill.put_by"));
        world.ui->press("End");
        world.ui->type_on("，没了");
        world.restart();
        REQUIRE(world.fill->reopen_where_left());
        world.ui->settle();
        CHECK(current_record(world) == id);
        CHECK(world.ui->value(key) == "写到一半𠮷");
        CHECK(world.ui->kit().focused() == key);
        CHECK(world.ui->expect(key).visible);
        world.ui->click("action.save");
        CHECK(world.fill->current() == nullptr);
        CHECK(saved_value(world, id, typed) == R"("写到一半𠮷")");
        CHECK_FALSE(FillForm::left_in(*world.laptop.store).has_value());
    }
}

TEST_CASE("typing without a pause is on disk to within a second, and goes on at its end") {
    FillWorld world;
    for (const std::string field : {"target_name", "summary"}) {
        INFO(field);
        world.fill->start("site_visit");
        world.ui->settle();
        const std::string key = "field." + field;
        world.ui->click(key);
        std::string typed, a_second_ago;
        for (int letter = 0; letter < 30; ++letter) {
            if (letter == 22) a_second_ago = typed;
            typed += static_cast<char>('a' + letter % 26);
            world.ui->type_on(typed.substr(typed.size() - 1));
            world.ui->wait(0.05);
        }
        REQUIRE(world.ui->value(key) == typed);
        world.restart();
        REQUIRE(world.fill->reopen_where_left());
        world.ui->settle();
        const std::string left = world.ui->value(key);
        CHECK(left.size() >= a_second_ago.size());
        CHECK(typed.starts_with(left));
        // Nothing has to be pressed before typing goes on where it ended.
        CHECK(world.ui->kit().focused() == key);
        world.ui->type_on("，又");
        CHECK(world.ui->value(key) == left + "，又");
        discard(*world.ui);
    }
}

TEST_CASE("half-typed dates, rows and picks survive a kill and a change of screen") {
    FillWorld world;
    world.shell->add_screen("today", [] {});
    world.ui->click("form.outreach_trip");
    world.ui->type("field.start_date", "2008.6");
    world.ui->choose("field.channels", "fair");
    world.ui->click("field.leads.add");
    CHECK(world.ui->kit().focused() == "field.leads.0.counterpart");
    world.ui->type_on("示例客商");
    world.ui->click("field.leads.add");
    world.ui->type_on("第二家");
    // Leaving the screen puts it by at once and asks nothing.
    world.ui->click("nav.today");
    CHECK(world.shell->current() == "today");
    world.restart();
    REQUIRE(world.fill->reopen_where_left());
    world.ui->settle();
    CHECK(world.ui->value("field.start_date") == "2008.6");
    CHECK(world.ui->value("field.leads") == "2");
    CHECK(world.ui->value("field.leads.1.counterpart") == "第二家");
    world.ui->click("field.leads.0.remove");
    CHECK(world.ui->value("field.leads.0.counterpart") == "第二家");
    // Refused where it is not a day: the draft stays, and the box says why.
    world.ui->click("action.save");
    REQUIRE(world.fill->current() != nullptr);
    CHECK(world.ui->has("message.start_date.0"));
    CHECK(world.ui->kit().focused() == "field.start_date");
    world.ui->type("field.start_date", "２００８年６月３日");
    world.ui->press("Enter");
    CHECK(world.ui->value("field.start_date") == "2008-06-03");
    const std::string record = current_record(world);
    world.ui->click("action.save");
    CHECK(world.fill->current() == nullptr);
    CHECK(saved_value(world, record, "start_date") == R"("2008-06-03")");
    CHECK(saved_value(world, record, "leads").find("第二家") != std::string::npos);
    CHECK(saved_value(world, record, "leads").find("示例客商") == std::string::npos);
}

TEST_CASE("the last time stands beside the boxes and is taken over, by the same subject first") {
    FillWorld world;
    const std::string first = world.create("enterprise", R"({"name":"示例一厂"})");
    const std::string second = world.create("enterprise", R"({"name":"示例二厂"})");
    world.create("enterprise_report", R"({"enterprise":")" + first +
                                          R"(","report_month":"2008-03","output_month":"60.5"})");
    world.create("enterprise_report", R"({"enterprise":")" + second +
                                          R"(","report_month":"2008-04","output_month":"7"})");
    world.ui->click("form.enterprise_report");
    world.ui->choose("field.enterprise", first);
    CHECK(world.ui->value("field.enterprise") == "示例一厂");
    CHECK(world.ui->value("last.output_month").find("60.5") != std::string::npos);
    world.ui->click("same.output_month");
    CHECK(world.ui->value("field.output_month") == "60.5");
    CHECK_FALSE(world.ui->has("same.output_month"));
    // Yuan typed where the unit is 10,000 yuan.
    world.ui->type("field.output_month", "605000");
    world.ui->wait(0.7);
    CHECK(remarks_of(*world.fill, hans).find("fill.unit_slip") != std::string::npos);
    world.ui->click("field.enterprise");
    world.ui->type_on("二厂");
    world.ui->press("Enter");
    CHECK(world.ui->value("field.enterprise") == "示例二厂");
    CHECK(world.ui->value("last.output_month").find("7") != std::string::npos);
    CHECK(remarks_of(*world.fill, hans).find("fill.unit_slip") != std::string::npos);
}

TEST_CASE("a double is told while a name or code is typed, and can be opened instead") {
    FillWorld world;
    const std::string there =
        world.create("enterprise", R"({"name":"平昌示例食品厂","reg_no":"110108000000016"})");
    world.ui->click("form.enterprise");
    world.ui->type("field.name", "示例食品");
    world.ui->wait(0.7);
    CHECK(world.ui->value("double.name.0").find("平昌示例食品厂") != std::string::npos);
    CHECK(lines_of(world.ui->flaws()) == "");
    world.ui->type("field.name", "别家");
    world.ui->wait(0.7);
    CHECK_FALSE(world.ui->has("double.name.0"));
    world.ui->type("field.reg_no", "110108000000016");
    world.ui->type("field.name", "平昌示例食品厂");
    world.ui->wait(0.7);
    REQUIRE(world.fill->current()->doubles().size() == 1);
    CHECK(world.fill->current()->doubles()[0].has_same_key);
    world.ui->click("double.reg_no.0.open");
    CHECK(current_record(world) == there);
    // The draft at hand waits among the drafts.
    CHECK(Draft::list(*world.laptop.store).size() == 1);
}

TEST_CASE("fields appear by their condition, are computed, and the form's defaults are shown") {
    FillWorld world;
    world.ui->click("form.capital_arrival");
    CHECK_FALSE(world.ui->has("field.exchange_rate"));
    CHECK(world.ui->value("field.currency") != "");
    world.ui->choose("field.currency", "USD");
    CHECK(world.ui->has("field.exchange_rate"));
    world.ui->choose("field.currency", "CNY");
    CHECK_FALSE(world.ui->has("field.exchange_rate"));
    world.ui->click("action.back");
    world.ui->click("form.service_matter");
    world.ui->type("field.due_date", "2008.5.12");
    world.ui->type("field.closed_on", "2008.5.11");
    world.ui->wait(0.7);
    CHECK(world.fill->current()->find("on_time")->value == Value(true));
    world.ui->type("field.closed_on", "2008.5.13");
    world.ui->wait(0.7);
    CHECK(world.fill->current()->find("on_time")->value == Value(false));
    world.ui->click("field.accountable.option.true");
    CHECK(world.ui->has("field.accountable_person"));
    world.ui->click("definition.due_date");
    CHECK(world.ui->has("meaning.due_date"));
    // A default that is taken back is nothing, and is not put in again by saving.
    const std::string record = current_record(world);
    world.ui->click("field.accountable.option.true");
    world.ui->click("action.save");
    CHECK(world.fill->current() == nullptr);
    CHECK(saved_value(world, record, "accountable").empty());
}

TEST_CASE("an amendment asks for its reason and goes with it; issues of a record stand at once") {
    FillWorld world;
    const std::string record = world.create("meeting", R"({"topic":"示例会议"})");
    world.fill->open(*parse_uuid(record));
    world.ui->settle();
    CHECK(world.ui->has("message.kind.0"));
    CHECK_FALSE(world.ui->has("field._amend_reason"));
    world.ui->click("action.back");
    world.laptop.review(record, ReviewKind::approved);
    world.fill->open(*parse_uuid(record));
    world.ui->settle();
    world.ui->type("field._amend_reason", "写错了");
    world.ui->type("field.topic", "示例会议二");
    world.ui->click("action.save");
    CHECK(world.fill->current() == nullptr);
    CHECK(saved_value(world, record, "topic") == R"("示例会议二")");
    const auto doc = load_record(*world.laptop.store, *parse_uuid(record));
    REQUIRE(doc.has_value());
    CHECK(doc->notes.contains(field_amend_reason));
}

TEST_CASE("a visit is filled in and submitted by the keyboard alone") {
    FillWorld world;
    Headless& ui = *world.ui;
    world.create("enterprise", R"({"name":"示例食品厂"})");
    world.fill->start("site_visit");
    ui.settle();
    const std::string record = current_record(world);
    CHECK(ui.kit().focused() == "field.visit_date");
    std::set<std::string> seen;
    for (int stops = 0; stops < 100 && ui.kit().focused() != "action.submit"; ++stops) {
        const std::string at = ui.kit().focused();
        INFO(at);
        REQUIRE_FALSE(at.empty());
        CHECK(ui.expect(at).visible);
        CHECK(seen.insert(at).second);
        if (at == "field.visit_date") ui.type_on("20080512");
        if (at == "field.target_name") ui.type_on("示例食品厂");
        if (at == "field.division") ui.type_on("511923100");
        if (at == "field.summary") ui.type_on("情况正常");
        if (at == "field.visitor" || at == "field.target_kind" || at == "field.enterprise") {
            ui.press("Enter");  // opens the list
            if (at == "field.enterprise") ui.type_on("食品");
            ui.press("Enter");  // the first that is found
            CHECK(ui.kit().focused() == at);
        }
        if (at == "field.purpose") {
            ui.press("Enter");
            ui.press("Enter");
            ui.press("Escape");
            CHECK(ui.kit().focused() == at);
        }
        ui.press(at == "field.target_name" ? "Enter" : "Tab");
    }
    REQUIRE(ui.kit().focused() == "action.submit");
    ui.press("Enter");
    CHECK(world.fill->current() == nullptr);
    const auto view = view_record(*world.laptop.store, *parse_uuid(record));
    REQUIRE(view.has_value());
    CHECK(view->status == Status::submitted);
    CHECK(view->values.contains("enterprise"));
}

TEST_CASE("every form fits at 1280x720, at other scales and in the other themes") {
    struct Look {
        ui::Theme theme;
        float width, height;
    };
    for (const Look& look : {Look{{ui::ThemeKind::dark, 1}, 1280, 720},
                             Look{{ui::ThemeKind::contrast, 1.5F}, 1366, 768},
                             Look{{ui::ThemeKind::light, 2}, 3840, 2160},
                             Look{{ui::ThemeKind::light, 0.8F}, 1366, 768}}) {
        for (const Language language : {hans, Language::en}) {
            FillWorld world(language, look.theme, look.width, look.height);
            for (const Form& form : world.laptop.store->log().forms().forms) {
                INFO(form.id, " ", look.width, " ", look.theme.scale);
                world.fill->start(form.id);
                world.ui->settle();
                CHECK(lines_of(world.ui->flaws()) == "");
                world.ui->click("action.submit");
                CHECK(lines_of(world.ui->flaws()) == "");
                discard(*world.ui);
                CHECK(Draft::list(*world.laptop.store).empty());
            }
        }
    }
}

TEST_CASE("a form goes back to where it was opened from, and one press throws nothing typed away") {
    FillWorld world;
    world.ui->click("nav.today");
    world.ui->click("today.form.hazard");
    world.ui->type("field.place_name", "柳树村");
    world.ui->click("action.discard");
    CHECK(world.ui->value("field.place_name") == "柳树村");
    world.ui->wait(6);
    world.ui->click("action.discard");  // too late to be the second press
    CHECK(world.ui->value("field.place_name") == "柳树村");
    world.ui->click("action.save");
    CHECK(world.ui->has("today.date"));
    world.ui->click("today.form.hazard");
    world.ui->type("field.place_name", "柳树村");
    discard(*world.ui);
    CHECK(world.ui->has("today.date"));
    CHECK(Draft::list(*world.laptop.store).empty());
}
