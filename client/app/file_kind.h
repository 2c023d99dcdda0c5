// What kind of file something is, as people tell files apart: by its name, and by its first bytes
// where it has no name.
#pragma once

#include <filesystem>
#include <string_view>

namespace zf {

enum class FileKind {
    folder,
    picture,
    document,
    sheet,
    slides,
    pdf,
    text,
    sound,
    video,
    archive,
    other
};

/// Key of the screens' texts after "file.kind.": "picture", "pdf", ...
std::string_view name_of(FileKind kind);
/// By what follows the last dot, in any case.
FileKind kind_by_name(const std::filesystem::path& file);
/// By the first bytes of a file. Office documents are archives inside: they are told as such.
FileKind kind_by_content(std::string_view head);

}  // namespace zf
