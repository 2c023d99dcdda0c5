// The coverage board: who on the list was visited and checked since a day, and what was found.
// Pure: works on facts that coverage_facts.h gathers from a store. Says of other laptops only what
// has reached this one.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "client/app/divisions.h"
#include "common/base/date.h"
#include "common/base/ids.h"
#include "common/model/value.h"

namespace zf {

/// What a record says about damage.
enum class Finding { not_looked, no_damage, damage };

/// One visit, report, building check or hazard, saved or still a draft.
struct CoverageEvidence {
    enum class Kind { visit, report, building, hazard };

    Uuid record;  // of a draft: the draft's id
    Kind kind = Kind::visit;
    Date on;
    std::string division;            // as stored
    std::optional<Uuid> enterprise;  // at the end of its joins
    std::string place;               // as people wrote it
    bool is_village = false;         // `place` is one
    std::string by;                  // account
    Finding finding = Finding::not_looked;
    std::string subject;      // of several findings about one, the latest counts; empty: itself
    std::optional<Date> due;  // a follow-up promised, or a hazard to be removed; open ones only
    bool at_bureau = true;    // the bureau is known to have it
    bool is_draft = false;
    bool is_of_this_laptop = false;
};

struct CoverageEnterprise {
    Uuid record;
    std::string name, division;
};

struct CoverageFacts {
    Date today;
    Divisions divisions;
    std::vector<CoverageEnterprise> enterprises;  // on the register now, by name
    std::vector<CoverageEvidence> evidence;       // by day, ascending
    std::optional<Date> latest_disaster;          // the day on which the latest one began
};

enum class CoverageList { townships, villages, enterprises };

/// In the order of what is to be done.
enum class CoverageState { not_visited, on_laptop, damage, visited, no_damage };
inline constexpr std::size_t coverage_states = 5;
/// "not_visited", ...
std::string_view name_of(CoverageState state);
std::optional<CoverageState> parse_coverage_state(std::string_view name);

struct CoverageRow {
    std::string key;  // division code, township code and village name, or record of an enterprise
    std::string name;
    std::string division;
    std::string within;  // the township's name, of villages and enterprises
    std::optional<Uuid> enterprise;
    bool is_listed = true;  // false: not on the list, but records name it
    CoverageState state = CoverageState::not_visited;
    std::optional<Date> last_visit;     // ever, saved ones
    std::optional<Date> overdue_since;  // the earliest day that was promised and has passed
    std::vector<std::string> away;      // whose records the bureau is not known to have, each once
    std::size_t drafts = 0;
    std::vector<CoverageEvidence> evidence;  // since the day, the latest first
};

struct CoverageChoice {
    CoverageList list = CoverageList::townships;
    Date since;
    std::string search;  // a part of a name
    std::optional<CoverageState> state;
    bool only_overdue = false;
};

struct CoverageBoard {
    std::vector<CoverageRow> rows;                      // those chosen
    std::array<std::size_t, coverage_states> counts{};  // of all on the list, by CoverageState
    std::size_t all = 0, overdue = 0;
    std::vector<std::size_t> reached;  // by day, from the first to today: how many so far
};

/// Rows: overdue ones first, then by state, then by code or name.
CoverageBoard coverage_board(const CoverageFacts& facts, const CoverageChoice& choice);

/// The day from which a board counts when nobody chose one: that of a disaster that began in the
/// last 90 days, else the first of this month.
Date coverage_since(const CoverageFacts& facts);

/// Visits per week, Monday to Sunday, the week at hand last; of one account, or of everybody when
/// `by` is empty. Drafts do not count.
struct WeekCount {
    Date monday;
    std::size_t visits = 0;
};
std::vector<WeekCount> visits_per_week(const CoverageFacts& facts, const std::string& by,
                                       std::size_t weeks);

/// What is known of a visit to `row` before it is made: values to begin a form site_visit with.
Members prefilled_visit(const CoverageRow& row, CoverageList list, const Date& today,
                        const std::string& user);

}  // namespace zf
