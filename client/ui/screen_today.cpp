#include "client/ui/screen_today.h"

namespace zf::ui {
namespace {

// At rest nothing asks for a frame; while somebody works this is how old the screen may be.
constexpr double read_seconds = 3;

}  // namespace

TodayScreen::TodayScreen(const Desk& desk)
    : store_(desk.store),
      kit_(desk.kit),
      shell_(desk.shell),
      ways_(desk.ways),
      lines_(desk.lines),
      words_(desk) {
    shell_.add_screen("today", [this] { show(); });
    shell_.on_leave("today", [this] { read_at_ = -1; });
}

void TodayScreen::read() {
    const Language language = kit_.messages().language();
    const bool is_old = read_at_ < 0 || kit_.now() - read_at_ >= read_seconds;
    // While a pull is taken over the lines are others with each frame.
    const bool is_other = read_version_ != lines_.version() && !lines_.is_behind();
    if (!is_old && !is_other && read_user_ == shell_.user() && read_language_ == language) return;
    read_at_ = kit_.now();
    read_version_ = lines_.version();
    read_user_ = shell_.user();
    read_language_ = language;
    today_ = read_today(lines_, read_user_, language);
}

void TodayScreen::show() {
    read();
    kit_.heading("today.date",
                 kit_.messages().text("today.date", {{"day", store_.today().text()}}));
    show_sync();
    show_forms();
    show_kinds();
    show_todos();
}

void TodayScreen::show_sync() {
    const Messages& messages = kit_.messages();
    if (!store_.membership()) {
        kit_.label("today.sync", kit_.say("status.not_enrolled"), Tone::warning);
        return;
    }
    std::string text =
        today_.last_sync_ms
            ? messages.text("today.last_sync", {{"time", Words::minute(*today_.last_sync_ms)}})
            : std::string(kit_.say("today.never_synced"));
    const bool is_all = today_.unsent == 0 && today_.unsent_files == 0;
    text += "  ·  ";
    text += is_all
                ? std::string(kit_.say("today.all_sent"))
                : messages.text("today.unsent", {{"count", std::to_string(today_.unsent)},
                                                 {"files", std::to_string(today_.unsent_files)}});
    if (today_.waiting > 0) {
        text +=
            "  ·  " + messages.text("today.waiting", {{"count", std::to_string(today_.waiting)}});
    }
    kit_.label("today.sync", text, is_all && today_.waiting == 0 ? Tone::good : Tone::warning);
}

void TodayScreen::show_forms() {
    kit_.space(4);
    std::vector<Option> options;
    for (const std::string& form : today_.forms) options.push_back({form, words_.form(form), ""});
    if (options.empty()) {
        kit_.label("today.no_forms", kit_.say("fill.no_forms"), Tone::quiet);
        return;
    }
    kit_.label("today.begin", kit_.say("today.begin"), Tone::quiet);
    std::string chosen;
    if (kit_.tabs("today.form", options, chosen) && ways_.to_new) ways_.to_new(chosen, {});
    kit_.space(8);
}

void TodayScreen::show_kinds() {
    std::int64_t all = 0;
    std::vector<Option> options;
    for (std::size_t i = 0; i < todo_kinds; ++i) {
        const std::int64_t count = today_.counts[i];
        const std::string name(name_of(static_cast<TodoKind>(i)));
        all += count;
        if (count == 0) continue;
        options.push_back(
            {name, std::string(kit_.say("today.kind." + name)) + " " + std::to_string(count), ""});
    }
    options.insert(
        options.begin(),
        {"all", std::string(kit_.say("today.kind.all")) + " " + std::to_string(all), ""});
    if (all == 0) return;
    bool is_there = false;
    for (const Option& option : options) is_there = is_there || option.id == kind_;
    if (!is_there) kind_ = "all";
    kit_.tabs("today.kind", options, kind_);
}

std::string TodayScreen::word_of(const Todo& todo) const {
    if (!todo.due) {
        return "● " + std::string(kit_.say("today.kind." + std::string(name_of(todo.kind))));
    }
    const char* key = *todo.due == DueState::overdue ? "today.overdue"
                      : *todo.due == DueState::today ? "today.due_today"
                                                     : "today.due_in";
    return "● " + kit_.messages().text(key, {{"days", std::to_string(todo.days)}});
}

Tone TodayScreen::tone_of(const Todo& todo) {
    switch (todo.kind) {
        case TodoKind::returned:
            return Tone::warning;
        case TodoKind::conflict:
            return Tone::error;
        case TodoKind::due:
            break;
        case TodoKind::unsubmitted:
        case TodoKind::draft:
            return Tone::accent;
    }
    switch (todo.due.value_or(DueState::later)) {
        case DueState::overdue:
            return Tone::error;
        case DueState::today:
        case DueState::soon:
            return Tone::warning;
        case DueState::later:
            return Tone::good;
    }
    return Tone::normal;
}

void TodayScreen::show_todos() {
    shown_.clear();
    for (const Todo& todo : today_.todos) {
        if (kind_ == "all" || kind_ == name_of(todo.kind)) shown_.push_back(&todo);
    }
    if (lines_.is_behind()) {
        kit_.label(
            "today.behind",
            kit_.messages().text("records.behind", {{"count", std::to_string(lines_.behind())}}),
            Tone::accent);
    }
    if (shown_.empty()) {
        if (!lines_.is_behind()) kit_.label("today.none", kit_.say("today.none"), Tone::good);
        return;
    }
    TableData table;
    table.columns = {{"kind", std::string(kit_.say("today.what")), 0, false, true},
                     {"title", std::string(kit_.say("records.title")), 2.2F, false},
                     {"form", std::string(kit_.say("records.form")), 1.4F, false, false, 1},
                     {"detail", std::string(kit_.say("today.detail")), 2.6F, false}};
    table.rows = shown_.size();
    table.key = [this](std::size_t row) {
        return std::string(name_of(shown_[row]->kind)) + "." + shown_[row]->id.text();
    };
    table.cell = [&](std::size_t row, std::size_t column) -> std::string {
        const Todo& todo = *shown_[row];
        if (column == 0) return word_of(todo);
        if (column == 1) {
            return todo.title.empty() ? std::string(kit_.say("today.new_record")) : todo.title;
        }
        if (column == 2) return words_.form(todo.form);
        if (todo.kind == TodoKind::returned && !todo.detail.empty()) return todo.detail;
        if (todo.kind == TodoKind::due) {
            return kit_.messages().text("today.until", {{"day", todo.day}});
        }
        return Words::minute(todo.at_ms);
    };
    table.tone = [this](std::size_t row, std::size_t column) {
        if (column == 0) return tone_of(*shown_[row]);
        return column == 1 ? Tone::normal : Tone::quiet;
    };
    if (const auto pressed = kit_.table("today.todos", table)) {
        const Todo todo = *shown_[*pressed];
        go_to(todo);
    }
}

void TodayScreen::go_to(const Todo& todo) {
    switch (todo.kind) {
        case TodoKind::draft:
            ways_.to_draft(todo.id);
            return;
        case TodoKind::conflict:
            ways_.to_conflicts(todo.id);
            return;
        case TodoKind::returned:
            // To the field that the reviewer wrote about.
            ways_.to_edit(todo.id, "");
            return;
        case TodoKind::due:
        case TodoKind::unsubmitted:
            ways_.to_record(todo.id);
            return;
    }
}

}  // namespace zf::ui
