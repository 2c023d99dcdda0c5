#include "client/ui/gl_textures.h"

#define GLFW_INCLUDE_GLEXT
#include <GLFW/glfw3.h>

#include "common/base/assert.h"

namespace zf::ui {

TextureId GlTextures::upload(int width, int height, std::span<const std::uint8_t> rgba) {
    ZF_ASSERT(rgba.size() ==
              static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
    GLuint texture = 0;
    glGenTextures(1, &texture);
    glBindTexture(GL_TEXTURE_2D, texture);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE,
                 rgba.data());
    return texture;
}

void GlTextures::release(TextureId texture) {
    const auto name = static_cast<GLuint>(texture);
    if (name != 0) glDeleteTextures(1, &name);
}

}  // namespace zf::ui
