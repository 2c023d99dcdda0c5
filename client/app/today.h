// What there is to do on this laptop today: records given back, conflicts, deadlines, what was not
// submitted, drafts; how far the work is with the bureau; forms to begin with. Read from the lines
// (record_lines.h), never by going through all records. Knows no drawing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/app/deadlines.h"
#include "client/app/record_lines.h"
#include "client/app/review_remarks.h"
#include "client/draft.h"

namespace zf {

enum class TodoKind { returned, conflict, due, unsubmitted, draft };
inline constexpr std::size_t todo_kinds = 5;
/// "returned", "conflict", "due", "unsubmitted", "draft".
std::string_view name_of(TodoKind kind);

struct Todo {
    TodoKind kind = TodoKind::returned;
    Uuid id;  // of the record, or of the draft
    std::string form, title;
    std::string detail;  // why it was given back; empty: nothing to say
    std::string day;     // due day
    std::optional<DueState> due;
    std::int64_t days = 0;  // overdue: since the due day; else until then
    std::int64_t at_ms = 0;
};

struct Today {
    std::vector<Todo> todos;           // the most urgent kind first, at most 200 of each
    std::vector<std::int64_t> counts;  // of all of each kind, by TodoKind
    std::optional<std::int64_t> last_sync_ms;
    std::int64_t unsent = 0, unsent_files = 0, waiting = 0;
    std::vector<std::string> forms;  // to begin with, those used last on this laptop first
};

/// `user` may be empty: then nobody's unsubmitted records are told.
Today read_today(RecordLines& lines, const std::string& user, Language language);

}  // namespace zf
