// Lists of records: what a line says, how it follows the log, order, filters, search.
#include "client/app/record_list.h"

#include "client/app/deadlines.h"
#include "tests/unit/client/device_world.h"

using namespace zf;
using namespace zf::testing;

namespace {

struct ListWorld {
    TestBureau bureau;
    Laptop laptop{bureau, 5};
    std::unique_ptr<RecordLines> lines = std::make_unique<RecordLines>(*laptop.store);

    void follow(std::size_t at_once = 100) {
        while (lines->catch_up(at_once)) {
        }
    }
    std::string shop(const std::string& name) {
        return laptop.create("shop", R"({"name":")" + name + R"(","code":")" + name + R"("})");
    }
    std::string visit(const std::string& shop, const std::string& day) {
        return laptop.create("visit", R"({"shop":")" + shop + R"(","day":")" + day + R"("})");
    }
    /// Titles of a list, joined.
    std::string titles(const ListChoice& choice) {
        follow();
        RecordList list(*lines);
        list.ask(choice);
        std::string text;
        for (std::size_t i = 0; i < list.size(); ++i) {
            REQUIRE(list.row(i) != nullptr);
            text += (text.empty() ? "" : ", ") + list.row(i)->title;
        }
        return text;
    }
};

ListChoice of_form(const std::string& form) {
    ListChoice choice;
    choice.form = form;
    choice.order = ListOrder::title;
    choice.is_descending = false;
    return choice;
}

}  // namespace

TEST_CASE("a list follows what is saved, however few records are taken over at a time") {
    ListWorld world;
    const std::string a = world.shop("甲店");
    world.visit(a, "2008-05-12");
    world.follow(1);
    CHECK(world.titles(of_form("shop")) == "甲店");
    CHECK(world.titles(of_form("visit")) == "甲店 2008-05-12");
    // The title of what refers to a record follows that record.
    world.laptop.edit(a, R"({"name":"乙店"})");
    CHECK(world.titles(of_form("visit")) == "乙店 2008-05-12");
    const std::int64_t version = world.lines->version();
    CHECK_FALSE(world.lines->catch_up(10));
    CHECK(world.lines->version() == version);
    CHECK(world.lines->behind() == 0);
}

TEST_CASE("search finds by one character, by the title of what is referred to, and every word") {
    ListWorld world;
    const std::string a = world.shop("江阳机械"), b = world.shop("平昌酒业");
    world.visit(a, "2008-05-12");
    world.visit(b, "2008-05-13");
    ListChoice choice = of_form("");
    choice.search = "酒";
    CHECK(world.titles(choice) == "平昌酒业, 平昌酒业 2008-05-13");
    choice.search = "机械 2008-05-12";
    CHECK(world.titles(choice) == "江阳机械 2008-05-12");
    choice.search = "平 械";
    CHECK(world.titles(choice) == "");
    // What was replaced is not found any more.
    world.laptop.edit(b, R"({"name":"平昌茶业"})");
    choice.search = "酒";
    // The natural key still says so.
    world.laptop.edit(b, R"({"code":"1"})");
    CHECK(world.titles(choice) == "");
    choice.search = "茶";
    CHECK(world.titles(choice) == "平昌茶业, 平昌茶业 2008-05-13");
}

TEST_CASE("filters and order") {
    ListWorld world;
    const std::string a = world.shop("a"), b = world.shop("b"), c = world.shop("c");
    world.laptop.done(R"({"do":"submit","record":")" + b + R"("})");
    world.laptop.done(R"({"do":"void","record":")" + c + R"(","reason":"twice"})");
    ListChoice choice = of_form("shop");
    CHECK(world.titles(choice) == "a, b");
    choice.is_descending = true;
    CHECK(world.titles(choice) == "b, a");
    choice.order = ListOrder::updated;
    CHECK(world.titles(choice) == "b, a");
    choice.status = Status::submitted;
    CHECK(world.titles(choice) == "b");
    choice.status = Status::saved;
    CHECK(world.titles(choice) == "a");
    choice.status.reset();
    choice.is_gone = true;
    CHECK(world.titles(choice) == "c");
    choice.is_gone = false;
    choice.by = "ann";
    CHECK(world.titles(choice) == "b, a");
    choice.by = "bob";
    CHECK(world.titles(choice) == "");

    world.visit(a, "2008-05-12");
    world.visit(b, "2008-05-13");
    choice = of_form("visit");
    choice.order = ListOrder::day;
    choice.is_descending = true;
    CHECK(world.titles(choice) == "b 2008-05-13, a 2008-05-12");
    choice.from = "2008-05-13";
    CHECK(world.titles(choice) == "b 2008-05-13");
    choice.from = "";
    choice.to = "2008-05-12";
    CHECK(world.titles(choice) == "a 2008-05-12");

    RecordList list(*world.lines);
    CHECK(list.counts().size() == 2);
    CHECK(list.counts()[0].form == "shop");
    CHECK(list.counts()[0].records == 2);
}

TEST_CASE("a conflict that a sync brings is in the list, and goes when it is settled") {
    ListWorld world;
    Laptop other(world.bureau, 6, {"bob"});
    const std::string a = world.shop("a");
    exchange(world.laptop, other);
    world.laptop.edit(a, R"({"name":"a1"})");
    other.edit(a, R"({"name":"a2"})");
    exchange(world.laptop, other);
    ListChoice choice = of_form("shop");
    choice.in_conflict = true;
    CHECK(world.titles(choice) != "");
    other.done(R"({"do":"resolve","record":")" + a + R"(","field":"name","value":"a3"})");
    exchange(world.laptop, other);
    CHECK(world.titles(choice) == "");
    CHECK(world.titles(of_form("shop")) == "a3");
}

TEST_CASE("lists are kept over a restart, and made anew over another log") {
    ListWorld world;
    const std::string a = world.shop("a");
    world.follow();
    world.lines.reset();
    world.laptop.open();
    world.lines = std::make_unique<RecordLines>(*world.laptop.store);
    CHECK(world.lines->behind() == 0);
    CHECK(world.titles(of_form("shop")) == "a");
    // All is derived anew: by a repair, or when the forms change.
    {
        Transaction transaction(world.laptop.store->db());
        world.laptop.store->log().rebuild();
        transaction.commit();
    }
    CHECK(world.lines->behind() == 1);
    CHECK(world.titles(of_form("shop")) == "a");
    {
        Transaction transaction(world.laptop.store->db());
        world.laptop.store->log().drop_record(*parse_uuid(a));
        transaction.commit();
    }
    CHECK(world.titles(of_form("shop")) == "");
    // A folder that is put back from a copy, with the lists of a later time beside it.
    world.shop("b");
    world.shop("c");
    world.follow();
    world.lines.reset();
    world.laptop.store->db().execute(
        "DELETE FROM record WHERE revision=(SELECT MAX(revision) FROM record)");
    world.lines = std::make_unique<RecordLines>(*world.laptop.store);
    CHECK(world.titles(of_form("shop")) == "b");
}

TEST_CASE("how near a deadline is") {
    const Date today{2008, 6, 30};
    CHECK(due_state({2008, 6, 29}, today) == DueState::overdue);
    CHECK(due_state({2008, 6, 30}, today) == DueState::today);
    CHECK(due_state({2008, 7, 7}, today) == DueState::soon);
    CHECK(due_state({2008, 7, 8}, today) == DueState::later);
}
