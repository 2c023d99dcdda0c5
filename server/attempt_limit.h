// Counts failures per key (an address) in windows of time, so that codes and passwords cannot be
// tried one after the other. Forgets at restart. Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace zf {

class AttemptLimit {
public:
    static constexpr int failures_max = 20;  // an office shares one address
    static constexpr std::int64_t window_ms = 10ll * 60 * 1000;

    /// Whether another try is granted.
    bool allows(const std::string& key, std::int64_t now_ms);
    void note_failure(const std::string& key, std::int64_t now_ms);

private:
    struct Window {
        std::int64_t began_ms = 0;
        int failures = 0;
    };
    static constexpr std::size_t keys_max = 10'000;  // memory, when many addresses try

    std::mutex mutex_;
    std::map<std::string, Window> windows_;
};

}  // namespace zf
