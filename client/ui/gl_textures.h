// Textures of OpenGL. Needs the window's context to be current.
#pragma once

#include "client/ui/textures.h"

namespace zf::ui {

class GlTextures final : public Textures {
public:
    TextureId upload(int width, int height, std::span<const std::uint8_t> rgba) override;
    void release(TextureId texture) override;
};

}  // namespace zf::ui
