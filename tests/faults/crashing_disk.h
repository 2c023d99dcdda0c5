// A disk that can lose power and fail, for tests: while one is alive, SQLite files below its folder
// go through it (it is SQLite's default VFS; Db::open needs no word of it). Files written by other
// means than SQLite are none of its business. Knows no store and no changeset.
//
//     CrashingDisk disk(folder, seed);
//     ... open stores below folder, write, maybe disk.cut_power_at(n) ...
//     disk.cut_power();                                // nothing works any more
//     store.reset();                                   // closing does nothing to the files
//     disk.restore_power(CrashingDisk::Loss::random);  // what the disk holds after a reboot
//     store = open(...);
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

namespace zf::testing {

class CrashingDisk {
public:
    /// `any` counts all of the others. A deletion counts as `open`.
    enum class Operation { any, open, write, sync, truncate };
    enum class Failure { no_space, io_error };
    /// What becomes of writes that were not synced. `all`: none reaches the disk. `random`: for
    /// each sector of 512 bytes any of the contents it had since, or a mix of two (torn); any of
    /// the sizes that the file had; new files may vanish and deleted ones come back, unless their
    /// folder was synced.
    enum class Loss { all, random };

    /// The `nth` operation of this kind from now on fails (1: the next), once or, from it on,
    /// for good. A write without space leaves its first half, as real disks do.
    struct Fault {
        Operation operation = Operation::any;
        std::int64_t nth = 1;
        Failure failure = Failure::io_error;
        bool for_good = false;
    };

    /// Several may be alive at once, each with a folder of its own. `folder` must exist.
    CrashingDisk(const std::filesystem::path& folder, std::uint64_t seed);
    CrashingDisk(const CrashingDisk&) = delete;
    CrashingDisk& operator=(const CrashingDisk&) = delete;
    /// Precondition: no database below the folder is open.
    ~CrashingDisk();

    /// Replaces an earlier fault; counting starts anew.
    void set_fault(const Fault& fault);
    /// No more faults.
    void heal();
    /// Whether the fault has struck.
    [[nodiscard]] bool has_failed() const;
    /// Operations since the disk was made, or since the last call of set_fault.
    [[nodiscard]] std::int64_t count_of(Operation operation) const;

    /// A disk that answers "synced" and has not: to show that tests notice.
    void set_lying(bool lying);

    /// Every operation fails until power is back.
    void cut_power();
    /// The same, at the n-th operation from now (1: the next): a cut in the middle of work.
    void cut_power_at(std::int64_t nth);
    [[nodiscard]] bool has_power() const;
    /// Brings the files into the state after a reboot. Precondition: power is off, and every
    /// database below the folder is closed. Faults are gone, counts stay.
    void restore_power(Loss loss);

    /// Internal: what the VFS talks to.
    class Platters;

private:
    std::shared_ptr<Platters> platters_;
};

}  // namespace zf::testing
