#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <utility>

#include "common/base/private_files.h"

namespace zf {
namespace {

namespace fs = std::filesystem;

Unexpected fail_on(std::string_view doing, const fs::path& path) {
    return fail(ErrorCode::internal,
                std::string("Cannot ") + std::string(doing) + ": " + std::strerror(errno) +
                    "; check the folder's owner and free space.",
                path.string());
}

bool write_all(int descriptor, std::string_view content) {
    while (!content.empty()) {
        const ssize_t written = ::write(descriptor, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// Beside its place first, so that a reader finds the old content or the new one.
Result<void> replace_file(const fs::path& file, std::string_view content, bool wait) {
    fs::path fresh = file;
    fresh += ".new";
    const int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) return fail_on("write", fresh);
    const bool written = ::fchmod(descriptor, 0600) == 0 && write_all(descriptor, content) &&
                         (!wait || ::fsync(descriptor) == 0);
    ::close(descriptor);
    if (!written || ::rename(fresh.c_str(), file.c_str()) != 0) return fail_on("write", file);
    return {};
}

/// A renamed file is on disk only once its folder is.
void sync_folder(const fs::path& folder) {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return;
    ::fsync(descriptor);
    ::close(descriptor);
}

int open_lock(const fs::path& folder) {
    return ::open((folder / "serve.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

/// The whole file. Belongs to the open file, not to the process, so that it ends with its holder.
struct flock whole_file_lock() {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
}

}  // namespace

Result<void> make_private_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (!fs::is_directory(folder) || ::chmod(folder.c_str(), 0700) != 0) {
        return fail_on("make a private folder", folder);
    }
    return {};
}

Result<void> write_private_file(const fs::path& file, std::string_view content) {
    ZF_CHECK(replace_file(file, content, true));
    sync_folder(file.parent_path());
    return {};
}

Result<void> write_hint_file(const fs::path& file, std::string_view content) {
    return replace_file(file, content, false);
}

Result<void> remove_private_file(const fs::path& file) {
    if (::unlink(file.c_str()) != 0 && errno != ENOENT) return fail_on("remove", file);
    sync_folder(file.parent_path());
    return {};
}

Result<void> make_private_file(const fs::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
    if (descriptor < 0) return fail_on("open", file);
    const bool done = ::fchmod(descriptor, 0600) == 0 && ::fsync(descriptor) == 0;
    ::close(descriptor);
    if (!done) return fail_on("put on disk", file);
    sync_folder(file.parent_path());
    return {};
}

Result<void> copy_private_file(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::copy_file(from, to, error);
    if (error) {
        return fail(ErrorCode::internal,
                    "Cannot copy: " + error.message() + "; check owner and free space.",
                    to.string());
    }
    return make_private_file(to);
}

Result<void> put_in_place(const fs::path& fresh, const fs::path& file) {
    const int descriptor = ::open(fresh.c_str(), O_RDWR | O_CLOEXEC);
    if (descriptor < 0) return fail_on("open", fresh);
    const bool done = ::fsync(descriptor) == 0;
    ::close(descriptor);
    if (!done || ::rename(fresh.c_str(), file.c_str()) != 0) return fail_on("write", file);
    sync_folder(file.has_parent_path() ? file.parent_path() : fs::path("."));
    return {};
}

Result<std::string> read_whole_file(const fs::path& file, std::size_t bytes_max) {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    if (error) return fail(ErrorCode::not_found, "This file is not here.", file.string());
    if (size > bytes_max) {
        return fail(ErrorCode::too_large, "This file is larger than it can be.", file.string());
    }
    std::ifstream in(file, std::ios::binary);
    std::string content(static_cast<std::size_t>(size), '\0');
    in.read(content.data(), static_cast<std::streamsize>(content.size()));
    if (!in) return fail(ErrorCode::internal, "This file cannot be read.", file.string());
    return content;
}

Result<std::vector<std::string>> names_in_folder(const fs::path& folder) {
    std::vector<std::string> names;
    const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(folder.c_str()), ::closedir);
    if (!open) {
        if (errno == ENOENT) return names;
        return fail_on("read the folder", folder);
    }
    errno = 0;
    while (const dirent* entry = ::readdir(open.get())) {
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..") names.emplace_back(name);
    }
    if (errno != 0) return fail_on("read the folder", folder);
    std::sort(names.begin(), names.end());
    return names;
}

std::size_t bytes_below(const fs::path& folder) {
    std::size_t bytes = 0;
    const auto names = names_in_folder(folder);
    if (!names) return 0;
    for (const std::string& name : *names) {
        // Another process may remove a file while this one counts.
        std::error_code gone;
        const fs::path path = folder / name;
        const fs::file_status status = fs::symlink_status(path, gone);
        if (fs::is_directory(status)) bytes += bytes_below(path);
        if (!fs::is_regular_file(status)) continue;
        const auto size = fs::file_size(path, gone);
        if (!gone) bytes += static_cast<std::size_t>(size);
    }
    return bytes;
}

Result<FolderLock> FolderLock::take(const fs::path& folder) {
    const int descriptor = open_lock(folder);
    if (descriptor < 0) return fail_on("open the lock file in", folder);
    struct flock lock = whole_file_lock();
    if (::fcntl(descriptor, F_OFD_SETLK, &lock) != 0) {
        ::close(descriptor);
        return fail(ErrorCode::busy,
                    "A server is running on this data folder; stop it first, or use another one.",
                    folder.string());
    }
    return FolderLock(descriptor);
}

bool FolderLock::is_held(const fs::path& folder) {
    const int descriptor = open_lock(folder);
    if (descriptor < 0) return false;
    // Asks without taking, so that it never gets into a starting server's way.
    struct flock lock = whole_file_lock();
    const bool held = ::fcntl(descriptor, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    ::close(descriptor);
    return held;
}

FolderLock::FolderLock(FolderLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

FolderLock::~FolderLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace zf
