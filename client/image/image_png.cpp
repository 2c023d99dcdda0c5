#include "client/image/image_png.h"

#include <png.h>

#include "client/image/image_limits.h"
#include "common/base/assert.h"

namespace zf {
namespace {

/// libpng's simplified reader: it catches its own errors and says what was wrong.
class Reader {
public:
    Reader() { image_.version = PNG_IMAGE_VERSION; }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader() { png_image_free(&image_); }

    Result<PixelSize> begin(std::string_view bytes) {
        if (png_image_begin_read_from_memory(&image_, bytes.data(), bytes.size()) == 0) {
            return what_happened();
        }
        const std::int64_t pixels = std::int64_t{image_.width} * image_.height;
        if (pixels <= 0 || pixels > png_pixels_max) {
            return too_many_pixels(image_.width, image_.height, png_pixels_max);
        }
        return PixelSize{static_cast<int>(image_.width), static_cast<int>(image_.height)};
    }
    Result<void> finish(std::uint8_t* rgba) {
        image_.format = PNG_FORMAT_RGBA;
        if (png_image_finish_read(&image_, nullptr, rgba, 0, nullptr) == 0) {
            return what_happened();
        }
        return {};
    }

private:
    [[nodiscard]] Unexpected what_happened() const {
        return fail(ErrorCode::malformed,
                    "this PNG picture cannot be read: " + std::string(image_.message));
    }
    png_image image_{};
};

}  // namespace

Result<PixelSize> read_png_size(std::string_view bytes) {
    Reader reader;
    return reader.begin(bytes);
}

Result<Pixels> decode_png(std::string_view bytes) {
    Reader reader;
    const auto size = reader.begin(bytes);
    if (!size) return fail(size.error());
    Pixels pixels{size->width, size->height, {}};
    pixels.rgba.resize(pixel_bytes(pixels.width, pixels.height));
    ZF_CHECK(reader.finish(pixels.rgba.data()));
    return pixels;
}

std::string encode_png(const Pixels& pixels) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(pixels.width);
    image.height = static_cast<png_uint_32>(pixels.height);
    image.format = PNG_FORMAT_RGBA;
    png_alloc_size_t bytes = PNG_IMAGE_PNG_SIZE_MAX(image);
    std::string out(bytes, '\0');
    ZF_ASSERT(png_image_write_to_memory(&image, out.data(), &bytes, 0, pixels.rgba.data(), 0,
                                        nullptr) != 0);
    out.resize(bytes);
    return out;
}

}  // namespace zf
