#include "client/app/sync_schedule.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "common/base/date.h"

namespace zf {
namespace {

constexpr std::int64_t minute_ms = 60'000, day_ms = 86'400'000;
constexpr std::array<std::int64_t, 5> waits_min{1, 2, 5, 15, 60};
/// A new network has no names and addresses at once.
constexpr std::int64_t network_settles_ms = 5'000;
/// A network that comes and goes is no reason to sync again and again.
constexpr std::int64_t network_apart_ms = 10 * minute_ms;
constexpr int minutes_spread = 60;

}  // namespace

SyncHour read_sync_hour(std::string_view text) {
    if (text == "off") return {std::nullopt};
    int hour = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), hour);
    const bool is_hour = code == std::errc() && end == text.data() + text.size() && hour >= 0 &&
                         hour < 24 && !text.empty();
    return is_hour ? SyncHour{hour} : SyncHour{};
}

std::string sync_hour_text(const SyncHour& hour) {
    return hour.hour ? std::to_string(*hour.hour) : "off";
}

SyncSchedule::SyncSchedule(const DeviceId& device, SyncHour hour) : hour_(hour) {
    set_device(device);
}

void SyncSchedule::set_device(const DeviceId& device) {
    minute_ = device.bytes[0] * minutes_spread / 256;
}

void SyncSchedule::synced(std::int64_t ms) {
    synced_ms_ = std::max(ms, synced_ms_.value_or(ms));
    not_before_ms_.reset();
    gave_up_ms_.reset();
    network_ms_.reset();
    failures_ = 0;
}

void SyncSchedule::failed(std::int64_t ms, bool may_pass) {
    if (!may_pass) {
        gave_up_ms_ = ms;
        network_ms_.reset();
        return;
    }
    const auto step = std::min(static_cast<std::size_t>(failures_), waits_min.size() - 1);
    not_before_ms_ = ms + waits_min[step] * minute_ms;
    ++failures_;
}

void SyncSchedule::network_came(std::int64_t ms) {
    if (synced_ms_ && ms - *synced_ms_ < network_apart_ms && ms >= *synced_ms_) return;
    network_ms_ = ms;
    // What failed for want of it is tried at once.
    not_before_ms_.reset();
    failures_ = 0;
}

/// The latest beginning of a night's sync that is not in the future.
std::int64_t SyncSchedule::last_nightly(std::int64_t now_ms) const {
    const std::int64_t today = instant_at(date_at(now_ms, bureau_offset_minutes),
                                          *hour_.hour * 60 + minute_, bureau_offset_minutes);
    return today <= now_ms ? today : today - day_ms;
}

std::optional<SyncCause> SyncSchedule::due(std::int64_t now_ms) const {
    if (!hour_.hour) return std::nullopt;
    // What a clock noted that has been set back since counts no more.
    const bool waits = not_before_ms_ && now_ms < *not_before_ms_ &&
                       *not_before_ms_ - now_ms <= waits_min.back() * minute_ms;
    if (waits) return std::nullopt;
    if (network_ms_ && now_ms >= *network_ms_ + network_settles_ms) return SyncCause::network;
    const std::int64_t nightly = last_nightly(now_ms);
    const auto is_since = [&](const std::optional<std::int64_t>& ms) {
        return ms && *ms >= nightly && *ms <= now_ms + day_ms;
    };
    if (is_since(synced_ms_) || is_since(gave_up_ms_)) return std::nullopt;
    return SyncCause::night;
}

std::optional<std::int64_t> SyncSchedule::next_ms(std::int64_t now_ms) const {
    if (!hour_.hour) return std::nullopt;
    if (due(now_ms)) return now_ms;
    const std::int64_t nightly = last_nightly(now_ms) + day_ms;
    std::optional<std::int64_t> next;
    for (const std::int64_t ms : {nightly, network_ms_.value_or(now_ms) + network_settles_ms,
                                  not_before_ms_.value_or(now_ms)}) {
        if (ms > now_ms && (!next || ms < *next) && due(ms)) next = ms;
    }
    return next.value_or(nightly);
}

}  // namespace zf
