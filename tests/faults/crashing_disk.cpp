#include "tests/faults/crashing_disk.h"

#include <sqlite3.h>

#include <algorithm>
#include <mutex>
#include <new>

#include "common/base/assert.h"
#include "tests/faults/platters.h"

namespace zf::testing {
namespace {

using Platters = CrashingDisk::Platters;
using Operation = CrashingDisk::Operation;
using Failure = CrashingDisk::Failure;

/// Guards the list of disks and all of their memory: SQLite may call from any thread.
std::mutex& gate() {
    static std::mutex mutex;
    return mutex;
}

std::vector<std::shared_ptr<Platters>>& disks() {
    static std::vector<std::shared_ptr<Platters>> list;
    return list;
}

std::shared_ptr<Platters> disk_of(const char* path) {
    if (!path) return nullptr;
    const std::lock_guard held(gate());
    for (const auto& disk : disks()) {
        if (disk->covers(path)) return disk;
    }
    return nullptr;
}

struct Watched {
    std::shared_ptr<Platters> disk;
    std::shared_ptr<Inode> inode;
    std::string path;
    bool syncs_folder = false;  // at its next sync: SQLite does so for new journals and logs
};

/// The file of the default VFS follows behind this one in memory.
struct File {
    sqlite3_file base;
    Watched* watched;
};

sqlite3_vfs* machine = nullptr;  // the default VFS before ours

sqlite3_file* real_of(sqlite3_file* file) {
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<File*>(file) + 1);
}
Watched& watched_of(sqlite3_file* file) {
    return *reinterpret_cast<File*>(file)->watched;
}
const sqlite3_io_methods& methods_of(sqlite3_file* file) {
    return *real_of(file)->pMethods;
}
bool has_power(sqlite3_file* file) {
    const std::lock_guard held(gate());
    return watched_of(file).disk->has_power();
}
std::optional<Failure> meet(sqlite3_file* file, Operation operation) {
    const std::lock_guard held(gate());
    return watched_of(file).disk->meet(operation);
}

Platters::ReadBefore reader_of(sqlite3_file* file) {
    return [file](std::int64_t offset, std::int64_t bytes) {
        std::string content(static_cast<std::size_t>(bytes), '\0');
        // Behind the end it fills up with zeros and says so; that is what is wanted.
        methods_of(file).xRead(real_of(file), content.data(), static_cast<int>(bytes), offset);
        return content;
    };
}

int close_file(sqlite3_file* file) {
    const int code = methods_of(file).xClose(real_of(file));
    Watched* watched = reinterpret_cast<File*>(file)->watched;
    {
        const std::lock_guard held(gate());
        watched->disk->close_file();
    }
    delete watched;
    return code;
}

int read_file(sqlite3_file* file, void* into, int bytes, sqlite3_int64 offset) {
    if (!has_power(file)) return SQLITE_IOERR_READ;
    return methods_of(file).xRead(real_of(file), into, bytes, offset);
}

int write_file(sqlite3_file* file, const void* from, int bytes, sqlite3_int64 offset) {
    const auto failure = meet(file, Operation::write);
    if (failure == Failure::io_error) return SQLITE_IOERR_WRITE;
    if (failure == Failure::no_space) bytes /= 2;
    {
        const std::lock_guard held(gate());
        const Watched& watched = watched_of(file);
        watched.disk->note_write(*watched.inode, offset,
                                 {static_cast<const char*>(from), static_cast<std::size_t>(bytes)},
                                 reader_of(file));
    }
    const int code = methods_of(file).xWrite(real_of(file), from, bytes, offset);
    return failure ? SQLITE_FULL : code;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    if (const auto failure = meet(file, Operation::truncate)) return SQLITE_IOERR_TRUNCATE;
    {
        const std::lock_guard held(gate());
        const Watched& watched = watched_of(file);
        watched.disk->note_truncate(*watched.inode, size, reader_of(file));
    }
    return methods_of(file).xTruncate(real_of(file), size);
}

int sync_file(sqlite3_file* file, int) {
    // Nothing is handed on: no test needs the machine's own disk to turn.
    if (const auto failure = meet(file, Operation::sync)) {
        return failure == Failure::no_space ? SQLITE_FULL : SQLITE_IOERR_FSYNC;
    }
    sqlite3_int64 size = 0;
    if (methods_of(file).xFileSize(real_of(file), &size) != SQLITE_OK) return SQLITE_IOERR_FSYNC;
    const std::lock_guard held(gate());
    Watched& watched = watched_of(file);
    watched.disk->note_sync(*watched.inode, size);
    if (watched.syncs_folder) watched.disk->note_folder_sync(watched.path);
    watched.syncs_folder = false;
    return SQLITE_OK;
}

int size_of_file(sqlite3_file* file, sqlite3_int64* size) {
    if (!has_power(file)) return SQLITE_IOERR_FSTAT;
    return methods_of(file).xFileSize(real_of(file), size);
}
int lock_file(sqlite3_file* file, int level) {
    if (!has_power(file)) return SQLITE_IOERR_LOCK;
    return methods_of(file).xLock(real_of(file), level);
}
int unlock_file(sqlite3_file* file, int level) {
    return methods_of(file).xUnlock(real_of(file), level);
}
int check_reserved(sqlite3_file* file, int* out) {
    if (!has_power(file)) return SQLITE_IOERR_CHECKRESERVEDLOCK;
    return methods_of(file).xCheckReservedLock(real_of(file), out);
}
int control_file(sqlite3_file* file, int operation, void* argument) {
    return methods_of(file).xFileControl(real_of(file), operation, argument);
}
int sector_size(sqlite3_file* file) {
    return methods_of(file).xSectorSize(real_of(file));
}
int characteristics(sqlite3_file* file) {
    return methods_of(file).xDeviceCharacteristics(real_of(file));
}
int map_shared(sqlite3_file* file, int page, int bytes, int extend, void volatile** out) {
    if (!has_power(file)) return SQLITE_IOERR_SHMMAP;
    return methods_of(file).xShmMap(real_of(file), page, bytes, extend, out);
}
int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
    if ((flags & SQLITE_SHM_LOCK) && !has_power(file)) return SQLITE_IOERR_SHMLOCK;
    return methods_of(file).xShmLock(real_of(file), offset, count, flags);
}
void shared_barrier(sqlite3_file* file) {
    methods_of(file).xShmBarrier(real_of(file));
}
int unmap_shared(sqlite3_file* file, int remove) {
    return methods_of(file).xShmUnmap(real_of(file), remove);
}

