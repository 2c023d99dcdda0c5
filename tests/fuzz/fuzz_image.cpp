// Pictures: what is accepted decodes to as many bytes as it says, upright, within the size asked
// for, twice the same; and goes through a copy with what the camera wrote.
#include <algorithm>

#include "client/image/image.h"
#include "client/image/image_limits.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

constexpr int small_side = 64, copy_side = 200;
/// A picture that takes seconds is no finding.
constexpr std::int64_t quick_pixels_max = 4'000'000;

}  // namespace

zf::Verdict zf::take_input(std::string_view bytes) {
    const auto facts = read_image_facts(bytes);
    if (!facts) {
        check_refusal(facts.error());
        return Verdict::refused;
    }
    ZF_ASSERT(facts->width > 0 && facts->height > 0);
    ZF_ASSERT(std::int64_t{facts->width} * facts->height <= image_pixels_max);
    ZF_ASSERT(facts->camera.orientation >= 1 && facts->camera.orientation <= 8);
    ZF_ASSERT(is_valid_utf8(facts->camera.taken) && is_valid_utf8(facts->camera.offset));
    // What a copy keeps is what is read from it.
    ExifFacts kept = facts->camera;
    kept.orientation = 1;
    ZF_ASSERT(read_exif(write_exif(kept)) == kept);
    if (std::int64_t{facts->width} * facts->height > quick_pixels_max) return Verdict::accepted;
    const auto pixels = decode_image(bytes, small_side);
    if (!pixels) {
        check_refusal(pixels.error());
        return Verdict::refused;
    }
    ZF_ASSERT(pixels->rgba.size() == pixel_bytes(pixels->width, pixels->height));
    const PixelSize wanted = size_within({facts->width, facts->height}, small_side);
    ZF_ASSERT(std::max(pixels->width, pixels->height) == std::max(wanted.width, wanted.height));
    const auto again = decode_image(bytes, small_side);
    ZF_ASSERT(again && again->rgba == pixels->rgba);
    const auto copy = decode_image(encode_jpeg(*pixels, 85, write_exif(kept)), copy_side);
    ZF_ASSERT(copy && copy->width == pixels->width && copy->height == pixels->height);
    return Verdict::accepted;
}
