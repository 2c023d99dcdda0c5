#include "client/ui/screen_coverage.h"

#include <algorithm>

#include "client/app/coverage_facts.h"
#include "client/app/typed_value.h"
#include "client/ui/kit_chart.h"
#include "common/base/env.h"

namespace zf::ui {
namespace {

constexpr double look_seconds = 2;
constexpr std::size_t weeks_shown = 8;
constexpr float counts_height = 184, ring_size = 152, opened_width = 440;
constexpr float date_width = 230, search_width_min = 150;
constexpr float wide_from = 900;        // a list with all columns
constexpr float beside_from = 840;      // room for a list and what is behind a row
constexpr float rows_height_min = 330;  // below that the whole screen scrolls
constexpr float charts_from = 1100;     // narrower screens have room for the list alone
constexpr std::string_view job_name = "coverage";

std::string_view sign_of(CoverageState state) {
    switch (state) {
        case CoverageState::not_visited:
            return "○";
        case CoverageState::on_laptop:
            return "◇";
        case CoverageState::damage:
            return "▲";
        case CoverageState::visited:
            return "●";
        case CoverageState::no_damage:
            return "√";
    }
    return "";
}

Tone tone_of(CoverageState state) {
    switch (state) {
        case CoverageState::not_visited:
            return Tone::quiet;
        case CoverageState::on_laptop:
            return Tone::warning;
        case CoverageState::damage:
            return Tone::error;
        case CoverageState::visited:
            return Tone::accent;
        case CoverageState::no_damage:
            return Tone::good;
    }
    return Tone::normal;
}

std::string_view name_of(CoverageEvidence::Kind kind) {
    switch (kind) {
        case CoverageEvidence::Kind::visit:
            return "visit";
        case CoverageEvidence::Kind::report:
            return "report";
        case CoverageEvidence::Kind::building:
            return "building";
        case CoverageEvidence::Kind::hazard:
            return "hazard";
    }
    return "";
}

std::string_view name_of(Finding finding) {
    switch (finding) {
        case Finding::damage:
            return "damage";
        case Finding::no_damage:
            return "no_damage";
        case Finding::not_looked:
            return "not_looked";
    }
    return "";
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

}  // namespace

CoverageScreen::CoverageScreen(const Desk& desk) : desk_(desk), kit_(desk.kit) {
    desk.shell.add_screen("coverage", [this] { show(); });
    desk.shell.on_leave("coverage", [this] { is_stale_ = true; });
}

void CoverageScreen::keep_fresh() {
    if (is_gathering_) return;
    if (!is_stale_ && kit_.now() - looked_at_ < look_seconds) return;
    looked_at_ = kit_.now();
    if (is_stale_ || store_stamp(desk_.store) != stamp_) gather();
}

void CoverageScreen::gather() {
    is_gathering_ = true;
    is_stale_ = false;
    stamp_ = store_stamp(desk_.store);
    const auto job = [this, home = desk_.store.home(),
                      today = desk_.store.today()](Worker::Progress&) -> Worker::Then {
        auto store = DeviceStore::open(home, system_env());
        auto facts = store ? std::make_shared<CoverageFacts>(gather_coverage(**store, today))
                           : std::shared_ptr<CoverageFacts>();
        return [this, facts] {
            is_gathering_ = false;
            if (facts) facts_ = std::move(*facts);
            count();
        };
    };
    desk_.worker.post(std::string(job_name), job,
                      [this](const std::string&) { is_gathering_ = false; });
}

void CoverageScreen::count() {
    if (!facts_) return;
    if (!was_since_chosen_) {
        const auto remembered = remembered_since(desk_.store);
        set_since(remembered.value_or(coverage_since(*facts_)), remembered.has_value());
    }
    choice_.list = list_ == "townships"  ? CoverageList::townships
                   : list_ == "villages" ? CoverageList::villages
                                         : CoverageList::enterprises;
    board_ = coverage_board(*facts_, choice_);
}

void CoverageScreen::set_since(const Date& since, bool is_chosen) {
    choice_.since = since;
    since_typed_ = since.text();
    was_since_chosen_ = is_chosen;
}

const CoverageRow* CoverageScreen::opened() const {
    for (const CoverageRow& row : board_.rows) {
        if (row.key == opened_) return &row;
    }
    return nullptr;
}

std::string CoverageScreen::state_text(CoverageState state) const {
    return std::string(sign_of(state)) + " " +
           std::string(kit_.say("coverage.state." + std::string(zf::name_of(state))));
}

std::string CoverageScreen::short_text(CoverageState state) const {
    return std::string(kit_.say("coverage.short." + std::string(zf::name_of(state))));
}

std::string CoverageScreen::away_text(const CoverageRow& row) const {
    std::vector<std::string> own, others;
    for (const CoverageEvidence& one : row.evidence) {
        if (one.at_bureau || one.is_draft) continue;
        std::vector<std::string>& names = one.is_of_this_laptop ? own : others;
        if (std::find(names.begin(), names.end(), one.by) == names.end()) names.push_back(one.by);
    }
    std::string text;
    if (!own.empty()) text = kit_.messages().text("coverage.away", {{"who", joined(own)}});
    if (!others.empty()) {
        text += (text.empty() ? "" : "\n") +
                kit_.messages().text("coverage.away_other", {{"who", joined(others)}});
    }
    return text;
}

std::string CoverageScreen::remark_of(const CoverageRow& row) const {
    std::vector<std::string> parts;
    if (row.overdue_since) {
        parts.push_back(
            kit_.messages().text("coverage.overdue_since", {{"date", row.overdue_since->text()}}));
    }
    if (!row.is_listed) parts.emplace_back(kit_.say("coverage.not_listed"));
    if (!row.away.empty()) parts.push_back("◇ " + joined(row.away));
    if (row.drafts > 0) {
        parts.push_back(
            kit_.messages().text("coverage.drafts", {{"count", std::to_string(row.drafts)}}));
    }
    if (parts.empty()) return row.within;
    return joined(parts);
}

void CoverageScreen::show() {
    keep_fresh();
    show_choice();
    if (!facts_) {
        kit_.label("coverage.gathering", kit_.say("coverage.gathering"), Tone::quiet);
        return;
    }
    show_counts();
    const CoverageRow* row = opened();
    const float width = kit_.width_left();
    const bool is_beside = width >= kit_.px(beside_from);
    const float height = std::max(kit_.height_left(), kit_.px(rows_height_min));
    if (!row || is_beside) {
        show_rows(row ? width - kit_.px(opened_width + 12) : width, height);
    }
    if (!row) return;
    if (is_beside) kit_.same_line(kit_.px(12));
    kit_.begin_area("coverage.opened", 0, height, true);
    // A copy: what is pressed in it may count the board anew.
    show_opened(CoverageRow(*row));
    kit_.end_area();
    if (kit_.escape_pressed()) close();
}

void CoverageScreen::close() {
    kit_.focus("row." + opened_);
    opened_.clear();
}

void CoverageScreen::show_choice() {
    Flow flow(kit_);
    const auto option = [&](const char* id) {
        return Option{id, std::string(kit_.say("coverage.list." + std::string(id))), ""};
    };
    if (kit_.tabs("coverage.list", {option("townships"), option("villages"), option("enterprises")},
                  list_)) {
        opened_.clear();
        count();
    }
    show_since(flow);
    flow.next(kit_.px(search_width_min), 24);
    TextOptions options;
    options.hint = kit_.say("coverage.search");
    options.search = true;
    if (kit_.text_box("coverage.search", kit_.say("coverage.search"), choice_.search, options)
            .changed) {
        count();
    }
}

void CoverageScreen::show_since(Flow& flow) {
    const float label = kit_.text_width(kit_.say("coverage.since")) + 1;
    flow.next(label + kit_.px(date_width + 8), 24);
    kit_.align_to_box();
    kit_.label("coverage.since.label", kit_.say("coverage.since"), Tone::normal, label);
    kit_.same_line(kit_.px(8));
    TextOptions options;
    options.width = kit_.px(date_width);
    options.hint = kit_.say("fill.hint_date");
    if (kit_.date_box("coverage.since", kit_.say("coverage.since"), since_typed_, options)
            .changed) {
        if (const auto day = read_typed_date(since_typed_)) {
            const std::string typed = since_typed_;
            set_since(*day, true);
            since_typed_ = typed;  // not corrected under the fingers
            remember_since(desk_.store, *day);
            count();
        }
    }
    if (!facts_) return;
    const Date month = first_day(month_of(facts_->today));
    ButtonOptions look;
    look.selected = choice_.since == month;
    flow.next_button(kit_.say("coverage.month"));
    if (kit_.button("coverage.month", kit_.say("coverage.month"), look)) {
        set_since(month, true);
        remember_since(desk_.store, month);
        count();
    }
    if (!facts_->latest_disaster) return;
    const Date disaster = *facts_->latest_disaster;
    const std::string text = kit_.messages().text("coverage.disaster", {{"date", disaster.text()}});
    look.selected = choice_.since == disaster;
    flow.next_button(text);
    if (kit_.button("coverage.disaster", text, look)) {
        set_since(disaster, true);
        remember_since(desk_.store, disaster);
        count();
    }
}

void CoverageScreen::show_counts() {
    const bool has_charts = kit_.width_left() >= kit_.px(charts_from);
    if (!has_charts) {
        show_filter();
        return;
    }
    const float height = kit_.px(counts_height);
    std::vector<ChartPart> parts;
    for (std::size_t i = 0; i < coverage_states; ++i) {
        const auto state = static_cast<CoverageState>(i);
        parts.push_back({short_text(state), static_cast<double>(board_.counts[i]), tone_of(state),
                         std::string(sign_of(state))});
    }
    kit_.begin_area("coverage.ring.place", kit_.px(184), height);
    show_ring(kit_, "coverage.ring", kit_.say("coverage.title"), parts, kit_.px(ring_size));
    kit_.end_area();
    kit_.same_line(0);
    const float charts = kit_.px(228);
    kit_.begin_area("coverage.filter", kit_.width_left() - 2 * charts, height);
    show_filter();
    kit_.end_area();
    kit_.same_line(0);
    kit_.begin_area("coverage.weeks.place", charts, height);
    show_weeks();
    kit_.end_area();
    kit_.same_line(0);
    kit_.begin_area("coverage.reached.place", 0, height);
    const std::vector<double> reached(board_.reached.begin(), board_.reached.end());
    const std::string so_far = reached.empty() ? "0" : chart_number(reached.back());
    const std::string title = kit_.messages().text("coverage.reached", {{"count", so_far}});
    kit_.line_label("coverage.reached.label", title, Tone::quiet, kit_.width_left());
    show_line(kit_, "coverage.reached", title, reached, kit_.width_left(), kit_.height_left());
    kit_.end_area();
}

void CoverageScreen::show_filter() {
    std::vector<Option> options{
        {"all", std::string(kit_.say("coverage.all")) + " " + std::to_string(board_.all), ""}};
    for (std::size_t i = 0; i < coverage_states; ++i) {
        const auto state = static_cast<CoverageState>(i);
        options.push_back({std::string(zf::name_of(state)),
                           std::string(sign_of(state)) + " " + short_text(state) + " " +
                               std::to_string(board_.counts[i]),
                           ""});
    }
    options.push_back(
        {"overdue",
         "! " + std::string(kit_.say("coverage.overdue")) + " " + std::to_string(board_.overdue),
         ""});
    std::string chosen = choice_.only_overdue ? "overdue"
                         : choice_.state      ? std::string(zf::name_of(*choice_.state))
                                              : "all";
    if (!kit_.tabs("coverage.state", options, chosen)) return;
    choice_.only_overdue = chosen == "overdue";
    choice_.state = parse_coverage_state(chosen);
    opened_.clear();
    count();
}

void CoverageScreen::show_weeks() {
    const std::string& user = desk_.shell.user();
    const std::string title = user.empty()
                                  ? std::string(kit_.say("coverage.weeks"))
                                  : kit_.messages().text("coverage.my_weeks", {{"who", user}});
    kit_.line_label("coverage.weeks.label", title, Tone::quiet, kit_.width_left());
    std::vector<ChartPart> bars;
    for (const WeekCount& week : visits_per_week(*facts_, user, weeks_shown)) {
        bars.push_back({week.monday.text().substr(5), static_cast<double>(week.visits)});
    }
    show_bars(kit_, "coverage.weeks", title, bars, kit_.width_left(), kit_.height_left());
}

void CoverageScreen::show_rows(float width, float height) {
    kit_.begin_area("coverage.list.place", width, height);
    kit_.label("coverage.only_here", kit_.say("coverage.only_here"), Tone::quiet);
    if (board_.all == 0 && choice_.list == CoverageList::villages) {
        kit_.label("coverage.no_villages", kit_.say("coverage.no_villages"), Tone::quiet);
    } else if (board_.rows.empty()) {
        kit_.label("coverage.empty", kit_.say("coverage.empty"), Tone::quiet);
    }
    const bool is_wide = width >= kit_.px(wide_from);
    TableData data;
    // Without a share it fits its texts.
    const auto column = [&](const char* key, float share) {
        data.columns.push_back({key, std::string(kit_.say("coverage.column." + std::string(key))),
                                share, false, share == 0});
    };
    column("name", 2);
    column("state", 0);
    if (is_wide) {
        column("last", 0);
        column("note", 2.4F);
    }
    data.rows = board_.rows.size();
    data.key = [&](std::size_t row) { return board_.rows[row].key; };
    data.cell = [&](std::size_t row, std::size_t at) -> std::string {
        const CoverageRow& one = board_.rows[row];
        if (at == 0) return one.name;
        if (at == 1) return state_text(one.state);
        if (at == 3) return remark_of(one);
        return one.last_visit ? one.last_visit->text() : std::string(kit_.say("coverage.never"));
    };
    data.tone = [&](std::size_t row, std::size_t at) {
        const CoverageRow& one = board_.rows[row];
        if (at == 1) return tone_of(one.state);
        if (at == 3 && one.overdue_since) return Tone::error;
        return at == 0 ? Tone::normal : Tone::quiet;
    };
    if (const auto pressed = kit_.table("coverage.rows", data)) {
        opened_ = board_.rows[*pressed].key;
        kit_.focus("coverage.visit");
    }
    kit_.end_area();
}

void CoverageScreen::show_opened(const CoverageRow& row) {
    kit_.heading("coverage.opened.name", row.name);
    if (!row.within.empty() && row.within != row.name) {
        kit_.label("coverage.opened.within", row.within, Tone::quiet);
    }
    kit_.label("coverage.opened.state", state_text(row.state), tone_of(row.state));
    const std::string away = away_text(row);
    if (!away.empty()) kit_.label("coverage.opened.away", away, Tone::warning);
    if (row.drafts > 0) {
        kit_.label("coverage.opened.drafts",
                   kit_.messages().text("coverage.drafts", {{"count", std::to_string(row.drafts)}}),
                   Tone::warning);
    }
    if (row.overdue_since) {
        kit_.label(
            "coverage.opened.overdue",
            kit_.messages().text("coverage.overdue_since", {{"date", row.overdue_since->text()}}),
            Tone::error);
    }
    if (kit_.button("coverage.visit", kit_.say("coverage.visit"), {.look = ButtonLook::primary})) {
        desk_.ways.to_new("site_visit",
                          prefilled_visit(row, choice_.list, facts_->today, desk_.shell.user()));
        return;
    }
    kit_.same_line();
    if (kit_.button("coverage.close", kit_.say("coverage.close"))) close();
    kit_.space(4);
    kit_.label("coverage.records",
               kit_.say(row.evidence.empty() ? "coverage.no_records" : "coverage.records"),
               Tone::quiet);
    for (const CoverageEvidence& one : row.evidence) show_evidence(one);
}

void CoverageScreen::show_evidence(const CoverageEvidence& one) {
    std::string kind(kit_.say("coverage.evidence." + std::string(name_of(one.kind))));
    if (one.is_draft) kind = kit_.messages().text("coverage.evidence.draft", {{"kind", kind}});
    ButtonOptions look;
    look.width = -1;
    const std::string key = "coverage.record." + one.record.text();
    const bool pressed = kit_.button(key, one.on.text() + " " + kind, look);
    std::string found(kit_.say("coverage.finding." + std::string(name_of(one.finding))));
    if (!one.by.empty()) found += " · " + one.by;
    kit_.label(key + ".finding", found, Tone::quiet);
    if (!pressed) return;
    if (one.is_draft) {
        desk_.ways.to_draft(one.record);
    } else if (desk_.ways.to_record) {
        desk_.ways.to_record(one.record);
    } else {
        desk_.ways.to_edit(one.record, "");
    }
}

}  // namespace zf::ui
