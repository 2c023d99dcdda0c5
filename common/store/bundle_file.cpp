#include "common/store/bundle_file.h"

#include <algorithm>
#include <vector>

#include "common/base/assert.h"
#include "common/base/private_files.h"

namespace zf {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view family = "ZOUFANG-BUNDLE/";
constexpr std::string_view format = "ZOUFANG-BUNDLE/1";
constexpr std::size_t header_bytes_max = 1024;
constexpr std::size_t check_digits = 16;
constexpr std::size_t frame_head_bytes = 5;
constexpr std::size_t sealed_chunk_bytes = BundleLimits::chunk_bytes + chunk_overhead_bytes;
constexpr char end_kind = 'Z';
constexpr std::size_t signature_bytes = 64;

template <class Bytes>
std::string_view view_of(const Bytes& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string check_of(std::string_view text) {
    return blake2b(text).hex().substr(0, check_digits);
}

Unexpected damaged(const std::string& what) {
    return fail(ErrorCode::damaged, what + "; copy it again, or ask for a new one", "bundle");
}

Unexpected cut_short() {
    return fail(ErrorCode::interrupted,
                "this is only the beginning of a bundle: it was copied in part, or its medium was "
                "taken out; copy it again, or import it again to go on from here",
                "bundle");
}

std::string signed_part(const Hash256& hash) {
    std::string message = "zoufang-bundle-file/1";
    message.push_back('\0');
    message += view_of(hash.bytes);
    return message;
}

std::string frame_head(char kind, std::size_t length) {
    std::string head(1, kind);
    for (int shift = 24; shift >= 0; shift -= 8) {
        head.push_back(static_cast<char>((length >> shift) & 0xff));
    }
    return head;
}

std::size_t frame_length(std::string_view head) {
    std::size_t length = 0;
    for (const char c : head.substr(1, 4)) length = length << 8 | static_cast<unsigned char>(c);
    return length;
}

struct ParsedHeader {
    BundleHeader header;
    std::string sealed_key;
    StreamNonce nonce{};
    std::string line;
};

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    for (;;) {
        const std::size_t end = line.find(' ');
        words.push_back(line.substr(0, end));
        if (end == line.npos) return words;
        line.remove_prefix(end + 1);
    }
}

Result<ParsedHeader> parse_header(std::string line) {
    const std::string_view text(line.data(), line.size() - 1);
    const std::size_t last = text.rfind(' ');
    if (last == text.npos || text.substr(last + 1) != check_of(text.substr(0, last + 1))) {
        return damaged("the head of this bundle was changed on its way");
    }
    const auto words = words_of(text);
    if (words[0] != format) {
        return fail(ErrorCode::version_unsupported,
                    "this bundle is of a newer format than this program reads; update the program",
                    "bundle");
    }
    const auto bundle = words.size() == 7 ? parse_uuid(words[1]) : std::nullopt;
    const auto from = bundle ? parse_device_id(words[2]) : std::nullopt;
    const auto to = from ? parse_device_id(words[3]) : std::nullopt;
    const auto key = to ? bytes_of_base64(words[4]) : std::nullopt;
    const auto nonce = key ? bytes_of_base64(words[5]) : std::nullopt;
    if (!nonce || nonce->size() != StreamNonce{}.size()) {
        return fail(ErrorCode::malformed, "the head of this bundle is not what its format says",
                    "bundle");
    }
    ParsedHeader parsed{{*bundle, *from, *to}, *key, {}, {}};
    std::copy(nonce->begin(), nonce->end(), parsed.nonce.begin());
    parsed.line = std::move(line);
    return parsed;
}

/// Leaves `in` behind the header.
Result<ParsedHeader> read_header(std::ifstream& in, const fs::path& file) {
    std::error_code error;
    if (!in || !fs::is_regular_file(file, error)) {
        return fail(ErrorCode::not_found, "there is no such file, or it cannot be read",
                    file.string());
    }
    std::string line;
    for (char c = 0; line.size() < header_bytes_max && in.get(c);) {
        line.push_back(c);
        if (c == '\n') return parse_header(std::move(line));
        if (line.size() <= family.size() && line != family.substr(0, line.size())) {
            return fail(ErrorCode::malformed, "this file is no sealed bundle", file.string());
        }
    }
    if (line.size() == header_bytes_max) {
        return damaged("the head of this bundle was changed on its way");
    }
    return cut_short();
}

}  // namespace

// ---- writing -------------------------------------------------------------------------------

