// PNG files to pixels, over libpng. The only file that knows that library. Refuses what is beyond
// the limits before it takes memory.
#pragma once

#include <string_view>

#include "client/image/pixels.h"
#include "common/base/result.h"

namespace zf {

/// The beginning of a file is enough. Errors: `malformed`; `too_large`.
Result<PixelSize> read_png_size(std::string_view bytes);
/// The whole picture, 8 bits a colour. Errors: `malformed`, also of a file that is cut off;
/// `too_large`.
Result<Pixels> decode_png(std::string_view bytes);
/// For tests and small pictures that the program makes itself.
std::string encode_png(const Pixels& pixels);

}  // namespace zf
