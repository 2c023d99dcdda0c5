// What a CrashingDisk remembers: per file the contents of every sector since its last sync, which
// names are on disk, and what is to fail. Knows no SQLite; the real files hold what a program
// without a crash would see.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/env.h"
#include "tests/faults/crashing_disk.h"

namespace zf::testing {

inline constexpr std::int64_t sector_bytes = 512;
using Sector = std::array<char, sector_bytes>;

/// A file's content apart from its name. `versions[s]`: the contents of a sector since the last
/// sync, oldest first, the synced one at the front; sectors that were not touched are absent.
struct Inode {
    std::map<std::int64_t, std::vector<Sector>> versions;
    std::vector<std::int64_t> sizes;         // since the last sync, the synced one at the front
    std::optional<std::string> left_behind;  // the content, once the name was taken away
};

class CrashingDisk::Platters {
public:
    Platters(std::filesystem::path folder, std::uint64_t seed);

    [[nodiscard]] bool covers(const std::string& path) const;

    /// Counts an operation; the failure that it is to meet, if any. `no_space` and `io_error`
    /// as set; a disk without power gives io_error.
    std::optional<Failure> meet(Operation operation);

    /// Before a file is opened: notes whether its name is new.
    std::shared_ptr<Inode> open_file(const std::string& path, bool creates);
    void close_file() { --open_files_; }
    /// Before bytes are written: `before` reads what is in the file now.
    using ReadBefore = std::function<std::string(std::int64_t offset, std::int64_t bytes)>;
    void note_write(Inode& inode, std::int64_t offset, std::string_view bytes,
                    const ReadBefore& before);
    void note_truncate(Inode& inode, std::int64_t size, const ReadBefore& before);
    void note_sync(Inode& inode, std::int64_t size);
    void note_folder_sync(const std::string& path);
    /// Before a file is deleted.
    void note_deletion(const std::string& path);

    void set_fault(const Fault& fault);
    void heal();
    void cut_power();
    void cut_power_at(std::int64_t nth);
    void restore_power(Loss loss);
    void set_lying(bool lying) { lying_ = lying; }

    [[nodiscard]] bool is_lying() const { return lying_; }
    [[nodiscard]] bool has_power() const { return power_; }
    [[nodiscard]] bool has_failed() const { return failed_; }
    [[nodiscard]] std::int64_t count_of(Operation operation) const {
        return counts_[static_cast<std::size_t>(operation)];
    }
    [[nodiscard]] int open_files() const { return open_files_; }

private:
    /// A name in a folder: what it means to the program, and what it means on disk.
    struct Name {
        std::shared_ptr<Inode> current, durable;
    };
    void touch_sector(Inode& inode, std::int64_t sector, const ReadBefore& before);
    std::string content_after_reboot(const Inode& inode, std::string content, Loss loss);
    Sector pick(const std::vector<Sector>& versions, Loss loss);
    std::uint64_t below(std::uint64_t limit) { return limit ? random_.next_u64() % limit : 0; }

    std::filesystem::path folder_;
    std::string prefix_;
    ManualEnv random_;
    std::map<std::string, Name> names_;
    std::array<std::int64_t, 5> counts_{};
    std::optional<Fault> fault_;
    std::optional<std::int64_t> cut_at_;
    std::int64_t seen_ = 0;  // operations that the fault counts
    int open_files_ = 0;
    bool power_ = true, lying_ = false, failed_ = false;
};

}  // namespace zf::testing
