// Pictures of any kind that is read here (JPEG, PNG): what they are, their pixels upright at the
// size that is needed. Bytes in, pixels out, on whatever thread asks; takes up to half a second for
// a large photo, so never that of the screens. Knows no files and no screen.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "client/image/image_exif.h"
#include "client/image/image_jpeg.h"
#include "client/image/pixels.h"
#include "common/base/result.h"

namespace zf {

enum class ImageKind { jpeg, png };

struct ImageFacts {
    ImageKind kind = ImageKind::jpeg;
    int width = 0, height = 0;  // upright
    ExifFacts camera;
};

/// So much from the beginning of a file is enough for read_image_facts.
inline constexpr std::size_t image_head_bytes = 256u << 10;

/// By the first bytes: the names of files lie.
std::optional<ImageKind> image_kind_of(std::string_view bytes);

/// Errors: `wrong_type` (no picture of a kind that is read here), `malformed`, `too_large`.
Result<ImageFacts> read_image_facts(std::string_view bytes);
/// Upright, the longer side at most `side_max`. Errors: the same, and `interrupted`.
Result<Pixels> decode_image(std::string_view bytes, int side_max, const GiveUp& gives_up = {});

}  // namespace zf
