// Small pictures for tests, and EXIF blocks written by hand from the standard (JEITA CP-3451), so
// that what reads them is not tested by itself.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "client/image/image_jpeg.h"
#include "client/image/image_png.h"

namespace zf::testing {

/// A field of a directory: tag, type (2 text, 3 short, 5 rational), bytes.
struct ExifField {
    std::uint16_t tag, type;
    std::uint32_t count;
    std::string bytes;
};

inline std::string little(std::uint64_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
    return text;
}

inline ExifField exif_short(std::uint16_t tag, unsigned value) {
    return {tag, 3, 1, little(value, 2)};
}
inline ExifField exif_text(std::uint16_t tag, const std::string& text) {
    return {tag, 2, static_cast<std::uint32_t>(text.size() + 1), text + std::string(1, '\0')};
}
inline ExifField exif_ratios(std::uint16_t tag,
                             const std::vector<std::pair<unsigned, unsigned>>& parts) {
    std::string bytes;
    for (const auto& [over, under] : parts) bytes += little(over, 4) + little(under, 4);
    return {tag, 5, static_cast<std::uint32_t>(parts.size()), bytes};
}

/// One directory at `offset` of the TIFF block, its long values behind it.
inline std::string exif_directory(const std::vector<ExifField>& fields, std::size_t offset) {
    std::string head = little(fields.size(), 2), tail;
    const std::size_t after = offset + 2 + fields.size() * 12 + 4;
    for (const ExifField& field : fields) {
        head += little(field.tag, 2) + little(field.type, 2) + little(field.count, 4);
        if (field.bytes.size() <= 4) {
            head += field.bytes + std::string(4 - field.bytes.size(), '\0');
        } else {
            head += little(after + tail.size(), 4);
            tail += field.bytes;
        }
    }
    return head + little(0, 4) + tail;
}

/// An APP1 segment with these fields in its first, its EXIF and its GPS directory.
inline std::string exif_block(std::vector<ExifField> first, const std::vector<ExifField>& exif,
                              const std::vector<ExifField>& gps) {
    constexpr std::size_t begin = 8;
    first.push_back({0x8769, 4, 1, little(0, 4)});
    first.push_back({0x8825, 4, 1, little(0, 4)});
    const std::size_t exif_at = begin + exif_directory(first, begin).size();
    const std::string exif_part = exif_directory(exif, exif_at);
    const std::size_t gps_at = exif_at + exif_part.size();
    first[first.size() - 2].bytes = little(exif_at, 4);
    first[first.size() - 1].bytes = little(gps_at, 4);
    return std::string("Exif\0\0II*\0", 10) + little(begin, 4) + exif_directory(first, begin) +
           exif_part + exif_directory(gps, gps_at);
}

/// One colour all over, or the left half in one and the right half in another.
inline Pixels two_halves(int width, int height, std::uint32_t left, std::uint32_t right) {
    Pixels pixels{width, height, {}};
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const std::uint32_t colour = x < width / 2 ? left : right;
            for (int part = 0; part < 4; ++part) {
                pixels.rgba.push_back(static_cast<std::uint8_t>(colour >> (24 - 8 * part)));
            }
        }
    }
    return pixels;
}

/// Noise, which no format makes small.
inline Pixels noise(int width, int height) {
    Pixels pixels{width, height, {}};
    std::uint32_t state = 1;
    for (std::size_t i = 0; i < pixel_bytes(width, height); ++i) {
        state = state * 1664525 + 1013904223;
        pixels.rgba.push_back(i % 4 == 3 ? 255 : static_cast<std::uint8_t>(state >> 24));
    }
    return pixels;
}

/// Taken on 2008-05-12 at 14:28:04 at 31°34'12"N 107°06'E, turned as `orientation` says.
inline std::string photo(int width, int height, unsigned orientation = 1) {
    const std::string exif = exif_block(
        {exif_short(0x0112, orientation)},
        {exif_text(0x9003, "2008:05:12 14:28:04"), exif_text(0x9011, "+08:00")},
        {exif_text(1, "N"), exif_ratios(2, {{31, 1}, {34, 1}, {1200, 100}}), exif_text(3, "E"),
         exif_ratios(4, {{107, 1}, {6, 1}, {0, 1}}), exif_ratios(0x1f, {{124, 10}})});
    return encode_jpeg(two_halves(width, height, 0xE02020FF, 0x2020E0FF), 90, exif);
}

}  // namespace zf::testing
