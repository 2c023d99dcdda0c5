#include "client/ui/run_window.h"

#include <cstdlib>
#include <fstream>
#include <iostream>

#include "client/device_store.h"
#include "client/single_instance_linux.h"
#include "client/ui/gl_textures.h"
#include "client/ui/ime_x11.h"
#include "client/ui/kit.h"
#include "client/ui/screens.h"
#include "client/ui/window.h"
#include "common/codec/json.h"

namespace zf::ui {
namespace {

constexpr long frames_until_settled = 6;

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

/// What is on the screen, as one JSON document: whoever reads it finds a whole one.
void write_registry(const std::filesystem::path& file, const Kit& kit, const Shell& shell,
                    const Window& window) {
    List widgets;
    for (const WidgetState& one : kit.widgets()) {
        widgets.push_back(Members{{"enabled", one.enabled},
                                  {"focused", one.focused},
                                  {"h", static_cast<std::int64_t>(one.rect.h)},
                                  {"key", one.key},
                                  {"label", one.label},
                                  {"value", one.value},
                                  {"visible", one.visible},
                                  {"w", static_cast<std::int64_t>(one.rect.w)},
                                  {"x", static_cast<std::int64_t>(one.rect.x)},
                                  {"y", static_cast<std::int64_t>(one.rect.y)}});
    }
    const Value all(Members{{"frame", static_cast<std::int64_t>(window.frames())},
                            {"missing_characters", window.missing_characters()},
                            {"screen", shell.current()},
                            {"widgets", std::move(widgets)}});
    const std::filesystem::path fresh = file.string() + ".new";
    std::ofstream(fresh) << canonical_text(all) << "\n";
    std::error_code error;
    std::filesystem::rename(fresh, file, error);
}

/// The screens over one data folder.
class Program {
public:
    Program(const WindowOrder& order, DeviceStore& store, Window& window, Language language)
        : order_(order),
          window_(window),
          messages_(language),
          kit_(messages_, {parse_theme(order.theme).value_or(ThemeKind::light), window.scale()}),
          screens_(store, kit_, textures_, Window::wake) {
        kit_.set_today(store.today());
        if (order.user) screens_.shell().set_user(*order.user);
        if (order.screen.empty()) {
            screens_.fill().reopen_where_left();
        } else {
            screens_.shell().go(order.screen);
        }
    }

    std::optional<double> draw() {
        if (kit_.theme().scale != window_.scale()) {
            kit_.set_theme({kit_.theme().kind, window_.scale()});
        }
        if (is_input_method_gone()) {
            screens_.shell().set_notice(std::string(kit_.say("window.ime_gone")));
        }
        kit_.begin_frame();
        screens_.show();
        kit_.end_frame();
        if (!order_.registry.empty()) {
            write_registry(order_.registry, kit_, screens_.shell(), window_);
        }
        return kit_.next_frame_in();
    }

private:
    const WindowOrder& order_;
    Window& window_;
    Messages messages_;
    Kit kit_;
    GlTextures textures_;
    Screens screens_;
};

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
    auto store = DeviceStore::open(order.home, system_env());
    if (!store) return report(store.error());
    const Language language = order.language.value_or(language_of_locale());
    WindowOptions options;
    options.title = std::string(Messages(language).text("window.title"));
    options.scale = static_cast<float>(order.scale);
    options.traditional = language == Language::zh_hant;
    auto window = Window::open(options);
    if (!window) return report(window.error());
    Program program(order, **store, **window, language);
    (*window)->run([&]() -> std::optional<double> {
        const auto next = program.draw();
        if (order.screenshot.empty()) return next;
        if ((*window)->frames() >= frames_until_settled) {
            (*window)->picture_and_close(order.screenshot);
        }
        return 0;
    });
    const Result<void>& pictured = (*window)->pictured();
    return pictured ? 0 : report(pictured.error());
}

}  // namespace zf::ui
