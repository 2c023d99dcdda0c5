// The sealed container: what was written comes out, and nothing else ever does.
#include <doctest/doctest.h>

#include <fstream>

#include "common/store/bundle_content.h"
#include "tests/unit/store/scratch_folder.h"

namespace zf {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t header_bytes = 278;
constexpr std::size_t sealed_chunk = BundleLimits::chunk_bytes + chunk_overhead_bytes;

std::string content_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void put(const fs::path& file, std::string_view content) {
    std::ofstream(file, std::ios::binary)
        .write(content.data(), static_cast<std::streamsize>(content.size()));
}

std::string slug(const Error& error) {
    return std::string(facts_of(error.code).slug);
}

struct World {
    testing::ScratchFolder folder;
    ManualEnv env{20080512, 1'211'000'000'000};
    KeyPair sender = KeyPair::generate(env), receiver = KeyPair::generate(env);
    fs::path file = folder.path / "bundle";

    /// Frames of these lengths, with bytes that do not repeat.
    std::vector<BundleFrame> write(const std::vector<std::size_t>& lengths) {
        std::vector<BundleFrame> frames;
        auto writer = BundleWriter::create(file, sender, receiver.public_key(), env);
        REQUIRE(writer.has_value());
        for (const std::size_t length : lengths) {
            std::string payload(length, '\0');
            for (char& c : payload) c = static_cast<char>(env.next_u64());
            frames.push_back({static_cast<char>('A' + frames.size() % 20), payload});
            REQUIRE(writer->add(frames.back().kind, payload).has_value());
        }
        const auto bytes = writer->finish();
        REQUIRE(bytes.has_value());
        CHECK(*bytes == static_cast<std::int64_t>(fs::file_size(file)));
        return frames;
    }

