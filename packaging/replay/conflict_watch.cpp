#include "packaging/replay/conflict_watch.h"

#include <algorithm>
#include <tuple>

namespace zf {
namespace {

bool same_conflict(const SeenConflict& a, const SeenConflict& b) {
    return a.record == b.record && a.field == b.field && a.kind == b.kind;
}

void add_values(std::vector<Value>& all, const std::vector<Value>& more) {
    for (const Value& value : more) {
        if (std::find(all.begin(), all.end(), value) == all.end()) all.push_back(value);
    }
    std::sort(all.begin(), all.end(), value_before);
}

}  // namespace

bool value_before(const Value& a, const Value& b) {
    const auto rank = [](const Value& value) {
        return value.is_null() ? 0 : value.integer() ? 1 : 2;
    };
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    if (a.integer()) return *a.integer() < *b.integer();
    // Byte order of UTF-8 is the order of code points.
    if (a.text() && b.text()) return *a.text() < *b.text();
    return canonical_text(a) < canonical_text(b);
}

ConflictWatch::Change ConflictWatch::look(const std::vector<SeenConflict>& standing,
                                          const LiveNow& live_now) {
    ++looks_;
    Change change;
    for (ConflictRun& run : runs_) {
        if (!run.open) continue;
        const auto still =
            std::find_if(standing.begin(), standing.end(),
                         [&](const SeenConflict& seen) { return same_conflict(seen, run.seen); });
        if (still != standing.end()) {
            add_values(run.seen.values, still->values);
        } else {
            run.open = false;
            LiveValueNow now = live_now(run.seen);
            run.resolved_to = std::move(now.value);
            run.settled_by = std::move(now.author);
            ++change.ended;
        }
    }
    for (const SeenConflict& seen : standing) {
        const bool known = std::any_of(runs_.begin(), runs_.end(), [&](const ConflictRun& run) {
            return run.open && same_conflict(seen, run.seen);
        });
        if (known) continue;
        ConflictRun run{seen, looks_, {}, {}, true};
        run.seen.values.clear();
        add_values(run.seen.values, seen.values);
        runs_.push_back(std::move(run));
        ++change.began;
    }
    return change;
}

std::vector<ConflictRun> ConflictWatch::runs() const {
    std::vector<ConflictRun> sorted = runs_;
    std::sort(sorted.begin(), sorted.end(), [](const ConflictRun& a, const ConflictRun& b) {
        return std::tuple(a.seen.record_name, a.seen.field, a.first_look) <
               std::tuple(b.seen.record_name, b.seen.field, b.first_look);
    });
    return sorted;
}

}  // namespace zf