// Version 2: shared memory, no memory-mapped reads (the product does not ask for them).
const sqlite3_io_methods watched_methods{2,
                                         close_file,
                                         read_file,
                                         write_file,
                                         truncate_file,
                                         sync_file,
                                         size_of_file,
                                         lock_file,
                                         unlock_file,
                                         check_reserved,
                                         control_file,
                                         sector_size,
                                         characteristics,
                                         map_shared,
                                         lock_shared,
                                         shared_barrier,
                                         unmap_shared,
                                         nullptr,
                                         nullptr};

int open_watched(const std::shared_ptr<Platters>& disk, const char* path, sqlite3_file* file,
                 int flags, int* out_flags) {
    std::shared_ptr<Inode> inode;
    {
        const std::lock_guard held(gate());
        if (const auto failure = disk->meet(Operation::open)) {
            return failure == Failure::no_space ? SQLITE_FULL : SQLITE_CANTOPEN;
        }
        inode = disk->open_file(path, (flags & SQLITE_OPEN_CREATE) != 0);
    }
    if (!inode) return SQLITE_CANTOPEN;
    const int code = machine->xOpen(machine, path, real_of(file), flags, out_flags);
    if (code != SQLITE_OK) {
        const std::lock_guard held(gate());
        disk->close_file();
        return code;
    }
    const bool is_log =
        (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL)) != 0;
    reinterpret_cast<File*>(file)->watched =
        new Watched{disk, std::move(inode), path, is_log && (flags & SQLITE_OPEN_CREATE) != 0};
    file->pMethods = &watched_methods;
    return SQLITE_OK;
}

