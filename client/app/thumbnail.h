// Pictures made small for lists and boxes. Those of attachments are kept beside them, in
// HOME/thumbnails/ab/<64 hex>.jpg: they follow from the attachments and may be deleted at any time.
// For a worker: each takes up to half a second. Knows no screen.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "client/app/file_kind.h"
#include "client/image/image.h"
#include "common/base/ids.h"

namespace zf {

inline constexpr int thumbnail_side = 256;

struct Thumbnail {
    FileKind kind = FileKind::other;
    std::int64_t bytes = 0;           // of the file itself; 0: only its thumbnail is here
    std::optional<ImageFacts> facts;  // of a picture that can be read
    Pixels pixels;                    // empty: no picture, or none that can be read
};

/// Of an attachment in the data folder `home`. Errors: `not_found` when neither it nor its
/// thumbnail is here; `interrupted`.
Result<Thumbnail> thumbnail_of_attachment(const std::filesystem::path& home, const Hash256& hash,
                                          const GiveUp& gives_up);
/// Of any file. Errors: `not_found`, `interrupted`.
Result<Thumbnail> thumbnail_of_file(const std::filesystem::path& file, const GiveUp& gives_up);

}  // namespace zf
