// The coverage board: states from facts, and facts from a laptop's records and drafts.
#include "client/app/coverage.h"

#include <fstream>
#include <iterator>

#include "client/app/coverage_facts.h"
#include "client/draft.h"
#include "tests/unit/client/device_world.h"

using namespace zf;
using namespace zf::testing;

namespace {

using Kind = CoverageEvidence::Kind;

std::string shipped_forms() {
    std::ifstream file(std::string(ZF_SOURCE_DIR) + "/common/data/forms.json", std::ios::binary);
    REQUIRE(file.good());
    return std::string(std::istreambuf_iterator<char>(file), {});
}

CoverageFacts facts_with(std::vector<CoverageEvidence> evidence) {
    CoverageFacts facts;
    facts.today = {2008, 5, 31};
    facts.divisions = shipped_divisions();
    facts.evidence = std::move(evidence);
    return facts;
}

CoverageEvidence visit(const std::string& division, const Date& on, Finding finding) {
    CoverageEvidence one;
    one.on = on;
    one.division = division;
    one.by = "staff_a";
    one.finding = finding;
    return one;
}

const CoverageRow& row_of(const CoverageBoard& board, std::string_view name) {
    for (const CoverageRow& row : board.rows) {
        if (row.name == name) return row;
    }
    FAIL("no row ", std::string(name));
    return board.rows.front();
}

CoverageChoice since(const Date& day, CoverageList list = CoverageList::townships) {
    CoverageChoice choice;
    choice.since = day;
    choice.list = list;
    return choice;
}

}  // namespace

TEST_CASE("the shipped townships are named by the edition that knows the codes in use") {
    const Divisions& divisions = shipped_divisions();
    CHECK(divisions.county_name == "平昌县");
    CHECK(divisions.name_of("511923203") == "大寨乡");     // of 2008
    CHECK(divisions.name_of("511923126") == "大寨镇");     // since 2017
    CHECK(divisions.name_of("511923113205") == "笔山镇");  // a village in it
    CHECK(divisions.name_of("511923") == "平昌县");
    CHECK(divisions.name_of("511924") == "");
    CHECK(divisions.edition_for({"511923203", "511923203", "511923"}) == 0);
    CHECK(divisions.edition_for({}) == divisions.editions.size() - 1);
    CHECK_FALSE(read_divisions("{}").has_value());
    CHECK_FALSE(read_divisions(R"({"county":{"code":"511923","name":"a"},"editions":[)"
                               R"({"label":"x","rows":[{"code":"1","name":"b"}]}]})")
                    .has_value());
}

TEST_CASE("each state of a township comes from what is written about it since the day") {
    const Date day{2008, 5, 12};
    auto here = visit("511923106", {2008, 5, 20}, Finding::damage);
    here.at_bureau = false;
    here.is_of_this_laptop = true;
    const auto facts =
        facts_with({visit("511923101", {2008, 5, 11}, Finding::damage),  // before the day
                    visit("511923102", {2008, 5, 12}, Finding::not_looked),
                    visit("511923103", {2008, 5, 13}, Finding::no_damage),
                    visit("511923203", {2008, 5, 14}, Finding::damage),
                    visit("511923203001", {2008, 5, 15}, Finding::no_damage), here,
                    visit("511923", {2008, 5, 16}, Finding::not_looked)});
    const auto board = coverage_board(facts, since(day));
    CHECK(row_of(board, "响滩镇").state == CoverageState::not_visited);
    CHECK(row_of(board, "响滩镇").last_visit == Date{2008, 5, 11});
    CHECK(row_of(board, "西兴镇").state == CoverageState::visited);
    CHECK(row_of(board, "佛楼镇").state == CoverageState::no_damage);
    CHECK(row_of(board, "大寨乡").state == CoverageState::damage);
    CHECK(row_of(board, "大寨乡").evidence.size() == 2);
    CHECK(row_of(board, "大寨乡").evidence.front().on == Date{2008, 5, 15});
    CHECK(row_of(board, "岳家镇").state == CoverageState::on_laptop);
    CHECK(row_of(board, "岳家镇").away == std::vector<std::string>{"staff_a"});
    CHECK_FALSE(row_of(board, "平昌县").is_listed);
    CHECK(board.all == 45);
    REQUIRE(board.reached.size() == 20);
    CHECK(board.reached.front() == 1);
    CHECK(board.reached[2] == 3);
    CHECK(board.reached.back() == 5);
    CHECK(board.counts[static_cast<std::size_t>(CoverageState::not_visited)] == 40);
    CHECK(board.rows.front().state == CoverageState::not_visited);
    CHECK(board.rows.back().state == CoverageState::no_damage);
}

