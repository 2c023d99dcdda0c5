// Fonts for what the window's own font has no picture of (emoji, Tibetan, Yi): whatever is
// installed here, asked of fontconfig when such a character is first met, never before: reading its
// configuration takes longer than the rest of the start.
#pragma once

#include <map>
#include <string>
#include <utility>

struct FT_LibraryRec_;
struct FT_FaceRec_;
struct _FcConfig;

namespace zf::ui {

class OtherFonts {
public:
    explicit OtherFonts(FT_LibraryRec_* library) : library_(library) {}
    ~OtherFonts();
    OtherFonts(const OtherFonts&) = delete;
    OtherFonts& operator=(const OtherFonts&) = delete;

    /// A face with a picture of the character, of outlines in one colour; of several the upright
    /// one of normal weight. Stays with this object. nullptr: no font here has one.
    FT_FaceRec_* find(char32_t character);

private:
    FT_FaceRec_* open(const std::string& path, int index);

    FT_LibraryRec_* library_;
    _FcConfig* config_ = nullptr;
    std::map<std::pair<std::string, int>, FT_FaceRec_*> faces_;  // nullptr: cannot be read
};

}  // namespace zf::ui
