// Drafts: half-typed work that survives a kill, and supersedes only what it was opened on.
#include "client/draft.h"

#include "tests/unit/client/device_world.h"

using namespace zf;
using namespace zf::testing;

namespace {

const WriteOptions as_ann{"ann"};

Uuid id_of(const std::string& text) {
    return *parse_uuid(text);
}

Result<Draft> reopened(Laptop& laptop, const Uuid& id) {
    laptop.open();
    return Draft::reopen(*laptop.store, id);
}

}  // namespace

TEST_CASE("a draft of a new record survives a kill, half-typed, and becomes one changeset") {
    TestBureau bureau;
    Laptop laptop(bureau, 51);
    Uuid id;
    {
        auto draft = Draft::start(*laptop.store, "visit");
        REQUIRE(draft.has_value());
        id = draft->id();
        draft->set("day", "2008-0");
        draft->set("amount", "12");
        draft->autosave();
        draft->set("amount", "12.");
        draft->set("note", "第一行\n\"二\" 𠮷");
        draft->autosave();
        draft->set("note", "lost with the kill");
    }
    auto draft = reopened(laptop, id);
    REQUIRE(draft.has_value());
    CHECK(canonical_text(Value(draft->entered())) ==
          canonical_text(json(R"({"day":"2008-0","amount":"12.","note":"第一行\n\"二\" 𠮷"})")));
    const auto left = Draft::list(*laptop.store);
    REQUIRE(left.size() == 1);
    CHECK(left[0].id == id);
    CHECK(left[0].form == "visit");
    CHECK(left[0].is_new);
    CHECK(left[0].record == draft->opened().id);
    CHECK(laptop.changesets() == 0);

    // What is refused leaves the draft as it is.
    auto refused = draft->commit(as_ann);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().where == "amount");
    CHECK(Draft::list(*laptop.store).size() == 1);

    draft->set("day", "2008-05-12");
    draft->set("amount", "12.5");
    const auto saved = draft->commit(as_ann);
    REQUIRE(saved.has_value());
    CHECK(saved->record == draft->opened().id);
    CHECK(laptop.changesets() == 1);
    CHECK(laptop.value(saved->record.text(), "amount") == R"("12.5")");
    CHECK(laptop.value(saved->record.text(), "level") == R"("low")");  // the form's default
    CHECK(Draft::list(*laptop.store).empty());
    draft->autosave();  // ended is ended
    CHECK(Draft::list(*laptop.store).empty());
}

TEST_CASE("a draft supersedes what it was opened on, not what a sync brings meanwhile") {
    for (const bool killed : {false, true}) {
        TestBureau bureau;
        Laptop a(bureau, 52), b(bureau, 53);
        b.machine.set_now_ms(start_ms + 100'000);
        const std::string visit = a.create("visit", R"({"households":30,"note":"n","amount":"1"})");
        b.take_from(a);
        auto opened = Draft::open(*a.store, id_of(visit));
        REQUIRE(opened.has_value());
        Draft draft = std::move(*opened);
        draft.set("households", 35);
        draft.autosave();

        b.edit(visit, R"({"households":41,"note":"from b","amount":"2"})");
        a.take_from(b);
        CHECK(a.value(visit, "households") == "41");
        if (killed) {
            auto again = reopened(a, draft.id());
            REQUIRE(again.has_value());
            draft = std::move(*again);
        }
        // It still shows what it was opened on; the amount is given as it was seen.
        CHECK(draft.opened().fields.at("households").front().value == Value(30));
        draft.set("amount", "1");
        const auto saved = draft.commit(as_ann);
        REQUIRE(saved.has_value());
        CHECK(saved->changed == std::vector<std::string>{"households"});

        const Value got = a.get(visit);
        REQUIRE(got.find("conflicts")->list()->size() == 1);
        CHECK(text_part(got, {"conflicts", "0", "field"}) == "households");
        CHECK(text_part(got, {"values", "note"}) == "from b");
        CHECK(text_part(got, {"values", "amount"}) == "2");
        b.take_from(a);
        CHECK(a.store->log().state() == b.store->log().state());
    }
}

TEST_CASE("a draft of a record that was voided meanwhile is saved and shown as a conflict") {
    TestBureau bureau;
    Laptop a(bureau, 54), b(bureau, 55);
    const std::string shop = a.create("shop", R"({"name":"a"})");
    b.take_from(a);
    auto draft = Draft::open(*a.store, id_of(shop));
    REQUIRE(draft.has_value());
    draft->set("name", "b");
    b.done(R"({"do":"void","record":")" + shop + R"(","reason":"closed"})");
    a.take_from(b);
    REQUIRE(draft->commit(as_ann).has_value());
    CHECK(text_part(a.get(shop), {"conflicts", "0", "kind"}) == "void");
    // One that is opened on the voided record is refused.
    auto late = Draft::open(*a.store, id_of(shop));
    REQUIRE(late.has_value());
    late->set("name", "c");
    const auto refused = late->commit(as_ann);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == ErrorCode::voided);
}

TEST_CASE("drafts are listed latest first, can be discarded, and cost nothing until typed in") {
    TestBureau bureau;
    Laptop laptop(bureau, 56);
    const std::string shop = laptop.create("shop", R"({"name":"a"})");
    auto first = Draft::open(*laptop.store, id_of(shop));
    auto second = Draft::start(*laptop.store, "visit");
    REQUIRE(first.has_value());
    REQUIRE(second.has_value());
    first->autosave();
    CHECK(Draft::list(*laptop.store).empty());
    first->set("name", "b");
    first->autosave();
    laptop.machine.set_now_ms(laptop.machine.now_ms() + 500);
    second->set("note", "x");
    second->autosave();
    auto left = Draft::list(*laptop.store);
    REQUIRE(left.size() == 2);
    CHECK(left[0].id == second->id());
    CHECK(left[1].record == id_of(shop));
    CHECK_FALSE(left[1].is_new);
    second->discard();
    second->autosave();
    CHECK(Draft::list(*laptop.store).size() == 1);
    // A draft in which nothing differs from what is shown ends without a changeset.
    first->set("name", "a");
    const auto saved = first->commit(as_ann);
    REQUIRE(saved.has_value());
    CHECK_FALSE(saved->written);
    CHECK(laptop.changesets() == 1);
    CHECK(Draft::list(*laptop.store).empty());

    CHECK(Draft::start(*laptop.store, "farm").error().code == ErrorCode::unknown_form);
    CHECK(Draft::open(*laptop.store, Uuid{}).error().code == ErrorCode::unknown_record);
    CHECK(Draft::reopen(*laptop.store, Uuid{}).error().code == ErrorCode::not_found);
}

TEST_CASE("a save that fails on disk leaves the draft and no changeset, wherever it fails") {
    TestBureau bureau;
    Laptop laptop(bureau, 57);
    auto draft = Draft::start(*laptop.store, "shop");
    REQUIRE(draft.has_value());
    draft->set("name", "a");
    draft->autosave();
    for (int fails_at = 0;; ++fails_at) {
        REQUIRE(fails_at < 500);
        int statements = 0;
        laptop.store->db().set_fault([&] { return statements++ == fails_at; });
        bool broke = false;
        try {
            const auto saved = draft->commit(as_ann);
            CHECK(saved.has_value());
        } catch (const DbError&) {
            broke = true;
        }
        laptop.store->db().set_fault({});
        INFO(fails_at);
        CHECK(laptop.changesets() == (broke ? 0 : 1));
        CHECK(Draft::list(*laptop.store).size() == (broke ? 1 : 0));
        if (!broke) break;
    }
}
