#include "client/app/file_kind.h"

#include <algorithm>
#include <map>
#include <string>

#include "client/image/image.h"
#include "common/base/text.h"

namespace zf {

std::string_view name_of(FileKind kind) {
    switch (kind) {
        case FileKind::folder:
            return "folder";
        case FileKind::picture:
            return "picture";
        case FileKind::document:
            return "document";
        case FileKind::sheet:
            return "sheet";
        case FileKind::slides:
            return "slides";
        case FileKind::pdf:
            return "pdf";
        case FileKind::text:
            return "text";
        case FileKind::sound:
            return "sound";
        case FileKind::video:
            return "video";
        case FileKind::archive:
            return "archive";
        case FileKind::other:
            break;
    }
    return "other";
}

FileKind kind_by_name(const std::filesystem::path& file) {
    static const std::map<std::string, FileKind, std::less<>> kinds{
        {".jpg", FileKind::picture},  {".jpeg", FileKind::picture},  {".png", FileKind::picture},
        {".doc", FileKind::document}, {".docx", FileKind::document}, {".wps", FileKind::document},
        {".odt", FileKind::document}, {".rtf", FileKind::document},  {".xls", FileKind::sheet},
        {".xlsx", FileKind::sheet},   {".et", FileKind::sheet},      {".ods", FileKind::sheet},
        {".csv", FileKind::sheet},    {".ppt", FileKind::slides},    {".pptx", FileKind::slides},
        {".dps", FileKind::slides},   {".odp", FileKind::slides},    {".pdf", FileKind::pdf},
        {".ofd", FileKind::pdf},      {".txt", FileKind::text},      {".md", FileKind::text},
        {".mp3", FileKind::sound},    {".wav", FileKind::sound},     {".m4a", FileKind::sound},
        {".amr", FileKind::sound},    {".mp4", FileKind::video},     {".mov", FileKind::video},
        {".avi", FileKind::video},    {".zip", FileKind::archive},   {".rar", FileKind::archive},
        {".7z", FileKind::archive},   {".gz", FileKind::archive},
    };
    std::string ending = file.extension().string();
    for (char& letter : ending) {
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    }
    const auto found = kinds.find(ending);
    return found == kinds.end() ? FileKind::other : found->second;
}

FileKind kind_by_content(std::string_view head) {
    if (image_kind_of(head)) return FileKind::picture;
    if (head.starts_with("%PDF-")) return FileKind::pdf;
    if (head.starts_with("PK\x03\x04")) {
        // The first entries of an office document name its parts.
        if (head.find("word/") != std::string_view::npos) return FileKind::document;
        if (head.find("xl/") != std::string_view::npos) return FileKind::sheet;
        if (head.find("ppt/") != std::string_view::npos) return FileKind::slides;
        return FileKind::archive;
    }
    if (head.starts_with("\xd0\xcf\x11\xe0")) return FileKind::document;
    if (head.starts_with("Rar!") || head.starts_with("7z\xbc\xaf") ||
        head.starts_with("\x1f\x8b")) {
        return FileKind::archive;
    }
    if (head.size() > 12 && head.substr(4, 4) == "ftyp") return FileKind::video;
    if (head.starts_with("ID3") || head.starts_with("RIFF") || head.starts_with("#!AMR")) {
        return FileKind::sound;
    }
    if (head.find('\0') != std::string_view::npos) return FileKind::other;
    // The head may end in the middle of a character.
    for (std::size_t cut = 0; cut < 4 && cut < head.size(); ++cut) {
        if (is_valid_utf8(head.substr(0, head.size() - cut))) return FileKind::text;
    }
    return FileKind::other;
}

}  // namespace zf