TEST_CASE("of several findings about one place the latest counts") {
    const Date day{2008, 5, 12};
    auto first = visit("511923203", {2008, 5, 14}, Finding::damage);
    first.kind = Kind::report;
    first.subject = first.place = "大寨乡柳树村";
    first.is_village = true;
    auto verified = first;
    verified.on = {2008, 5, 16};
    verified.finding = Finding::no_damage;
    CHECK(coverage_board(facts_with({first}), since(day)).rows.back().state ==
          CoverageState::damage);
    CHECK(row_of(coverage_board(facts_with({first, verified}), since(day)), "大寨乡").state ==
          CoverageState::no_damage);
    // A hazard there is of its own, and found by the name of the place.
    auto hazard = visit("511923203", {2008, 5, 13}, Finding::damage);
    hazard.kind = Kind::hazard;
    hazard.place = "大寨乡柳树村";
    const auto villages =
        coverage_board(facts_with({hazard, first, verified}), since(day, CoverageList::villages));
    REQUIRE(villages.rows.size() == 1);
    CHECK(villages.rows[0].state == CoverageState::damage);
    CHECK(villages.rows[0].within == "大寨乡");
    CHECK(villages.rows[0].evidence.size() == 3);
}

TEST_CASE(
    "a promised day that passed is overdue until somebody went, a hazard until it is closed") {
    const Date day{2008, 5, 1};
    auto promised = visit("511923101", {2008, 5, 2}, Finding::not_looked);
    promised.due = Date{2008, 5, 20};
    auto again = visit("511923101", {2008, 5, 19}, Finding::not_looked);
    CHECK(row_of(coverage_board(facts_with({promised}), since(day)), "响滩镇").overdue_since ==
          Date{2008, 5, 20});
    CHECK_FALSE(row_of(coverage_board(facts_with({promised, again}), since(day)), "响滩镇")
                    .overdue_since.has_value());
    promised.kind = Kind::hazard;
    auto board = coverage_board(facts_with({promised, again}), since(day));
    CHECK(row_of(board, "响滩镇").overdue_since == Date{2008, 5, 20});
    CHECK(board.rows.front().name == "响滩镇");  // before everything else
    CHECK(board.overdue == 1);
    promised.due = Date{2008, 5, 31};  // today is in time
    CHECK(coverage_board(facts_with({promised}), since(day)).overdue == 0);

    CoverageChoice choice = since(day);
    choice.only_overdue = true;
    promised.due = Date{2008, 5, 30};
    board = coverage_board(facts_with({promised}), choice);
    CHECK(board.rows.size() == 1);
    CHECK(board.all == 31);  // of the newest list, which knows that code
    choice.only_overdue = false;
    choice.state = CoverageState::damage;
    CHECK(coverage_board(facts_with({promised}), choice).rows.empty());
    choice.state.reset();
    choice.search = "大寨";
    CHECK(coverage_board(facts_with({}), choice).rows.size() == 1);
}

TEST_CASE("the board begins at a recent disaster, else with the month") {
    auto facts = facts_with({});
    CHECK(coverage_since(facts) == Date{2008, 5, 1});
    facts.latest_disaster = Date{2008, 5, 12};
    CHECK(coverage_since(facts) == Date{2008, 5, 12});
    facts.today = {2008, 8, 11};  // 91 days later
    CHECK(coverage_since(facts) == Date{2008, 8, 1});
}

TEST_CASE("visits are counted by weeks from Monday to Sunday") {
    auto facts = facts_with({visit("", {2008, 5, 18}, Finding::not_looked),    // a Sunday
                             visit("", {2008, 5, 19}, Finding::not_looked),    // a Monday
                             visit("", {2008, 5, 25}, Finding::not_looked),    // the Sunday of it
                             visit("", {2008, 5, 31}, Finding::not_looked)});  // today
    facts.evidence[2].by = "staff_b";
    const auto all = visits_per_week(facts, "", 3);
    REQUIRE(all.size() == 3);
    CHECK(all[0].monday == Date{2008, 5, 12});
    CHECK(all[0].visits == 1);
    CHECK(all[1].visits == 2);
    CHECK(all[2].visits == 1);
    CHECK(visits_per_week(facts, "staff_a", 3)[1].visits == 1);
    facts.evidence[0].is_draft = true;
    CHECK(visits_per_week(facts, "", 3)[0].visits == 0);
}

