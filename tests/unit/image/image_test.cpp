// Pictures read: kinds, turning, what the camera wrote, and files that are cut off, lie or attack.
#include "client/image/image.h"

#include <doctest/doctest.h>

#include <array>

#include "tests/unit/image/picture_files.h"

namespace zf::testing {
namespace {

constexpr std::uint32_t red = 0xFF0000FF, blue = 0x0000FFFF;

std::uint32_t pixel(const Pixels& pixels, int x, int y) {
    const std::size_t at = pixel_bytes(pixels.width, y) + static_cast<std::size_t>(x) * 4;
    std::uint32_t colour = 0;
    for (std::size_t part = 0; part < 4; ++part) colour = colour << 8 | pixels.rgba[at + part];
    return colour;
}

std::string refusal(const Result<Pixels>& result) {
    REQUIRE_FALSE(result.has_value());
    CHECK_FALSE(result.error().message.empty());
    return std::string(facts_of(result.error().code).slug);
}

/// A PNG whose header claims another size; its checksum is right.
std::string png_claiming(std::uint32_t width, std::uint32_t height) {
    std::string png = encode_png(two_halves(2, 1, red, blue));
    const auto put = [&](std::size_t at, std::uint32_t value) {
        for (std::size_t i = 0; i < 4; ++i) png[at + i] = static_cast<char>(value >> (24 - 8 * i));
    };
    put(16, width);
    put(20, height);
    std::uint32_t crc = 0xFFFFFFFF;
    for (std::size_t i = 12; i < 29; ++i) {
        crc ^= static_cast<std::uint8_t>(png[i]);
        for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
    }
    put(29, ~crc);
    return png;
}

/// The size that a baseline or progressive JPEG claims stands in its frame header.
std::string jpeg_claiming(std::string jpeg, unsigned width, unsigned height) {
    for (const char frame : {'\xC0', '\xC2'}) {
        const std::size_t at = jpeg.find(std::string("\xFF") + frame);
        if (at == std::string::npos) continue;
        jpeg[at + 5] = static_cast<char>(height >> 8);
        jpeg[at + 6] = static_cast<char>(height);
        jpeg[at + 7] = static_cast<char>(width >> 8);
        jpeg[at + 8] = static_cast<char>(width);
        return jpeg;
    }
    FAIL("no frame header");
    return jpeg;
}

}  // namespace

TEST_CASE("what the camera wrote is read") {
    const auto facts = read_image_facts(photo(40, 20));
    REQUIRE(facts.has_value());
    CHECK(facts->kind == ImageKind::jpeg);
    CHECK(facts->width == 40);
    CHECK(facts->height == 20);
    CHECK(facts->camera ==
          ExifFacts{1, "2008-05-12T14:28:04", "+08:00", PicturePlace{"31.57", "107.1", "13"}});
}

TEST_CASE("the beginning of a file is enough for what the camera wrote") {
    std::string whole = encode_jpeg(noise(700, 500), 95, read_jpeg_header(photo(8, 8))->exif);
    REQUIRE(whole.size() > image_head_bytes);
    const auto facts = read_image_facts(std::string_view(whole).substr(0, image_head_bytes));
    REQUIRE(facts.has_value());
    CHECK(facts->width == 700);
    CHECK(facts->camera.taken == "2008-05-12T14:28:04");
}

TEST_CASE("places and times that make no sense are left out") {
    const auto camera = [](const std::vector<ExifField>& exif, const std::vector<ExifField>& gps) {
        return read_exif(exif_block({exif_short(0x0112, 9)}, exif, gps));
    };
    CHECK(camera({}, {}) == ExifFacts{});
    CHECK(camera({exif_text(0x9003, "0000:00:00 00:00:00")}, {}).taken.empty());
    CHECK(camera({exif_text(0x9003, "2008:02:30 10:00:00")}, {}).taken.empty());
    CHECK(camera({exif_text(0x9003, "2008-05-12")}, {}).taken.empty());
    const auto odd_zone =
        camera({exif_text(0x9003, "2008:05:12 14:28:04"), exif_text(0x9011, "+99:00")}, {});
    CHECK(odd_zone.taken == "2008-05-12T14:28:04");
    CHECK(odd_zone.offset.empty());
    const auto at = [&](const std::string& half, std::pair<unsigned, unsigned> lat,
                        std::pair<unsigned, unsigned> lon) {
        return camera({}, {exif_text(1, half), exif_ratios(2, {lat, {0, 1}, {0, 1}}),
                           exif_text(3, "W"), exif_ratios(4, {lon, {0, 1}, {0, 1}})})
            .place;
    };
    CHECK(at("S", {63, 2}, {1071, 10}) == PicturePlace{"-31.5", "-107.1", ""});
    CHECK_FALSE(at("N", {0, 1}, {0, 1}).has_value());
    CHECK_FALSE(at("N", {91, 1}, {10, 1}).has_value());
    CHECK_FALSE(at("N", {31, 0}, {10, 1}).has_value());
    CHECK_FALSE(at("Q", {31, 1}, {10, 1}).has_value());
    CHECK_FALSE(at("", {31, 1}, {10, 1}).has_value());
}

TEST_CASE("what is written for a copy is read back") {
    const ExifFacts facts{1, "2008-05-12T14:28:04", "+08:00",
                          PicturePlace{"31.567891", "-107.100001", "13"}};
    CHECK(read_exif(write_exif(facts)) == facts);
    CHECK(read_exif(write_exif({})) == ExifFacts{});
    CHECK(read_image_facts(encode_jpeg(noise(9, 9), 85, write_exif(facts)))->camera == facts);
}

TEST_CASE("each of the eight orientations is turned upright") {
    // TIFF 6.0, tag 274: at which side of the picture as seen the first stored row and the first
    // stored column are. Red, green and blue mark the stored corners (0,0), (right,0), (0,bottom).
    struct Case {
        unsigned orientation;
        bool swaps;
        std::array<int, 2> red, green,
            blue;  // where they are seen: 0 left or top, 1 right or bottom
    };
    const Case cases[] = {
        {1, false, {0, 0}, {1, 0}, {0, 1}},  // top, left
        {2, false, {1, 0}, {0, 0}, {1, 1}},  // top, right
        {3, false, {1, 1}, {0, 1}, {1, 0}},  // bottom, right
        {4, false, {0, 1}, {1, 1}, {0, 0}},  // bottom, left
        {5, true, {0, 0}, {0, 1}, {1, 0}},   // left, top
        {6, true, {1, 0}, {1, 1}, {0, 0}},   // right, top
        {7, true, {1, 1}, {1, 0}, {0, 1}},   // right, bottom
        {8, true, {0, 1}, {0, 0}, {1, 1}},   // left, bottom
    };
    for (const Case& one : cases) {
        CAPTURE(one.orientation);
        Pixels stored = two_halves(48, 32, 0xFFFFFFFF, 0xFFFFFFFF);
        const auto mark = [&](int from_x, int from_y, std::array<std::uint8_t, 3> colour) {
            for (int y = from_y; y < from_y + 16; ++y) {
                for (int x = from_x; x < from_x + 16; ++x) {
                    std::copy(colour.begin(), colour.end(),
                              &stored.rgba[pixel_bytes(48, y) + static_cast<std::size_t>(x) * 4]);
                }
            }
        };
        mark(0, 0, {255, 0, 0});
        mark(32, 0, {0, 255, 0});
        mark(0, 16, {0, 0, 255});
        const std::string exif = exif_block({exif_short(0x0112, one.orientation)}, {}, {});
        const auto seen = decode_image(encode_jpeg(stored, 95, exif), 1000);
        REQUIRE(seen.has_value());
        CHECK(seen->width == (one.swaps ? 32 : 48));
        CHECK(seen->height == (one.swaps ? 48 : 32));
        const auto facts = read_image_facts(encode_jpeg(stored, 95, exif));
        CHECK(facts->width == seen->width);
        CHECK(facts->height == seen->height);
        const auto at = [&](std::array<int, 2> side) {
            return pixel(*seen, side[0] ? seen->width - 5 : 4, side[1] ? seen->height - 5 : 4);
        };
        const auto is = [](std::uint32_t colour, int part) {
            for (int i = 0; i < 3; ++i) {
                const std::uint32_t light = colour >> (24 - 8 * i) & 255;
                if (i == part ? light < 200 : light > 60) return false;
            }
            return true;
        };
        CHECK(is(at(one.red), 0));
        CHECK(is(at(one.green), 1));
        CHECK(is(at(one.blue), 2));
    }
}

TEST_CASE("a picture is decoded at the size that is wanted, never larger than it is") {
    for (const auto& [wanted, width, height] :
         {std::array{10, 10, 5}, std::array{100, 100, 50}, std::array{399, 399, 200},
          std::array{400, 400, 200}, std::array{5000, 400, 200}, std::array{1, 1, 1}}) {
        CAPTURE(wanted);
        for (const std::string& file :
             {photo(400, 200), encode_png(two_halves(400, 200, red, blue))}) {
            const auto pixels = decode_image(file, wanted);
            REQUIRE(pixels.has_value());
            CHECK(pixels->width == width);
            CHECK(pixels->height == height);
            CHECK(pixels->rgba.size() == pixel_bytes(width, height));
        }
    }
}

TEST_CASE("making smaller keeps the mean") {
    const Pixels half = shrink(two_halves(2, 2, 0x00000000, 0xFF804020), {1, 1});
    CHECK(pixel(half, 0, 0) == 0x80402010);
    // Thirds: the middle one of three old pixels belongs to both new ones by half.
    Pixels three{3, 1, {0, 0, 0, 255, 90, 90, 90, 255, 240, 240, 240, 255}};
    const Pixels two = shrink(three, {2, 1});
    CHECK(pixel(two, 0, 0) == 0x1E1E1EFF);
    CHECK(pixel(two, 1, 0) == 0xBEBEBEFF);
    CHECK(shrink(noise(37, 23), {37, 23}).rgba == noise(37, 23).rgba);
}

TEST_CASE("transparent and 8-bit PNG pictures are read exactly") {
    const Pixels pixels = two_halves(7, 3, 0x12345678, blue);
    CHECK(decode_image(encode_png(pixels), 100)->rgba == pixels.rgba);
    // As JPEG what is transparent is white.
    const auto flat = decode_image(encode_jpeg(two_halves(16, 16, 0, 0), 90, ""), 100);
    CHECK(pixel(*flat, 3, 3) == 0xFFFFFFFF);
}

TEST_CASE("files that are cut off give what there is, or a refusal; never more") {
    const std::string jpeg = encode_jpeg(noise(64, 64), 90, read_jpeg_header(photo(8, 8))->exif);
    int shown = 0, refused = 0;
    for (std::size_t bytes = 0; bytes < jpeg.size(); bytes += 7) {
        const auto pixels = decode_image(std::string_view(jpeg).substr(0, bytes), 64);
        ++(pixels ? shown : refused);
        if (pixels) CHECK(pixels->rgba.size() == pixel_bytes(64, 64));
    }
    CHECK(shown > 0);
    CHECK(refused > 0);
    const std::string png = encode_png(noise(64, 64));
    for (std::size_t bytes = 8; bytes < png.size() - 40; bytes += 97) {
        CHECK(refusal(decode_image(std::string_view(png).substr(0, bytes), 64)) == "malformed");
    }
}

TEST_CASE("what claims an enormous size is refused before memory is taken") {
    CHECK(refusal(decode_image(png_claiming(60'000, 60'000), 100)) == "too_large");
    CHECK(refusal(decode_image(png_claiming(1'000'000, 1'000), 100)) == "too_large");
    CHECK(refusal(decode_image(png_claiming(0, 5), 100)) == "malformed");
    CHECK(refusal(decode_image(jpeg_claiming(photo(16, 16), 65'000, 65'000), 100)) == "too_large");
    CHECK(refusal(decode_image(jpeg_claiming(photo(16, 16), 0, 16), 100)) == "malformed");
    // Allowed as a size, too large to be decoded as a whole: at an eighth it is read.
    const std::string large = jpeg_claiming(photo(16, 16), 14'000, 14'000);
    CHECK(refusal(decode_image(large, 14'000)) == "too_large");
    CHECK(decode_image(large, 100).has_value());
}

TEST_CASE("what is no picture is told so") {
    for (const std::string_view bytes : {"", "\xff\xd8", "%PDF-1.4", "GIF89a", "plain text"}) {
        CHECK(refusal(decode_image(bytes, 100)) == "wrong_type");
    }
    CHECK(refusal(decode_image("\xff\xd8\xff\xd9", 100)) == "malformed");
}

TEST_CASE("decoding ends when nobody wants the picture any more") {
    int asked = 0;
    const std::string file = encode_jpeg(noise(800, 800), 90, "");
    CHECK(refusal(decode_image(file, 800, [&] { return ++asked > 3; })) == "interrupted");
    CHECK(asked < 10);
}

}  // namespace zf::testing
