#include <doctest/doctest.h>

#include <map>
#include <set>

#include "tests/unit/server/api_world.h"

namespace zf::testing {

namespace {

struct PullWorld : ApiWorld {
    PullWorld() {
        put_staff("zhang");
        put_staff("li", {"511923"});
        laptop.enrol();
        limited.enrol();
    }
    RawLaptop laptop{*this, "zhang"}, limited{*this, "li"};
};

std::set<std::string> bytes_of(const PullAnswer& answer) {
    std::set<std::string> bytes;
    for (const PulledChangeset& pulled : answer.changesets) {
        bytes.insert(pulled.signed_changeset.bytes);
    }
    return bytes;
}

}  // namespace

TEST_CASE("a pull brings the bureau's entries, then what others wrote, in order") {
    PullWorld world;
    for (int i = 0; i < 5; ++i) world.laptop.write(enterprise(world, std::to_string(i)));
    world.laptop.push_all();
    world.limited.write(enterprise(world, "own"));
    world.limited.push_all();

    const PullAnswer answer = world.limited.pull();
    CHECK(answer.epoch == world.store->epoch());
    CHECK(answer.entries.size() == 8);  // server, 2 catalogs, 3 accounts, 2 devices
    CHECK(answer.trailer.entries == 8);
    REQUIRE(answer.changesets.size() == 5);
    for (std::size_t i = 0; i < 5; ++i) {
        CHECK(answer.changesets[i].ssn == static_cast<std::int64_t>(i) + 1);
        CHECK(answer.changesets[i].signed_changeset.bytes == world.laptop.chain[i].bytes);
        CHECK(answer.changesets[i].signed_changeset.signature == world.laptop.chain[i].signature);
    }
    CHECK(answer.trailer.cursor == 6);
    CHECK_FALSE(answer.trailer.more);
    const std::map<std::string, std::int64_t> delivered(answer.trailer.delivered.begin(),
                                                        answer.trailer.delivered.end());
    CHECK(delivered == std::map<std::string, std::int64_t>{{world.laptop.id().hex(), 5},
                                                           {world.limited.id().hex(), 1}});

    const PullAnswer nothing = world.limited.pull(6, 8);
    CHECK(nothing.entries.empty());
    CHECK(nothing.changesets.empty());
    CHECK(nothing.trailer.cursor == 6);
    CHECK(nothing.trailer.entries == 8);
    CHECK(world.limited.pull(3, 8).changesets.size() == 2);
}

TEST_CASE("pages end, go on, and say so; the last one says what was delivered") {
    PullWorld world;
    constexpr int many = 2300;
    for (int i = 0; i < many; ++i) {
        world.laptop.write(enterprise(world, std::to_string(i)));
        if (world.laptop.chain.size() % 1000 == 0 || i == many - 1) {
            const std::size_t first = (world.laptop.chain.size() - 1) / 1000 * 1000;
            REQUIRE(slug_of(world.laptop.push(
                        {world.laptop.chain.begin() + static_cast<std::ptrdiff_t>(first),
                         world.laptop.chain.end()})) == "ok");
        }
    }
    Request size = request_of("GET", "/v1/pull/size");
    size.query = {{"after", "0"}, {"entries", "0"}};
    const auto expected = parse_json(world.limited.send(size).body);
    REQUIRE(expected);
    CHECK(*expected->find("changesets")->integer() == many);

    std::int64_t cursor = 0, entries = 0, count = 0, bytes = 0;
    for (int page = 1;; ++page) {
        REQUIRE(page < 10);
        const PullAnswer answer = world.limited.pull(cursor, entries);
        for (const PulledChangeset& pulled : answer.changesets) {
            CHECK(pulled.ssn == ++count);
            bytes += static_cast<std::int64_t>(pulled.signed_changeset.bytes.size());
        }
        CHECK(answer.trailer.cursor == count);
        cursor = answer.trailer.cursor;
        entries = answer.trailer.entries;
        CHECK(answer.trailer.delivered.empty() == answer.trailer.more);
        if (!answer.trailer.more) break;
    }
    CHECK(count == many);
    CHECK(*expected->find("bytes")->integer() == bytes);
}

TEST_CASE("readers with areas get those and what has no place") {
    PullWorld world;
    const auto near = world.laptop.write(enterprise(world, "near", "511923102"));
    const auto far = world.laptop.write(enterprise(world, "far", "511921"));
    const auto nowhere = world.laptop.write(enterprise(world, "nowhere"));
    world.laptop.push_all();
    const PullAnswer answer = world.limited.pull();
    CHECK(bytes_of(answer) == std::set{near.bytes, nowhere.bytes});
    CHECK(answer.trailer.cursor == 3);

    // One more person on the laptop, with another area: both areas together.
    world.put_staff("wang", {"511921"});
    REQUIRE(slug_of(world.limited.enrol_with(world.code_for("wang"))) == "ok");
    CHECK(bytes_of(world.limited.pull()) == std::set{near.bytes, far.bytes, nowhere.bytes});
    REQUIRE(disable_user(*world.store, "li"));
    CHECK(bytes_of(world.limited.pull()) == std::set{far.bytes, nowhere.bytes});
}

TEST_CASE("a record that moves comes with its history, and leaves by name") {
    PullWorld world;
    const Written written = enterprise(world, "a", "511921");
    const auto first = world.laptop.write(written);
    world.laptop.push_all();
    CHECK(world.limited.pull().changesets.empty());
    const auto move = [&](const char* area, std::int64_t seen_seq, std::int32_t seen_n) {
        Written moved{"enterprise", written.record, {{"division", area}}, {}, 1, {}};
        moved.parents = {world.laptop.ref(seen_seq)};
        moved.supersedes = {{world.laptop.id(), seen_seq, seen_n}};
        return world.laptop.write(moved);
    };
    const auto second = move("511923", 1, 1);
    world.laptop.push_all();
    const PullAnswer came = world.limited.pull(1, 0);
    CHECK(bytes_of(came) == std::set{first.bytes, second.bytes});
    CHECK(came.dropped.empty());
    move("511921", 2, 0);
    world.laptop.push_all();
    const PullAnswer left = world.limited.pull(2, 0);
    CHECK(left.changesets.empty());
    CHECK(left.dropped == std::vector{written.record.text()});
}

TEST_CASE("whoever may read nothing is told so, and wrong questions too") {
    PullWorld world;
    world.put_user({"root", Role::admin, {}, false});
    RawLaptop admins(world, "root");
    admins.enrol();
    CHECK(slug_of(admins.ask_pull(0, 0)) == "not_allowed");
    struct Case {
        std::map<std::string, std::string> query;
        const char* slug;
    };
    const std::vector<Case> cases{
        {{}, "missing_argument"},
        {{{"after", "0"}}, "missing_argument"},
        {{{"after", "-1"}, {"entries", "0"}}, "malformed"},
        {{{"after", "1x"}, {"entries", "0"}}, "malformed"},
        {{{"after", ""}, {"entries", "0"}}, "malformed"},
        {{{"after", "99999999999999999999"}, {"entries", "0"}}, "malformed"},
        {{{"after", "0"}, {"entries", "0"}, {"epoch", "x"}}, "wrong_epoch"},
        {{{"after", "999"}, {"entries", "999"}}, "ok"},
    };
    for (const Case& c : cases) {
        for (const char* path : {"/v1/pull", "/v1/pull/size"}) {
            Request request = request_of("GET", path);
            request.query = c.query;
            CHECK(slug_of(world.laptop.send(request)) == c.slug);
        }
    }
}

}  // namespace zf::testing
