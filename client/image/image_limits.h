// How large a picture may be before it is refused unread: a file of a few bytes can claim any size.
// Told in docs/limits.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "common/base/result.h"

namespace zf {

/// Beyond what phones take (108 and more megapixels are joined from fewer, and are read at an
/// eighth of their size when a smaller picture is wanted).
inline constexpr std::int64_t image_pixels_max = 220'000'000;
/// Those that are in memory as a whole while they are read: progressive JPEG, PNG.
inline constexpr std::int64_t progressive_pixels_max = 60'000'000, png_pixels_max = 40'000'000;
/// Of what comes out.
inline constexpr std::size_t decoded_bytes_max = 256u << 20;

inline Unexpected too_many_pixels(std::int64_t width, std::int64_t height, std::int64_t most) {
    return fail(ErrorCode::too_large, "a picture of " + std::to_string(width) + " x " +
                                          std::to_string(height) + " pixels is not read; at most " +
                                          std::to_string(most) + " pixels in all");
}

}  // namespace zf
