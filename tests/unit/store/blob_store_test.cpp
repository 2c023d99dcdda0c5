#include "common/store/blob_store.h"

#include <doctest/doctest.h>

#include <fstream>
#include <vector>

#include "tests/unit/store/scratch_folder.h"

namespace zf::testing {
namespace {

namespace fs = std::filesystem;

void write_file(const fs::path& file, const std::string& content) {
    std::ofstream(file, std::ios::binary) << content;
}

std::string read_file(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string some_bytes(std::size_t count, char seed) {
    std::string bytes(count, seed);
    for (std::size_t i = 0; i < count; ++i)
        bytes[i] = static_cast<char>(seed + static_cast<int>(i % 251));
    return bytes;
}

fs::path place_of(const ScratchFolder& scratch, const Hash256& hash) {
    return scratch.path / "blobs" / hash.hex().substr(0, 2) / hash.hex();
}

}  // namespace

TEST_CASE("a file goes in and comes out under its hash") {
    const ScratchFolder scratch;
    BlobStore store(scratch.path / "blobs");
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{3} << 20}) {
        CAPTURE(size);
        const std::string content = some_bytes(size, 'a');
        write_file(scratch.path / "in.jpg", content);
        const auto hash = store.add_file(scratch.path / "in.jpg");
        REQUIRE(hash.has_value());
        CHECK(*hash == sha256(content));
        CHECK(store.has(*hash));
        CHECK(store.size_of(*hash) == static_cast<std::int64_t>(size));
        CHECK(read_file(place_of(scratch, *hash)) == content);
        const auto again = store.add_bytes(content);
        REQUIRE(again.has_value());
        CHECK(*again == *hash);
        const auto copied = store.copy_to(*hash, scratch.path / "out.jpg");
        REQUIRE(copied.has_value());
        CHECK(*copied == static_cast<std::int64_t>(size));
        CHECK(read_file(scratch.path / "out.jpg") == content);
    }
}

TEST_CASE("what cannot go in is refused and leaves nothing") {
    const ScratchFolder scratch;
    BlobStore store(scratch.path / "blobs");
    const auto absent = store.add_file(scratch.path / "absent.jpg");
    REQUIRE_FALSE(absent.has_value());
    CHECK(absent.error().code == ErrorCode::not_found);
    CHECK_FALSE(store.add_file(scratch.path).has_value());  // a folder
    {
        write_file(scratch.path / "huge", "");
        fs::resize_file(scratch.path / "huge",
                        static_cast<std::uintmax_t>(BlobStore::blob_bytes_max) + 1);
    }
    const auto huge = store.add_file(scratch.path / "huge");
    REQUIRE_FALSE(huge.has_value());
    CHECK(huge.error().code == ErrorCode::too_large);
    const Hash256 hash = sha256("x");
    const auto large = store.append_chunk(hash, 0, BlobStore::blob_bytes_max + 1, "x");
    REQUIRE_FALSE(large.has_value());
    CHECK(large.error().code == ErrorCode::too_large);
    CHECK(store.partial_size(hash) == 0);
}

TEST_CASE("pieces are read at any offset") {
    const ScratchFolder scratch;
    BlobStore store(scratch.path / "blobs");
    const std::string content = some_bytes(1000, 'b');
    const Hash256 hash = *store.add_bytes(content);
    CHECK(*store.read(hash, 0, 10) == content.substr(0, 10));
    CHECK(*store.read(hash, 990, 100) == content.substr(990));
    CHECK(store.read(hash, 1000, 10)->empty());
    CHECK(store.read(hash, 5000, 10)->empty());
    const auto absent = store.read(sha256("another"), 0, 10);
    REQUIRE_FALSE(absent.has_value());
    CHECK(absent.error().code == ErrorCode::not_found);
    CHECK(store.size_of(sha256("another")) == 0);
    CHECK_FALSE(store.copy_to(sha256("another"), scratch.path / "out").has_value());
    CHECK_FALSE(fs::exists(scratch.path / "out"));
}

TEST_CASE("chunks are resumed at the byte, also by another program") {
    const ScratchFolder scratch;
    const std::string content = some_bytes(1000, 'c');
    const Hash256 hash = sha256(content);
    const std::vector<std::size_t> cuts{0, 1, 400, 999, 1000};
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
        BlobStore store(scratch.path / "blobs");  // opened anew for each chunk
        const auto offset = static_cast<std::int64_t>(cuts[i]);
        CHECK(store.partial_size(hash) == offset);
        CHECK_FALSE(store.has(hash));
        CHECK_FALSE(store.read(hash, 0, 10).has_value());
        const auto done =
            store.append_chunk(hash, offset, 1000, content.substr(cuts[i], cuts[i + 1] - cuts[i]));
        REQUIRE(done.has_value());
        CHECK(*done == (cuts[i + 1] == 1000));
    }
    BlobStore store(scratch.path / "blobs");
    CHECK(store.has(hash));
    CHECK(store.partial_size(hash) == 0);
    CHECK(*store.read(hash, 0, 2000) == content);
    // A chunk that comes once more changes nothing.
    CHECK(*store.append_chunk(hash, 400, 1000, content.substr(400, 10)));
    CHECK(*store.read(hash, 0, 2000) == content);
}