Result<BundleWriter> BundleWriter::create(const fs::path& file, const KeyPair& sender,
                                          const PublicKey& receiver, Env& env) {
    StreamKey key{};
    env.fill_random(key);
    StreamNonce nonce{};
    env.fill_random(nonce);
    const auto sealed = seal_key(key, receiver, env);
    if (!sealed) {
        return fail(ErrorCode::internal, "nothing can be sealed to the receiver's key", "bundle");
    }
    std::string line = std::string(format) + " " + env.new_uuid().text() + " " +
                       device_id_of(sender.public_key()).hex() + " " +
                       device_id_of(receiver).hex() + " " + base64_of(*sealed) + " " +
                       base64_of(view_of(nonce)) + " ";
    line += check_of(line) + "\n";
    BundleWriter writer(file, sender, SealingStream(key, nonce, line));
    writer.hash_.add(line);
    ZF_CHECK(writer.write(line));
    return writer;
}

BundleWriter::BundleWriter(fs::path file, const KeyPair& sender, SealingStream stream)
    : file_(std::move(file)), part_(file_), sender_(sender), stream_(std::move(stream)) {
    part_ += ".part";
    out_.open(part_, std::ios::binary | std::ios::trunc);
}

BundleWriter::~BundleWriter() {
    if (!out_.is_open()) return;
    out_.close();
    std::error_code ignored;  // what cannot be removed is overwritten by the next try
    fs::remove(part_, ignored);
}

Result<void> BundleWriter::write(std::string_view bytes) {
    out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out_) {
        return fail(ErrorCode::internal,
                    "the bundle cannot be written there; check the medium and its free space",
                    part_.string());
    }
    bytes_ += static_cast<std::int64_t>(bytes.size());
    return {};
}

Result<void> BundleWriter::write_chunk(std::string_view plain, bool is_last) {
    return write(stream_.seal(plain, is_last));
}

Result<void> BundleWriter::add(char kind, std::string_view payload) {
    ZF_ASSERT(payload.size() <= BundleLimits::frame_bytes_max);
    const std::string head = frame_head(kind, payload.size());
    hash_.add(head);
    hash_.add(payload);
    pending_ += head;
    pending_ += payload;
    std::size_t at = 0;
    // The last chunk is never empty, so that the one with the final tag is known by `finish`.
    for (; pending_.size() - at > BundleLimits::chunk_bytes; at += BundleLimits::chunk_bytes) {
        ZF_CHECK(
            write_chunk(std::string_view(pending_).substr(at, BundleLimits::chunk_bytes), false));
    }
    pending_.erase(0, at);
    return {};
}

Result<std::int64_t> BundleWriter::finish() {
    pending_ += frame_head(end_kind, signature_bytes) + sender_.sign(signed_part(hash_.finish()));
    // All chunks are of one length: where a file was cut off then shows by its length alone.
    const std::size_t chunks =
        (pending_.size() + BundleLimits::chunk_bytes - 1) / BundleLimits::chunk_bytes;
    pending_.resize(chunks * BundleLimits::chunk_bytes, '\0');
    for (std::size_t i = 0; i < chunks; ++i) {
        const std::string_view plain = std::string_view(pending_).substr(
            i * BundleLimits::chunk_bytes, BundleLimits::chunk_bytes);
        ZF_CHECK(write_chunk(plain, i + 1 == chunks));
    }
    out_.flush();
    if (!out_) return fail(ErrorCode::internal, "the bundle cannot be written", part_.string());
    ZF_CHECK(put_in_place(part_, file_));
    out_.close();
    return bytes_;
}

// ---- reading -------------------------------------------------------------------------------

Result<BundleHeader> read_bundle_header(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    const auto parsed = read_header(in, file);
    if (!parsed) return fail(parsed.error());
    return parsed->header;
}

Result<BundleReader> BundleReader::open(const fs::path& file, const KeyPair& receiver,
                                        const fs::path& copy) {
    std::ifstream in(file, std::ios::binary);
    auto parsed = read_header(in, file);
    if (!parsed) return fail(parsed.error());
    const auto key = open_key(parsed->sealed_key, receiver);
    if (!key) return damaged("this bundle is not sealed to the receiver that it names");
    BundleReader reader(parsed->header, OpeningStream(*key, parsed->nonce, parsed->line),
                        std::move(in));
    reader.hash_.add(parsed->line);
    reader.bytes_ = static_cast<std::int64_t>(parsed->line.size());
    if (!copy.empty()) ZF_CHECK(reader.resume(copy, parsed->line));
    return reader;
}

BundleReader::BundleReader(BundleHeader header, OpeningStream stream, std::ifstream in)
    : header_(header), stream_(std::move(stream)), in_(std::move(in)) {}

