#include "client/ui/screen_settings.h"

#include <array>

#include "client/ui/language_tabs.h"
#include "common/base/private_files.h"

namespace zf::ui {
namespace {

constexpr float names_width = 200;
constexpr std::array<int, 6> percents{80, 100, 125, 150, 175, 200};
constexpr std::size_t group_digits = 4;

struct Key {
    std::string_view keys, message;
};
constexpr Key keys[] = {
    {"Tab, Shift+Tab", "keys.tab"}, {"Enter", "keys.enter"},
    {"Space", "keys.space"},        {"Escape", "keys.escape"},
    {"↑ ↓ ← →", "keys.arrows"},     {"PageUp, PageDown", "keys.page"},
    {"Ctrl+1 - Ctrl+8", "keys.go"}, {"Ctrl+F", "keys.search"},
    {"Ctrl+N", "keys.fresh"},       {"Ctrl+S", "keys.save"},
    {"Ctrl+Enter", "keys.submit"},  {"F1", "keys.help"},
};

std::string bytes_text(std::uint64_t bytes) {
    constexpr std::uint64_t tenth_of_mb = 100'000;
    const std::uint64_t tenths = (bytes + tenth_of_mb - 1) / tenth_of_mb;
    if (tenths >= 10'000) {
        return std::to_string(tenths / 10'000) + "." + std::to_string(tenths / 1'000 % 10) + " GB";
    }
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MB";
}

/// So that two people can compare it by telephone.
std::string grouped(const std::string& hex) {
    std::string text;
    for (std::size_t i = 0; i < hex.size(); ++i) {
        if (i > 0 && i % group_digits == 0) text += ' ';
        text += hex[i];
    }
    return text;
}

}  // namespace

SettingsScreen::SettingsScreen(const Desk& desk)
    : store_(desk.store),
      kit_(desk.kit),
      shell_(desk.shell),
      worker_(desk.worker),
      settings_(desk.settings),
      address_(desk.store, desk.worker) {
    shell_.add_screen("settings", [this] { show(); });
    shell_.on_leave("settings", [this] {
        space_.reset();
        address_.cancel();
        changes_address_ = false;
    });
}

void SettingsScreen::keep(std::string_view name, Value value) {
    tell(settings_.set(name, std::move(value)));
    kit_.ask_frame_in(0);
}

void SettingsScreen::tell(const Result<void>& kept) {
    if (!kept) kit_.toast(std::string(kit_.say("settings.not_kept")), Tone::warning);
}

void SettingsScreen::name_row(std::string_view key, std::string_view message) {
    kit_.align_to_box();
    kit_.label(std::string(key) + ".name", kit_.say(message), Tone::quiet, kit_.px(names_width));
    kit_.same_line();
    kit_.go_to_column(kit_.px(names_width + 24));
}

void SettingsScreen::fact(std::string_view key, std::string_view message, std::string_view text) {
    kit_.label(std::string(key) + ".name", kit_.say(message), Tone::quiet, kit_.px(names_width));
    kit_.same_line();
    kit_.go_to_column(kit_.px(names_width + 24));
    kit_.label(key, text);
}

void SettingsScreen::show() {
    kit_.begin_area("settings.body", 0, 0);
    show_display();
    show_laptop();
    show_space();
    show_keys();
    show_about();
    kit_.end_area();
}

void SettingsScreen::toggle_keys() {
    if (shell_.current() == "settings" && !came_from_.empty()) {
        shell_.go(std::exchange(came_from_, {}));
        return;
    }
    if (shell_.current() != "settings") came_from_ = shell_.current();
    shell_.go("settings");
    kit_.reveal("settings.keys");
}

void SettingsScreen::show_display() {
    kit_.heading("settings.display", kit_.say("settings.display"));
    name_row("settings.language", "settings.language");
    kit_.begin_group();
    if (const auto kept = language_tabs(kit_, settings_, "settings.language")) tell(*kept);
    kit_.end_group("settings.language", kit_.say("settings.language"),
                   name_of(kit_.messages().language()));

    name_row("settings.size", "settings.size");
    std::vector<Option> sizes{{"desktop", std::string(kit_.say("settings.size_desktop")), ""}};
    for (const int percent : percents) {
        sizes.push_back({std::to_string(percent), std::to_string(percent) + "%", ""});
    }
    const auto percent = settings_.scale_percent();
    std::string size = percent ? std::to_string(*percent) : "desktop";
    kit_.begin_group();
    if (kit_.tabs("settings.size", sizes, size)) {
        keep("scale_percent", size == "desktop" ? Value() : Value(std::stoi(size)));
    }
    kit_.end_group("settings.size", kit_.say("settings.size"), size);

    name_row("settings.theme", "settings.theme");
    std::vector<Option> themes;
    for (const ThemeKind kind : {ThemeKind::light, ThemeKind::dark, ThemeKind::contrast}) {
        const std::string name(name_of(kind));
        themes.push_back({name, std::string(kit_.say("settings.theme." + name)), ""});
    }
    std::string theme(name_of(kit_.theme().kind));
    kit_.begin_group();
    if (kit_.tabs("settings.theme", themes, theme)) keep("theme", theme);
    kit_.end_group("settings.theme", kit_.say("settings.theme"), theme);
    kit_.space(16);
}

void SettingsScreen::show_laptop() {
    kit_.heading("settings.laptop", kit_.say("settings.laptop"));
    if (const auto& membership = store_.membership()) {
        std::string users;
        for (const std::string& user : store_.users()) users += (users.empty() ? "" : ", ") + user;
        fact("settings.users", "settings.users", users);
        show_server(membership->server_url);
        fact("settings.bureau_key", "settings.bureau_key", grouped(membership->bureau_key.hex()));
        fact("settings.device", "settings.device", grouped(store_.device().hex()));
    } else {
        kit_.label("settings.not_enrolled", kit_.say("status.not_enrolled"), Tone::warning);
    }
    kit_.space(16);
}

void SettingsScreen::measure() {
    if (space_ || worker_.is_busy_with("settings.space")) return;
    worker_.post("settings.space", [this, home = store_.home()](Worker::Progress&) {
        Space space;
        space.attachments = bytes_below(home / "blobs");
        space.database = bytes_below(home) - space.attachments;
        std::error_code unknown;
        const auto disk = std::filesystem::space(home, unknown);
        if (!unknown) space.free = disk.available;
        return [this, space] { space_ = space; };
    });
}

void SettingsScreen::show_space() {
    kit_.heading("settings.space", kit_.say("settings.space"));
    measure();
    fact("settings.folder", "settings.folder", std::filesystem::absolute(store_.home()).string());
    const std::string unknown(kit_.say("settings.measuring"));
    fact("settings.database", "settings.database", space_ ? bytes_text(space_->database) : unknown);
    fact("settings.attachments", "settings.attachments",
         space_ ? bytes_text(space_->attachments) : unknown);
    fact("settings.free", "settings.free",
         space_ && space_->free ? bytes_text(*space_->free) : unknown);
    kit_.space(16);
}

void SettingsScreen::show_keys() {
    kit_.heading("settings.keys", kit_.say("settings.keys"));
    for (const Key& key : keys) {
        const std::string name(key.message);
        kit_.label(name + ".name", key.keys, Tone::quiet, kit_.px(names_width));
        kit_.same_line();
        kit_.go_to_column(kit_.px(names_width + 24));
        kit_.label(name, kit_.say(key.message));
    }
    kit_.space(16);
}

void SettingsScreen::show_about() {
    kit_.heading("settings.about", kit_.say("settings.about"));
    fact("settings.version", "settings.version", std::string("Zoufang ") + ZF_VERSION);
    fact("settings.licence", "settings.licence", "Apache-2.0");
}

}  // namespace zf::ui
