// A laptop at an office in the same process, and the whole program on it without a window. What
// syncs runs on its own thread, as in the program; `finish` waits for it.
#pragma once

#include <memory>
#include <string>

#include "client/ui/screens.h"
#include "tests/ui/headless.h"
#include "tests/unit/client/enrolled_folder.h"

namespace zf::testing {

class SyncWorld {
public:
    explicit SyncWorld(Language language = Language::zh_hans, ui::Theme theme = {},
                       float width = 1366, float height = 768)
        : li(office, "li", 1), wang(office, "wang", 2), job_env(1001, start_ms) {
        ui = std::make_unique<Headless>(language, theme, width, height);
        SyncSeams seams{[this](const Membership&) { return road(); }, &job_env};
        settings = std::make_unique<Settings>(li.store->home());
        screens = std::make_unique<ui::Screens>(*li.store, ui->kit(), *settings, ui->textures(),
                                                nullptr, std::move(seams));
        ui->show([this] { screens->show(); });
        screens->shell().go("sync");
        finish();
    }

    /// Waits for what runs beside the screens.
    void finish() {
        ui->settle();
        screens->sync_worker().finish();
        screens->worker().finish();
        screens->file_worker().finish();
        ui->settle();
    }
    void click(const std::string& key) {
        ui->click(key);
        finish();
    }
    std::string text(const std::string& key) { return ui->value(key); }
    void set_now(std::int64_t ms) {
        li.env.set_now_ms(ms);
        job_env.set_now_ms(ms);
    }

    Office office;
    Folder li, wang;
    ManualEnv job_env;
    /// On the worker's thread; set only while nothing runs.
    std::function<Result<void>(const Request&)> before;
    std::function<void()> cut_off = [] {};
    std::unique_ptr<Headless> ui;
    std::unique_ptr<Settings> settings;
    std::unique_ptr<ui::Screens> screens;

private:
    Result<SyncRoad> road() {
        auto transport = std::make_unique<Road>(office);
        transport->before = before;
        return SyncRoad{std::move(transport), cut_off};
    }
};

/// Nothing is cut, too small or out of the screen.
inline void check_looks(SyncWorld& world) {
    std::string flaws;
    for (const std::string& flaw : world.ui->flaws()) flaws += flaw + "\n";
    CHECK(flaws == "");
}

inline Result<void> away(const Request&) {
    return broken_line();
}

}  // namespace zf::testing