int open_file(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* out_flags) {
    file->pMethods = nullptr;
    if (const auto disk = disk_of(path)) {
        return open_watched(disk, path, file, flags, out_flags);
    }
    return machine->xOpen(machine, path, file, flags, out_flags);
}

int delete_file(sqlite3_vfs*, const char* path, int sync_folder) {
    if (const auto disk = disk_of(path)) {
        const std::lock_guard held(gate());
        if (disk->meet(Operation::open)) return SQLITE_IOERR_DELETE;
        disk->note_deletion(path);
        if (sync_folder) disk->note_folder_sync(path);
    }
    return machine->xDelete(machine, path, 0);
}

int access_file(sqlite3_vfs*, const char* path, int flags, int* out) {
    if (const auto disk = disk_of(path)) {
        const std::lock_guard held(gate());
        if (!disk->has_power()) return SQLITE_IOERR_ACCESS;
    }
    return machine->xAccess(machine, path, flags, out);
}

int full_path(sqlite3_vfs*, const char* path, int bytes, char* out) {
    return machine->xFullPathname(machine, path, bytes, out);
}

/// The same in every run: SQLite's random numbers become salts in the log.
int fill_random(sqlite3_vfs*, int bytes, char* out) {
    std::fill_n(out, bytes, '\x5a');
    return bytes;
}

sqlite3_vfs& our_vfs() {
    static sqlite3_vfs vfs{};
    return vfs;
}

void put_in_place() {
    machine = sqlite3_vfs_find(nullptr);
    sqlite3_vfs& vfs = our_vfs();
    vfs = *machine;  // clock and sleeping stay the machine's
    vfs.pNext = nullptr;
    vfs.zName = "zf-crashing-disk";
    vfs.szOsFile = static_cast<int>(sizeof(File)) + machine->szOsFile;
    vfs.xOpen = open_file;
    vfs.xDelete = delete_file;
    vfs.xAccess = access_file;
    vfs.xFullPathname = full_path;
    vfs.xRandomness = fill_random;
    ZF_ASSERT(sqlite3_vfs_register(&vfs, 1) == SQLITE_OK);
}

}  // namespace

CrashingDisk::CrashingDisk(const std::filesystem::path& folder, std::uint64_t seed)
    : platters_(std::make_shared<Platters>(folder, seed)) {
    const std::lock_guard held(gate());
    if (disks().empty()) put_in_place();
    disks().push_back(platters_);
    sqlite3_randomness(0, nullptr);  // begins anew, with our seed
}

CrashingDisk::~CrashingDisk() {
    const std::lock_guard held(gate());
    ZF_ASSERT(platters_->open_files() == 0);
    std::erase(disks(), platters_);
    if (!disks().empty()) return;
    sqlite3_vfs_unregister(&our_vfs());
    sqlite3_vfs_register(machine, 1);
}

void CrashingDisk::set_fault(const Fault& fault) {
    const std::lock_guard held(gate());
    platters_->set_fault(fault);
}
void CrashingDisk::heal() {
    const std::lock_guard held(gate());
    platters_->heal();
}
bool CrashingDisk::has_failed() const {
    const std::lock_guard held(gate());
    return platters_->has_failed();
}
std::int64_t CrashingDisk::count_of(Operation operation) const {
    const std::lock_guard held(gate());
    return platters_->count_of(operation);
}
void CrashingDisk::set_lying(bool lying) {
    const std::lock_guard held(gate());
    platters_->set_lying(lying);
}
void CrashingDisk::cut_power() {
    const std::lock_guard held(gate());
    platters_->cut_power();
}
void CrashingDisk::cut_power_at(std::int64_t nth) {
    const std::lock_guard held(gate());
    platters_->cut_power_at(nth);
}
bool CrashingDisk::has_power() const {
    const std::lock_guard held(gate());
    return platters_->has_power();
}
void CrashingDisk::restore_power(Loss loss) {
    const std::lock_guard held(gate());
    platters_->restore_power(loss);
}

}  // namespace zf::testing
