#include "client/image/image.h"

#include "client/image/image_png.h"

namespace zf {
namespace {

Unexpected no_picture() {
    return fail(ErrorCode::wrong_type, "this is no picture that can be shown; JPEG and PNG can");
}

}  // namespace

std::optional<ImageKind> image_kind_of(std::string_view bytes) {
    if (bytes.starts_with("\xff\xd8\xff")) return ImageKind::jpeg;
    if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return ImageKind::png;
    return std::nullopt;
}

Result<ImageFacts> read_image_facts(std::string_view bytes) {
    const auto kind = image_kind_of(bytes);
    if (!kind) return no_picture();
    ImageFacts facts;
    facts.kind = *kind;
    if (*kind == ImageKind::png) {
        const auto size = read_png_size(bytes);
        if (!size) return fail(size.error());
        facts.width = size->width;
        facts.height = size->height;
        return facts;
    }
    const auto header = read_jpeg_header(bytes);
    if (!header) return fail(header.error());
    facts.camera = read_exif(header->exif);
    const bool swaps = swaps_sides(facts.camera.orientation);
    facts.width = swaps ? header->height : header->width;
    facts.height = swaps ? header->width : header->height;
    return facts;
}

Result<Pixels> decode_image(std::string_view bytes, int side_max, const GiveUp& gives_up) {
    const auto facts = read_image_facts(bytes);
    if (!facts) return fail(facts.error());
    auto decoded =
        facts->kind == ImageKind::png ? decode_png(bytes) : decode_jpeg(bytes, side_max, gives_up);
    if (!decoded) return fail(decoded.error());
    Pixels small = shrink(*decoded, size_within({decoded->width, decoded->height}, side_max));
    return turn_upright(std::move(small), facts->camera.orientation);
}

}  // namespace zf
