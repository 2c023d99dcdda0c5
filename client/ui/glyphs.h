// The font of the window: any character of one font file, or of another that is installed where
// that has none, drawn into the texture when it is first met, so that nothing is missing and
// nothing is waited for. Knows FreeType and ImGui's font; the texture's bytes are here, whoever
// draws uploads them.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "client/ui/text_boundary.h"
#include "common/base/result.h"

struct ImFontAtlas;

namespace zf::ui {

/// Rows of the texture that changed since they were taken: `first` to `last`, the latter not
/// included; equal: none.
struct DirtyRows {
    int first = 0, last = 0;
};

class Glyphs {
public:
    /// The font file with Chinese characters that is installed here, for people who write the
    /// Chinese of the mainland (`traditional` false) or of Taiwan. Errors: `not_found` names the
    /// package to install.
    static Result<std::unique_ptr<Glyphs>> open(bool traditional);
    ~Glyphs();
    Glyphs(const Glyphs&) = delete;
    Glyphs& operator=(const Glyphs&) = delete;
    /// The same font for the other writing, from the next build on; false when it has none.
    bool use_variant(bool traditional);

    /// Makes the fonts of `atlas` anew for a scale: the first for texts, the second for headings.
    /// Not between NewFrame and Render.
    void build(ImFontAtlas& atlas, float scale);
    /// Draws a character that is not there yet in a size; at once, in the middle of a frame too.
    /// When the texture is full, `is_full` says so from then on, until the next build.
    void want(char32_t slot, TextSize size);
    [[nodiscard]] bool is_full() const { return is_full_; }

    [[nodiscard]] const std::uint8_t* pixels() const { return pixels_.data(); }
    [[nodiscard]] int width() const { return width_; }
    [[nodiscard]] int height() const { return height_; }
    DirtyRows take_dirty();
    /// Characters for which no font here has a picture, met so far.
    [[nodiscard]] int missing() const { return missing_; }

private:
    struct Face;
    /// One of the two fonts, in pixels.
    struct Size {
        float em = 0, line = 0, baseline = 0;
        std::vector<bool> met;
    };

    explicit Glyphs(std::unique_ptr<Face> face);
    void begin_font(Size& size, int index, float scale);
    void draw(char32_t slot, TextSize size);
    std::uint8_t* pixel_at(int x, int y) {
        return pixels_.data() + static_cast<std::ptrdiff_t>(y) * width_ + x;
    }

    std::unique_ptr<Face> face_;
    ImFontAtlas* atlas_ = nullptr;
    std::vector<std::uint8_t> pixels_;  // one byte each
    std::array<Size, 2> sizes_;         // by TextSize
    int width_ = 0, height_ = 0;
    int top_ = 0, left_ = 0, row_height_ = 0;  // where the next one is drawn
    DirtyRows dirty_;
    int missing_ = 0;
    bool is_full_ = false;
};

}  // namespace zf::ui
