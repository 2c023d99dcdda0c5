// Files that hold secrets, and the lock of a data folder. What is written here is on disk when
// the call returns, hints excepted. Refuses to know what the files mean. The implementation is
// Linux's.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace zf {

/// Makes the folder with its parents, or takes one that is there; only its owner may look into
/// it afterwards. Error: `internal`, where = the path.
Result<void> make_private_folder(const std::filesystem::path& folder);

/// Writes or replaces a file that only its owner may read; a crash leaves the old or the new
/// content, nothing between. Error: `internal`, where = the path.
Result<void> write_private_file(const std::filesystem::path& file, std::string_view content);

/// The same without waiting for the disk: after a power cut the file may hold an older content, or
/// nothing. For what is merely looked at as a hint. Error: `internal`.
Result<void> write_hint_file(const std::filesystem::path& file, std::string_view content);

/// Takes a file away, if it is there, for good. Error: `internal`.
Result<void> remove_private_file(const std::filesystem::path& file);

/// Makes a file that is there readable for its owner only. Error: `internal`.
Result<void> make_private_file(const std::filesystem::path& file);

/// Copies a file of any size to a new place. Error: `internal`, also when something is there.
Result<void> copy_private_file(const std::filesystem::path& from, const std::filesystem::path& to);

/// Puts a finished file, closed or flushed, on disk and then in the place of `file`. Leaves its
/// mode alone, which file systems of memory sticks do not keep. Error: `internal`.
Result<void> put_in_place(const std::filesystem::path& fresh, const std::filesystem::path& file);

/// The whole content. Errors: `not_found`; `too_large` beyond `bytes_max`; `internal`.
Result<std::string> read_whole_file(const std::filesystem::path& file, std::size_t bytes_max);

/// Names of all that lies in `folder` itself, ascending; none when there is no such folder. Error:
/// `internal`. (The standard's iterators end the program when memory runs out in them.)
Result<std::vector<std::string>> names_in_folder(const std::filesystem::path& folder);

/// Bytes of all files below `folder`; 0 when it is not there.
std::size_t bytes_below(const std::filesystem::path& folder);

/// Held by the one process that may change what lies under a running server. Ends with its
/// holder, however that ends.
class FolderLock {
public:
    /// Error: `busy` when another process holds it.
    static Result<FolderLock> take(const std::filesystem::path& folder);
    /// Whether some process holds it now.
    static bool is_held(const std::filesystem::path& folder);

    FolderLock(FolderLock&& other) noexcept;
    FolderLock& operator=(FolderLock&&) = delete;
    ~FolderLock();

private:
    explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

}  // namespace zf
