#include "client/image/pixels.h"

#include <algorithm>
#include <cstring>

#include "common/base/assert.h"

namespace zf {
namespace {

/// Which part of a row of old pixels a new one covers, in 1/256 of a pixel.
struct Cover {
    int first = 0, last = 0;                  // old pixels, both included
    std::uint32_t at_first = 0, at_last = 0;  // how much of these two
};

constexpr std::uint32_t whole = 256;

std::vector<Cover> covers(int from, int to) {
    std::vector<Cover> all(static_cast<std::size_t>(to));
    for (int i = 0; i < to; ++i) {
        const std::int64_t begin = std::int64_t{i} * from * whole / to;
        const std::int64_t end = (std::int64_t{i} + 1) * from * whole / to;
        Cover& cover = all[static_cast<std::size_t>(i)];
        cover.first = static_cast<int>(begin / whole);
        cover.last = std::min(static_cast<int>((end - 1) / whole), from - 1);
        cover.at_first = static_cast<std::uint32_t>(whole - begin % whole);
        cover.at_last = static_cast<std::uint32_t>(end - std::int64_t{cover.last} * whole);
        if (cover.first == cover.last) cover.at_first = static_cast<std::uint32_t>(end - begin);
    }
    return all;
}

std::uint32_t weight(const Cover& cover, int at) {
    if (at == cover.first) return cover.at_first;
    return at == cover.last ? cover.at_last : whole;
}

}  // namespace

std::size_t pixel_bytes(int width, int height) {
    return static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4;
}

PixelSize size_within(PixelSize size, int side_max) {
    const int longer = std::max(size.width, size.height);
    if (longer <= side_max) return size;
    const auto scaled = [&](int side) {
        const std::int64_t rounded = (std::int64_t{side} * side_max + longer / 2) / longer;
        return std::max(static_cast<int>(rounded), 1);
    };
    return {scaled(size.width), scaled(size.height)};
}

Pixels shrink(const Pixels& pixels, PixelSize size) {
    ZF_ASSERT(size.width > 0 && size.width <= pixels.width);
    ZF_ASSERT(size.height > 0 && size.height <= pixels.height);
    if (size.width == pixels.width && size.height == pixels.height) return pixels;
    const auto across = covers(pixels.width, size.width);
    const auto down = covers(pixels.height, size.height);
    Pixels out{size.width, size.height, {}};
    out.rgba.resize(pixel_bytes(size.width, size.height));
    // Rows first, so that every old row is read once: sums of one new row.
    std::vector<std::uint64_t> sums(static_cast<std::size_t>(size.width) * 4);
    for (int y = 0; y < size.height; ++y) {
        std::fill(sums.begin(), sums.end(), 0);
        const Cover& rows = down[static_cast<std::size_t>(y)];
        std::uint64_t height = 0;
        for (int old_y = rows.first; old_y <= rows.last; ++old_y) {
            const std::uint32_t by_row = weight(rows, old_y);
            height += by_row;
            const std::uint8_t* row = pixels.rgba.data() + pixel_bytes(pixels.width, old_y);
            for (int x = 0; x < size.width; ++x) {
                const Cover& columns = across[static_cast<std::size_t>(x)];
                std::uint64_t* sum = &sums[static_cast<std::size_t>(x) * 4];
                for (int old_x = columns.first; old_x <= columns.last; ++old_x) {
                    const std::uint64_t by = std::uint64_t{by_row} * weight(columns, old_x);
                    const std::uint8_t* pixel = row + static_cast<std::size_t>(old_x) * 4;
                    for (int part = 0; part < 4; ++part) sum[part] += by * pixel[part];
                }
            }
        }
        std::uint8_t* out_row = out.rgba.data() + pixel_bytes(size.width, y);
        for (int x = 0; x < size.width; ++x) {
            const Cover& columns = across[static_cast<std::size_t>(x)];
            std::uint64_t width = 0;
            for (int old_x = columns.first; old_x <= columns.last; ++old_x) {
                width += weight(columns, old_x);
            }
            const std::uint64_t area = width * height;
            for (std::size_t part = 0; part < 4; ++part) {
                const std::size_t at = static_cast<std::size_t>(x) * 4 + part;
                out_row[at] = static_cast<std::uint8_t>((sums[at] + area / 2) / area);
            }
        }
    }
    return out;
}

bool swaps_sides(int orientation) {
    return orientation >= 5 && orientation <= 8;
}

Pixels turn_upright(Pixels pixels, int orientation) {
    if (orientation <= 1 || orientation > 8) return pixels;
    const bool swaps = swaps_sides(orientation);
    Pixels out{swaps ? pixels.height : pixels.width, swaps ? pixels.width : pixels.height, {}};
    out.rgba.resize(pixels.rgba.size());
    const int right = pixels.width - 1, bottom = pixels.height - 1;
    for (int y = 0; y < out.height; ++y) {
        std::uint8_t* row = out.rgba.data() + pixel_bytes(out.width, y);
        for (int x = 0; x < out.width; ++x) {
            // Where the pixel that is seen at (x, y) was stored.
            int from_x = swaps ? y : x, from_y = swaps ? x : y;
            if (orientation == 2 || orientation == 3) from_x = right - from_x;
            if (orientation == 3 || orientation == 4) from_y = bottom - from_y;
            if (orientation == 7 || orientation == 8) from_x = right - from_x;
            if (orientation == 6 || orientation == 7) from_y = bottom - from_y;
            std::memcpy(row + static_cast<std::size_t>(x) * 4,
                        pixels.rgba.data() + pixel_bytes(pixels.width, from_y) +
                            static_cast<std::size_t>(from_x) * 4,
                        4);
        }
    }
    return out;
}

}  // namespace zf
