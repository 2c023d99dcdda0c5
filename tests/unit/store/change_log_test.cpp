#include <doctest/doctest.h>

#include <algorithm>

#include "common/codec/record_codec.h"
#include "tests/unit/store/log_world.h"

namespace zf::testing {
namespace {

const Date today{2008, 6, 30};

}  // namespace

TEST_CASE("random work on four stores, exchanged in random order, ends in one state") {
    for (std::uint64_t seed = 1; seed <= 25; ++seed) {
        CAPTURE(seed);
        Sites sites(3, seed);
        ManualEnv dice(seed);
        std::vector<Uuid> ids;
        for (int step = 0; step < 60; ++step) {
            const std::size_t who = dice.next_u64() % 4;
            const std::uint64_t what = dice.next_u64() % 10;
            Site& site = sites[who];
            if (ids.empty() || what == 0) {
                ids.push_back(site.create(
                    "shop", {{"code", "c" + std::to_string(dice.next_u64() % 3)}, {"low", 1}}));
            } else if (what < 4) {
                sites.send(who, dice.next_u64() % 4);
            } else {
                const Uuid id = ids[dice.next_u64() % ids.size()];
                const int number = static_cast<int>(dice.next_u64() % 5);
                const std::vector<Members> choices{
                    {{"low", number}},
                    {{"name", "n" + std::to_string(number)}},
                    {{"staff", List{Value("s" + std::to_string(number))}}},
                    {{"_void", number < 3}},
                    {{"_alias_of", ids[dice.next_u64() % ids.size()].text()}},
                    {{"division", "5119232" + std::to_string(number)}},
                };
                site.edit(id, choices[dice.next_u64() % choices.size()]);
                if (who == 0 && number == 4 && site.log.find_record(id)) {
                    site.review(id, ReviewKind::approved);
                }
            }
        }
        for (int round = 0; round < 2; ++round) {
            for (std::size_t i = 1; i < 4; ++i) sites.send(i, 0);
            for (std::size_t i = 1; i < 4; ++i) sites.send(0, i);
        }
        const std::string expected = documents(sites[0]);
        for (std::size_t i = 1; i < 4; ++i) {
            CHECK(documents(sites[i]) == expected);
            CHECK(sites[i].log.state() == sites[0].log.state());
            CHECK(sites[i].log.duplicates() == sites[0].log.duplicates());
            CHECK(sites[i].log.counts().held == 0);
        }
        // Into an empty store, device after device: much is held until its causes arrive.
        Site fresh(StoreRole::laptop, 99);
        auto batch = sites[0].everything();
        std::reverse(batch.begin(), batch.end());
        for (const SignedChangeset& one : batch) {
            REQUIRE(fresh.take({one}, sites.find_key()).has_value());
        }
        CHECK(documents(fresh) == expected);
        CHECK(fresh.log.duplicates() == sites[0].log.duplicates());
        CHECK(fresh.log.counts().held == 0);
    }
}

TEST_CASE("derived tables equal those of a rebuild under the same forms") {
    Sites sites(1);
    const Uuid a = sites[1].create("shop", {{"code", "1"}, {"division", "51"}});
    const Uuid b = sites[1].create("shop", {{"code", "2"}});
    sites[1].create("visit", {{"shop", a.text()}, {"day", "2008-05-01"}});
    sites[1].create("visit", {{"shop", b.text()}, {"day", "2008-05-01"}});
    CHECK(sites[1].log.duplicates().empty());
    CHECK(sites[1].edit(b, {{"_alias_of", a.text()}}));
    REQUIRE(sites[1].log.duplicates().size() == 1);  // the two visits, through the join
    const auto before = sites[1].log.duplicates();
    sites[1].log.set_forms(small_forms());
    CHECK(sites[1].log.duplicates() == before);
    CHECK(sites[1].edit(b, {{"_alias_of", Value()}}));
    CHECK(sites[1].log.duplicates().empty());
    CHECK(sites[1].log.referring_to(a).size() == 1);
}

TEST_CASE("a changeset that names what is not here is held, and applied when it arrives") {
    Sites sites(2);
    const Uuid id = sites[1].create("shop", {{"low", 1}});
    sites.send(1, 2);
    REQUIRE(sites[2].edit(id, {{"low", 2}}));
    const auto second = sites[2].log.chain_after(sites[2].author.device(), 0, 10, 1 << 20);
    REQUIRE(second.size() == 1);
    auto taken = sites[0].take({second[0].signed_changeset}, sites.find_key());
    REQUIRE(taken.has_value());
    CHECK(taken->held == 1);
    CHECK(sites[0].log.counts().records == 0);
    CHECK(sites[0].log.head_of(sites[2].author.device()).seq == 1);
    CHECK(sites[0].log.waiting_of(sites[2].author.device()).size() == 1);
    sites.send(1, 0);
    CHECK(sites[0].log.counts().held == 0);
    CHECK(sites[0].log.state() == sites[2].log.state());
    CHECK(sites[0].log.ssn() == 2);
}

TEST_CASE("a clock that was seen is followed when it leads by five minutes at most") {
    Site site(StoreRole::laptop, 1);
    const auto next_after = [&](std::int64_t lead_ms) {
        const std::int64_t now = site.env.now_ms();
        site.author.saw({now + lead_ms, 7});
        site.create("shop", {{"low", 1}});
        const auto all = site.everything();
        return decode_changeset(all.back().bytes)->hlc.ms - now;
    };
    CHECK(next_after(60'000) == 60'000);
    CHECK(next_after(5 * 60'000) == 5 * 60'000);
    site.env.set_now_ms(site.env.now_ms() + 3'600'000);
    // One write takes 10 ms of the site's clock.
    CHECK(next_after(5 * 60'000 + 1) == 10);
    CHECK(next_after(2'859'000'000'000) == 10);
}

TEST_CASE("a chain is complete up to its first gap, however many there are") {
    Sites sites(1);
    for (int i = 0; i < 6; ++i) sites[1].create("shop", {{"low", i}});
    const auto chain = sites[1].everything();
    REQUIRE(chain.size() == 6);
    const DeviceId device = sites[1].author.device();
    const auto complete_after = [&](std::vector<std::size_t> places) {
        std::vector<SignedChangeset> batch;
        for (const std::size_t place : places) batch.push_back(chain[place]);
        REQUIRE(sites[0].take(std::move(batch), sites.find_key()).has_value());
        return sites[0].log.complete_of(device).seq;
    };
    CHECK(complete_after({0, 2, 4, 5}) == 1);
    CHECK(complete_after({1}) == 3);
    CHECK(complete_after({3}) == 6);
}

TEST_CASE("repeats change nothing; another changeset in the same place is a fork") {
    Sites sites(1);
    sites[1].create("shop", {{"low", 1}});
    sites.send(1, 0);
    const Hash256 state = sites[0].log.state();
    auto again = sites[0].take(sites[1].everything(), sites.find_key());
    REQUIRE(again.has_value());
    CHECK(again->repeated == 1);
    CHECK(again->applied == 0);
    CHECK(sites[0].log.state() == state);

    Site twin(StoreRole::laptop, 1001);  // the same seed: the same key, another history
    twin.env.set_now_ms(5'000'000);
    REQUIRE(twin.author.device() == sites[1].author.device());
    twin.create("shop", {{"low", 7}});
    auto forked = sites[0].take(twin.everything(), sites.find_key());
    REQUIRE_FALSE(forked.has_value());
    CHECK(forked.error().code == ErrorCode::fork);
    CHECK(sites[0].log.state() == state);
}

TEST_CASE("a forged or changed changeset is refused with its place") {
    Sites sites(1);
    sites[1].create("shop", {{"low", 1}});
    sites[1].create("shop", {{"low", 2}});
    auto batch = sites[1].everything();
    auto changed = batch;
    const std::size_t at = changed[0].bytes.find("\"low\"");
    changed[0].bytes[at + 1] = 'k';
    const auto bad = sites[0].take(changed, sites.find_key());
    REQUIRE_FALSE(bad.has_value());
    CHECK(bad.error().code == ErrorCode::bad_signature);
    CHECK(bad.error().where == "changesets[0]");
    batch[1].signature[0] = static_cast<char>(batch[1].signature[0] ^ 1);
    CHECK_FALSE(sites[0].take(batch, sites.find_key()).has_value());
    CHECK_FALSE(
        sites[0]
            .take(sites[1].everything(), [](const DeviceId&) { return std::optional<PublicKey>(); })
            .has_value());
    CHECK(sites[0].log.counts().changesets == 0);
}

TEST_CASE("parked changesets are stored, counted, and applied with a new ssn when released") {
    Sites sites(1);
    const Uuid id = sites[1].create("shop", {{"low", 1}});
    sites[1].create("shop", {{"low", 2}});
    REQUIRE(sites[1].edit(id, {{"low", 3}}));
    auto arrivals = authenticate(sites[1].everything(), sites.find_key());
    REQUIRE(arrivals.has_value());
    (*arrivals)[0].park = ParkReason{"not_allowed", "not your area"};
    {
        Transaction transaction(sites[0].db);
        auto outcome = sites[0].log.append(*arrivals, 5);
        REQUIRE(outcome.has_value());
        CHECK(outcome->parked == 1);
        CHECK(outcome->held == 1);     // the edit of the parked record waits for it
        CHECK(outcome->applied == 1);  // work on other records goes on
        transaction.commit();
    }
    CHECK(sites[0].log.head_of(sites[1].author.device()).seq == 3);
    CHECK(sites[0].log.applied_up_to().at(0).seq == 0);
    {
        Transaction transaction(sites[0].db);
        sites[0].log.release_parked([](const Changeset&) { return std::optional<ParkReason>(); });
        transaction.commit();
    }
    CHECK(sites[0].log.state() == sites[1].log.state());
    CHECK(sites[0].log.ssn() == 3);
    CHECK(sites[0].log.find_changeset(sites[1].author.device(), 1)->ssn == 2);
    CHECK(sites[0].log.applied_up_to().at(0).seq == 3);
}

TEST_CASE("pages: in ssn order, without the reader's own, cut to its areas, with moves") {
    Sites sites(1);
    Site& server = sites[0];
    const Uuid near = sites[1].create("shop", {{"code", "1"}, {"division", "511923203"}});
    const Uuid far = sites[1].create("shop", {{"code", "2"}, {"division", "511923101"}});
    const Uuid anywhere = sites[1].create("shop", {{"code", "3"}});
    const Uuid visit = sites[1].create("visit", {{"shop", far.text()}, {"day", "2008-05-01"}});
    sites.send(1, 0);

    CHECK(server.log.page_after(0, {}, {}, 100, 1 << 20).changesets.size() == 4);
    CHECK(server.log.page_after(0, {}, sites[1].author.device(), 100, 1 << 20).changesets.empty());
    const auto short_page = server.log.page_after(0, {}, {}, 3, 1 << 20);
    CHECK(short_page.changesets.size() == 3);
    CHECK(short_page.more);
    CHECK(short_page.cursor == 3);

    const Scope scope{{"511923203"}};
    const auto first = server.log.page_after(0, scope, {}, 100, 1 << 20);
    CHECK(first.changesets.size() == 2);  // near and anywhere
    CHECK(first.cursor == 4);
    REQUIRE(sites[1].edit(far, {{"division", "511923203220"}}));
    REQUIRE(sites[1].edit(near, {{"division", "511923101"}}));
    sites.send(1, 0);
    const auto second = server.log.page_after(first.cursor, scope, {}, 100, 1 << 20);
    // The shop that came into the area brings its history, and so does the visit behind it.
    std::vector<std::int64_t> ssns;
    for (const auto& stored : second.changesets) ssns.push_back(*stored.ssn);
    CHECK(ssns == std::vector<std::int64_t>{2, 4, 5});
    REQUIRE(second.dropped.size() == 1);
    CHECK(second.dropped[0] == near);
    (void)anywhere;
    (void)visit;
}

TEST_CASE("a record that leaves the scope is dropped and can come back") {
    Sites sites(1);
    const Uuid id = sites[0].create("shop", {{"code", "1"}, {"low", 4}});
    sites.send(0, 1);
    const Hash256 full = sites[1].log.state();
    {
        Transaction transaction(sites[1].db);
        sites[1].log.drop_record(id);
        transaction.commit();
    }
    CHECK_FALSE(sites[1].log.find_record(id).has_value());
    CHECK(sites[1].log.counts().records == 0);
    CHECK(sites[1].log.search("", "1", 10).empty());
    // Another laptop cannot know whether it is in the areas again; the server does.
    sites.send(0, 1);
    CHECK_FALSE(sites[1].log.find_record(id).has_value());
    sites.pull(0, 1);
    CHECK(sites[1].log.state() == full);
}

TEST_CASE("a form that was open while its record was dropped saves without bringing it back") {
    Sites sites(2);
    const Uuid id = sites[0].create("shop", {{"code", "1"}, {"low", 4}});
    sites.send(0, 1);
    const auto opened = sites[1].log.find_record(id);
    {
        Transaction transaction(sites[1].db);
        sites[1].log.drop_record(id);
        transaction.commit();
    }
    const auto plan = plan_edit(sites[1].log.forms(), *sites[1].log.forms().find("shop"), *opened,
                                {{"low", 5}}, [&] { return sites[1].env.new_uuid(); });
    sites[1].write(*opened, *plan);
    CHECK_FALSE(sites[1].log.find_record(id).has_value());
    CHECK(sites[1].log.head_of(sites[1].author.device()).seq == 1);
    // It travels all the same, and waits elsewhere for what it names.
    REQUIRE(sites[2].take({sites[1].everything().back()}, sites.find_key()).has_value());
    CHECK(sites[2].log.counts().held == 1);
    // When the record is delivered again, it is whole.
    sites.send(0, 2);
    std::vector<SignedChangeset> first{sites[0].everything().front()};
    REQUIRE(sites[1].take(first, sites.find_key(), true).has_value());
    CHECK(sites[1].log.state() == sites[2].log.state());
    CHECK(*shown_values(*sites[1].log.find_record(id), nullptr).find("low")->second.integer() == 5);
}

TEST_CASE("conflicts are derived: they come with the merge and go with the settling") {
    Sites sites(2);
    const Uuid id = sites[1].create("shop", {{"low", 1}});
    sites.send(1, 0);
    sites.send(0, 2);
    REQUIRE(sites[1].edit(id, {{"low", 35}}));
    REQUIRE(sites[2].edit(id, {{"low", 41}}));
    sites.send(1, 0);
    sites.send(2, 0);
    REQUIRE(sites[0].log.conflicts().size() == 1);
    CHECK(sites[0].log.conflicts()[0].field == "low");
    sites.send(0, 1);
    CHECK(sites[1].log.conflicts().size() == 1);
    REQUIRE(sites[1].resolve(id, {{"low", 41}}));
    CHECK(sites[1].log.conflicts().empty());
    sites.send(1, 0);
    CHECK(sites[0].log.conflicts().empty());
}

TEST_CASE("a rule broken only by the merge of two people's edits is a conflict of kind rule") {
    Sites sites(2);
    const Uuid id = sites[1].create("shop", {{"low", 1}, {"high", 9}});
    sites.send(1, 0);
    sites.send(0, 2);
    REQUIRE(sites[1].edit(id, {{"low", 5}}));
    REQUIRE(sites[2].edit(id, {{"high", 3}}));
    sites.send(1, 0);
    sites.send(2, 0);
    const auto doc = sites[0].log.find_record(id);
    const auto conflicts = conflicts_of(sites[0].log, *doc, today);
    REQUIRE(conflicts.size() == 1);
    CHECK(conflicts[0].kind == ConflictKind::rule);
    CHECK(conflicts[0].field == "low_le_high");
    CHECK(conflicts[0].values.size() == 2);
    CHECK(open_conflicts(sites[0].log, today).size() == 1);
    // Somebody who saw both and mends it ends the conflict.
    REQUIRE(sites[0].edit(id, {{"high", 6}}));
    CHECK(conflicts_of(sites[0].log, *sites[0].log.find_record(id), today).empty());
}

TEST_CASE("one author's own broken rule is an error, not a conflict") {
    Sites sites(2);
    const Uuid id = sites[1].create("shop", {{"low", 1}, {"high", 9}});
    sites.send(1, 0);
    sites.send(0, 2);
    REQUIRE(sites[1].edit(id, {{"low", 50}}));
    REQUIRE(sites[2].edit(id, {{"name", "x"}}));
    sites.send(1, 0);
    sites.send(2, 0);
    CHECK(conflicts_of(sites[0].log, *sites[0].log.find_record(id), today).empty());
}

TEST_CASE("joins in a circle are a conflict of kind alias; the smallest id stands for all") {
    Sites sites(2);
    const Uuid a = sites[1].create("shop", {{"code", "1"}});
    const Uuid b = sites[1].create("shop", {{"code", "2"}});
    sites.send(1, 0);
    sites.send(0, 2);
    REQUIRE(sites[1].edit(a, {{"_alias_of", b.text()}}));
    REQUIRE(sites[2].edit(b, {{"_alias_of", a.text()}}));
    sites.send(1, 0);
    sites.send(2, 0);
    CHECK(sites[0].log.join_target(a) == std::min(a, b));
    CHECK(sites[0].log.join_target(b) == std::min(a, b));
    const auto conflicts = open_conflicts(sites[0].log, today);
    REQUIRE(conflicts.size() == 2);
    CHECK(conflicts[0].kind == ConflictKind::alias);
}

TEST_CASE("a record that leads into a circle of joins is not in conflict itself (case seed 43)") {
    Sites sites(1);
    const Uuid a = sites[1].create("shop", {{"code", "1"}});
    const Uuid b = sites[1].create("shop", {{"code", "2"}});
    const Uuid c = sites[1].create("shop", {{"code", "3"}});
    REQUIRE(sites[1].edit(a, {{"_alias_of", b.text()}}));
    REQUIRE(sites[1].edit(b, {{"_alias_of", c.text()}}));
    REQUIRE(sites[1].edit(c, {{"_alias_of", b.text()}}));
    ChangeLog& log = sites[1].log;
    CHECK(conflicts_of(log, *log.find_record(a), today).empty());
    CHECK(conflicts_of(log, *log.find_record(b), today).size() == 1);
    CHECK(conflicts_of(log, *log.find_record(c), today).size() == 1);
    CHECK(log.join_target(a) == std::min(b, c));
}

TEST_CASE("search finds one Chinese character, codes by prefix, and follows edits") {
    Sites sites(1);
    Site& laptop = sites[1];
    const Uuid id =
        laptop.create("shop", {{"name", "平昌县大寨乡柳树村𠮷"}, {"code", "PC2008-014"}});
    laptop.create("shop", {{"name", "示例企业"}});
    for (const char* query : {"柳", "柳树村", "𠮷", "PC2008", "pc2008-01"}) {
        CAPTURE(query);
        const auto found = laptop.log.search("", query, 10);
        REQUIRE(found.size() == 1);
        CHECK(found[0] == id);
    }
    CHECK(laptop.log.search("visit", "柳", 10).empty());
    CHECK(laptop.log.search("", "树柳", 10).empty());
    REQUIRE(laptop.edit(id, {{"name", "石院村"}}));
    CHECK(laptop.log.search("", "柳", 10).empty());
    CHECK(laptop.log.search("", "石", 10).size() == 1);
}

TEST_CASE("every statement may fail: nothing half-written, and the next try succeeds") {
    for (int n = 0;; ++n) {
        CAPTURE(n);
        Sites sites(1);
        const Uuid id = sites[1].create("shop", {{"code", "1"}, {"staff", List{Value("a")}}});
        sites[1].edit(id, {{"code", "2"}});
        sites[0].create("shop", {{"code", "9"}});
        const Hash256 before = sites[0].log.state();
        int count = 0;
        sites[0].db.set_fault([&] { return count++ == n; });
        bool failed = false;
        try {
            sites.send(1, 0);
        } catch (const DbError&) {
            failed = true;
        }
        sites[0].db.set_fault({});
        if (!failed) break;  // the n-th statement does not exist: all were tried
        CHECK(sites[0].log.state() == before);
        CHECK(sites[0].log.counts().changesets == 1);
        sites.send(1, 0);
        CHECK(sites[0].log.counts().changesets == 3);
        CHECK(sites[0].db.integrity_check() == "ok");
    }
}

}  // namespace zf::testing
