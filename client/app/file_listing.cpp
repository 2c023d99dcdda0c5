#include "client/app/file_listing.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <set>

#include "common/base/private_files.h"
#include "common/base/text.h"

namespace zf {
namespace {

namespace fs = std::filesystem;

std::int64_t changed_ms(const fs::path& file) {
    std::error_code error;
    const auto changed = fs::last_write_time(file, error);
    if (error) return 0;
    const auto since = std::chrono::file_clock::to_sys(changed).time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

bool comes_before(const ListedFile& a, const ListedFile& b, FileOrder order) {
    const bool is_folder = a.kind == FileKind::folder;
    if (is_folder != (b.kind == FileKind::folder)) return is_folder;
    if (!is_folder && order == FileOrder::newest && a.changed_ms != b.changed_ms) {
        return a.changed_ms > b.changed_ms;
    }
    return a.name < b.name;
}

/// Names of the desktop's folders: lines like XDG_PICTURES_DIR="$HOME/图片".
fs::path desktop_folder(const fs::path& home, const std::string& which, const char* otherwise) {
    std::ifstream in(home / ".config" / "user-dirs.dirs");
    const std::string begin = "XDG_" + which + "_DIR=\"$HOME/";
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with(begin) || !line.ends_with('"')) continue;
        return home / line.substr(begin.size(), line.size() - begin.size() - 1);
    }
    return home / otherwise;
}

bool is_folder(const fs::path& path) {
    std::error_code error;
    return fs::is_directory(path, error);
}

std::string decoded(std::string_view address) {
    std::string text;
    const auto digit = [](char c) {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    };
    for (std::size_t i = 0; i < address.size(); ++i) {
        const bool is_code = address[i] == '%' && i + 2 < address.size() &&
                             digit(address[i + 1]) >= 0 && digit(address[i + 2]) >= 0;
        if (!is_code) {
            text += address[i];
            continue;
        }
        text += static_cast<char>(digit(address[i + 1]) * 16 + digit(address[i + 2]));
        i += 2;
    }
    return text;
}

/// "file:///a/b", "file://localhost/a/b", "/a/b", "'/a/b'"; else nothing.
std::string path_in(std::string line) {
    const auto strip = [&](std::string_view marks) {
        while (!line.empty() && marks.find(line.back()) != std::string_view::npos) line.pop_back();
        line.erase(0, line.find_first_not_of(marks));
    };
    strip(" \t\r");
    if (line.size() >= 2 && line.front() == line.back() && (line[0] == '\'' || line[0] == '"')) {
        line = line.substr(1, line.size() - 2);
    }
    constexpr std::string_view scheme = "file://";
    if (line.starts_with(scheme)) {
        const std::size_t slash = line.find('/', scheme.size());
        line = slash == std::string::npos ? "" : decoded(line.substr(slash));
    }
    return line.starts_with('/') && line.find('\0') == std::string::npos ? line : std::string();
}

}  // namespace

Result<Listing> list_folder(const fs::path& folder, FileFilter filter, FileOrder order) {
    if (!is_folder(folder)) {
        return fail(ErrorCode::not_found, "this is no folder that can be looked into",
                    folder.string());
    }
    auto names = names_in_folder(folder);
    if (!names) {
        return fail(ErrorCode::not_found,
                    "this folder cannot be looked into: " + names.error().message, folder.string());
    }
    Listing listing;
    listing.folder = folder;
    for (std::string& name : *names) {
        if (name.starts_with('.')) continue;
        ListedFile file;
        file.path = folder / name;
        file.name = std::move(name);
        std::error_code error;
        const auto status = fs::status(file.path, error);
        if (fs::is_directory(status)) {
            file.kind = FileKind::folder;
        } else if (fs::is_regular_file(status)) {
            file.kind = kind_by_name(file.path);
            if (filter == FileFilter::pictures && file.kind != FileKind::picture) {
                ++listing.left_out;
                continue;
            }
            const auto bytes = fs::file_size(file.path, error);
            file.bytes = error ? 0 : static_cast<std::int64_t>(bytes);
        } else {
            continue;  // sockets, devices, links to nowhere
        }
        file.changed_ms = changed_ms(file.path);
        listing.files.push_back(std::move(file));
    }
    std::sort(listing.files.begin(), listing.files.end(),
              [&](const auto& a, const auto& b) { return comes_before(a, b, order); });
    return listing;
}

std::vector<FilePlace> find_places(const fs::path& home, const std::vector<fs::path>& drive_roots) {
    std::vector<FilePlace> places;
    std::set<fs::path> seen(drive_roots.begin(), drive_roots.end());
    const auto add = [&](const char* kind, const std::string& name, const fs::path& path) {
        if (is_folder(path) && seen.insert(path).second) places.push_back({kind, name, path});
    };
    for (const fs::path& root : drive_roots) {
        const auto names = names_in_folder(root);
        if (!names) continue;
        for (const std::string& name : *names) {
            const auto inside = names_in_folder(root / name);
            // Where nothing is put in there is an empty folder.
            if (inside && !inside->empty()) add("drive", name, root / name);
        }
    }
    add("pictures", "", desktop_folder(home, "PICTURES", "Pictures"));
    add("downloads", "", desktop_folder(home, "DOWNLOAD", "Downloads"));
    add("desktop", "", desktop_folder(home, "DESKTOP", "Desktop"));
    add("documents", "", desktop_folder(home, "DOCUMENTS", "Documents"));
    add("home", "", home);
    return places;
}

std::vector<fs::path> drive_roots_of(const std::string& user) {
    if (user.empty()) return {"/media"};
    return {fs::path("/run/media") / user, fs::path("/media") / user, "/media"};
}

std::vector<fs::path> files_in_text(const std::string& text) {
    std::vector<fs::path> files;
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string path = path_in(text.substr(begin, end - begin));
        if (!path.empty()) files.emplace_back(path);
        begin = end + 1;
    }
    return files;
}

}  // namespace zf
