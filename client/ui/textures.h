// Pictures on the graphics card, as widgets name them. What is behind it is the window's; tests
// count instead of drawing.
#pragma once

#include <cstdint>
#include <span>

namespace zf::ui {

/// 0: none.
using TextureId = std::uintptr_t;

/// A texture and the size of the picture on it.
struct Picture {
    TextureId texture = 0;
    int width = 0, height = 0;
};

class Textures {
public:
    virtual ~Textures() = default;
    /// `rgba`: width * height * 4 bytes, rows from the top. On the screens' thread.
    virtual TextureId upload(int width, int height, std::span<const std::uint8_t> rgba) = 0;
    virtual void release(TextureId texture) = 0;
};

}  // namespace zf::ui
