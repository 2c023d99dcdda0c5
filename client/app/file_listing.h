// Folders as a person looks through them for files to add, or for a place to save to: what lies in
// one, and where to begin (home, pictures, removable drives). Looks only; knows no screen. Slow on
// a slow drive: list_folder belongs on a worker.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "client/app/file_kind.h"
#include "common/base/result.h"

namespace zf {

enum class FileFilter { all, pictures };
enum class FileOrder { newest, by_name };

struct ListedFile {
    std::filesystem::path path;
    std::string name;
    FileKind kind = FileKind::other;
    std::int64_t bytes = 0, changed_ms = 0;
    bool operator==(const ListedFile&) const = default;
};

struct Listing {
    std::filesystem::path folder;
    std::vector<ListedFile> files;  // folders first
    std::size_t left_out = 0;       // by the filter
};

/// What lies in a folder; hidden names (with a dot first) are left out. Errors: `not_found` for
/// what is no folder or cannot be looked into.
Result<Listing> list_folder(const std::filesystem::path& folder, FileFilter filter,
                            FileOrder order);

/// Somewhere to begin. `kind`: "home", "desktop", "documents", "downloads", "pictures", "drive",
/// "recent"; drives and recent places are named by `name`.
struct FilePlace {
    std::string kind, name;
    std::filesystem::path path;
};
/// Places that exist: drives first (they were put in for this), then those of the person whose home
/// this is, as the desktop calls them. `drive_roots`: folders in which each folder is a drive.
std::vector<FilePlace> find_places(const std::filesystem::path& home,
                                   const std::vector<std::filesystem::path>& drive_roots);
/// Where this system mounts the drives of a person.
std::vector<std::filesystem::path> drive_roots_of(const std::string& user);

/// A wish for files, or for a name to save under, with which the file browser is opened.
struct FileWish {
    std::string title;
    bool saves = false;    // else existing files are chosen
    bool several = false;  // more than one may be chosen
    FileFilter filter = FileFilter::all;
    std::string name;  // offered when saving
    /// With what was chosen; not called when the person goes back. When saving: one path, which
    /// may be there already (the person was told).
    std::function<void(std::vector<std::filesystem::path>)> chosen;
};

/// Files named by a text that was pasted: paths or file:// addresses, one a line, as file managers
/// put them on the clipboard. Whether they exist is not looked at.
std::vector<std::filesystem::path> files_in_text(const std::string& text);

}  // namespace zf
