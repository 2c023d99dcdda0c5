// What a camera wrote beside a picture: how it was held, when, where. Read by libexif, bounded, and
// taken only as far as it makes sense; the rest of EXIF (the camera's make, its owner) is of
// nobody's interest here and goes nowhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace zf {

/// Decimals as a geopoint has them; degrees with six places, WGS 84.
struct PicturePlace {
    std::string lat, lon;
    std::string accuracy_m;  // empty: not known
    bool operator==(const PicturePlace&) const = default;
};

struct ExifFacts {
    int orientation = 1;  // 1 to 8
    std::string taken;    // "2008-05-12T14:28:04" on the camera's clock; empty: not known
    std::string offset;   // of that clock, "+08:00"; empty: not known
    std::optional<PicturePlace> place;
    bool operator==(const ExifFacts&) const = default;
};

/// `exif`: an APP1 segment as in JpegHeader. What cannot be understood is left out.
ExifFacts read_exif(std::string_view exif);
/// An APP1 segment with these facts and nothing else.
std::string write_exif(const ExifFacts& facts);

}  // namespace zf
