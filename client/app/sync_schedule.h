// When a laptop syncs by itself: once a day at the hour chosen, and when the network has come back;
// after failures later and later. Pure: told what happened and what time it is, it says what to do
// now and when to ask again. Knows no thread, no network, no store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "client/sync_pass.h"

namespace zf {

/// The hour of the day at the bureau; nothing: never by itself.
struct SyncHour {
    std::optional<int> hour = default_hour;
    static constexpr int default_hour = 22;
};
/// "off" or "0" to "23"; anything else is the default.
SyncHour read_sync_hour(std::string_view text);
std::string sync_hour_text(const SyncHour& hour);

class SyncSchedule {
public:
    /// `device`: spreads the laptops of a bureau over an hour, always in the same way.
    SyncSchedule(const DeviceId& device, SyncHour hour);

    void set_hour(SyncHour hour) { hour_ = hour; }
    void set_device(const DeviceId& device);
    [[nodiscard]] const SyncHour& hour() const { return hour_; }

    /// The last sync that went through, whoever began it; told at the start too, where there is
    /// one.
    void synced(std::int64_t ms);
    /// One that did not, and whether trying again may help; a person's own is not counted.
    void failed(std::int64_t ms, bool may_pass);
    /// There is a network where there was none, or another one.
    void network_came(std::int64_t ms);

    /// What is to be begun now; nothing: not now.
    [[nodiscard]] std::optional<SyncCause> due(std::int64_t now_ms) const;
    /// When something may be due next; nothing while all depends on what happens first.
    [[nodiscard]] std::optional<std::int64_t> next_ms(std::int64_t now_ms) const;

    /// Minutes after the hour at which this laptop begins.
    [[nodiscard]] int minute() const { return minute_; }

private:
    [[nodiscard]] std::int64_t last_nightly(std::int64_t now_ms) const;

    SyncHour hour_;
    int minute_ = 0;
    std::optional<std::int64_t> synced_ms_, network_ms_;
    /// Of failures in a row: not before then; `gave_up_ms_`: only a new reason begins again.
    std::optional<std::int64_t> not_before_ms_, gave_up_ms_;
    int failures_ = 0;
};

}  // namespace zf
