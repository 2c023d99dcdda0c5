// Syncs that nobody asks for: at the hour chosen and when the network has come back. Ties the
// schedule to the clock, to what was noted of earlier syncs and to the network. On the screens'
// thread; sleeps while there is nothing to do.
#pragma once

#include <atomic>
#include <functional>
#include <optional>

#include "client/app/settings.h"
#include "client/app/sync_run.h"
#include "client/app/sync_schedule.h"

namespace zf {

class BackgroundSync {
public:
    BackgroundSync(DeviceStore& store, Settings& settings, SyncRun& run);

    /// From now on; before, `tick` does nothing.
    void begin() { has_begun_ = true; }

    [[nodiscard]] const SyncHour& hour() const { return schedule_.hour(); }
    [[nodiscard]] int minute() const { return schedule_.minute(); }
    /// Kept among the settings. Error: those of Settings::set; it holds until the program ends
    /// then.
    Result<void> set_hour(SyncHour hour);

    /// Begins what is due, unless something is at hand. Seconds until there may be something to do
    /// without an input; nothing: only when told.
    std::optional<double> tick();
    /// How a sync ended, whoever began it.
    void ended(const SyncOutcome& outcome);
    /// From any thread; whoever calls wakes the screens, so that `tick` is called.
    void network_came() { network_came_ = true; }

private:
    DeviceStore& store_;
    Settings& settings_;
    SyncRun& run_;
    SyncSchedule schedule_;
    bool has_begun_ = false;
    std::atomic<bool> network_came_ = false;
};

}  // namespace zf
