// JPEG files to pixels and back, over libjpeg-turbo. The only file that knows how that library
// reports errors. Refuses what is beyond the limits before it takes memory.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "client/image/pixels.h"
#include "common/base/result.h"

namespace zf {

/// Asked now and then while a picture is decoded: true ends it with `interrupted`.
using GiveUp = std::function<bool()>;

struct JpegHeader {
    int width = 0, height = 0;  // as stored
    std::string exif;           // the APP1 segment, "Exif" and two zeros at its beginning; or empty
};

/// The beginning of a file is enough. Errors: `malformed`; `too_large`.
Result<JpegHeader> read_jpeg_header(std::string_view bytes);
/// Decoded at the smallest size that the format offers whose longer side is at least `side_wanted`,
/// or at its own. Of a file that is cut off, what there is; the rest is grey. Errors: `malformed`,
/// `too_large`, `interrupted`.
Result<Pixels> decode_jpeg(std::string_view bytes, int side_wanted, const GiveUp& gives_up);
/// `quality` 1 to 100; `exif` as in JpegHeader. What is transparent becomes white.
std::string encode_jpeg(const Pixels& pixels, int quality, std::string_view exif);

}  // namespace zf
