// The bureau's address on the screen of settings: what it is, and how another one is tried and
// kept.
#include <map>

#include "client/ui/screen_settings.h"

namespace zf::ui {
namespace {

constexpr float box_width = 460, told_width = 760, boxes_at = 224;

std::string text_of(const Kit& kit, const Error& error) {
    static const std::map<std::string, std::string, std::less<>> texts{
        {"missing_argument", "enrol.error.bad_server"}, {"malformed", "enrol.error.bad_server"},
        {"not_allowed", "enrol.error.bad_server"},      {"unreachable", "enrol.error.unreachable"},
        {"pin_mismatch", "settings.server.mismatch"},   {"busy", "enrol.error.busy"},
        {"version_unsupported", "enrol.error.version"},
    };
    const std::string slug(facts_of(error.code).slug);
    const auto found = texts.find(slug);
    if (found != texts.end()) return std::string(kit.say(found->second));
    return kit.messages().text("settings.server.other",
                               {{"code", slug}, {"reason", error.message}});
}

}  // namespace

void SettingsScreen::show_server(const std::string& url) {
    if (address_.take_kept()) {
        changes_address_ = false;
        kit_.toast(kit_.messages().text("settings.server.kept", {{"url", url}}), Tone::good);
        kit_.focus("settings.server.change");
    }
    name_row("settings.server", "settings.server");
    kit_.align_to_box();
    kit_.label("settings.server", url, Tone::normal, kit_.text_width(url) + 1);
    kit_.same_line(kit_.px(16));
    ButtonOptions look;
    look.selected = changes_address_;
    if (kit_.button("settings.server.change", kit_.say("settings.server.change"), look)) {
        changes_address_ = !changes_address_;
        address_.cancel();
        address_.typed = url;
        if (changes_address_) kit_.continue_in("settings.server.new");
    }
    if (changes_address_) show_address_box();
}

void SettingsScreen::show_address_box() {
    if (address_.is_trying()) {
        kit_.ask_frame_in(0.5);
        if (kit_.progress("settings.server.trying", kit_.say("settings.server.trying"), -1)) {
            address_.cancel();
            kit_.continue_in("settings.server.new");
        }
        return;
    }
    name_row("settings.server.new", "settings.server.new");
    TextOptions options;
    options.hint = "https://192.168.1.5:8443";
    options.width = kit_.px(box_width);
    options.search = true;  // Enter tries it
    const Edited edited = kit_.text_box("settings.server.new", kit_.say("settings.server.new"),
                                        address_.typed, options);
    kit_.same_line(kit_.px(8));
    const bool tries = kit_.button("settings.server.try", kit_.say("settings.server.try"),
                                   {.look = ButtonLook::primary});
    kit_.indent(kit_.px(boxes_at - 12));
    if (address_.error()) {
        kit_.label("settings.server.error", text_of(kit_, *address_.error()), Tone::error,
                   kit_.px(told_width));
    }
    kit_.label("settings.server.about", kit_.say("settings.server.about"), Tone::quiet,
               kit_.px(told_width));
    kit_.indent(kit_.px(12 - boxes_at));
    if (tries || edited.entered) address_.start();
}

}  // namespace zf::ui
