#include "client/app/background_sync.h"

#include "common/store/schema.h"

namespace zf {
namespace {

constexpr std::string_view hour_fact = "sync_hour";

SyncSchedule schedule_of(DeviceStore& store) {
    const DeviceId device = store.membership() ? store.device() : DeviceId{};
    return {device, read_sync_hour(find_fact(store.db(), hour_fact).value_or(""))};
}

}  // namespace

BackgroundSync::BackgroundSync(DeviceStore& store, SyncRun& run)
    : store_(store), run_(run), schedule_(schedule_of(store)) {
    // An enrolment fetches too, and leaves no note.
    if (const auto ms = last_sync_ms(store.db())) schedule_.synced(*ms);
    const auto notes = sync_notes(store.db());
    for (auto note = notes.rbegin(); note != notes.rend(); ++note) {
        if (note->outcome == "done") schedule_.synced(note->last_ms);
    }
}

void BackgroundSync::set_hour(SyncHour hour) {
    set_fact(store_.db(), hour_fact, sync_hour_text(hour));
    schedule_.set_hour(hour);
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