TEST_CASE("facts are read from records, drafts, joins and what was not sent yet") {
    TestBureau bureau;
    Laptop a(bureau, 3), b(bureau, 4, {"bob"});
    for (Laptop* laptop : {&a, &b}) laptop->distribute(shipped_forms());
    const std::string mill = a.create(
        "enterprise", R"({"name":"示例磨坊","division":"511923101","entity_type":"enterprise"})");
    const std::string twin =
        a.create("enterprise", R"({"name":"示例磨坊（重复）","division":"511923101"})");
    a.done(R"({"do":"join","record":")" + twin + R"(","into":")" + mill + R"("})");
    a.create("enterprise", R"({"name":"示例旧厂","deregistered_on":"2008-01-31"})");
    const std::string seen = a.create(
        "site_visit", R"({"visit_date":"2008-05-12","target_name":"示例磨坊","visitor":"ann",)"
                      R"("target_kind":"enterprise","division":"511923101","enterprise":")" +
                          twin + R"(","purpose":["disaster"],"follow_up_due":"2008-05-11"})");
    const std::string report =
        a.create("disaster_report",
                 R"({"place_name":"示例村","place_kind":"village","division":"511923102",)"
                 R"("report_time":"2008-05-12T15:00:00+08:00","light_rooms":4,"direct_loss":"0",)"
                 R"("disaster_start":"2008-05-12T14:28:00+08:00"})");
    a.create("building_check",
             R"({"building_no":"1","checked_at":"2008-05-12T15:10:00+08:00",)"
             R"("damage_grade":"I","use_advice":"inspected","disaster_report":")" +
                 report + R"("})");
    const std::string wrong =
        a.create("site_visit", R"({"visit_date":"2008-05-12","target_name":"误填"})");
    a.done(R"({"do":"void","record":")" + wrong + R"(","reason":"误填"})");
    auto draft = Draft::start(*a.store, "site_visit");
    REQUIRE(draft.has_value());
    draft->set("visit_date", "2008-05-12");
    draft->set("division", "511923103");
    draft->autosave();
    b.take_from(a);
    const std::string stamp = store_stamp(*b.store);
    b.create("hazard", R"({"found_on":"2008-05-12","place_name":"示例村","division":"511923102",)"
                       R"("due_date":"2008-05-10","state":"open"})");
    CHECK(store_stamp(*b.store) != stamp);

    const CoverageFacts facts = gather_coverage(*a.store, a.store->today());
    CHECK(facts.latest_disaster == Date{2008, 5, 12});
    REQUIRE(facts.enterprises.size() == 1);
    CHECK(facts.enterprises[0].name == "示例磨坊");
    REQUIRE(facts.evidence.size() == 4);
    const auto enterprises = coverage_board(facts, since({2008, 5, 12}, CoverageList::enterprises));
    REQUIRE(enterprises.rows.size() == 1);
    CHECK(enterprises.rows[0].state == CoverageState::on_laptop);  // nothing was sent
    REQUIRE(enterprises.rows[0].evidence.size() == 1);
    CHECK(enterprises.rows[0].evidence[0].record.text() == seen);
    CHECK(enterprises.rows[0].evidence[0].finding == Finding::no_damage);
    CHECK(enterprises.rows[0].overdue_since == Date{2008, 5, 11});
    const auto townships = coverage_board(facts, since({2008, 5, 12}));
    CHECK(row_of(townships, "佛楼镇").drafts == 1);
    CHECK(row_of(townships, "佛楼镇").away == std::vector<std::string>{"ann"});
    CHECK(row_of(townships, "西兴镇").evidence.size() == 2);
    const auto villages = coverage_board(facts, since({2008, 5, 12}, CoverageList::villages));
    REQUIRE(villages.rows.size() == 1);
    CHECK(villages.rows[0].evidence.size() == 2);

    // What came by a bundle is not known to be at the bureau; own work is once it is acknowledged.
    const CoverageFacts other = gather_coverage(*b.store, b.store->today());
    CHECK(other.evidence.size() == 4);
    for (const CoverageEvidence& one : other.evidence) CHECK_FALSE(one.at_bureau);
    {
        Transaction transaction(a.store->db());
        a.store->log().set_acknowledged(a.store->device(),
                                        a.store->log().head_of(a.store->device()).seq);
        transaction.commit();
    }
    const auto sent =
        coverage_board(gather_coverage(*a.store, a.store->today()), since({2008, 5, 12}));
    CHECK(row_of(sent, "西兴镇").state == CoverageState::damage);
    CHECK(row_of(sent, "响滩镇").state == CoverageState::no_damage);
    CHECK(row_of(sent, "佛楼镇").state == CoverageState::on_laptop);
    const Members values =
        prefilled_visit(enterprises.rows[0], CoverageList::enterprises, {2008, 5, 13}, "ann");
    CHECK(canonical_text(Value(values)) ==
          R"({"division":"511923101","enterprise":")" + mill +
              R"(","target_kind":"enterprise","target_name":"示例磨坊",)"
              R"("visit_date":"2008-05-13","visitor":"ann"})");
}
