#include "client/ui/screens.h"

namespace zf::ui {
namespace {

constexpr std::size_t lines_per_frame = 60;

}  // namespace

Screens::Screens(DeviceStore& store, Kit& kit, Settings& settings, Textures& textures,
                 std::function<void()> wake, SyncSeams seams)
    : kit_(kit),
      settings_(settings),
      shell_(store, kit),
      thumbnails_(store.home(), file_worker_, textures),
      worker_(wake),
      file_worker_(wake),
      sync_worker_(std::move(wake)),
      lines_(store),
      divisions_(divisions_of(store.home())),
      desk_{store,    kit,          shell_,      ways_,  settings,  worker_,
            textures, file_worker_, thumbnails_, lines_, divisions_},
      today_(desk_),
      fill_(desk_),
      files_(desk_),
      picture_(desk_),
      records_(desk_),
      record_(desk_),
      conflicts_(desk_),
      coverage_(desk_),
      map_(desk_),
      sync_(desk_, sync_worker_, std::move(seams)),
      settings_screen_(desk_),
      welcome_(desk_) {
    shell_.add_screen("records", [this] { record_.is_open() ? record_.show() : records_.show(); });
    if (divisions_.problem) {
        const Error& error = *divisions_.problem;
        const std::string reason =
            error.message + (error.where.empty() ? "" : " [" + error.where + "]");
        shell_.set_news(kit.messages().text("divisions.damaged", {{"reason", reason}}));
    }
    if (settings.is_damaged()) shell_.set_news(std::string(kit.say("settings.damaged")));
}

void Screens::drop(const std::vector<std::filesystem::path>& files) {
    if (files.empty()) return;
    if (shell_.current() == "form") {
        fill_.drop(files);
    } else {
        kit_.toast(std::string(kit_.say("fill.drop_on_form")), Tone::warning);
    }
}

void Screens::follow_settings() {
    const auto language = settings_.language();
    if (language && *language != kit_.messages().language()) kit_.use_language(*language);
    const auto theme = parse_theme(settings_.theme());
    if (theme && *theme != kit_.theme().kind) kit_.set_theme({*theme, kit_.theme().scale});
}

std::string Screens::current() const {
    return welcome_.is_needed() ? "welcome" : shell_.current();
}

void Screens::show() {
    worker_.collect();
    file_worker_.collect();
    sync_worker_.collect();
    follow_settings();
    if (welcome_.show()) return;
    sync_.tick();
    // A few at a time: a pull of 100,000 records must not hold up a frame.
    lines_.catch_up(lines_per_frame);
    if (lines_.is_behind()) kit_.ask_frame_in(0);
    conflicts_.tick();
    thumbnails_.begin_frame(kit_.now());
    if (kit_.shortcut("F1")) settings_screen_.toggle_keys();
    if (kit_.shortcut("Ctrl+N")) fill_.choose_form();
    shell_.show();
    thumbnails_.end_frame();
}

}  // namespace zf::ui