TEST_CASE("a chunk in the wrong place is refused with the right one") {
    const ScratchFolder scratch;
    BlobStore store(scratch.path / "blobs");
    const std::string content = some_bytes(1000, 'd');
    const Hash256 hash = sha256(content);
    CHECK(*store.append_chunk(hash, 0, 1000, content.substr(0, 400)) == false);
    struct Case {
        std::int64_t offset, total;
        std::size_t size;
    };
    for (const Case& bad : {Case{0, 1000, 400}, Case{399, 1000, 10}, Case{401, 1000, 10},
                            Case{400, 1000, 601}, Case{400, 1000, 0}, Case{400, 300, 10},
                            Case{INT64_MAX, 1000, 10}, Case{INT64_MIN, 1000, 10}}) {
        CAPTURE(bad.offset);
        CAPTURE(bad.size);
        const auto refused =
            store.append_chunk(hash, bad.offset, bad.total, some_bytes(bad.size, 'x'));
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == ErrorCode::out_of_range);
        CHECK(refused.error().message.find("400") != std::string::npos);
        CHECK(store.partial_size(hash) == 400);
    }
    CHECK(*store.append_chunk(hash, 400, 1000, content.substr(400)));
}

TEST_CASE("content that does not fit its hash is dropped and starts over") {
    const ScratchFolder scratch;
    BlobStore store(scratch.path / "blobs");
    const std::string content = some_bytes(1000, 'e');
    const Hash256 hash = sha256(content);
    CHECK(*store.append_chunk(hash, 0, 1000, some_bytes(500, 'z')) == false);
    const auto damaged = store.append_chunk(hash, 500, 1000, content.substr(500));
    REQUIRE_FALSE(damaged.has_value());
    CHECK(damaged.error().code == ErrorCode::damaged);
    CHECK_FALSE(store.has(hash));
    CHECK(store.partial_size(hash) == 0);
    CHECK(*store.append_chunk(hash, 0, 1000, content));
    CHECK(store.has(hash));
}

TEST_CASE("a stored file that was changed is not handed out as an original") {
    const ScratchFolder scratch;
    BlobStore store(scratch.path / "blobs");
    const Hash256 hash = *store.add_bytes("original");
    write_file(place_of(scratch, hash), "originaL");
    const auto copied = store.copy_to(hash, scratch.path / "out");
    REQUIRE_FALSE(copied.has_value());
    CHECK(copied.error().code == ErrorCode::damaged);
    CHECK_FALSE(fs::exists(scratch.path / "out"));
}

TEST_CASE("an unfinished transfer does not stand in the way of the same file added here") {
    const ScratchFolder scratch;
    BlobStore store(scratch.path / "blobs");
    const std::string content = some_bytes(1000, 'f');
    const Hash256 hash = sha256(content);
    CHECK(*store.append_chunk(hash, 0, 1000, some_bytes(300, 'z')) == false);
    CHECK(*store.add_bytes(content) == hash);
    CHECK(*store.read(hash, 0, 2000) == content);
    CHECK(store.partial_size(hash) == 0);
}

TEST_CASE("nothing lies outside the folder, and only its owner may look into it") {
    const ScratchFolder scratch;
    BlobStore store(scratch.path / "blobs");
    const Hash256 hash = *store.add_bytes("a picture");
    CHECK(*store.append_chunk(sha256("half"), 0, 4, "ha") == false);
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(scratch.path)) {
        if (!entry.is_regular_file()) continue;
        ++files;
        CHECK(entry.path().string().starts_with((scratch.path / "blobs").string()));
    }
    CHECK(files == 2);
    CHECK(fs::status(scratch.path / "blobs").permissions() == fs::perms::owner_all);
    CHECK(fs::status(place_of(scratch, hash)).permissions() ==
          (fs::perms::owner_read | fs::perms::owner_write));
    // The only name a blob can have is its hash: 64 hex digits.
    for (const char* name : {"../../etc/passwd", "", "ab", "/etc/passwd"}) {
        CHECK_FALSE(parse_hash256(name).has_value());
    }
}

}  // namespace zf::testing
