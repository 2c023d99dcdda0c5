#include "client/app/photo_copy.h"

#include <algorithm>

#include "common/base/private_files.h"
#include "common/store/blob_store.h"
#include "common/store/schema.h"

namespace zf {
namespace {

constexpr std::string_view keep_fact = "photos.keep";

std::string name_fact(const Hash256& hash) {
    return "attachment.name." + hash.hex();
}

}  // namespace

std::string_view name_of(PhotoKeep keep) {
    switch (keep) {
        case PhotoKeep::original:
            return "original";
        case PhotoKeep::both:
            return "both";
        case PhotoKeep::reduced:
            break;
    }
    return "reduced";
}

std::optional<PhotoKeep> photo_keep_named(std::string_view name) {
    for (const PhotoKeep keep : {PhotoKeep::reduced, PhotoKeep::original, PhotoKeep::both}) {
        if (name_of(keep) == name) return keep;
    }
    return std::nullopt;
}

PhotoKeep photo_keep(Db& db) {
    return photo_keep_named(find_fact(db, keep_fact).value_or("")).value_or(PhotoKeep::reduced);
}

void set_photo_keep(Db& db, PhotoKeep keep) {
    set_fact(db, keep_fact, name_of(keep));
}

Result<std::optional<std::string>> reduce_photo(std::string_view bytes, const GiveUp& gives_up) {
    std::optional<std::string> none;
    const auto facts = read_image_facts(bytes);
    if (!facts) return none;
    const bool is_small = std::max(facts->width, facts->height) <= reduced_side;
    if (is_small && bytes.size() <= reduced_bytes) return none;
    const auto pixels = decode_image(bytes, reduced_side, gives_up);
    if (!pixels && pixels.error().code == ErrorCode::interrupted) return fail(pixels.error());
    if (!pixels) return none;
    ExifFacts camera = facts->camera;
    camera.orientation = 1;
    std::string copy = encode_jpeg(*pixels, reduced_quality, write_exif(camera));
    if (copy.size() > bytes.size() / 5 * 4) return none;
    return std::optional(std::move(copy));
}

Result<AddedFile> copy_in(const std::filesystem::path& home, const std::filesystem::path& source,
                          bool is_photo, PhotoKeep keep, const GiveUp& gives_up) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(source, error)) {
        return fail(ErrorCode::not_found, "this file cannot be read", source.string());
    }
    const auto bytes = read_whole_file(source, static_cast<std::size_t>(BlobStore::blob_bytes_max));
    if (!bytes) return fail(bytes.error());
    AddedFile added;
    added.source = source;
    added.bytes_before = static_cast<std::int64_t>(bytes->size());
    std::optional<std::string> copy;
    if (is_photo) {
        auto reduced = reduce_photo(*bytes, gives_up);
        if (!reduced) return fail(reduced.error());
        copy = std::move(*reduced);
    }
    added.can_be_reduced = copy.has_value();
    if (added.can_be_reduced) added.keep = keep;
    BlobStore blobs(home / "blobs");
    const auto store = [&](const std::string& content) -> Result<void> {
        const auto hash = blobs.add_bytes(content);
        if (!hash) return fail(hash.error());
        added.hashes.push_back(*hash);
        added.bytes_after += static_cast<std::int64_t>(content.size());
        return {};
    };
    if (added.keep != PhotoKeep::original) ZF_CHECK(store(*copy));
    if (added.keep != PhotoKeep::reduced) ZF_CHECK(store(*bytes));
    return added;
}

std::string attachment_name(Db& db, const Hash256& hash) {
    return find_fact(db, name_fact(hash)).value_or("");
}

void note_attachment_name(Db& db, const Hash256& hash, const std::string& name) {
    set_fact(db, name_fact(hash), name);
}

}  // namespace zf
