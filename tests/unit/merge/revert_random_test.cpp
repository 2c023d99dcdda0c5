// Random histories of three authors: taking one author back, and taking that back again.
#include <doctest/doctest.h>

#include <random>

#include "tests/unit/merge/revert_world.h"

namespace zf::testing {
namespace {

constexpr int authors = 3, histories = 3000, writes_max = 9;

class RandomHistory {
public:
    explicit RandomHistory(unsigned seed) : random_(seed) {}

    RevertWorld make() {
        RevertWorld world;
        const int writes = 2 + pick(writes_max - 1);
        for (int i = 0; i < writes; ++i) {
            const int device = pick(authors);
            const auto past = past_of(world, device);
            const bool settles = pick(4) == 0;
            if (settles) {
                world.resolve(device, past, entered(world, past));
            } else {
                world.edit(device, past, entered(world, past));
            }
        }
        return world;
    }

    int pick(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }

private:
    /// Own changesets, some others, and all that those had seen.
    std::set<std::size_t> past_of(const RevertWorld& world, int device) {
        std::set<std::size_t> past;
        for (std::size_t i = 0; i < world.changesets.size(); ++i) {
            const bool own = world.changesets[i].device == device_number(device);
            if (!own && pick(2) == 0) continue;
            past.insert(i);
            past.insert(world.pasts[i].begin(), world.pasts[i].end());
        }
        return past;
    }

    Members entered(const RevertWorld& world, const std::set<std::size_t>& past) {
        if (shown_void(world.view(past))) return {{"_void", pick(3) == 0}};
        // Alone, as people void: one in a changeset with other writes has not seen these.
        if (pick(8) == 0) return {{"_void", true}};
        Members members;
        if (pick(2)) members.emplace_back("count", pick(5) ? Value(pick(4)) : Value());
        if (pick(3) == 0)
            members.emplace_back("note", std::string(1, static_cast<char>('a' + pick(3))));
        if (pick(3) == 0) members.emplace_back("people", some_people());
        if (pick(3) == 0) members.emplace_back("rows", some_rows());
        if (pick(8) == 0)
            members.emplace_back("_alias_of", Value(record_number(1 + pick(2)).text()));
        return members;
    }

    List some_people() {
        List people;
        for (const char* name : {"a", "b", "c"}) {
            if (pick(2)) people.emplace_back(name);
        }
        return people;
    }

    List some_rows() {
        List rows;
        for (int i = 2; i < 5; ++i) {
            if (pick(2) == 0) continue;
            rows.push_back(Members{{"_row", record_number(i).text()},
                                   {"outlet", std::string(1, static_cast<char>('p' + pick(3)))}});
        }
        return rows;
    }

    std::mt19937 random_;
};

using Shown = std::map<std::string, std::string>;

Shown shown_of(const RevertWorld& world,
               const std::map<std::string, std::vector<LiveValue>, std::less<>>& fields) {
    Shown shown;
    for (const auto& [name, live] : fields) {
        Value value = shown_value(world.form().find(name), live);
        if (name == field_void && value == Value(false)) value = Value();
        if (!value.is_null()) shown.emplace(name, canonical_text(value));
    }
    return shown;
}

Shown shown_of(const RevertWorld& world) {
    return shown_of(world, world.view_all().fields);
}

/// By definition: every write of the others that no write of the others names.
Shown shown_without(const RevertWorld& world, std::int64_t since) {
    const auto is_taken = [&](const Changeset& changeset) {
        return changeset.device == device_number(0) && changeset.seq >= since;
    };
    std::map<std::string, std::vector<LiveValue>, std::less<>> fields;
    std::set<Dot> superseded;
    for (const Changeset& changeset : world.changesets) {
        if (is_taken(changeset)) continue;
        for (const Op& op : changeset.ops) {
            superseded.insert(op.supersedes.begin(), op.supersedes.end());
        }
    }
    for (const Changeset& changeset : world.changesets) {
        if (is_taken(changeset)) continue;
        for (std::size_t n = 0; n < changeset.ops.size(); ++n) {
            const Op& op = changeset.ops[n];
            const Dot dot{changeset.device, changeset.seq, static_cast<std::int32_t>(n)};
            if (!is_data_field(op.field) || !op.value || superseded.contains(dot)) continue;
            fields[op.field].push_back({dot, changeset.hlc, *op.value, op.saw});
        }
    }
    return shown_of(world, fields);
}

std::set<std::pair<std::string, std::size_t>> disputes(const RevertWorld& world) {
    std::set<std::pair<std::string, std::size_t>> found;
    for (const Conflict& conflict : world.conflicts()) {
        if (conflict.kind == ConflictKind::value) {
            found.emplace(conflict.field, conflict.values.size());
        } else {
            found.emplace(conflict.field, 0);
        }
    }
    return found;
}

/// Whether a voiding saw what is brought back is not always to be told: such a dispute may have to
/// be settled once more, or be gone.
std::set<std::pair<std::string, std::size_t>> disputes_on_values(const RevertWorld& world) {
    auto found = disputes(world);
    found.erase({std::string(field_void), 0});
    return found;
}

/// What is shown, but for a voiding that was disputed in `other`: which side of several shows is
/// for display only.
Shown settled(const RevertWorld& world, const RevertWorld& other) {
    Shown shown = shown_of(world);
    if (disputes(other).contains({std::string(field_void), 0})) shown.erase("_void");
    return shown;
}

}  // namespace

TEST_CASE("without one author's work, and with it again, over random histories") {
    int reverted = 0, voided = 0, kept = 0;
    for (unsigned seed = 1; seed <= histories; ++seed) {
        CAPTURE(seed);
        RandomHistory random(seed);
        RevertWorld world = random.make();
        if (world.changesets.empty()) continue;
        const std::int64_t since = 1 + random.pick(2);
        const Shown before = shown_of(world), without = shown_without(world, since);
        const auto disputed_before = disputes_on_values(world);

        const PlannedRevert plan = world.revert(0, since);
        const Shown after = shown_of(world);
        const RevertWorld once = world;
        const bool others_wrote =
            std::any_of(once.changesets.begin(), once.changesets.end(), [&](const Changeset& one) {
                return one.device == device_number(1) || one.device == device_number(2) ||
                       (one.device == device_number(0) && one.seq < since);
            });
        REQUIRE((others_wrote || shown_void(once.view_all())));
        if (others_wrote) {
            for (const Field& field : world.form().fields) {
                CAPTURE(field.name);
                if (std::find(plan.kept.begin(), plan.kept.end(), field.name) != plan.kept.end()) {
                    ++kept;
                    continue;
                }
                const auto now = after.find(field.name), then = without.find(field.name);
                REQUIRE((now == after.end()) == (then == without.end()));
                if (now != after.end()) REQUIRE(now->second == then->second);
            }
        }
        REQUIRE(world.revert(0, since).edit.ops.empty());
        if (plan.edit.ops.empty()) continue;
        ++reverted;
        voided += plan.voids ? 1 : 0;

        world.unrevert();
        REQUIRE(shown_of(world) == before);
        REQUIRE(disputes_on_values(world) == disputed_before);
        RevertWorld again = world;
        again.revert(0, since);
        REQUIRE(settled(again, once) == settled(once, once));
        world.unrevert();
        REQUIRE(shown_of(world) == after);
        REQUIRE(disputes_on_values(world) == disputes_on_values(once));
    }
    CAPTURE(reverted);
    CHECK(reverted > histories / 2);
    CHECK(voided > histories / 100);
    CHECK(kept > histories / 20);
}

}  // namespace zf::testing
