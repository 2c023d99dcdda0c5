// Keeps count of conflicts from evening to evening: an unbroken run of evenings on which one
// stands is one entry of the result. Pure.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "common/base/ids.h"
#include "common/model/value.h"

namespace zf {

/// A conflict as it stands on one evening; values as the result prints them.
struct SeenConflict {
    Uuid record;
    std::string record_name, field, kind;  // kind: "value" or "void"
    std::vector<Value> values;
};

struct ConflictRun {
    SeenConflict seen;       // values: all distinct ones of the run, sorted
    int first_look = 0;      // number of the evening
    Value resolved_to;       // null while open
    std::string settled_by;  // who wrote that value
    bool open = true;
};

class ConflictWatch {
public:
    /// The value that a field has now, and who wrote it, for runs that have just ended.
    struct LiveValueNow {
        Value value;
        std::string author;
    };
    using LiveNow = std::function<LiveValueNow(const SeenConflict&)>;

    /// One look: which conflicts stand now. Returns how many began and ended with this look.
    struct Change {
        int began = 0, ended = 0;
    };
    Change look(const std::vector<SeenConflict>& standing, const LiveNow& live_now);

    /// By record name, field, first evening.
    [[nodiscard]] std::vector<ConflictRun> runs() const;

private:
    int looks_ = 0;
    std::vector<ConflictRun> runs_;
};

/// Null, then numbers by size, then everything else by its text.
bool value_before(const Value& a, const Value& b);

}  // namespace zf
