// ChangeLog::rebuild: the derived tables are a function of the stored changesets.
#include <doctest/doctest.h>

#include "tests/unit/store/log_world.h"

namespace zf::testing {
namespace {

struct Derived {
    std::string documents;
    std::vector<std::pair<Uuid, Uuid>> duplicates;
    std::size_t conflicts = 0, found = 0;
    std::int64_t held = 0, parked = 0, ssn = 0;
    std::vector<std::string> history;  // of all records, as applied
    bool operator==(const Derived&) const = default;
};

Derived derived_of(Site& site) {
    Derived now{documents(site),
                site.log.duplicates(),
                site.log.conflicts().size(),
                site.log.search("", "n1", 100).size(),
                site.log.counts().held,
                site.log.counts().parked,
                site.log.ssn(),
                {}};
    site.log.each_record("", [&](const RecordDoc& doc) {
        for (const StoredChangeset& stored : site.log.changesets_of(doc.id)) {
            now.history.push_back(stored.signed_changeset.bytes + " " +
                                  std::to_string(stored.ssn.value_or(0)));
        }
        return true;
    });
    std::sort(now.history.begin(), now.history.end());
    return now;
}

void rebuild(Site& site) {
    Transaction transaction(site.db);
    site.log.rebuild();
    transaction.commit();
}

}  // namespace

TEST_CASE("a rebuild after random work changes nothing, also with changesets that wait") {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        CAPTURE(seed);
        Sites sites(2, seed);
        ManualEnv dice(seed);
        std::vector<Uuid> ids;
        for (int step = 0; step < 60; ++step) {
            const std::size_t who = dice.next_u64() % 3;
            Site& site = sites[who];
            const auto number = static_cast<int>(dice.next_u64() % 4);
            const std::uint64_t what = dice.next_u64() % 6;
            if (ids.empty() || what == 0) {
                ids.push_back(site.create("shop", {{"code", "c" + std::to_string(number)}}));
            } else if (what == 1) {
                // Half of what there is, in any order: some of it has to wait.
                std::vector<SignedChangeset> some;
                for (SignedChangeset& one : site.everything()) {
                    if (dice.next_u64() % 2 == 0) some.push_back(std::move(one));
                }
                const auto taken =
                    sites[dice.next_u64() % 3].take(std::move(some), sites.find_key());
                REQUIRE(taken.has_value());
            } else {
                site.edit(ids[dice.next_u64() % ids.size()],
                          {{what < 4 ? "low" : "name",
                            what < 4 ? Value(number) : Value("n" + std::to_string(number))}});
            }
        }
        for (const auto& site : sites.all) {
            const Derived before = derived_of(*site);
            rebuild(*site);
            CHECK(derived_of(*site) == before);
        }
    }
}

TEST_CASE("a rebuild mends what was damaged in the derived tables") {
    Sites sites(1);
    const Uuid id = sites[1].create("shop", {{"code", "1"}, {"name", "n1"}});
    REQUIRE(sites[1].edit(id, {{"low", 3}}));
    const Derived before = derived_of(sites[1]);
    sites[1].db.execute("UPDATE record SET doc='{', natural_key='x'");
    sites[1].db.execute("INSERT INTO conflict VALUES(1, 'low', 0)");
    sites[1].db.execute("DELETE FROM search");
    CHECK_THROWS_AS(sites[1].log.find_record(id), DbError);
    rebuild(sites[1]);
    CHECK(derived_of(sites[1]) == before);
}

TEST_CASE("a rebuild leaves parked changesets parked and dropped records dropped") {
    Sites sites(2);
    const Uuid kept = sites[1].create("shop", {{"code", "1"}});
    const Uuid gone = sites[1].create("shop", {{"code", "2"}});
    {
        // One save about both.
        const auto first = sites[1].log.find_record(kept), second = sites[1].log.find_record(gone);
        const Form& form = *sites[1].log.forms().find("shop");
        const auto new_uuid = [&] { return sites[1].env.new_uuid(); };
        auto one = plan_edit(sites[1].log.forms(), form, *first, {{"low", 1}}, new_uuid);
        auto other = plan_edit(sites[1].log.forms(), form, *second, {{"low", 2}}, new_uuid);
        Transaction transaction(sites[1].db);
        REQUIRE(sites[1].author.write("someone", {{&*first, 1, *one}, {&*second, 1, *other}}));
        transaction.commit();
    }
    REQUIRE(sites[1].edit(kept, {{"low", 5}}));
    sites.send(1, 2);
    {
        Transaction transaction(sites[2].db);
        sites[2].log.drop_record(gone);
        transaction.commit();
    }
    auto parked = authenticate({sites[1].everything().back()}, sites.find_key());
    REQUIRE(parked.has_value());
    (*parked)[0].park = ParkReason{"not_allowed", "for the test"};
    {
        Transaction transaction(sites[0].db);
        REQUIRE(sites[0].log.append(*parked, 0).has_value());
        transaction.commit();
    }
    for (const std::size_t at : {0u, 2u}) {
        const Derived before = derived_of(sites[at]);
        rebuild(sites[at]);
        CHECK(derived_of(sites[at]) == before);
    }
    CHECK(sites[0].log.counts().parked == 1);
    CHECK_FALSE(sites[2].log.find_record(gone).has_value());
    // The record comes back whole when it is delivered again.
    sites.pull(1, 2);
    CHECK(sites[2].log.state() == sites[1].log.state());
}

}  // namespace zf::testing
