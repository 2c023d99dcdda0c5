#include "common/store/blob_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

#include "common/base/assert.h"
#include "common/base/private_files.h"

namespace zf {
namespace {

namespace fs = std::filesystem;

/// Closes a file descriptor when it goes out of scope.
class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] int get() const { return fd_; }

private:
    int fd_;
};

Unexpected disk_failure(const fs::path& file) {
    return fail(ErrorCode::internal,
                "this file cannot be written or read: " +
                    std::error_code(errno, std::generic_category()).message() +
                    "; check the disk and its free space",
                file.filename().string());
}

bool write_all(int fd, std::string_view content) {
    while (!content.empty()) {
        const ssize_t written = ::write(fd, content.data(), content.size());
        if (written < 0) {
            if (errno == EINTR) continue;
            return false;
        }
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// A new name in a folder is on disk only when the folder is.
void sync_folder(const fs::path& folder) {
    const Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd.get() >= 0) ::fsync(fd.get());
}

Result<std::string> read_whole(const fs::path& file) {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    if (error) {
        return fail(ErrorCode::not_found, "this file cannot be read: " + error.message(),
                    file.string());
    }
    if (size > static_cast<std::uintmax_t>(BlobStore::blob_bytes_max)) {
        return fail(ErrorCode::too_large, "an attachment has at most 64 MiB", file.string());
    }
    std::ifstream in(file, std::ios::binary);
    std::string content(size, '\0');
    if (!in.read(content.data(), static_cast<std::streamsize>(size))) {
        return fail(ErrorCode::not_found, "this file cannot be read", file.string());
    }
    return content;
}

fs::path part_of(const fs::path& file) {
    fs::path part = file;
    part += ".part";
    return part;
}

std::int64_t size_on_disk(const fs::path& file) {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    return error ? 0 : static_cast<std::int64_t>(size);
}

}  // namespace

BlobStore::BlobStore(fs::path folder) : folder_(std::move(folder)) {
    fs::create_directories(folder_);
    fs::permissions(folder_, fs::perms::owner_all);
}

fs::path blob_path(const fs::path& folder, const Hash256& hash) {
    const std::string name = hash.hex();
    return folder / name.substr(0, 2) / name;
}

fs::path BlobStore::path_of(const Hash256& hash) const {
    return blob_path(folder_, hash);
}

bool BlobStore::has(const Hash256& hash) const {
    return fs::exists(path_of(hash));
}

bool BlobStore::is_whole(const Hash256& hash) const {
    const auto content = read_whole(path_of(hash));
    return content && sha256(*content) == hash;
}

std::int64_t BlobStore::size_of(const Hash256& hash) const {
    return size_on_disk(path_of(hash));
}

std::int64_t BlobStore::partial_size(const Hash256& hash) const {
    return size_on_disk(part_of(path_of(hash)));
}

Result<Hash256> BlobStore::add_file(const fs::path& file) {
    auto content = read_whole(file);
    if (!content) return fail(content.error());
    return add_bytes(*content);
}

Result<Hash256> BlobStore::add_bytes(std::string_view content) {
    if (content.size() > static_cast<std::size_t>(blob_bytes_max)) {
        return fail(ErrorCode::too_large, "an attachment has at most 64 MiB");
    }
    const Hash256 hash = sha256(content);
    if (has(hash)) return hash;
    // What lies there half-finished may be anybody's; the whole content starts anew.
    std::error_code ignored;
    fs::remove(part_of(path_of(hash)), ignored);
    const auto total = static_cast<std::int64_t>(content.size());
    auto done = append_chunk(hash, 0, total, content);
    if (!done) return fail(done.error());
    ZF_ASSERT(*done);
    return hash;
}

Result<std::string> BlobStore::read(const Hash256& hash, std::int64_t offset,
                                    std::size_t bytes_max) const {
    const fs::path file = path_of(hash);
    const Descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (fd.get() < 0) {
        return fail(ErrorCode::not_found, "this attachment is not here yet", hash.hex());
    }
    std::string content(bytes_max, '\0');
    std::size_t filled = 0;
    while (filled < content.size()) {
        const ssize_t got = ::pread(fd.get(), content.data() + filled, content.size() - filled,
                                    offset + static_cast<std::int64_t>(filled));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return disk_failure(file);
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
    }
    content.resize(filled);
    return content;
}

Result<std::vector<Hash256>> blobs_in(const fs::path& root) {
    std::vector<Hash256> all;
    const auto folders = names_in_folder(root);
    if (!folders) return fail(folders.error());
    for (const std::string& folder : *folders) {
        if (!fs::is_directory(root / folder)) continue;
        const auto names = names_in_folder(root / folder);
        if (!names) return fail(names.error());
        for (const std::string& name : *names) {
            if (const auto hash = parse_hash256(name)) all.push_back(*hash);
        }
    }
    std::sort(all.begin(), all.end());
    return all;
}

Result<bool> BlobStore::append_chunk(const Hash256& hash, std::int64_t offset, std::int64_t total,
                                     std::string_view chunk) {
    const fs::path file = path_of(hash);
    if (has(hash)) return true;
    const fs::path part = part_of(file);
    const std::int64_t have = size_on_disk(part);
    if (total > blob_bytes_max) {
        return fail(ErrorCode::too_large, "an attachment has at most 64 MiB", hash.hex());
    }
    // Of a wrong offset nothing is computed: it may be any number.
    const std::int64_t after = have + static_cast<std::int64_t>(chunk.size());
    if (offset != have || after > total || (chunk.empty() && after != total)) {
        return fail(ErrorCode::out_of_range,
                    "go on at byte " + std::to_string(have) + " of this attachment", "offset");
    }
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    {
        const Descriptor fd(::open(part.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
        if (fd.get() < 0 || !write_all(fd.get(), chunk) || ::fsync(fd.get()) != 0) {
            return disk_failure(part);
        }
    }
    if (after != total) return false;
    auto content = read_whole(part);
    if (!content) return fail(content.error());
    if (sha256(*content) != hash) {
        fs::remove(part, error);
        return fail(ErrorCode::damaged,
                    "the attachment does not fit its hash; it starts over from byte 0", hash.hex());
    }
    fs::rename(part, file, error);
    if (error) return fail(ErrorCode::internal, "cannot store: " + error.message(), hash.hex());
    sync_folder(file.parent_path());
    sync_folder(folder_);
    return true;
}

Result<std::int64_t> BlobStore::copy_to(const Hash256& hash, const fs::path& file) const {
    auto content = read_whole(path_of(hash));
    if (!content) {
        return fail(ErrorCode::not_found, "this attachment is not here yet; sync first",
                    hash.hex());
    }
    if (sha256(*content) != hash) {
        return fail(ErrorCode::damaged, "the stored attachment does not fit its hash", hash.hex());
    }
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out.write(content->data(), static_cast<std::streamsize>(content->size()));
    out.close();
    if (!out) return fail(ErrorCode::internal, "this file cannot be written", file.string());
    return static_cast<std::int64_t>(content->size());
}

}  // namespace zf
