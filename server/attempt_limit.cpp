#include "server/attempt_limit.h"

namespace zf {

bool AttemptLimit::allows(const std::string& key, std::int64_t now_ms) {
    const std::lock_guard held(mutex_);
    const auto entry = windows_.find(key);
    if (entry == windows_.end()) return true;
    // A clock that was set back must not shut anybody out.
    const std::int64_t age_ms = now_ms - entry->second.began_ms;
    if (age_ms < 0 || age_ms >= window_ms) return true;
    return entry->second.failures < failures_max;
}

void AttemptLimit::note_failure(const std::string& key, std::int64_t now_ms) {
    const std::lock_guard held(mutex_);
    const auto is_over = [&](const Window& window) {
        return now_ms < window.began_ms || now_ms - window.began_ms >= window_ms;
    };
    if (windows_.size() >= keys_max) {
        std::erase_if(windows_, [&](const auto& entry) { return is_over(entry.second); });
    }
    if (windows_.size() >= keys_max) windows_.clear();
    Window& window = windows_[key];
    if (window.failures == 0 || is_over(window)) window = {now_ms, 0};
    ++window.failures;
}

}  // namespace zf
