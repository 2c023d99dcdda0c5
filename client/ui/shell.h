// The whole program in one frame: navigation rail at the left, the screen that is chosen, the
// status line below. Screens are added by name; usable without a window.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "client/device_store.h"
#include "client/ui/kit.h"

namespace zf::ui {

class Shell {
public:
    Shell(DeviceStore& store, Kit& kit);

    /// "today", "form", "records", "coverage", "map", "conflicts", "sync", "settings": the rail
    /// has them in this order, those that were added. `show` draws one frame of it.
    void add_screen(std::string name, std::function<void()> show);
    /// Called when another screen is chosen than `name`: what must not be lost is put by.
    void on_leave(std::string name, std::function<void()> leave);
    /// Called when `name` is chosen while it is there already: back to where it begins.
    void on_again(std::string name, std::function<void()> begin);
    /// What stands behind a screen's name on the rail, such as how many conflicts there are.
    void set_badge(const std::string& name, std::string badge);
    /// A name that was not added changes nothing.
    void go(const std::string& name);
    [[nodiscard]] const std::string& current() const { return current_; }
    /// Who works at this laptop now; empty while several may and none was chosen.
    [[nodiscard]] const std::string& user() const { return user_; }
    void set_user(std::string user) { user_ = std::move(user); }
    /// One sentence that stays in the status line, such as that Chinese input needs a restart.
    void set_notice(std::string notice) { notice_ = std::move(notice); }
    /// How things stand with the bureau, in the status line.
    void set_sync_line(std::string text, Tone tone);
    /// One sentence above the screen, until it is put away: what happened before this run.
    void set_news(std::string news) { news_ = std::move(news); }
    /// What is counted in the status line may have changed.
    void changed() {
        if (on_changed_) on_changed_();
    }
    /// Whoever counts.
    void on_changed(std::function<void()> count) { on_changed_ = std::move(count); }

    /// One frame, between Kit::begin_frame and Kit::end_frame.
    void show();

private:
    void take_shortcuts();
    void choose(const std::string& name);
    void show_rail();
    void show_news();
    void show_status();

    DeviceStore& store_;
    Kit& kit_;
    std::map<std::string, std::function<void()>, std::less<>> screens_, leaving_, again_;
    std::map<std::string, std::string, std::less<>> badges_;
    std::string current_, user_, notice_, news_, sync_line_;
    Tone sync_tone_ = Tone::normal;
    bool searches_ = false;  // the search box of the screen that comes gets the keyboard
    std::function<void()> on_changed_;
};

}  // namespace zf::ui
