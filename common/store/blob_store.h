// Attachments on disk: files named by the SHA-256 of their content, written in chunks that can be
// resumed at the byte. Knows nothing of records. Folder layout: blobs/ab/<64 hex>, partial ones
// beside it as <64 hex>.part.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/ids.h"
#include "common/base/result.h"

namespace zf {

/// Names of the finished attachments below a folder, ascending; their content is not looked at. A
/// folder that is not there holds none. Error: `internal` when one cannot be read.
Result<std::vector<Hash256>> blobs_in(const std::filesystem::path& folder);
/// Where one lies below a folder, or would lie.
std::filesystem::path blob_path(const std::filesystem::path& folder, const Hash256& hash);

class BlobStore {
public:
    static constexpr std::size_t chunk_bytes_max = 1u << 20;
    static constexpr std::int64_t blob_bytes_max = 64ll << 20;

    explicit BlobStore(std::filesystem::path folder);

    [[nodiscard]] bool has(const Hash256& hash) const;
    [[nodiscard]] std::int64_t size_of(const Hash256& hash) const;
    /// Where a finished attachment lies, or would lie.
    [[nodiscard]] std::filesystem::path path_of(const Hash256& hash) const;
    /// See blobs_in.
    [[nodiscard]] Result<std::vector<Hash256>> list() const { return blobs_in(folder_); }
    /// Whether it is here and its content fits its name; reads it all.
    [[nodiscard]] bool is_whole(const Hash256& hash) const;
    /// Copies a file in; returns its hash. On disk (fsync) when it returns.
    Result<Hash256> add_file(const std::filesystem::path& file);
    Result<Hash256> add_bytes(std::string_view content);
    /// `bytes_max` bytes from `offset`; fewer at the end. `not_found`, `damaged`.
    [[nodiscard]] Result<std::string> read(const Hash256& hash, std::int64_t offset,
                                           std::size_t bytes_max) const;
    /// How many bytes of an unfinished blob are here.
    [[nodiscard]] std::int64_t partial_size(const Hash256& hash) const;
    /// Appends a chunk at `offset`, which must be partial_size(). The chunk that completes
    /// `total` bytes is checked against the hash: `damaged` starts over from 0.
    Result<bool> append_chunk(const Hash256& hash, std::int64_t offset, std::int64_t total,
                              std::string_view chunk);
    /// Writes a whole blob to a file.
    Result<std::int64_t> copy_to(const Hash256& hash, const std::filesystem::path& file) const;

private:
    std::filesystem::path folder_;
};

}  // namespace zf
