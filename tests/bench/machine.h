// Limits of the machine, measured in the same run as the product's figures: what SQLite, JSON,
// hashing and signing can do at most with the same bytes.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace zf::bench {

class Stopwatch {
public:
    [[nodiscard]] double seconds() const {
        return std::chrono::duration<double>(Clock::now() - start_).count();
    }

private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point start_ = Clock::now();
};

struct MachineLimits {
    double document_inserts = 0;     // per second, 20 transactions
    double cell_inserts = 0;         // documents per second as one row per field, 20 transactions
    double fsyncs = 0;               // one-row transactions per second
    double json_mb = 0;              // MB/s parsed
    double hash_mb = 0;              // MB/s BLAKE2b
    double signs = 0, verifies = 0;  // per second
};

/// `documents`: the texts that the product would store; `changesets`: canonical bytes.
MachineLimits measure_machine(const std::filesystem::path& folder,
                              const std::vector<std::string>& documents,
                              const std::vector<std::string>& changesets);

/// Peak resident memory of this process in MB.
double peak_memory_mb();

}  // namespace zf::bench
