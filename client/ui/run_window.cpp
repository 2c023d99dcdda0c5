#include "client/ui/run_window.h"

#include <cstdlib>
#include <iostream>
#include <optional>

#include "client/app/end_signals_posix.h"
#include "client/app/network_linux.h"
#include "client/app/run_marker.h"
#include "client/app/settings.h"
#include "client/device_store.h"
#include "client/single_instance_linux.h"
#include "client/ui/gl_textures.h"
#include "client/ui/ime_x11.h"
#include "client/ui/kit.h"
#include "client/ui/registry_file.h"
#include "client/ui/screens.h"
#include "client/ui/window.h"
#include "common/base/process_age_linux.h"

namespace zf::ui {
namespace {

// A picture is taken when so many frames in a row asked for no other one soon.
constexpr int calm_frames = 4;
constexpr double soon_s = 0.3, shot_step_s = 0.02, shot_patience_s = 60;

Language language_of_locale() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* value = std::getenv(name);
        if (!value || !*value) continue;
        const std::string_view locale(value);
        if (locale.starts_with("en")) return Language::en;
        for (const char* place : {"zh_TW", "zh_HK", "zh_MO"}) {
            if (locale.starts_with(place)) return Language::zh_hant;
        }
        return Language::zh_hans;
    }
    return Language::zh_hans;
}

/// A clock that starts elsewhere and goes on as the machine's.
class ShiftedEnv final : public Env {
public:
    ShiftedEnv(Env& machine, std::optional<std::int64_t> start_ms)
        : machine_(machine), ahead_ms_(start_ms ? *start_ms - machine.now_ms() : 0) {}
    std::int64_t now_ms() override { return machine_.now_ms() + ahead_ms_; }
    void fill_random(std::span<std::uint8_t> out) override { machine_.fill_random(out); }

private:
    Env& machine_;
    std::int64_t ahead_ms_;
};

/// 0: as the desktop is set.
float scale_of(const Settings& settings) {
    return static_cast<float>(settings.scale_percent().value_or(0)) / 100;
}

/// The screens over one data folder.
class Program {
public:
    Program(const WindowOrder& order, DeviceStore& store, Settings& settings, Window& window)
        : order_(order),
          window_(window),
          settings_(settings),
          messages_(settings.language().value_or(language_of_locale())),
          kit_(messages_, {ThemeKind::light, window.scale()}),
          screens_(store, kit_, settings, textures_, Window::wake) {
        kit_.set_today(store.today());
        if (order.user) screens_.shell().set_user(*order.user);
        if (order.screen.empty()) {
            screens_.fill().reopen_where_left();
        } else {
            screens_.shell().go(order.screen);
        }
        if (order.shot.empty()) {
            notice_former_end(store.home());
            begin_background();
        }
    }

    /// What was typed last is put by, also when the session asked for the end.
    void end() {
        if (FillForm* form = screens_.fill().current()) form->put_by();
    }

    std::optional<double> draw() {
        if (EndSignals::has_come()) window_.close();
        window_.set_scale(scale_of(settings_));
        window_.set_traditional(messages_.language() == Language::zh_hant);
        if (kit_.theme().scale != window_.scale()) {
            kit_.set_theme({kit_.theme().kind, window_.scale()});
        }
        if (is_input_method_gone()) {
            screens_.shell().set_notice(std::string(kit_.say("window.ime_gone")));
        }
        kit_.begin_frame();
        screens_.drop(window_.take_drops());
        screens_.show();
        kit_.end_frame();
        if (!order_.registry.empty()) {
            write_registry(
                order_.registry, kit_,
                {window_.frames() + 1, screens_.current(), window_.missing_characters()});
        }
        return order_.shot.empty() ? kit_.next_frame_in() : take_shot();
    }

    [[nodiscard]] bool has_settled() const { return calm_ >= calm_frames; }

private:
    void notice_former_end(const std::filesystem::path& home) {
        marker_.emplace(home);
        if (!marker_->former_was_cut_off()) return;
        screens_.shell().set_news(std::string(kit_.say("window.was_cut_off")));
    }

    /// A picture must not depend on who answers.
    void begin_background() {
        BackgroundSync& background = screens_.sync().background();
        background.begin();
        network_.emplace([&background] {
            background.network_came();
            Window::wake();
        });
    }

    /// A picture as soon as nothing moves and no job runs.
    double take_shot() {
        const bool is_calm =
            kit_.next_frame_in().value_or(soon_s) >= soon_s && screens_.worker().tasks().empty() &&
            screens_.file_worker().tasks().empty() && screens_.sync_worker().tasks().empty();
        calm_ = is_calm ? calm_ + 1 : 0;
        if (has_settled()) {
            window_.picture_and_close(order_.shot);
        } else if (kit_.now() > shot_patience_s) {
            window_.close();
        }
        return shot_step_s;
    }

    const WindowOrder& order_;
    Window& window_;
    Settings& settings_;
    Messages messages_;
    Kit kit_;
    GlTextures textures_;
    std::optional<RunMarker> marker_;
    Screens screens_;
    std::optional<NetworkWatch> network_;
    int calm_ = 0;
};

/// What the command line says goes before what is set, for this run.
void take_order(const WindowOrder& order, Settings& settings) {
    if (order.language) settings.set_for_this_run("language", name_of(*order.language));
    if (!order.theme.empty()) settings.set_for_this_run("theme", order.theme);
    if (order.scale > 0) {
        settings.set_for_this_run("scale_percent", static_cast<int>(order.scale * 100 + 0.5));
    }
}

int report(const Error& error) {
    std::cerr << "zoufang: " << error.message;
    if (!error.where.empty()) std::cerr << " [" << error.where << "]";
    std::cerr << " (" << facts_of(error.code).slug << ")\n";
    return 1;
}

}  // namespace

int run_window(const WindowOrder& order) {
    const auto only = SingleInstance::take(order.home);
    if (!only) return report(only.error());
    ShiftedEnv env(system_env(), order.at_ms);
    auto store = DeviceStore::open(order.home, env);
    if (!store) return report(store.error());
    (*store)->db().keep_little_in_memory();
    Settings settings(order.home);
    take_order(order, settings);
    const Language language = settings.language().value_or(language_of_locale());
    WindowOptions options;
    options.title = std::string(Messages(language).text("window.title"));
    options.scale = scale_of(settings);
    options.traditional = language == Language::zh_hant;
    auto window = Window::open(options);
    if (!window) return report(window.error());
    const EndSignals signals(Window::wake);
    Program program(order, **store, settings, **window);
    if (!order.measure.empty()) (*window)->keep_frame_times();
    bool is_first = true;
    std::int64_t first_frame_ms = 0;
    (*window)->run([&] {
        if (is_first && (*window)->frames() > 0) {
            is_first = false;
            first_frame_ms = process_age_ms();
            std::cerr << "first frame " << first_frame_ms << " ms" << std::endl;
        }
        return program.draw();
    });
    program.end();
    if (!order.measure.empty()) {
        write_frame_times(order.measure, first_frame_ms, (*window)->frame_times_us());
    }
    if (!order.shot.empty() && !program.has_settled()) {
        return report({ErrorCode::internal, "the screen did not come to rest in a minute", ""});
    }
    const Result<void>& pictured = (*window)->pictured();
    return pictured ? 0 : report(pictured.error());
}

}  // namespace zf::ui
