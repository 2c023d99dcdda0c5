// The screen of everything between this laptop and its bureau: sync now, what it would do, what it
// did; receipts; the account of a day; bundles; room on the disk. Also the sync in the background
// and its line in the status line, whatever screen is shown. What happens is client/app/sync_run.h
// and its neighbours; this draws it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "client/app/background_sync.h"
#include "client/app/bundle_run.h"
#include "client/app/sync_run.h"
#include "client/app/work_account.h"
#include "client/put_away.h"
#include "client/ui/desk.h"
#include "client/ui/shell.h"

namespace zf::ui {

class SyncScreen {
public:
    /// Adds itself to the shell as "sync". `worker` works off syncs and bundles alone.
    SyncScreen(const Desk& desk, Worker& worker, SyncSeams seams = {});

    /// Each frame, whatever screen is shown, before it is drawn.
    void tick();
    void show();

    [[nodiscard]] SyncRun& run() { return run_; }
    [[nodiscard]] BackgroundSync& background() { return background_; }
    /// Where drives are looked for, instead of this system's.
    void look_for_drives_in(std::vector<std::filesystem::path> roots);

private:
    // screen_sync.cpp
    void ended(const SyncOutcome& outcome);
    void count();
    [[nodiscard]] std::string unsent_text() const;
    void tell_status();
    void show_now();
    void show_state();
    void show_actions();
    void show_automatic();
    void show_log();
    // screen_sync_news.cpp
    void show_outcome(const SyncOutcome& outcome);
    void show_amounts(const SyncReport& report);
    void show_waiting(const std::vector<NotApplied>& waiting, std::string_view title);
    void show_rehearsal(const Result<Rehearsal>& rehearsed);
    void show_foreseen(const std::vector<ForeseenConflict>& conflicts);
    void show_record_row(const std::string& key, const Uuid& record, const std::string& text,
                         Tone tone);
    [[nodiscard]] std::string title_of(const Uuid& record) const;
    // screen_sync_account.cpp
    void draw_up();
    void show_receipts();
    void show_rows();
    void show_day();
    void show_day_counts(const Reconciliation& day);
    void show_missing(const Missing& missing);
    // screen_sync_bundle.cpp
    void show_bundle();
    void show_export();
    void show_import();
    void show_bundle_outcome();
    void look_for_bundles();
    [[nodiscard]] std::vector<Option> receivers(const std::string& typed) const;
    [[nodiscard]] std::string name_of_device(const DeviceId& id) const;
    void show_room();
    void make_room(bool rehearses);

    DeviceStore& store_;
    Kit& kit_;
    Shell& shell_;
    Ways& ways_;
    Worker& helper_;
    Worker& file_helper_;
    Env& job_env_;
    SyncRun run_;
    BundleRun bundle_;
    BackgroundSync background_;

    std::string part_ = "now";
    double counted_at_ = -1, files_counted_at_ = -1;
    std::int64_t unsent_ = 0, unsent_files_ = 0;
    std::optional<std::int64_t> last_ms_;  // of the last sync
    std::vector<SyncNote> notes_;
    std::string clock_;
    std::optional<SyncOutcome> outcome_;
    std::optional<Result<Rehearsal>> rehearsed_;

    std::string receipts_day_, account_day_;  // as typed; empty: all, today
    ReceiptFilter filter_;
    std::optional<WorkAccount> account_;
    std::vector<std::size_t> rows_;  // of the account, that the filter lets through
    bool is_drawing_up_ = false, is_account_old_ = true;

    std::vector<std::filesystem::path> drive_roots_;
    std::vector<BundlePlace> places_;
    std::string receiver_;
    std::optional<BundleOutcome> bundle_outcome_;
    bool has_looked_ = false, is_looking_ = false;

    std::string days_ = "90";
    std::optional<Result<PutAway>> room_;
    bool room_is_rehearsal_ = true, is_making_room_ = false;
};

}  // namespace zf::ui
