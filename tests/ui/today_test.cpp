// The first screen: something useful on an empty laptop, and everything that waits for a person.
#include "client/app/today.h"
#include "tests/ui/fill_world.h"

using namespace zf;
using namespace zf::testing;

namespace {

constexpr Language languages[] = {Language::zh_hans, Language::zh_hant, Language::en};

std::string hazard(FillWorld& world, const std::string& place, const std::string& due) {
    return world.create("hazard", R"({"found_on":"2008-05-01","state":"open","place_name":")" +
                                      place + R"(","due_date":")" + due + R"("})");
}

}  // namespace

TEST_CASE("today: an empty laptop offers forms to begin with") {
    for (const Language language : languages) {
        FillWorld world(language);
        world.ui->click("nav.today");
        world.ui->settle();
        CHECK(world.ui->has("today.none"));
        CHECK(world.ui->has("today.sync"));
        CHECK(lines_of(world.ui->flaws()) == "");
        world.ui->click("today.form.site_visit");
        world.ui->settle();
        CHECK(world.shell->current() == "form");
        REQUIRE(world.fill->current() != nullptr);
        CHECK(world.fill->current()->form().id == "site_visit");
    }
}

TEST_CASE("today: deadlines by a word, drafts, what was not submitted, conflicts, returns") {
    for (const Language language : languages) {
        INFO(std::string(name_of(language)));
        FillWorld world(language);
        // It is the 12th of May 2008.
        const std::string late = hazard(world, "甲村", "2008-05-10");
        const std::string now = hazard(world, "乙村", "2008-05-12");
        const std::string soon = hazard(world, "丙村", "2008-05-15");
        const std::string far = hazard(world, "丁村", "2008-09-15");
        const std::string done = hazard(world, "戊村", "2008-05-10");
        world.laptop.edit(done, R"({"closed_on":"2008-05-11"})");
        world.ui->click("form.complaint");
        world.ui->type("field.case_no", "T-1");
        world.ui->wait(0.7);
        world.ui->click("nav.today");
        world.ui->settle();
        CHECK(lines_of(world.ui->flaws()) == "");
        CHECK(world.ui->value("row.due." + late).find("2") != std::string::npos);
        CHECK(
            world.ui->value("row.due." + now).find(world.ui->messages().text("today.due_today")) !=
            std::string::npos);
        CHECK(world.ui->value("row.due." + soon).find("3") != std::string::npos);
        CHECK_FALSE(world.ui->has("row.due." + far));
        CHECK_FALSE(world.ui->has("row.due." + done));
        world.ui->click("today.kind.unsubmitted");
        world.ui->settle();
        CHECK(world.ui->value("today.todos") == "5");
        world.ui->click("today.kind.draft");
        world.ui->settle();
        CHECK(world.ui->value("today.todos") == "1");
        const std::string draft = "row.draft." + Draft::list(*world.laptop.store).front().id.text();
        world.ui->click(draft);
        world.ui->settle();
        CHECK(world.ui->value("field.case_no") == "T-1");
        world.ui->click("nav.today");
        world.ui->settle();
        world.ui->click("today.kind.all");
        world.ui->settle();
        world.ui->click("row.due." + late);
        world.ui->settle();
        CHECK(world.ui->value("field.place_name") == "甲村");
    }
}

TEST_CASE("today: a follow-up is done when the same enterprise was visited later") {
    FillWorld world;
    const std::string a = world.create("enterprise", R"({"name":"江阳机械"})");
    const std::string about = R"({"enterprise":")" + a + R"(","visit_date":)";
    const std::string first =
        world.create("site_visit", about + R"("2008-05-01","follow_up_due":"2008-05-10"})");
    world.ui->click("nav.today");
    world.ui->settle();
    CHECK(world.ui->has("row.due." + first));
    world.create("site_visit", about + R"("2008-05-11"})");
    world.ui->settle();
    CHECK_FALSE(world.ui->has("row.due." + first));
}

TEST_CASE(
    "today: a returned record tells why and leads to the very field; corrected, it goes back") {
    for (const Language language : languages) {
        INFO(std::string(name_of(language)));
        FillWorld world(language);
        const std::string id = world.create(
            "donation",
            R"({"recipient":"红十字会","donated_on":"2008-05-16","kind":"staff","amount":"100",)"
            R"("donor_group":"staff"})");
        world.laptop.done(R"({"do":"submit","record":")" + id + R"("})");
        const Value comments(List{Value(Members{{"field", "amount"}, {"text", "与收据不符"}})});
        world.laptop.review(id, ReviewKind::returned, Value("请核对"), comments);
        world.ui->click("nav.today");
        world.ui->settle();
        const std::string row = world.ui->value("row.returned." + id);
        CHECK(row.find("请核对；与收据不符") != std::string::npos);
        CHECK(lines_of(world.ui->flaws()) == "");
        world.ui->click("row.returned." + id);
        world.ui->settle();
        CHECK(world.shell->current() == "form");
        CHECK(world.ui->expect("comment.amount.0").label.find("与收据不符") != std::string::npos);
        CHECK(world.ui->kit().focused() == "field.amount");
        CHECK(world.ui->expect("fill.returned").label.find("请核对") != std::string::npos);
        CHECK(world.ui->expect("fill.section.required").label.find("◆") != std::string::npos);
        CHECK(lines_of(world.ui->flaws()) == "");
        // The record's page says it at the field as well.
        world.screens->ways().to_record(*parse_uuid(id));
        world.ui->settle();
        CHECK(world.ui->expect("comment.amount.0").label.find("与收据不符") != std::string::npos);
        CHECK(lines_of(world.ui->flaws()) == "");
        world.ui->click("action.edit");
        world.ui->settle();
        world.ui->type("field.amount", "120");
        world.ui->click("action.submit");
        world.ui->settle();
        CHECK(text_part(world.laptop.get(id), {"status"}) == "submitted");
        world.ui->click("nav.today");
        world.ui->settle();
        CHECK_FALSE(world.ui->has("row.returned." + id));
    }
}
