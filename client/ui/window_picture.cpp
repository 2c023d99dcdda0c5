#include "client/ui/window_picture.h"

#define GLFW_INCLUDE_GLEXT
#include <GLFW/glfw3.h>
#include <png.h>

#include <cstdint>
#include <vector>

namespace zf::ui {

Result<void> save_picture(const std::filesystem::path& file, int width, int height) {
    const int row_bytes = width * 3;
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(row_bytes) *
                                     static_cast<std::size_t>(height));
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE, pixels.data());
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.format = PNG_FORMAT_RGB;
    image.width = static_cast<png_uint_32>(width);
    image.height = static_cast<png_uint_32>(height);
    // OpenGL counts rows from below: a negative stride.
    if (png_image_write_to_file(&image, file.c_str(), 0, pixels.data(), -row_bytes, nullptr) != 0) {
        return {};
    }
    return fail(ErrorCode::internal, std::string("the picture cannot be written: ") + image.message,
                file.string());
}

}  // namespace zf::ui
