// Photos for the road: what a phone takes has four megabytes and a village's line a few kilobytes
// a second. A photo that is added to a record is kept as a smaller JPEG, as its original, or as
// both, as set on this laptop and chosen for each photo. docs/data-model.md says what a copy keeps.
// Knows no screen; the copying is for a worker.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "client/image/image.h"
#include "common/base/ids.h"
#include "common/db/db.h"

namespace zf {

inline constexpr int reduced_side = 1600, reduced_quality = 85;
/// A file that is neither larger than this nor has a longer side stays as it is.
inline constexpr std::size_t reduced_bytes = 600u << 10;

/// What is kept of a photo; stored by name.
enum class PhotoKeep { reduced, original, both };
std::string_view name_of(PhotoKeep keep);
std::optional<PhotoKeep> photo_keep_named(std::string_view name);
/// As set on this laptop; at first `reduced`.
PhotoKeep photo_keep(Db& db);
void set_photo_keep(Db& db, PhotoKeep keep);

/// The smaller copy: upright, longer side at most 1600, with the camera's time and place and
/// nothing else of what it wrote. Nothing where it would not pay: no photo that is read here, a
/// small one, or a copy of more than four fifths of the original. Error: `interrupted`.
Result<std::optional<std::string>> reduce_photo(std::string_view bytes, const GiveUp& gives_up);

/// A file that was copied into the store.
struct AddedFile {
    std::filesystem::path source;
    PhotoKeep keep = PhotoKeep::original;  // as done: `reduced` and `both` only where it paid
    std::vector<Hash256> hashes;           // the smaller copy first
    std::int64_t bytes_before = 0, bytes_after = 0;  // of the original; of all that is kept
    bool can_be_reduced = false;
};
/// Copies a file into the attachments of the data folder `home`, on disk when it returns. Only
/// photos are made smaller. Errors: `not_found`, `too_large`, `interrupted`, `internal`.
Result<AddedFile> copy_in(const std::filesystem::path& home, const std::filesystem::path& source,
                          bool is_photo, PhotoKeep keep, const GiveUp& gives_up);

/// The name that an attachment had as a file here. Records name their attachments by hash alone, so
/// only this laptop knows it; empty when it does not.
std::string attachment_name(Db& db, const Hash256& hash);
void note_attachment_name(Db& db, const Hash256& hash, const std::string& name);

}  // namespace zf
