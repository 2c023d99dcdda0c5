#include "client/ui/glyphs.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <optional>

#include "client/ui/other_fonts.h"
#include "client/ui/text_boundary.h"
#include "client/ui/theme.h"

namespace zf::ui {
namespace {

constexpr int texture_width = 2048, texture_height = 1024;  // at scale 1: some 4,000 characters
constexpr int characters = 0x10000;
/// Where a Chinese character stands on its em square: its foot is this share above the lower edge.
constexpr float descent_share = 0.12F;

struct FontFile {
    const char* path;
    int simplified, traditional;  // which face of the file
};
/// In the order of how many rare characters they have.
constexpr std::array<FontFile, 3> files{{
    {"/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2, 3},
    {"/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0, 0},
    {"/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf", 0, 0},
}};

}  // namespace

struct Glyphs::Face {
    FT_Library library = nullptr;
    FT_Face face = nullptr;
    const FontFile* file = nullptr;
    std::optional<OtherFonts> others;
    ~Face() {
        others.reset();
        if (face) FT_Done_Face(face);
        if (library) FT_Done_FreeType(library);
    }
};

Result<std::unique_ptr<Glyphs>> Glyphs::open(bool traditional) {
    auto face = std::make_unique<Face>();
    if (FT_Init_FreeType(&face->library) != 0) {
        return fail(ErrorCode::internal, "the font library cannot be started");
    }
    face->others.emplace(face->library);
    for (const FontFile& file : files) {
        const int index = traditional ? file.traditional : file.simplified;
        if (FT_New_Face(face->library, file.path, index, &face->face) == 0) {
            face->file = &file;
            return std::unique_ptr<Glyphs>(new Glyphs(std::move(face)));
        }
    }
    return fail(ErrorCode::not_found,
                "no font with Chinese characters is installed; install the package fonts-noto-cjk",
                files.front().path);
}

Glyphs::Glyphs(std::unique_ptr<Face> face) : face_(std::move(face)) {}
Glyphs::~Glyphs() = default;

bool Glyphs::use_variant(bool traditional) {
    const FontFile& file = *face_->file;
    FT_Face other = nullptr;
    const int index = traditional ? file.traditional : file.simplified;
    if (FT_New_Face(face_->library, file.path, index, &other) != 0) return false;
    FT_Done_Face(face_->face);
    face_->face = other;
    return true;
}

void Glyphs::build(ImFontAtlas& atlas, float scale) {
    atlas_ = &atlas;
    atlas.Clear();
    atlas.Flags |= ImFontAtlasFlags_NoPowerOfTwoHeight;
    atlas.TexDesiredWidth = texture_width;
    // Not larger than any graphics card takes.
    const int height = std::clamp(static_cast<int>(texture_height * scale * scale), 512, 3072);
    const int place = atlas.AddCustomRectRegular(texture_width - 2, height);
    ImFontConfig config;
    config.SizePixels = line_pixels;
    atlas.AddFontDefault(&config);
    atlas.AddFontDefault(&config);
    unsigned char* built = nullptr;
    atlas.GetTexDataAsAlpha8(&built, &width_, &height_);
    pixels_.assign(built, built + static_cast<std::ptrdiff_t>(width_) * height_);
    const ImFontAtlasCustomRect& rect = *atlas.GetCustomRectByIndex(place);
    top_ = rect.Y;
    left_ = rect.X + 1;
    row_height_ = 0;
    // The rest of the texture holds what ImGui draws lines and corners with.
    for (int y = rect.Y; y < rect.Y + rect.Height; ++y) {
        std::memset(pixel_at(rect.X, y), 0, rect.Width);
    }
    atlas.ClearTexData();

    is_full_ = false;
    begin_font(sizes_[0], 0, scale);
    begin_font(sizes_[1], 1, scale * heading_share);
    dirty_ = {0, height_};
    missing_ = 0;  // not every font file has a picture for U+FFFD; its own sign will do there
}

void Glyphs::begin_font(Size& size, int index, float scale) {
    size.em = std::round(text_pixels * scale);
    size.line = std::round(line_pixels * scale);
    size.baseline = std::round((size.line - size.em) / 2 + size.em * (1 - descent_share));
    size.met.assign(characters, false);
    ImFont& font = *atlas_->Fonts[index];
    font.ClearOutputData();
    font.ContainerAtlas = atlas_;
    font.FontSize = size.line;
    font.Ascent = size.baseline;
    font.Descent = size.baseline - size.line;
    const auto which = static_cast<TextSize>(index);
    for (char32_t c = ' '; c < 0x7F; ++c) want(c, which);
    for (const char32_t c : {U'\u00B7', U'\u2026', U'\uFFFD', U'\u3000', U'\u25A1'}) want(c, which);
    font.FallbackChar = 0xFFFD;
    font.EllipsisChar = 0x2026;
    font.BuildLookupTable();
}

void Glyphs::want(char32_t slot, TextSize size) {
    std::vector<bool>& met = sizes_[static_cast<std::size_t>(size)].met;
    if (!atlas_ || slot >= characters || met[slot] || is_full_) return;
    met[slot] = true;
    draw(slot, size);
}

void Glyphs::draw(char32_t slot, TextSize which) {
    Size& size = sizes_[static_cast<std::size_t>(which)];
    FT_Face face = face_->face;
    FT_UInt index = FT_Get_Char_Index(face, character_of(slot));
    if (index == 0) {
        if (FT_Face other = face_->others->find(character_of(slot))) {
            face = other;
            index = FT_Get_Char_Index(face, character_of(slot));
        }
    }
    if (index == 0) ++missing_;  // its picture is the font's own sign for that
    FT_Set_Pixel_Sizes(face, 0, static_cast<FT_UInt>(size.em));
    if (FT_Load_Glyph(face, index, FT_LOAD_RENDER | FT_LOAD_TARGET_LIGHT) != 0) return;
    const FT_GlyphSlot picture = face->glyph;
    const int w = static_cast<int>(picture->bitmap.width);
    const int h = static_cast<int>(picture->bitmap.rows);
    if (left_ + w + 1 > width_) {
        left_ = 1;
        top_ += row_height_ + 1;
        row_height_ = 0;
    }
    if (top_ + h + 1 > height_) {
        is_full_ = true;
        size.met[slot] = false;
        return;
    }
    for (int y = 0; y < h; ++y) {
        std::memcpy(pixel_at(left_, top_ + y),
                    picture->bitmap.buffer + static_cast<std::ptrdiff_t>(y) * picture->bitmap.pitch,
                    static_cast<std::size_t>(w));
    }
    const auto x0 = static_cast<float>(picture->bitmap_left);
    const float y0 = size.baseline - static_cast<float>(picture->bitmap_top);
    const float across = static_cast<float>(width_), down = static_cast<float>(height_);
    const float advance = static_cast<float>(picture->advance.x) / 64;
    ImFont& font = *atlas_->Fonts[static_cast<int>(which)];
    font.AddGlyph(nullptr, static_cast<ImWchar>(slot), x0, y0, x0 + static_cast<float>(w),
                  y0 + static_cast<float>(h), static_cast<float>(left_) / across,
                  static_cast<float>(top_) / down, static_cast<float>(left_ + w) / across,
                  static_cast<float>(top_ + h) / down, advance);
    // In the middle of a frame the font is asked for it next: it cannot wait for a new table.
    font.GrowIndex(static_cast<int>(slot) + 1);
    font.IndexLookup[static_cast<int>(slot)] = static_cast<ImWchar>(font.Glyphs.Size - 1);
    font.IndexAdvanceX[static_cast<int>(slot)] = font.Glyphs.back().AdvanceX;
    font.DirtyLookupTables = false;
    font.FallbackGlyph = font.FindGlyphNoFallback(font.FallbackChar);
    dirty_.first = dirty_.first == dirty_.last ? top_ : std::min(dirty_.first, top_);
    dirty_.last = std::max(dirty_.last, top_ + h);
    left_ += w + 1;
    row_height_ = std::max(row_height_, h);
}

DirtyRows Glyphs::take_dirty() {
    return std::exchange(dirty_, {});
}

}  // namespace zf::ui
