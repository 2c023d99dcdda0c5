#include "client/app/thumbnail.h"

#include <fstream>

#include "common/base/private_files.h"
#include "common/store/blob_store.h"

namespace zf {
namespace {

namespace fs = std::filesystem;

constexpr int quality = 82;

Result<std::string> read_head(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::error_code error;
    if (!in || !fs::is_regular_file(file, error)) {
        return fail(ErrorCode::not_found, "this file cannot be read", file.string());
    }
    std::string head(image_head_bytes, '\0');
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(in.gcount()));
    return head;
}

/// What the first bytes tell; no pixels yet.
Result<Thumbnail> look_at(const fs::path& file) {
    const auto head = read_head(file);
    if (!head) return fail(head.error());
    Thumbnail thumbnail;
    thumbnail.kind = kind_by_content(*head);
    std::error_code error;
    const auto bytes = fs::file_size(file, error);
    thumbnail.bytes = error ? 0 : static_cast<std::int64_t>(bytes);
    if (auto facts = read_image_facts(*head)) thumbnail.facts = *facts;
    return thumbnail;
}

/// Decodes a file into `thumbnail`. What cannot be read stays without pixels.
Result<void> decode_into(Thumbnail& thumbnail, const fs::path& file, const GiveUp& gives_up) {
    auto bytes = read_whole_file(file, static_cast<std::size_t>(BlobStore::blob_bytes_max));
    if (!bytes) return {};
    auto pixels = decode_image(*bytes, thumbnail_side, gives_up);
    if (!pixels && pixels.error().code == ErrorCode::interrupted) return fail(pixels.error());
    if (pixels) thumbnail.pixels = std::move(*pixels);
    return {};
}

}  // namespace

Result<Thumbnail> thumbnail_of_file(const fs::path& file, const GiveUp& gives_up) {
    auto thumbnail = look_at(file);
    if (!thumbnail || !thumbnail->facts) return thumbnail;
    ZF_CHECK(decode_into(*thumbnail, file, gives_up));
    return thumbnail;
}

Result<Thumbnail> thumbnail_of_attachment(const fs::path& home, const Hash256& hash,
                                          const GiveUp& gives_up) {
    const fs::path original = blob_path(home / "blobs", hash);
    fs::path small = blob_path(home / "thumbnails", hash);
    small += ".jpg";
    auto thumbnail = look_at(original);
    const auto kept = look_at(small);
    if (!thumbnail && !kept) return fail(thumbnail.error());
    if (!thumbnail) {
        // The original was put away: the bureau has it.
        thumbnail = *kept;
        thumbnail->bytes = 0;
    }
    if (!thumbnail->facts) return thumbnail;
    if (kept && kept->facts) {
        ZF_CHECK(decode_into(*thumbnail, small, gives_up));
        if (!thumbnail->pixels.rgba.empty()) return thumbnail;
    }
    ZF_CHECK(decode_into(*thumbnail, original, gives_up));
    if (thumbnail->pixels.rgba.empty()) return thumbnail;
    ExifFacts camera = thumbnail->facts->camera;
    camera.orientation = 1;
    // A thumbnail that cannot be kept (a full disk) is made anew the next time.
    if (make_private_folder(small.parent_path())) {
        const auto written =
            write_hint_file(small, encode_jpeg(thumbnail->pixels, quality, write_exif(camera)));
        if (!written) return thumbnail;
    }
    return thumbnail;
}

}  // namespace zf
