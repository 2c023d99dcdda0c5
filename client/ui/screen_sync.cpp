#include "client/ui/screen_sync.h"

#include <algorithm>
#include <cstdlib>

#include "client/ui/sync_texts.h"

namespace zf::ui {
namespace {

/// Files are looked for on the disk, one by one.
constexpr double count_seconds = 2, count_files_seconds = 30;
constexpr std::size_t log_lines = 6;
constexpr float big_button = 240;

std::string of(std::int64_t number) {
    return std::to_string(number);
}

}  // namespace

SyncScreen::SyncScreen(const Desk& desk, Worker& worker, SyncSeams seams)
    : store_(desk.store),
      kit_(desk.kit),
      shell_(desk.shell),
      ways_(desk.ways),
      helper_(desk.worker),
      file_helper_(desk.file_worker),
      job_env_(seams.env ? *seams.env : desk.store.env()),
      run_(desk.store, worker, desk.worker, seams),
      bundle_(desk.store, worker, job_env_),
      background_(desk.store, desk.settings, run_) {
    const char* user = std::getenv("USER");
    drive_roots_ = drive_roots_of(user ? user : "");
    shell_.add_screen("sync", [this] { show(); });
    shell_.on_leave("sync", [this] { is_account_old_ = true; });
    shell_.on_changed([this] { counted_at_ = -1; });
    run_.on_done = [this](const SyncOutcome& outcome) { ended(outcome); };
    run_.on_rehearsed = [this](const Result<Rehearsal>& told) {
        rehearsed_ = told;
        outcome_.reset();
        if (kit_.focused() == "sync.rehearsing.cancel") kit_.focus("sync.now");
    };
    bundle_.on_done = [this](const BundleOutcome& outcome) {
        bundle_outcome_ = outcome;
        has_looked_ = false;
        is_account_old_ = true;
        shell_.changed();
    };
}

void SyncScreen::ended(const SyncOutcome& outcome) {
    background_.ended(outcome);
    outcome_ = outcome;
    rehearsed_.reset();
    is_account_old_ = true;
    shell_.changed();
    if (kit_.focused() == "sync.progress.cancel") kit_.focus("sync.now");
    if (outcome.cause == SyncCause::person || outcome.error) return;
    // Quiet, unless something concerns the person.
    if (outcome.returned > 0) {
        kit_.toast(kit_.messages().text("sync.news.returned", {{"count", of(outcome.returned)}}),
                   Tone::warning);
    }
    if (outcome.new_conflicts > 0) {
        kit_.toast(
            kit_.messages().text("sync.news.conflicts", {{"count", of(outcome.new_conflicts)}}),
            Tone::warning);
    }
}

void SyncScreen::tick() {
    if (!store_.membership()) return;
    if (!bundle_.is_busy()) {
        if (const auto next = background_.tick()) kit_.ask_frame_in(*next);
    }
    count();
    tell_status();
}

void SyncScreen::count() {
    if (counted_at_ >= 0 && kit_.now() - counted_at_ < count_seconds) return;
    const bool is_news = counted_at_ < 0;
    counted_at_ = kit_.now();
    const std::int64_t unsent = store_.unsent_changesets();
    if (is_news || unsent != unsent_ || kit_.now() - files_counted_at_ > count_files_seconds) {
        files_counted_at_ = kit_.now();
        unsent_files_ = store_.unsent_attachments();
    }
    unsent_ = unsent;
    last_ms_ = last_sync_ms(store_.db());
    shell_.set_badge("sync", unsent_ > 0 ? of(unsent_) : "");
    notes_ = sync_notes(store_.db());
    clock_ = clock_text(kit_.messages(), noted_clock_off_ms(store_.db()));
}

std::string SyncScreen::unsent_text() const {
    std::string text;
    const auto add = [&](std::int64_t count, std::string_view key) {
        if (count == 0) return;
        if (!text.empty()) text += kit_.say("sync.unsent.and");
        text += kit_.messages().text(key, {{"count", of(count)}});
    };
    add(unsent_, "sync.unsent.saves");
    add(unsent_files_, "sync.unsent.files");
    return text;
}

void SyncScreen::tell_status() {
    const Messages& messages = kit_.messages();
    const std::int64_t now = store_.env().now_ms();
    if (const auto live = run_.live()) {
        const std::string percent =
            live->done < 0 ? "" : of(static_cast<std::int64_t>(live->done * 100)) + "%";
        shell_.set_sync_line(messages.text("sync.status.running", {{"percent", percent}}),
                             Tone::accent);
        return;
    }
    if (!clock_.empty()) {
        shell_.set_sync_line(clock_, Tone::warning);
        return;
    }
    if (const auto since = unreached_since(notes_)) {
        const auto what = unsent_ > 0 ? "sync.status.away" : "sync.status.away_all_sent";
        shell_.set_sync_line(
            messages.text(what, {{"count", of(unsent_)}, {"when", when_text(*since, now)}}),
            Tone::warning);
        return;
    }
    const std::string when = last_ms_ ? when_text(*last_ms_, now) : "-";
    if (unsent_ > 0 || unsent_files_ > 0) {
        shell_.set_sync_line(
            messages.text("sync.status.unsent", {{"what", unsent_text()}, {"when", when}}),
            Tone::warning);
    } else {
        shell_.set_sync_line(messages.text("sync.status.sent", {{"when", when}}), Tone::good);
    }
}

void SyncScreen::show() {
    std::vector<Option> parts;
    for (const char* id : {"now", "receipts", "day", "bundle", "room"}) {
        parts.push_back({id, std::string(kit_.say("sync.part." + std::string(id))), ""});
    }
    kit_.tabs("sync.part", parts, part_);
    kit_.space(4);
    if (part_ == "receipts") {
        show_receipts();
        return;
    }
    kit_.begin_area("sync.body", 0, 0);
    kit_.tab_begins_here();
    if (part_ == "now") show_now();
    if (part_ == "day") show_day();
    if (part_ == "bundle") show_bundle();
    if (part_ == "room") show_room();
    kit_.end_area();
}

void SyncScreen::show_now() {
    show_state();
    show_actions();
    if (outcome_ && !run_.is_busy()) show_outcome(*outcome_);
    if (rehearsed_ && !run_.is_busy()) show_rehearsal(*rehearsed_);
    kit_.space(8);
    kit_.line();
    show_automatic();
    show_log();
}

void SyncScreen::show_state() {
    const Messages& messages = kit_.messages();
    const std::string when =
        last_ms_
            ? messages.text("sync.last", {{"when", when_text(*last_ms_, store_.env().now_ms())}})
            : std::string(messages.text("sync.never"));
    if (unsent_ > 0 || unsent_files_ > 0) {
        kit_.heading("sync.state",
                     messages.text("sync.state.unsent", {{"last", when}, {"what", unsent_text()}}));
    } else {
        kit_.heading("sync.state", messages.text("sync.state.sent", {{"last", when}}));
    }
    if (const auto since = unreached_since(notes_)) {
        kit_.label("sync.away",
                   messages.text("sync.away", {{"when", when_text(*since, store_.env().now_ms())}}),
                   Tone::warning);
    }
    if (!clock_.empty()) kit_.label("sync.clock", clock_, Tone::warning);
}

void SyncScreen::show_actions() {
    if (run_.is_rehearsing()) {
        if (kit_.progress("sync.rehearsing", kit_.say("sync.rehearsing"), -1)) run_.cancel();
        return;
    }
    if (const auto live = run_.live()) {
        if (kit_.progress("sync.progress", progress_text(kit_.messages(), *live),
                          static_cast<float>(live->done))) {
            run_.cancel();
        }
        if (kit_.escape_pressed()) run_.cancel();
        return;
    }
    ButtonOptions big{.look = ButtonLook::primary};
    big.width = kit_.px(big_button);
    big.enabled = !bundle_.is_busy();
    if (kit_.button("sync.now", kit_.say("sync.now"), big)) {
        outcome_.reset();
        rehearsed_.reset();
        run_.start(SyncCause::person);
        kit_.focus("sync.progress.cancel");
    }
    kit_.same_line();
    ButtonOptions other;
    other.enabled = !bundle_.is_busy();
    if (kit_.button("sync.rehearse", kit_.say("sync.rehearse"), other)) {
        run_.rehearse();
        kit_.focus("sync.rehearsing.cancel");
    }
}

void SyncScreen::show_automatic() {
    std::string chosen = sync_hour_text(background_.hour());
    const auto label_of = [&](const std::string& id) {
        if (id == "off") return std::string(kit_.say("sync.hour.off"));
        return kit_.messages().text("sync.hour.at", {{"hour", id}});
    };
    const auto find = [&](const std::string&) {
        std::vector<Option> options{{"off", label_of("off"), ""}};
        for (int hour = 0; hour < 24; ++hour) {
            options.push_back({of(hour), label_of(of(hour)), ""});
        }
        return options;
    };
    PickOptions options;
    options.width = kit_.px(big_button);
    options.can_clear = false;
    options.has_search = false;
    if (kit_.pick("sync.hour", kit_.say("sync.automatic"), label_of(chosen), chosen, find,
                  options)) {
        if (auto kept = background_.set_hour(read_sync_hour(chosen)); !kept) {
            kit_.toast(kept.error().message, Tone::error);
        }
    }
    kit_.same_line();
    kit_.align_to_box();
    const auto& hour = background_.hour().hour;
    if (!hour) {
        kit_.label("sync.hour.told", kit_.say("sync.hour.never"), Tone::quiet);
        return;
    }
    const std::string minute = of(background_.minute());
    const std::string time = of(*hour) + ":" + (minute.size() < 2 ? "0" + minute : minute);
    kit_.label("sync.hour.told", kit_.messages().text("sync.hour.daily", {{"time", time}}),
               Tone::quiet);
}

void SyncScreen::show_log() {
    if (notes_.empty()) return;
    kit_.heading("sync.log", kit_.say("sync.log.title"));
    for (std::size_t i = 0; i < std::min(notes_.size(), log_lines); ++i) {
        kit_.label("sync.log." + of(static_cast<std::int64_t>(i)),
                   note_text(kit_.messages(), notes_[i], store_.env().now_ms()),
                   notes_[i].outcome == "done" ? Tone::quiet : Tone::warning);
    }
}

}  // namespace zf::ui
