// A sealed bundle file: frames for one receiver, compressed by whoever makes them, encrypted to the
// receiver's key and signed by the sender's. Refuses to know what the frames mean, and who may send
// whom what. Memory stays bounded by the largest frame, however long the file is.
//
//   file    = header, then sealed chunks of 16384 plain bytes each; the last one has the final tag,
//             and nothing stands behind it
//   header  = "ZOUFANG-BUNDLE/1 " bundle " " from " " to " " key " " nonce " " check LF
//             bundle: UUID; from, to: device ids; key: the stream's key sealed to `to`, 80 bytes,
//             and nonce, 24 bytes: URL-safe base64; check: the first 16 hex digits of the
//             BLAKE2b-256 of everything before it. Each chunk is bound to the header.
//   plain   = frames, then zeros up to the end of the last chunk
//   frame   = kind (one byte), length of the payload (4 bytes, big-endian), payload
//   the last frame is 'Z': Ed25519 signature of the sender over "zoufang-bundle-file/1", NUL,
//   BLAKE2b-256 of the header and of all frames before it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/env.h"
#include "common/base/result.h"
#include "common/base/sealed_stream.h"
#include "common/base/sign.h"

namespace zf {

struct BundleLimits {
    static constexpr std::size_t chunk_bytes = 16u << 10;
    static constexpr std::size_t frame_bytes_max = 40u << 20;
};

struct BundleHeader {
    Uuid bundle;
    DeviceId from, to;
};

struct BundleFrame {
    char kind = 0;
    std::string payload;
};

class BundleWriter {
public:
    /// Begins FILE.part; FILE itself appears only with `finish`. Errors: `internal`.
    static Result<BundleWriter> create(const std::filesystem::path& file, const KeyPair& sender,
                                       const PublicKey& receiver, Env& env);
    BundleWriter(BundleWriter&&) = default;
    BundleWriter& operator=(BundleWriter&&) = delete;
    /// Removes what was not finished.
    ~BundleWriter();

    /// Precondition: at most frame_bytes_max. Error: `internal`, the file cannot be written.
    Result<void> add(char kind, std::string_view payload);
    /// Signs, puts the file on disk and in its place. Returns its size in bytes.
    Result<std::int64_t> finish();
    /// Bytes written so far.
    [[nodiscard]] std::int64_t bytes() const { return bytes_; }

private:
    BundleWriter(std::filesystem::path file, const KeyPair& sender, SealingStream stream);
    Result<void> write(std::string_view bytes);
    Result<void> write_chunk(std::string_view plain, bool is_last);

    std::filesystem::path file_, part_;
    KeyPair sender_;
    SealingStream stream_;
    std::ofstream out_;
    Blake2b hash_;
    std::string pending_;
    std::int64_t bytes_ = 0;
};

/// The plain head of a bundle file. Errors: `not_found`; `malformed`, no bundle at all;
/// `interrupted`, only the beginning of one; `damaged`; `version_unsupported`.
Result<BundleHeader> read_bundle_header(const std::filesystem::path& file);

class BundleReader {
public:
    /// Opens a bundle for `receiver`. With `copy`, the sealed chunks go into that file as they are
    /// found sound; what is sound there already, from a reading that was cut off, is not read from
    /// `file` again. Errors: those of read_bundle_header; `damaged` when it is not sealed to this
    /// receiver although it says so; `internal` when the copy cannot be written.
    static Result<BundleReader> open(const std::filesystem::path& file, const KeyPair& receiver,
                                     const std::filesystem::path& copy = {});

    [[nodiscard]] const BundleHeader& header() const { return header_; }
    /// The next frame; nothing after the last one, when the whole file is known to be as it was
    /// written, and to end there. Errors: `interrupted`, the file ends too early or cannot be read
    /// any further; `damaged`, some byte is not what was written, or something stands behind the
    /// end; `internal`, the copy cannot be written.
    Result<std::optional<BundleFrame>> next();
    /// Whether this key has signed it. Only after the last frame.
    [[nodiscard]] bool is_signed_by(const PublicKey& sender) const;
    /// Bytes of the file gone through so far, and how many of them an earlier reading had copied.
    [[nodiscard]] std::int64_t bytes() const { return bytes_; }
    [[nodiscard]] std::int64_t bytes_resumed() const { return resumed_; }

private:
    BundleReader(BundleHeader header, OpeningStream stream, std::ifstream in);
    Result<void> resume(const std::filesystem::path& copy, const std::string& header_line);
    Result<void> read_chunk();
    bool read_copied_chunk(std::string& sealed);
    Result<void> add_to_copy(std::string_view sealed);
    Result<void> fill(std::size_t bytes);
    Result<void> end();

    BundleHeader header_;
    OpeningStream stream_;
    std::ifstream in_;
    std::ifstream copied_;  // open while chunks of an earlier reading are left
    std::filesystem::path copy_;
    std::ofstream copy_out_;
    Blake2b hash_;
    std::optional<Hash256> signed_hash_;
    std::string signature_;
    std::string pending_;
    std::size_t at_ = 0;  // in pending_
    bool saw_last_ = false;
    std::int64_t bytes_ = 0, resumed_ = 0;
};

}  // namespace zf
