#include "client/ui/shell.h"

#include <algorithm>
#include <array>

namespace zf::ui {
namespace {

constexpr std::array<std::string_view, 8> order{"today", "form",      "records", "coverage",
                                                "map",   "conflicts", "sync",    "settings"};
constexpr float rail_width = 176, status_height = 64;
constexpr std::size_t device_digits = 8;  // of the id; enough to tell laptops of a bureau apart

}  // namespace

Shell::Shell(DeviceStore& store, Kit& kit) : store_(store), kit_(kit) {
    const auto users = store.users();
    if (users.size() == 1) user_ = users.front();
    kit.set_today(store.today());
}

void Shell::add_screen(std::string name, std::function<void()> show) {
    if (current_.empty()) current_ = name;
    screens_.insert_or_assign(std::move(name), std::move(show));
}

void Shell::on_leave(std::string name, std::function<void()> leave) {
    leaving_.insert_or_assign(std::move(name), std::move(leave));
}

void Shell::on_again(std::string name, std::function<void()> begin) {
    again_.insert_or_assign(std::move(name), std::move(begin));
}

void Shell::set_badge(const std::string& name, std::string badge) {
    badges_[name] = std::move(badge);
}

void Shell::go(const std::string& name) {
    if (name == current_ || !screens_.contains(name)) return;
    const auto leave = leaving_.find(current_);
    if (leave != leaving_.end()) leave->second();
    current_ = name;
    changed();
    kit_.ask_frame_in(0);
}

void Shell::choose(const std::string& name) {
    const auto again = again_.find(name);
    if (name == current_ && again != again_.end()) again->second();
    go(name);
}

void Shell::take_shortcuts() {
    std::string keys = "Ctrl+1";
    for (const std::string_view name : order) {
        if (kit_.shortcut(keys)) {
            choose(std::string(name));
            // On to the screen, past the rail.
            kit_.let_go_of_focus();
        }
        ++keys.back();
    }
    // A screen without a search box leads to the one that has all the records.
    if (!kit_.shortcut("Ctrl+F") || kit_.focus_search()) return;
    go("records");
    searches_ = true;
}

void Shell::show() {
    kit_.set_today(store_.today());
    take_shortcuts();
    const float below = kit_.px(status_height);
    kit_.begin_area("shell.rail", kit_.px(rail_width), kit_.height_left() - below, true);
    show_rail();
    kit_.end_area();
    kit_.same_line(0);
    kit_.begin_area("shell.screen", 0, kit_.height_left() - below);
    kit_.tab_begins_here();
    if (!news_.empty()) show_news();
    const auto screen = screens_.find(current_);
    if (screen != screens_.end()) screen->second();
    if (searches_ && kit_.focus_search()) searches_ = false;
    kit_.end_area();
    kit_.begin_area("shell.status", 0, 0, true);
    show_status();
    kit_.end_area();
}

void Shell::show_news() {
    const float button = kit_.text_width(kit_.say("action.understood")) + kit_.px(32);
    kit_.begin_group();
    kit_.align_to_box();
    kit_.label("shell.news", news_, Tone::accent, kit_.width_left() - button - kit_.px(24));
    kit_.same_line(kit_.px(24));
    if (kit_.button("shell.news.close", kit_.say("action.understood"))) news_.clear();
    kit_.end_group("shell.news.line", "", "");
    kit_.line();
}

void Shell::show_rail() {
    std::vector<Option> options;
    for (const std::string_view name : order) {
        if (!screens_.contains(name)) continue;
        const std::string message = "nav." + std::string(name);
        const auto badge = badges_.find(name);
        options.push_back({std::string(name), std::string(kit_.say(message)),
                           badge == badges_.end() ? "" : badge->second});
    }
    std::string chosen = current_;
    if (kit_.rail("nav", options, chosen)) choose(chosen);
}

void Shell::set_sync_line(std::string text, Tone tone) {
    sync_line_ = std::move(text);
    sync_tone_ = tone;
}

void Shell::show_status() {
    const Messages& messages = kit_.messages();
    if (!store_.membership()) {
        kit_.line_label("status.member", kit_.say("status.not_enrolled"), Tone::warning,
                        kit_.width_left());
        return;
    }
    const std::string user = messages.text("status.user", {{"user", user_}});
    const std::string device = messages.text(
        "status.device", {{"device", store_.device().hex().substr(0, device_digits)}});
    const float part = kit_.width_left() / 5;
    const float others = std::min(kit_.text_width(user), part) +
                         std::min(kit_.text_width(device), part) + kit_.px(2 * 24 + 4);
    // A notice needs its place beside them; else the line of the sync has what is left.
    const float room = notice_.empty() ? kit_.width_left() - others : part * 2;
    if (!sync_line_.empty()) {
        kit_.line_label("status.sync", sync_line_, sync_tone_, room);
        kit_.same_line(kit_.px(24));
    }
    kit_.line_label("status.user", user, Tone::quiet, part);
    kit_.same_line(kit_.px(24));
    kit_.line_label("status.device", device, Tone::quiet, part);
    if (notice_.empty()) return;
    kit_.same_line(kit_.px(24));
    kit_.line_label("status.notice", notice_, Tone::warning, kit_.width_left());
}

}  // namespace zf::ui
