#include "client/ui/screen_records.h"

#include <array>

#include "client/app/divisions.h"
#include "client/app/typed_value.h"
#include "client/ui/flow.h"

namespace zf::ui {
namespace {

// While many records are taken over the list is read anew this often.
constexpr double ask_seconds = 1;
constexpr std::string_view gone = "gone", conflict = "conflict";

std::string day_typed(const std::string& typed) {
    const auto day = read_typed_date(typed);
    return day ? day->text() : std::string();
}

}  // namespace

RecordsScreen::RecordsScreen(const Desk& desk)
    : store_(desk.store),
      kit_(desk.kit),
      shell_(desk.shell),
      ways_(desk.ways),
      lines_(desk.lines),
      words_(desk),
      divisions_(desk.divisions),
      list_(desk.lines) {}

void RecordsScreen::ask() {
    choice_.language = kit_.messages().language();
    choice_.by = is_mine_ ? shell_.user() : "";
    choice_.from = day_typed(from_);
    choice_.to = day_typed(to_);
    choice_.area = township_;
    choice_.is_gone = state_ == gone;
    choice_.in_conflict = state_ == conflict;
    choice_.status.reset();
    for (int i = 0; i <= static_cast<int>(Status::returned); ++i) {
        const auto status = static_cast<Status>(i);
        if (state_ == name_of(status)) choice_.status = status;
    }
    const bool waits = lines_.is_behind() && asked_version_ != 0 &&
                       kit_.now() - asked_at_ < ask_seconds && asked_version_ != lines_.version();
    if (waits) return;
    asked_at_ = kit_.now();
    asked_version_ = lines_.version();
    list_.ask(choice_);
}

void RecordsScreen::show() {
    show_choice();
    show_filters();
    ask();
    show_table();
}

void RecordsScreen::show_choice() {
    const auto find = [this](const std::string& typed) {
        std::vector<Option> options;
        std::int64_t all = 0;
        for (const FormCount& count : list_.counts()) all += count.records;
        const std::string everything(kit_.say("records.all_forms"));
        if (typed.empty()) options.push_back({"*", everything, std::to_string(all)});
        for (const NamedText& category : store_.log().forms().categories) {
            for (const Form& form : store_.log().forms().forms) {
                const std::string label = form.label.in(kit_.messages().language());
                if (form.category != category.id) continue;
                if (label.find(typed) == std::string::npos) continue;
                std::int64_t records = 0;
                for (const FormCount& count : list_.counts()) {
                    if (count.form == form.id) records = count.records;
                }
                options.push_back({form.id, label, std::to_string(records)});
            }
        }
        return options;
    };
    std::string chosen = choice_.form.empty() ? "*" : choice_.form;
    const std::string shown = choice_.form.empty() ? std::string(kit_.say("records.all_forms"))
                                                   : words_.form(choice_.form);
    PickOptions options;
    options.width = kit_.px(300);
    options.can_clear = false;
    if (kit_.pick("records.form", kit_.say("records.form"), shown, chosen, find, options)) {
        choice_.form = chosen == "*" ? "" : chosen;
        if (choice_.form.empty() && choice_.order == ListOrder::title) {
            choice_.order = ListOrder::updated;
        }
    }
    kit_.same_line();
    const bool has_search = !choice_.search.empty();
    TextOptions search;
    search.hint = kit_.say("records.search_hint");
    search.search = true;
    search.width = kit_.width_left() - (has_search ? kit_.px(130) : 0);
    kit_.text_box("records.search", kit_.say("records.search"), choice_.search, search);
    if (!has_search) return;
    kit_.same_line();
    if (kit_.button("records.search.clear", kit_.say("action.clear"),
                    {.width = -1, .tab_stop = false})) {
        choice_.search.clear();
        kit_.focus("records.search");
    }
}

void RecordsScreen::show_states(float width) {
    const auto label = [this](const std::string& id) {
        if (id.empty()) return std::string(kit_.say("records.any_state"));
        if (id == gone) return std::string(kit_.say("state.gone"));
        if (id == conflict) return std::string(kit_.say("state.conflict"));
        return std::string(kit_.say("status." + id));
    };
    const auto find = [&](const std::string&) {
        std::vector<Option> options{{"*", label(""), ""}};
        for (const char* id :
             {"saved", "submitted", "checked", "approved", "returned", "conflict", "gone"}) {
            options.push_back({id, label(id), ""});
        }
        return options;
    };
    std::string chosen = state_.empty() ? "*" : state_;
    PickOptions options;
    options.width = width;
    options.can_clear = options.has_search = false;
    if (kit_.pick("records.state", kit_.say("records.state"), label(state_), chosen, find,
                  options)) {
        state_ = chosen == "*" ? "" : chosen;
    }
}

void RecordsScreen::show_townships(float width) {
    const auto find = [&](const std::string& typed) {
        std::vector<Option> options;
        if (typed.empty()) {
            options.push_back({"*", std::string(kit_.say("records.any_area")), ""});
        }
        for (const std::string& code : list_.townships()) {
            std::string name = divisions_.name_of(code);
            if (name.empty()) name = code;
            if (name.find(typed) != std::string::npos) options.push_back({code, name, ""});
        }
        return options;
    };
    std::string chosen = township_.empty() ? "*" : township_;
    std::string shown(kit_.say("records.any_area"));
    if (!township_.empty()) {
        const std::string name = divisions_.name_of(township_);
        shown = name.empty() ? township_ : name;
    }
    PickOptions options;
    options.width = width;
    options.can_clear = false;
    if (kit_.pick("records.area", kit_.say("records.area"), shown, chosen, find, options)) {
        township_ = chosen == "*" ? "" : chosen;
    }
}

void RecordsScreen::show_filters() {
    Flow flow(kit_);
    show_states(kit_.px(200));
    flow.next(kit_.px(180));
    show_townships(kit_.px(180));
    TextOptions day;
    day.width = kit_.px(236);
    flow.next(day.width);
    day.hint = kit_.say("records.from");
    kit_.date_box("records.from", kit_.say("records.from"), from_, day);
    flow.next(day.width);
    day.hint = kit_.say("records.to");
    kit_.date_box("records.to", kit_.say("records.to"), to_, day);
    flow.next(kit_.text_width(kit_.say("records.mine")) + kit_.target() + kit_.px(16));
    kit_.checkbox("records.mine", kit_.say("records.mine"), is_mine_);
}

void RecordsScreen::show_nothing() {
    const bool has_any = !list_.counts().empty();
    kit_.label("records.none", kit_.say(has_any ? "records.none" : "records.empty"), Tone::quiet);
    if (!has_any || !kit_.button("records.all", kit_.say("records.all"))) return;
    // Nothing is left out any more; the order stays.
    choice_.form.clear();
    choice_.search.clear();
    for (std::string* filter : {&state_, &township_, &from_, &to_}) filter->clear();
    is_mine_ = false;
    kit_.focus("records.search");
}

void RecordsScreen::show_table() {
    const bool is_one_form = !choice_.form.empty();
    const std::string count = std::to_string(list_.size());
    if (lines_.is_behind()) {
        kit_.label(
            "records.behind",
            kit_.messages().text("records.behind", {{"count", std::to_string(lines_.behind())}}),
            Tone::accent);
    }
    if (list_.size() == 0) return show_nothing();
    TableData table;
    table.columns = {{"title", std::string(kit_.say("records.title")), 2.9F, true}};
    if (!is_one_form) {
        table.columns.push_back(
            {"form", std::string(kit_.say("records.form")), 1.75F, false, false, 1});
    }
    table.columns.push_back({"day", std::string(kit_.say("records.day")), 0, true, true});
    table.columns.push_back({"status", std::string(kit_.say("records.state")), 0, true, true});
    table.columns.push_back({"by", std::string(kit_.say("records.by")), 0, false, true, 3});
    table.columns.push_back(
        {"updated", std::string(kit_.say("records.updated")), 0, true, true, 2});
    table.rows = list_.size();
    table.key = [this](std::size_t row) {
        const RecordLine* line = list_.row(row);
        return line ? line->id.text() : "gone." + std::to_string(row);
    };
    table.cell = [&](std::size_t row, std::size_t column) -> std::string {
        const RecordLine* line = list_.row(row);
        if (!line) return "";
        const std::string& key = table.columns[column].key;
        if (key == "title") return line->title;
        if (key == "form") return words_.form(line->form);
        if (key == "day") return line->day;
        if (key == "status") return words_.state(*line);
        if (key == "by") return line->updated_by;
        return Words::minute(line->updated_ms);
    };
    table.tone = [&](std::size_t row, std::size_t column) {
        const RecordLine* line = list_.row(row);
        const std::string& key = table.columns[column].key;
        if (!line || key == "title") return Tone::normal;
        return key == "status" ? tone_of(*line) : Tone::quiet;
    };
    constexpr std::array<std::pair<ListOrder, std::string_view>, 4> orders{
        {{ListOrder::updated, "updated"},
         {ListOrder::title, "title"},
         {ListOrder::day, "day"},
         {ListOrder::status, "status"}}};
    for (const auto& [order, key] : orders) {
        if (choice_.order == order) table.sorted_by = key;
    }
    table.is_descending = choice_.is_descending;
    table.sort = [&](const std::string& column) {
        for (const auto& [order, key] : orders) {
            if (key != column) continue;
            const bool is_again = choice_.order == order;
            choice_.is_descending = is_again ? !choice_.is_descending : order != ListOrder::title;
            choice_.order = order;
        }
        kit_.ask_frame_in(0);
    };
    const float below = kit_.px(36);
    const auto opened = kit_.table("records.table", table, -below);
    kit_.label("records.count", kit_.messages().text("records.count", {{"count", count}}),
               Tone::quiet);
    if (opened && list_.row(*opened)) ways_.to_record(list_.row(*opened)->id);
}

}  // namespace zf::ui
