// The screen of what a person sets and wants to know about the program: language, size, colours,
// this laptop, its folder, the keys, the version. Settings are in client/app/settings.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/app/server_address.h"
#include "client/ui/desk.h"
#include "client/ui/shell.h"

namespace zf::ui {

class SettingsScreen {
public:
    /// Adds itself to the shell as "settings".
    explicit SettingsScreen(const Desk& desk);

    /// One frame.
    void show();
    /// To the list of keys, and from there back to where it was asked for.
    void toggle_keys();

private:
    /// How much lies in the folder, and how much more could.
    struct Space {
        std::uint64_t database = 0, attachments = 0;
        std::optional<std::uint64_t> free;
    };

    void show_display();
    void show_laptop();
    /// Where the bureau is, and another address for it.
    void show_server(const std::string& url);
    void show_address_box();
    void show_space();
    void show_keys();
    void show_about();
    /// What stands before a row of buttons, and in front of a fact.
    void name_row(std::string_view key, std::string_view message);
    void fact(std::string_view key, std::string_view message, std::string_view text);
    void keep(std::string_view name, Value value);
    void tell(const Result<void>& kept);
    void measure();

    DeviceStore& store_;
    Kit& kit_;
    Shell& shell_;
    Worker& worker_;
    Settings& settings_;
    std::optional<Space> space_;
    ServerAddress address_;
    bool changes_address_ = false;
    std::string came_from_;  // the screen from which the keys were asked for
};

}  // namespace zf::ui
