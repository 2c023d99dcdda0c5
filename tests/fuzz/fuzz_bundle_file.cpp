// Sealed bundle files for a fixed receiver. The first byte of an input says what is done with it:
//   F  the rest is the file as it is
//   H  the rest is a head line without its check, and what follows it; the check is put in
//   P  the rest is the plain content, sealed as it is in whole chunks: what a receiver finds inside
//   W  two bytes place and one byte mask, then frames (kind, two bytes length, content): they are
//      written as a bundle, and the byte at that place is changed by the mask
// Only what the sender wrote, unchanged, is ever taken for signed; and copying on the way gives the
// same outcome and the same file.
#include <array>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "common/store/bundle_file.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/unit/store/scratch_folder.h"

namespace {

namespace fs = std::filesystem;

struct World {
    zf::testing::ScratchFolder folder;
    zf::KeyPair sender = zf::KeyPair::from_seed({1}), receiver = zf::KeyPair::from_seed({2});
    fs::path file = folder.path / "bundle", copy = folder.path / "copy";
};

World& world() {
    static World made;
    return made;
}

void put(const fs::path& file, std::string_view content) {
    std::ofstream(file, std::ios::binary | std::ios::trunc)
        .write(content.data(), static_cast<std::streamsize>(content.size()));
}

std::string content_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

template <class Bytes>
std::string_view view_of(const Bytes& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string with_check(std::string line) {
    line += zf::blake2b(line).hex().substr(0, 16);
    return line + "\n";
}

/// Head and chunks around this plain text.
std::string sealed(std::string plain) {
    zf::ManualEnv env(7);
    zf::StreamKey key{};
    env.fill_random(key);
    const zf::StreamNonce nonce{1, 2, 3};
    const auto for_receiver = zf::seal_key(key, world().receiver.public_key(), env);
    ZF_ASSERT(for_receiver.has_value());
    std::string file =
        with_check("ZOUFANG-BUNDLE/1 00000000-0000-4000-8000-000000000001 " +
                   zf::device_id_of(world().sender.public_key()).hex() + " " +
                   zf::device_id_of(world().receiver.public_key()).hex() + " " +
                   zf::base64_of(*for_receiver) + " " + zf::base64_of(view_of(nonce)) + " ");
    zf::SealingStream stream(key, nonce, file);
    constexpr std::size_t chunk = zf::BundleLimits::chunk_bytes;
    plain.resize(std::max<std::size_t>(1, (plain.size() + chunk - 1) / chunk) * chunk);
    for (std::size_t at = 0; at < plain.size(); at += chunk) {
        file += stream.seal(std::string_view(plain).substr(at, chunk), at + chunk == plain.size());
    }
    return file;
}

using Frames = std::vector<std::pair<char, std::string>>;

Frames frames_in(std::string_view bytes) {
    Frames frames;
    while (bytes.size() >= 3) {
        const auto high = static_cast<unsigned char>(bytes[1]);
        const auto low = static_cast<unsigned char>(bytes[2]);
        const std::size_t length = std::min<std::size_t>(high * 256u + low, bytes.size() - 3);
        // The writer's own last frame.
        const char kind = bytes[0] == 'Z' ? 'Y' : bytes[0];
        frames.emplace_back(kind, bytes.substr(3, length));
        bytes.remove_prefix(3 + length);
    }
    return frames;
}

struct Reading {
    std::optional<zf::ErrorCode> error;
    bool is_signed = false;
    Frames frames;
    bool operator==(const Reading&) const = default;
};

Reading read_file(const fs::path& copy) {
    Reading reading;
    auto reader = zf::BundleReader::open(world().file, world().receiver, copy);
    const auto header = zf::read_bundle_header(world().file);
    if (!reader) {
        zf::check_refusal(reader.error());
        return {reader.error().code, false, {}};
    }
    ZF_ASSERT(header.has_value() && header->bundle == reader->header().bundle);
    for (;;) {
        auto frame = reader->next();
        if (!frame) {
            zf::check_refusal(frame.error());
            reading.error = frame.error().code;
            return reading;
        }
        if (!frame->has_value()) break;
        reading.frames.emplace_back((*frame)->kind, std::move((*frame)->payload));
    }
    ZF_ASSERT(reader->bytes() == static_cast<std::int64_t>(fs::file_size(world().file)));
    reading.is_signed = reader->is_signed_by(world().sender.public_key());
    return reading;
}

/// Reads the file in all ways; they must agree.
Reading read_in_all_ways() {
    const Reading plain = read_file({});
    fs::remove(world().copy);
    ZF_ASSERT(read_file(world().copy) == plain);
    if (!plain.error) {
        const std::string whole = content_of(world().file);
        ZF_ASSERT(content_of(world().copy) == whole);
        // Going on with half a copy, and with a whole one.
        fs::resize_file(world().copy, whole.size() / 2);
        ZF_ASSERT(read_file(world().copy) == plain);
        ZF_ASSERT(read_file(world().copy) == plain);
        ZF_ASSERT(content_of(world().copy) == whole);
    }
    return plain;
}

/// The frames written as a bundle; what `change` does with its bytes is read.
zf::Verdict write_and_change(std::string_view bytes) {
    if (bytes.size() < 3) return zf::Verdict::refused;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const Frames frames = frames_in(bytes.substr(3));
    zf::ManualEnv env(9);
    auto writer =
        zf::BundleWriter::create(world().file, world().sender, world().receiver.public_key(), env);
    ZF_ASSERT(writer.has_value());
    for (const auto& [kind, payload] : frames) ZF_ASSERT(writer->add(kind, payload).has_value());
    const auto size = writer->finish();
    ZF_ASSERT(size.has_value());
    const std::size_t place = (byte(0) * 256u + byte(1)) % static_cast<std::size_t>(*size);
    if (byte(2) != 0) {
        std::string content = content_of(world().file);
        content[place] = static_cast<char>(static_cast<unsigned char>(content[place]) ^ byte(2));
        put(world().file, content);
    }
    const Reading reading = read_in_all_ways();
    ZF_ASSERT(reading.error.has_value() == (byte(2) != 0));
    if (reading.error) return zf::Verdict::refused;
    ZF_ASSERT(reading.is_signed && reading.frames == frames);
    return zf::Verdict::accepted;
}

}  // namespace

zf::Verdict zf::take_input(std::string_view bytes) {
    if (bytes.empty()) return Verdict::refused;
    const char way = bytes[0];
    bytes.remove_prefix(1);
    if (way == 'W') return write_and_change(bytes);
    if (way == 'H') {
        const std::size_t end = std::min(bytes.find('\n'), bytes.size());
        std::string file = with_check(std::string(bytes.substr(0, end)) + " ");
        put(world().file, file.append(bytes.substr(std::min(end + 1, bytes.size()))));
    } else {
        put(world().file, way == 'P' ? sealed(std::string(bytes)) : std::string(bytes));
    }
    const Reading reading = read_in_all_ways();
    ZF_ASSERT(!reading.is_signed);  // the sender's key was not used
    return Verdict::refused;
}
