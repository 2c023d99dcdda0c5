// A picture as pixels, and what is done to pixels: turning as a camera was held, making smaller.
// Knows no file formats.
#pragma once

#include <cstdint>
#include <vector>

namespace zf {

struct Pixels {
    int width = 0, height = 0;
    std::vector<std::uint8_t> rgba;  // width * height * 4 bytes, rows from the top
};

/// Bytes that a picture of this size takes as Pixels.
std::size_t pixel_bytes(int width, int height);

/// The size at which the longer side is at most `side_max`; never larger than it was, and at least
/// one pixel each way. Precondition: all above 0.
struct PixelSize {
    int width = 0, height = 0;
};
PixelSize size_within(PixelSize size, int side_max);

/// Each new pixel is the mean of the area that it covers. Precondition: no side grows.
Pixels shrink(const Pixels& pixels, PixelSize size);

/// The picture as it is to be seen; `orientation` is that of EXIF, 1 to 8 (TIFF 6.0, tag 274).
Pixels turn_upright(Pixels pixels, int orientation);
/// Whether width and height change places by it.
bool swaps_sides(int orientation);

}  // namespace zf
