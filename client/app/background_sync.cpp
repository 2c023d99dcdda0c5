#include "client/app/background_sync.h"

namespace zf {
namespace {

constexpr std::string_view hour_setting = "sync_hour";

SyncSchedule schedule_of(DeviceStore& store, const Settings& settings) {
    const DeviceId device = store.membership() ? store.device() : DeviceId{};
    return {device, read_sync_hour(settings.text(hour_setting))};
}

}  // namespace

BackgroundSync::BackgroundSync(DeviceStore& store, Settings& settings, SyncRun& run)
    : store_(store), settings_(settings), run_(run), schedule_(schedule_of(store, settings)) {
    // An enrolment fetches too, and leaves no note.
    if (const auto ms = last_sync_ms(store.db())) schedule_.synced(*ms);
    const auto notes = sync_notes(store.db());
    for (auto note = notes.rbegin(); note != notes.rend(); ++note) {
        if (note->outcome == "done") schedule_.synced(note->last_ms);
    }
}

Result<void> BackgroundSync::set_hour(SyncHour hour) {
    schedule_.set_hour(hour);
    return settings_.set(hour_setting, sync_hour_text(hour));
}

std::optional<double> BackgroundSync::tick() {
    if (!has_begun_ || !store_.membership()) return std::nullopt;
    schedule_.set_device(store_.device());  // an enrolment or a copied folder may have changed it
    const std::int64_t now = store_.env().now_ms();
    if (network_came_.exchange(false)) schedule_.network_came(now);
    if (run_.is_busy()) return std::nullopt;
    if (const auto cause = schedule_.due(now)) {
        run_.start(*cause);
        return std::nullopt;
    }
    const auto next = schedule_.next_ms(now);
    if (!next) return std::nullopt;
    return static_cast<double>(*next - now) / 1000.0;
}

void BackgroundSync::ended(const SyncOutcome& outcome) {
    if (!outcome.error) {
        schedule_.synced(outcome.ended_ms);
        return;
    }
    if (outcome.cause == SyncCause::person) return;
    const bool may_pass = facts_of(outcome.error->code).device_retries && !outcome.was_stopped;
    schedule_.failed(outcome.ended_ms, may_pass);
}

}  // namespace zf
