// Small pictures of attachments: made once, kept beside them, made anew when they were deleted.
#include "client/app/thumbnail.h"

#include <doctest/doctest.h>

#include <fstream>

#include "common/store/blob_store.h"
#include "tests/unit/image/picture_files.h"
#include "tests/unit/store/scratch_folder.h"

namespace zf::testing {
namespace {

namespace fs = std::filesystem;

struct Folder {
    ScratchFolder scratch;
    BlobStore blobs{scratch.path / "blobs"};

    Hash256 add(const std::string& bytes) { return *blobs.add_bytes(bytes); }
    Result<Thumbnail> of(const Hash256& hash) {
        return thumbnail_of_attachment(scratch.path, hash, {});
    }
    fs::path kept(const Hash256& hash) {
        return blob_path(scratch.path / "thumbnails", hash).string() + ".jpg";
    }
};

}  // namespace

TEST_CASE("a thumbnail is upright, small, and kept with what the camera wrote") {
    Folder folder;
    const std::string file = photo(600, 300, 6);
    const Hash256 hash = folder.add(file);
    const auto made = folder.of(hash);
    REQUIRE(made.has_value());
    CHECK(made->kind == FileKind::picture);
    CHECK(made->bytes == static_cast<std::int64_t>(file.size()));
    CHECK(made->facts->width == 300);
    CHECK(made->pixels.width == 128);
    CHECK(made->pixels.height == 256);
    REQUIRE(fs::exists(folder.kept(hash)));
    // The kept one is taken: another picture in its place is what is shown.
    std::ofstream(folder.kept(hash), std::ios::binary) << photo(50, 40);
    CHECK(folder.of(hash)->pixels.width == 50);
    // One that is damaged is made anew, and so is one that was deleted.
    std::ofstream(folder.kept(hash), std::ios::binary) << "damaged";
    CHECK(folder.of(hash)->pixels.width == 128);
    fs::remove_all(folder.scratch.path / "thumbnails");
    CHECK(folder.of(hash)->pixels.width == 128);
    CHECK(fs::exists(folder.kept(hash)));
    // It outlives the original, which the bureau has.
    fs::remove(folder.blobs.path_of(hash));
    const auto alone = folder.of(hash);
    REQUIRE(alone.has_value());
    CHECK(alone->bytes == 0);
    CHECK(alone->pixels.height == 256);
    CHECK(alone->facts->camera.taken == "2008-05-12T14:28:04");
    CHECK(alone->facts->camera.place->lat == "31.57");
}

TEST_CASE("what is no picture has none, and what is not here is told") {
    Folder folder;
    const auto pdf = folder.of(folder.add("%PDF-1.4"));
    REQUIRE(pdf.has_value());
    CHECK(pdf->kind == FileKind::pdf);
    CHECK(pdf->bytes == 8);
    CHECK(pdf->pixels.rgba.empty());
    const auto broken = folder.of(folder.add("\xff\xd8\xff broken"));
    REQUIRE(broken.has_value());
    CHECK(broken->kind == FileKind::picture);
    CHECK_FALSE(broken->facts.has_value());
    const auto none = folder.of(sha256("none"));
    REQUIRE_FALSE(none.has_value());
    CHECK(none.error().code == ErrorCode::not_found);
    CHECK_FALSE(fs::exists(folder.scratch.path / "thumbnails"));
    CHECK(thumbnail_of_file("/no/such/file", {}).error().code == ErrorCode::not_found);
    CHECK(thumbnail_of_file(folder.scratch.path, {}).error().code == ErrorCode::not_found);
}

}  // namespace zf::testing