    /// "ok", or how reading the file to its end failed. What was read goes to `frames`.
    std::string read(const KeyPair& own, const fs::path& copy = {},
                     std::vector<BundleFrame>* frames = nullptr, std::int64_t* resumed = nullptr) {
        auto reader = BundleReader::open(file, own, copy);
        if (!reader) return slug(reader.error());
        for (;;) {
            auto frame = reader->next();
            if (!frame) return slug(frame.error());
            if (!frame->has_value()) break;
            if (frames) frames->push_back(std::move(**frame));
        }
        if (resumed) *resumed = reader->bytes_resumed();
        return reader->is_signed_by(sender.public_key()) ? "ok" : "bad_signature";
    }
};

TEST_CASE("what was written is read, at every alignment to the chunks") {
    const std::vector<std::vector<std::size_t>> cases{
        {},
        {0},
        {1, 2, 3},
        {BundleLimits::chunk_bytes - 5},
        {BundleLimits::chunk_bytes - 4},
        {BundleLimits::chunk_bytes - 6},
        {BundleLimits::chunk_bytes - 5 - 69},
        {BundleLimits::chunk_bytes - 5 - 68},
        {3 * BundleLimits::chunk_bytes, 7, 0, 100'000},
        {2'000'000, 1}};
    for (const auto& lengths : cases) {
        World world;
        const auto written = world.write(lengths);
        std::vector<BundleFrame> read;
        REQUIRE(world.read(world.receiver, {}, &read) == "ok");
        REQUIRE(read.size() == written.size());
        for (std::size_t i = 0; i < read.size(); ++i) {
            CHECK(read[i].kind == written[i].kind);
            CHECK((read[i].payload == written[i].payload));
        }
        CHECK((fs::file_size(world.file) - header_bytes) % sealed_chunk == 0);
        CHECK_FALSE(fs::exists(world.folder.path / "bundle.part"));
    }
}

TEST_CASE("a bundle that is not finished leaves nothing behind") {
    World world;
    {
        auto writer =
            BundleWriter::create(world.file, world.sender, world.receiver.public_key(), world.env);
        REQUIRE(writer.has_value());
        REQUIRE(writer->add('A', std::string(100'000, 'x')).has_value());
    }
    CHECK(fs::is_empty(world.folder.path));
}

TEST_CASE("a file that was cut off anywhere is known as half a file") {
    World world;
    world.write({40'000, 30'000, 5});
    const std::string whole = content_of(world.file);
    std::vector<std::size_t> lengths;
    for (std::size_t at = 0; at <= header_bytes; ++at) lengths.push_back(at);
    for (std::size_t at = header_bytes; at < whole.size(); at += sealed_chunk) {
        for (const std::size_t off : {0u, 1u, 17u, 8000u, 16'400u}) {
            if (at + off < whole.size()) lengths.push_back(at + off);
        }
    }
    for (const std::size_t length : lengths) {
        put(world.file, std::string_view(whole).substr(0, length));
        INFO(length);
        CHECK(world.read(world.receiver) == "interrupted");
    }
}

TEST_CASE("a part of an attachment lies within what attachments can be") {
    const auto outcome_at = [](std::int64_t offset) {
        const auto part = decode_blob_part(encode_blob_part({sha256("abc"), offset, 3, "abc"}));
        return part ? "ok" : slug(part.error());
    };
    CHECK(outcome_at(0) == "ok");
    CHECK(outcome_at(BlobStore::blob_bytes_max) == "ok");
    for (const std::int64_t bad : {BlobStore::blob_bytes_max + 1, INT64_MAX, INT64_MIN}) {
        CAPTURE(bad);
        CHECK(outcome_at(bad) == "malformed");
    }
}

TEST_CASE("a kind of frame is named in clean text") {
    CHECK(frame_name('X') == "frame X");
    CHECK(frame_name('\xe4') == "frame of kind 228");
    CHECK(frame_name('\n') == "frame of kind 10");
}

TEST_CASE("one changed byte anywhere is noticed") {
    World world;
    world.write({40'000, 30'000, 5});
    const std::string whole = content_of(world.file);
    const auto check_flip = [&](std::size_t at, unsigned char bits) {
        std::string changed = whole;
        changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ bits);
        put(world.file, changed);
        const std::string outcome = world.read(world.receiver);
        INFO("byte ", at, " bits ", static_cast<int>(bits), " ", outcome);
        CHECK(outcome != "ok");
        // Only what makes it no bundle at all may be called something else than damaged.
        if (at >= 15) CHECK(outcome == "damaged");
    };
    for (std::size_t at = 0; at < header_bytes; ++at) {
        check_flip(at, 1);
        check_flip(at, 0x20);
    }
    for (int i = 0; i < 1000; ++i) {
        const std::size_t at = world.env.next_u64() % whole.size();
        check_flip(at, static_cast<unsigned char>(1u << (world.env.next_u64() % 8)));
    }
}

TEST_CASE("what stands behind the end, other receivers and other signers are refused") {
    World world;
    world.write({100});
    const std::string whole = content_of(world.file);
    SUBCASE("one byte more") {
        put(world.file, whole + "x");
        CHECK(world.read(world.receiver) == "damaged");
    }
    SUBCASE("chunks of another bundle behind it") {
        put(world.file, whole + whole.substr(header_bytes));
        CHECK(world.read(world.receiver) == "damaged");
    }
    SUBCASE("another receiver") {
        CHECK(world.read(KeyPair::generate(world.env)) == "damaged");
        CHECK(world.read(world.sender) == "damaged");
    }
    SUBCASE("another signer") {
        world.sender = KeyPair::generate(world.env);
        CHECK(world.read(world.receiver) == "bad_signature");
    }
    SUBCASE("a head under another content") {
        world.write({100});
        put(world.file,
            content_of(world.file).substr(0, header_bytes) + whole.substr(header_bytes));
        CHECK(world.read(world.receiver) == "damaged");
    }
    SUBCASE("a chunk twice, chunks in another order") {
        world.write({50'000});
        const std::string longer = content_of(world.file);
        const std::string head = longer.substr(0, header_bytes);
        const std::string one = longer.substr(header_bytes, sealed_chunk);
        const std::string rest = longer.substr(header_bytes + sealed_chunk);
        put(world.file, head + one + one + rest);
        CHECK(world.read(world.receiver) == "damaged");
        put(world.file, head + rest + one);
        CHECK(world.read(world.receiver) == "damaged");
    }
    SUBCASE("no bundle at all") {
        put(world.file, "PK\x03\x04 some archive");
        CHECK(world.read(world.receiver) == "malformed");
        fs::remove(world.file);
        CHECK(world.read(world.receiver) == "not_found");
        fs::create_directory(world.file);
        CHECK(world.read(world.receiver) == "not_found");
    }
}

TEST_CASE("reading goes on where it was cut off, and does not trust a damaged copy") {
    World world;
    const auto written = world.write({200'000, 100'000});
    const std::string whole = content_of(world.file);
    const fs::path copy = world.folder.path / "copy";
    put(world.file, std::string_view(whole).substr(0, whole.size() * 6 / 10));
    REQUIRE(world.read(world.receiver, copy) == "interrupted");
    const std::size_t kept = fs::file_size(copy);
    CHECK(kept > whole.size() / 2);
    put(world.file, whole);
    std::vector<BundleFrame> read;
    std::int64_t resumed = 0;
    SUBCASE("it goes on") {
        REQUIRE(world.read(world.receiver, copy, &read, &resumed) == "ok");
        CHECK(resumed == static_cast<std::int64_t>(kept - header_bytes));
    }
    SUBCASE("what was copied already is not read again") {
        std::string gone = whole;
        std::fill_n(gone.begin() + header_bytes, kept - header_bytes, '\0');
        put(world.file, gone);
        REQUIRE(world.read(world.receiver, copy, &read) == "ok");
    }
    SUBCASE("the copy ends in part of a chunk") {
        fs::resize_file(copy, kept - 100);
        REQUIRE(world.read(world.receiver, copy, &read) == "ok");
    }
    SUBCASE("the copy was damaged") {
        std::string noise = content_of(copy);
        noise[header_bytes + sealed_chunk + 7] ^= 1;
        put(copy, noise);
        REQUIRE(world.read(world.receiver, copy, &read, &resumed) == "ok");
        CHECK(resumed == static_cast<std::int64_t>(sealed_chunk));
    }
    SUBCASE("the copy is of another bundle") {
        put(copy, "something else altogether");
        REQUIRE(world.read(world.receiver, copy, &read, &resumed) == "ok");
        CHECK(resumed == 0);
    }
    REQUIRE(read.size() == written.size());
    CHECK((read[0].payload == written[0].payload));
    CHECK((read[1].payload == written[1].payload));
    // The copy is the bundle itself: still sealed, whole, and readable without the original.
    CHECK((content_of(copy) == whole));
}

TEST_CASE("nothing of the content can be found in the file") {
    World world;
    auto writer =
        BundleWriter::create(world.file, world.sender, world.receiver.public_key(), world.env);
    REQUIRE(writer.has_value());
    const std::string value = "王三的房屋受损情况";
    REQUIRE(writer->add('A', value).has_value());
    REQUIRE(writer->finish().has_value());
    const std::string sealed = content_of(world.file);
    CHECK(sealed.find(value) == std::string::npos);
    CHECK(sealed.find(value.substr(0, 6)) == std::string::npos);
}

TEST_CASE("parts of attachments fit together, whatever is here already") {
    World world;
    BlobStore from(world.folder.path / "from");
    std::string content(2'500'000, '\0');
    for (char& c : content) c = static_cast<char>(world.env.next_u64());
    const Hash256 hash = *from.add_bytes(content);
    auto writer =
        BundleWriter::create(world.file, world.sender, world.receiver.public_key(), world.env);
    REQUIRE(writer.has_value());
    REQUIRE(add_blob(*writer, from, hash, {}).has_value());
    REQUIRE(writer->finish().has_value());
    std::vector<BundleFrame> frames;
    REQUIRE(world.read(world.receiver, {}, &frames) == "ok");
    REQUIRE(frames.size() == 3);
    int round = 0;
    for (const std::size_t already : {0u, 1u, 1'048'576u, 1'048'577u, 2'499'999u}) {
        BlobStore to(world.folder.path / ("to" + std::to_string(++round)));
        if (already > 0) {
            for (std::size_t at = 0; at < already; at += 1u << 20) {
                const std::size_t size = std::min<std::size_t>(already - at, 1u << 20);
                REQUIRE(to.append_chunk(hash, static_cast<std::int64_t>(at),
                                        static_cast<std::int64_t>(content.size()),
                                        std::string_view(content).substr(at, size))
                            .has_value());
            }
        }
        INFO(already);
        for (std::size_t i = 0; i < frames.size(); ++i) {
            const auto part = decode_blob_part(frames[i].payload);
            REQUIRE(part.has_value());
            const auto whole = take_blob_part(to, *part);
            REQUIRE(whole.has_value());
            CHECK(*whole == (i + 1 == frames.size()));
        }
        CHECK(to.has(hash));
        // Once more changes nothing.
        CHECK(*take_blob_part(to, *decode_blob_part(frames[0].payload)));
    }
}

}  // namespace
}  // namespace zf
