#include "client/app/coverage.h"

#include <algorithm>
#include <map>

namespace zf {
namespace {

using Kind = CoverageEvidence::Kind;

constexpr std::array<std::string_view, coverage_states> state_names{
    "not_visited", "on_laptop", "damage", "visited", "no_damage"};
constexpr int disaster_days = 90;  // how long a disaster is what people ask about

/// A row with everything that was ever written about it.
struct Place {
    CoverageRow row;
    std::vector<const CoverageEvidence*> all;
};
using Places = std::map<std::string, Place>;

std::string village_key(const CoverageEvidence& one) {
    return township_code(one.division) + " " + one.place;
}

void add_townships(const CoverageFacts& facts, Places& places) {
    const Divisions& divisions = facts.divisions;
    std::vector<std::string> codes;
    for (const CoverageEvidence& one : facts.evidence) codes.push_back(one.division);
    for (const CoverageEnterprise& one : facts.enterprises) codes.push_back(one.division);
    if (!divisions.editions.empty()) {
        for (const Township& one : divisions.editions[divisions.edition_for(codes)].townships) {
            CoverageRow& row = places[one.code].row;
            row.name = one.name;
            row.division = one.code;
        }
    }
    for (const CoverageEvidence& one : facts.evidence) {
        const std::string township = township_code(one.division);
        const std::string code = township.empty() ? one.division : township;
        if (code.empty()) continue;
        auto [at, is_new] = places.try_emplace(code);
        if (is_new) {
            at->second.row.name = divisions.name_of(code).empty() ? code : divisions.name_of(code);
            at->second.row.division = code;
            at->second.row.is_listed = false;
        }
        at->second.all.push_back(&one);
    }
}

void add_villages(const CoverageFacts& facts, Places& places) {
    for (const CoverageEvidence& one : facts.evidence) {
        if (!one.is_village || one.place.empty()) continue;
        CoverageRow& row = places[village_key(one)].row;
        row.name = one.place;
        if (one.division.size() >= row.division.size()) row.division = one.division;
        row.within = facts.divisions.name_of(one.division);
    }
    // Hazards and building checks only name the place.
    for (const CoverageEvidence& one : facts.evidence) {
        const auto at = places.find(village_key(one));
        if (at != places.end()) at->second.all.push_back(&one);
    }
}

void add_enterprises(const CoverageFacts& facts, Places& places) {
    for (const CoverageEnterprise& one : facts.enterprises) {
        CoverageRow& row = places[one.record.text()].row;
        row.name = one.name;
        row.division = one.division;
        row.enterprise = one.record;
        row.within = facts.divisions.name_of(one.division);
    }
    for (const CoverageEvidence& one : facts.evidence) {
        if (!one.enterprise) continue;
        const auto at = places.find(one.enterprise->text());
        if (at != places.end()) at->second.all.push_back(&one);
    }
}

Finding found_in(const std::vector<CoverageEvidence>& latest_first) {
    Finding found = Finding::not_looked;
    std::vector<std::pair<Kind, std::string_view>> told;
    for (const CoverageEvidence& one : latest_first) {
        if (one.is_draft) continue;
        if (!one.subject.empty()) {
            const std::pair<Kind, std::string_view> subject{one.kind, one.subject};
            if (std::find(told.begin(), told.end(), subject) != told.end()) continue;
            told.push_back(subject);
        }
        found = std::max(found, one.finding);
    }
    return found;
}

CoverageState state_of(const CoverageRow& row) {
    if (row.evidence.empty()) return CoverageState::not_visited;
    const bool is_there = std::any_of(row.evidence.begin(), row.evidence.end(),
                                      [](const CoverageEvidence& one) { return one.at_bureau; });
    if (!is_there) return CoverageState::on_laptop;
    switch (found_in(row.evidence)) {
        case Finding::damage:
            return CoverageState::damage;
        case Finding::no_damage:
            return CoverageState::no_damage;
        case Finding::not_looked:
            break;
    }
    return CoverageState::visited;
}

/// The earliest day that has passed and was kept by nobody.
std::optional<Date> overdue_since(const Place& place, const Date& today) {
    std::optional<Date> earliest;
    for (const CoverageEvidence* one : place.all) {
        if (!one->due || *one->due >= today) continue;
        // A follow-up is kept by any later visit; a hazard only by being closed.
        if (one->kind == Kind::visit && place.row.last_visit && *place.row.last_visit > one->on) {
            continue;
        }
        if (!earliest || *one->due < *earliest) earliest = one->due;
    }
    return earliest;
}

void settle(Place& place, const Date& since, const Date& today) {
    CoverageRow& row = place.row;
    for (const CoverageEvidence* one : place.all) {
        if (one->kind == Kind::visit && !one->is_draft) {
            row.last_visit = std::max(row.last_visit.value_or(one->on), one->on);
        }
        if (one->on < since) continue;
        row.evidence.push_back(*one);
        if (one->is_draft) ++row.drafts;
        const bool is_told = std::find(row.away.begin(), row.away.end(), one->by) != row.away.end();
        if (!one->at_bureau && !is_told) row.away.push_back(one->by);
    }
    std::reverse(row.evidence.begin(), row.evidence.end());
    row.state = state_of(row);
    row.overdue_since = overdue_since(place, today);
}

/// Counts a row from the day on which something was first written about it.
void add_reached(const CoverageRow& row, const Date& since, std::vector<std::size_t>& reached) {
    if (row.evidence.empty()) return;
    const std::int64_t first = days_of(row.evidence.back().on) - days_of(since);
    for (auto day = static_cast<std::size_t>(first); day < reached.size(); ++day) ++reached[day];
}

bool is_chosen(const CoverageRow& row, const CoverageChoice& choice) {
    if (choice.only_overdue && !row.overdue_since) return false;
    if (choice.state && row.state != *choice.state) return false;
    return choice.search.empty() || row.name.find(choice.search) != std::string::npos ||
           row.within.find(choice.search) != std::string::npos ||
           row.division.starts_with(choice.search);
}

}  // namespace

std::string_view name_of(CoverageState state) {
    return state_names[static_cast<std::size_t>(state)];
}

std::optional<CoverageState> parse_coverage_state(std::string_view name) {
    for (std::size_t i = 0; i < state_names.size(); ++i) {
        if (state_names[i] == name) return static_cast<CoverageState>(i);
    }
    return std::nullopt;
}

CoverageBoard coverage_board(const CoverageFacts& facts, const CoverageChoice& choice) {
    Places places;
    switch (choice.list) {
        case CoverageList::townships:
            add_townships(facts, places);
            break;
        case CoverageList::villages:
            add_villages(facts, places);
            break;
        case CoverageList::enterprises:
            add_enterprises(facts, places);
            break;
    }
    CoverageBoard board;
    const std::int64_t days = days_of(facts.today) - days_of(choice.since) + 1;
    board.reached.resize(static_cast<std::size_t>(std::max<std::int64_t>(days, 0)));
    for (auto& [key, place] : places) {
        place.row.key = key;
        settle(place, choice.since, facts.today);
        const CoverageRow& row = place.row;
        // What is not on the list is no gap in it.
        const bool is_shown = row.is_listed || !row.evidence.empty() || row.overdue_since;
        if (!is_shown) continue;
        ++board.all;
        ++board.counts[static_cast<std::size_t>(row.state)];
        if (row.overdue_since) ++board.overdue;
        add_reached(row, choice.since, board.reached);
        if (is_chosen(row, choice)) board.rows.push_back(row);
    }
    std::stable_sort(board.rows.begin(), board.rows.end(),
                     [&](const CoverageRow& a, const CoverageRow& b) {
                         const bool a_waits = a.overdue_since.has_value();
                         const bool b_waits = b.overdue_since.has_value();
                         if (a_waits != b_waits) return a_waits;
                         if (a.state != b.state) return a.state < b.state;
                         return choice.list == CoverageList::enterprises && a.name < b.name;
                     });
    return board;
}

Date coverage_since(const CoverageFacts& facts) {
    const bool is_recent = facts.latest_disaster && *facts.latest_disaster <= facts.today &&
                           days_of(facts.today) - days_of(*facts.latest_disaster) <= disaster_days;
    return is_recent ? *facts.latest_disaster : first_day(month_of(facts.today));
}

std::vector<WeekCount> visits_per_week(const CoverageFacts& facts, const std::string& by,
                                       std::size_t weeks) {
    constexpr std::int64_t days_a_week = 7;
    constexpr std::int64_t monday_shift = 3;  // 1970-01-01 was a Thursday
    const auto week_of = [&](const Date& date) {
        const std::int64_t days = days_of(date) + monday_shift;
        return (days >= 0 ? days : days - days_a_week + 1) / days_a_week;
    };
    const auto count = static_cast<std::int64_t>(weeks);
    const std::int64_t first = week_of(facts.today) - count + 1;
    std::vector<WeekCount> all(weeks);
    for (std::size_t i = 0; i < weeks; ++i) {
        const std::int64_t week = first + static_cast<std::int64_t>(i);
        all[i].monday = date_of_days(week * days_a_week - monday_shift);
    }
    for (const CoverageEvidence& one : facts.evidence) {
        if (one.kind != Kind::visit || one.is_draft || (!by.empty() && one.by != by)) continue;
        const std::int64_t at = week_of(one.on) - first;
        if (at >= 0 && at < count) ++all[static_cast<std::size_t>(at)].visits;
    }
    return all;
}

Members prefilled_visit(const CoverageRow& row, CoverageList list, const Date& today,
                        const std::string& user) {
    static constexpr std::array<std::string_view, 3> kinds{"township", "village", "enterprise"};
    Members values{{"visit_date", today.text()},
                   {"target_kind", kinds[static_cast<std::size_t>(list)]},
                   {"target_name", row.name}};
    if (!row.division.empty()) values.emplace_back("division", row.division);
    if (row.enterprise) values.emplace_back("enterprise", row.enterprise->text());
    if (!user.empty()) values.emplace_back("visitor", user);
    return values;
}

}  // namespace zf