/// Begins the copy, or goes on with one that has the same header.
Result<void> BundleReader::resume(const fs::path& copy, const std::string& header_line) {
    copy_ = copy;
    std::string begun(header_line.size(), '\0');
    std::ifstream there(copy, std::ios::binary);
    there.read(begun.data(), static_cast<std::streamsize>(begun.size()));
    if (there && begun == header_line) {
        copied_ = std::move(there);
        return {};
    }
    ZF_CHECK(write_private_file(copy, header_line));
    copy_out_.open(copy, std::ios::binary | std::ios::app);
    return {};
}

/// Takes the next chunk from the copy. False at its end, where reading goes on with the file.
bool BundleReader::read_copied_chunk(std::string& sealed) {
    if (!copied_.is_open()) return false;
    copied_.read(sealed.data(), static_cast<std::streamsize>(sealed.size()));
    if (copied_) return true;
    copied_.close();
    return false;
}

Result<void> BundleReader::add_to_copy(std::string_view sealed) {
    if (copy_.empty()) return {};
    if (!copy_out_.is_open()) {
        // The copy may end in part of a chunk, or in noise: it goes on where it was still sound.
        std::error_code error;
        fs::resize_file(copy_, static_cast<std::uintmax_t>(bytes_), error);
        copy_out_.open(copy_, std::ios::binary | std::ios::app);
    }
    copy_out_.write(sealed.data(), static_cast<std::streamsize>(sealed.size()));
    copy_out_.flush();
    if (!copy_out_) {
        return fail(ErrorCode::internal,
                    "the bundle cannot be copied here; check the disk and its free space",
                    copy_.string());
    }
    return {};
}

Result<void> BundleReader::read_chunk() {
    std::string sealed(sealed_chunk_bytes, '\0');
    std::optional<OpenedChunk> chunk;
    if (read_copied_chunk(sealed)) {
        chunk = stream_.open(sealed);
        if (chunk) {
            resumed_ += static_cast<std::int64_t>(sealed.size());
        } else {
            copied_.close();  // damaged since it was copied
        }
    }
    if (!chunk) {
        in_.seekg(bytes_);
        in_.read(sealed.data(), static_cast<std::streamsize>(sealed.size()));
        if (!in_) return cut_short();
        chunk = stream_.open(sealed);
        if (!chunk) return damaged("this bundle was changed on its way");
        ZF_CHECK(add_to_copy(sealed));
        if (chunk->is_last && in_.peek() != std::ifstream::traits_type::eof()) {
            return damaged("something stands behind the end of this bundle");
        }
    }
    bytes_ += static_cast<std::int64_t>(sealed.size());
    saw_last_ = chunk->is_last;
    if (chunk->plain.size() != BundleLimits::chunk_bytes) {
        return damaged("this bundle is not what its format says");
    }
    pending_.erase(0, at_);
    at_ = 0;
    pending_ += chunk->plain;
    return {};
}

/// Makes so many bytes available at `at_`.
Result<void> BundleReader::fill(std::size_t bytes) {
    while (pending_.size() - at_ < bytes) {
        if (saw_last_) return damaged("this bundle ends within a frame");
        ZF_CHECK(read_chunk());
    }
    return {};
}

/// Behind the signature: zeros to the end of the chunk that has the final tag.
Result<void> BundleReader::end() {
    const bool is_zero = std::all_of(pending_.begin() + static_cast<std::ptrdiff_t>(at_),
                                     pending_.end(), [](char c) { return c == '\0'; });
    if (!saw_last_ || !is_zero) return damaged("this bundle is not what its format says");
    copy_out_.close();
    return {};
}

Result<std::optional<BundleFrame>> BundleReader::next() {
    if (signed_hash_) return std::optional<BundleFrame>();
    ZF_CHECK(fill(frame_head_bytes));
    const std::string head = pending_.substr(at_, frame_head_bytes);
    const std::size_t length = frame_length(head);
    const bool is_end = head[0] == end_kind;
    if (length > BundleLimits::frame_bytes_max || (is_end && length != signature_bytes)) {
        return damaged("this bundle holds a frame longer than frames can be");
    }
    at_ += frame_head_bytes;
    ZF_CHECK(fill(length));
    BundleFrame frame{head[0], pending_.substr(at_, length)};
    at_ += length;
    if (!is_end) {
        hash_.add(head);
        hash_.add(frame.payload);
        return std::optional(std::move(frame));
    }
    signature_ = std::move(frame.payload);
    signed_hash_ = hash_.finish();
    ZF_CHECK(end());
    return std::optional<BundleFrame>();
}

bool BundleReader::is_signed_by(const PublicKey& sender) const {
    ZF_ASSERT(signed_hash_.has_value());
    return verify_signature(sender, signed_part(*signed_hash_), signature_);
}

}  // namespace zf
