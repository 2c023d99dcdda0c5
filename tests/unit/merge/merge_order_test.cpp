// The same set of changesets gives the same document in whatever causal order it is applied:
// all histories of up to four writes, all orders.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "common/codec/record_codec.h"
#include "tests/unit/merge/merge_world.h"

namespace zf::testing {
namespace {

/// Everything one person can do in the small world, as the set that is entered.
const std::vector<Members>& actions() {
    static const std::vector<Members> all{
        {{"count", 1}},
        {{"count", 2}},
        {{"count", Value()}},
        {{"people", List{Value("a")}}},
        {{"people", List{Value("b")}}},
        {{"_void", true}},
        {{"_void", false}},
    };
    return all;
}

/// Downward-closed pasts for the next changeset: whoever has seen i has seen what i had seen.
std::vector<std::set<std::size_t>> possible_pasts(const World& world, int device) {
    std::vector<std::set<std::size_t>> pasts;
    const std::size_t n = world.changesets.size();
    for (std::size_t mask = 0; mask < (std::size_t{1} << n); ++mask) {
        std::set<std::size_t> past;
        bool closed = true;
        for (std::size_t i = 0; i < n; ++i) {
            if (mask >> i & 1) past.insert(i);
        }
        for (std::size_t i = 0; i < n && closed; ++i) {
            const bool own = world.changesets[i].device == device_number(device);
            if (own && !past.contains(i)) closed = false;
            if (!past.contains(i)) continue;
            for (const std::size_t before : world.pasts[i]) closed &= past.contains(before);
        }
        if (closed) pasts.push_back(past);
    }
    return pasts;
}

void each_causal_order(const World& world, const std::function<void(const RecordDoc&)>& visit) {
    std::vector<std::size_t> order;
    std::set<std::size_t> done;
    const std::function<void()> extend = [&] {
        if (order.size() == world.changesets.size()) {
            visit(world.fold(order));
            return;
        }
        for (std::size_t i = 0; i < world.changesets.size(); ++i) {
            if (done.contains(i)) continue;
            const auto& past = world.pasts[i];
            if (!std::all_of(past.begin(), past.end(),
                             [&](std::size_t before) { return done.contains(before); })) {
                continue;
            }
            done.insert(i);
            order.push_back(i);
            extend();
            order.pop_back();
            done.erase(i);
        }
    };
    extend();
}

/// The independent model: a write is live unless some other write names it.
std::map<std::string, std::set<Dot>> live_by_definition(const World& world) {
    std::map<std::string, std::set<Dot>> live;
    for (const Changeset& changeset : world.changesets) {
        for (std::size_t n = 0; n < changeset.ops.size(); ++n) {
            const Op& op = changeset.ops[n];
            if (op.value && is_data_field(op.field)) {
                live[op.field].insert(
                    {changeset.device, changeset.seq, static_cast<std::int32_t>(n)});
            }
        }
    }
    for (const Changeset& changeset : world.changesets) {
        for (const Op& op : changeset.ops) {
            for (const Dot& dot : op.supersedes) live[op.field].erase(dot);
        }
    }
    std::erase_if(live, [](const auto& entry) { return entry.second.empty(); });
    return live;
}

std::map<std::string, std::set<Dot>> live_of(const RecordDoc& doc) {
    std::map<std::string, std::set<Dot>> live;
    for (const auto& [field, values] : doc.fields) {
        for (const LiveValue& value : values) live[field].insert(value.dot);
    }
    return live;
}

struct Counted {
    int histories = 0, orders = 0;
};

void check_history(const World& world, Counted& counted) {
    const auto model = live_by_definition(world);
    std::string first;
    each_causal_order(world, [&](const RecordDoc& doc) {
        ++counted.orders;
        REQUIRE(live_of(doc) == model);
        const std::string bytes = encode_record(doc);
        if (first.empty()) first = bytes;
        REQUIRE(bytes == first);
    });
    ++counted.histories;
}

void explore(const World& world, std::size_t depth, Counted& counted) {
    if (!world.changesets.empty()) check_history(world, counted);
    if (world.changesets.size() == depth) return;
    for (int device = 0; device < 2; ++device) {
        for (const auto& past : possible_pasts(world, device)) {
            for (const Members& action : actions()) {
                World next = world;
                if (next.edit(device, past, action)) explore(next, depth, counted);
            }
        }
    }
}

}  // namespace

TEST_CASE("every order of every history of up to three writes by two people gives one document") {
    Counted counted;
    explore(World{}, 3, counted);
    MESSAGE(counted.histories << " histories, " << counted.orders << " orders");
    CHECK(counted.histories > 1500);
    CHECK(counted.orders > counted.histories);
}

TEST_CASE("four writes of one plain field by three people: all histories, all orders") {
    Counted counted;
    const std::function<void(const World&)> dive = [&](const World& world) {
        if (world.changesets.size() == 4) {
            check_history(world, counted);
            return;
        }
        for (int device = 0; device < 3; ++device) {
            for (const auto& past : possible_pasts(world, device)) {
                World next = world;
                const int fresh = static_cast<int>(world.changesets.size()) + 10;
                if (next.edit(device, past, {{"count", fresh}})) dive(next);
            }
        }
    };
    dive(World{});
    MESSAGE(counted.histories << " histories, " << counted.orders << " orders");
    CHECK(counted.histories > 500);
}

TEST_CASE("approvals fold the same in every order, also when an edit arrives first") {
    Counted counted;
    for (const bool approve_first : {false, true}) {
        World world;
        REQUIRE(world.edit(0, {}, {{"count", 1}, {"people", List{Value("a")}}}));
        REQUIRE(world.submit(0, {0}));
        if (approve_first) {
            REQUIRE(world.review(2, {0, 1}, ReviewKind::approved));
            REQUIRE(world.edit(1, {0, 1}, {{"count", 2}}));
        } else {
            REQUIRE(world.edit(1, {0, 1}, {{"count", 2}}));
            REQUIRE(world.review(2, {0, 1}, ReviewKind::approved));
        }
        REQUIRE(world.edit(0, {0, 1}, {{"people", List{}}}));
        check_history(world, counted);
        each_causal_order(world, [&](const RecordDoc& doc) {
            const FieldValues approved = approved_values(doc, &world.form());
            CHECK(approved.at("count") == Value(1));
            CHECK(approved.at("people") == Value(List{Value("a")}));
            CHECK(shown_values(doc, &world.form()).at("count") == Value(2));
            CHECK(has_pending_amendment(doc));
            CHECK(status_of(doc, false) == Status::submitted);
        });
    }
    CHECK(counted.orders >= 4);
}

TEST_CASE("of two reviews that did not see each other the newer one counts, in every order") {
    // Two servers of one bureau: the one before a backup was put back, and the one after.
    for (const ReviewKind kind :
         {ReviewKind::checked, ReviewKind::approved, ReviewKind::returned}) {
        World world;
        REQUIRE(world.edit(0, {}, {{"count", 1}}));
        REQUIRE(world.review(1, {0}, kind));
        REQUIRE(world.edit(0, {0}, {{"count", 2}}));
        REQUIRE(world.review(2, {0, 2}, kind));
        Counted counted;
        check_history(world, counted);
        CHECK(counted.orders > 1);
        each_causal_order(world, [&](const RecordDoc& doc) {
            CHECK(doc.reviews.at(kind).dot.device == world.changesets.back().device);
            if (kind != ReviewKind::approved) return;
            CHECK(approved_values(doc, &world.form()).at("count") == Value(2));
        });
    }
}

}  // namespace zf::testing
