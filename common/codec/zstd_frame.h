// Compressed frames of the wire: zstd, with a bound on what a hostile frame may unpack to.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace zf {

/// One zstd frame at level 3.
std::string compress_frame(std::string_view content);
/// Refused `malformed`: not one whole zstd frame. Refused `too_large` as soon as more than
/// bytes_max have been unpacked, and a frame that needs a window of more than 8 MiB.
Result<std::string> decompress_frame(std::string_view frame, std::size_t bytes_max);

}  // namespace zf
