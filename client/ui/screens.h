// Every screen of the program over one data folder, without a window: the window's program and the
// headless tests make the same one.
#pragma once

#include <functional>
#include <memory>

#include "client/ui/desk.h"
#include "client/ui/file_browser.h"
#include "client/ui/screen_conflicts.h"
#include "client/ui/screen_coverage.h"
#include "client/ui/screen_fill.h"
#include "client/ui/screen_map.h"
#include "client/ui/screen_picture.h"
#include "client/ui/screen_record.h"
#include "client/ui/screen_records.h"
#include "client/ui/screen_settings.h"
#include "client/ui/screen_sync.h"
#include "client/ui/screen_today.h"
#include "client/ui/screen_welcome.h"
#include "client/ui/shell.h"
#include "client/ui/thumbnails.h"

namespace zf::ui {

class Screens {
public:
    /// `wake` is called from another thread when a frame should be drawn.
    Screens(DeviceStore& store, Kit& kit, Settings& settings, Textures& textures,
            std::function<void()> wake, SyncSeams seams = {});
    Screens(const Screens&) = delete;
    Screens& operator=(const Screens&) = delete;

    /// Files that were dropped on the window.
    void drop(const std::vector<std::filesystem::path>& files);
    /// One frame, between Kit::begin_frame and Kit::end_frame.
    void show();
    /// The name of what is on the screen; "welcome" before a laptop is enrolled.
    [[nodiscard]] std::string current() const;

    [[nodiscard]] Shell& shell() { return shell_; }
    [[nodiscard]] Worker& worker() { return worker_; }
    [[nodiscard]] Ways& ways() { return ways_; }
    [[nodiscard]] Worker& file_worker() { return file_worker_; }
    [[nodiscard]] FillScreen& fill() { return fill_; }
    [[nodiscard]] FileBrowser& files() { return files_; }
    [[nodiscard]] SyncScreen& sync() { return sync_; }
    /// Works off syncs and bundles, so that nothing else waits behind one.
    [[nodiscard]] Worker& sync_worker() { return sync_worker_; }
    [[nodiscard]] RecordLines& lines() { return lines_; }
    [[nodiscard]] WelcomeScreen& welcome() { return welcome_; }

private:
    /// What was set becomes what is seen.
    void follow_settings();

    Kit& kit_;
    Settings& settings_;
    Ways ways_;
    Shell shell_;
    Thumbnails thumbnails_;
    Worker worker_, file_worker_, sync_worker_;
    RecordLines lines_;
    Divisions divisions_;
    Desk desk_;
    TodayScreen today_;  // the first: where the program begins
    FillScreen fill_;
    FileBrowser files_;
    PictureScreen picture_;
    RecordsScreen records_;
    RecordScreen record_;
    ConflictsScreen conflicts_;
    CoverageScreen coverage_;
    MapScreen map_;
    SyncScreen sync_;
    SettingsScreen settings_screen_;
    WelcomeScreen welcome_;
};

}  // namespace zf::ui
