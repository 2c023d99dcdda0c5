#include "client/ui/other_fonts.h"

#include <fontconfig/fontconfig.h>
#include <ft2build.h>
#include FT_FREETYPE_H

#include <cstdlib>
#include <memory>
#include <optional>
#include <tuple>

namespace zf::ui {
namespace {

struct Destroy {
    void operator()(FcPattern* pattern) const { FcPatternDestroy(pattern); }
    void operator()(FcCharSet* set) const { FcCharSetDestroy(set); }
    void operator()(FcObjectSet* set) const { FcObjectSetDestroy(set); }
    void operator()(FcFontSet* set) const { FcFontSetDestroy(set); }
};
template <typename T>
using Owned = std::unique_ptr<T, Destroy>;

int integer_of(const FcPattern* font, const char* what, int otherwise) {
    int value = 0;
    return FcPatternGetInteger(font, what, 0, &value) == FcResultMatch ? value : otherwise;
}

/// The fonts with that character that FreeType can draw at any size.
Owned<FcFontSet> fonts_with(FcConfig* config, char32_t character) {
    const Owned<FcCharSet> characters(FcCharSetCreate());
    FcCharSetAddChar(characters.get(), character);
    const Owned<FcPattern> wanted(FcPatternCreate());
    FcPatternAddCharSet(wanted.get(), FC_CHARSET, characters.get());
    FcPatternAddBool(wanted.get(), FC_SCALABLE, FcTrue);
    FcPatternAddBool(wanted.get(), FC_COLOR, FcFalse);
    const Owned<FcObjectSet> told(
        FcObjectSetBuild(FC_FILE, FC_INDEX, FC_WEIGHT, FC_SLANT, nullptr));
    return Owned<FcFontSet>(FcFontList(config, wanted.get(), told.get()));
}

}  // namespace

OtherFonts::~OtherFonts() {
    for (const auto& [file, face] : faces_) {
        if (face) FT_Done_Face(face);
    }
    if (config_) FcConfigDestroy(config_);
}

FT_FaceRec_* OtherFonts::find(char32_t character) {
    if (!config_) config_ = FcInitLoadConfigAndFonts();
    if (!config_) return nullptr;
    // (slanted, far from normal weight, file, index)
    std::optional<std::tuple<bool, int, std::string, int>> best;
    const auto fonts = fonts_with(config_, character);
    for (int i = 0; fonts && i < fonts->nfont; ++i) {
        const FcPattern* font = fonts->fonts[i];
        FcChar8* path = nullptr;
        if (FcPatternGetString(font, FC_FILE, 0, &path) != FcResultMatch) continue;
        const int weight = integer_of(font, FC_WEIGHT, FC_WEIGHT_NORMAL);
        std::tuple one(integer_of(font, FC_SLANT, FC_SLANT_ROMAN) != FC_SLANT_ROMAN,
                       std::abs(weight - FC_WEIGHT_NORMAL),
                       std::string(reinterpret_cast<const char*>(path)),
                       integer_of(font, FC_INDEX, 0));
        if (!best || one < *best) best = std::move(one);
    }
    return best ? open(std::get<2>(*best), std::get<3>(*best)) : nullptr;
}

FT_FaceRec_* OtherFonts::open(const std::string& path, int index) {
    const auto [at, is_new] = faces_.try_emplace({path, index}, nullptr);
    if (is_new && FT_New_Face(library_, path.c_str(), index, &at->second) != 0) {
        at->second = nullptr;
    }
    return at->second;
}

}  // namespace zf::ui
