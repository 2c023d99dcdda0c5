// The program's own way to files: where to begin (drives that were put in, pictures, home, recent
// places), what lies there, with small pictures; one or several to choose, or a name to save under.
// Opened by Ways::to_files; the way back leads to where it was asked for. Reads folders on a
// worker.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client/app/file_listing.h"
#include "client/ui/desk.h"

namespace zf::ui {

class FileBrowser {
public:
    /// Adds itself to the shell as "files", which is not on the rail, and the way to it.
    explicit FileBrowser(const Desk& desk);

    void ask(FileWish wish);
    /// Where to look for places, instead of this person's home and this system's drives.
    void look_in(std::filesystem::path home, std::vector<std::filesystem::path> drive_roots);

private:
    void show();
    void show_head();
    void show_places();
    void show_files();
    void show_tile(const ListedFile& file, float width, float height, bool is_row);
    void show_actions();
    void show_name();
    void go_into(const std::filesystem::path& folder);
    void look();
    void take(Result<Listing> listing, std::vector<FilePlace> places);
    void press(const ListedFile& file);
    void choose();
    void close();
    [[nodiscard]] std::filesystem::path begin_at() const;
    [[nodiscard]] std::vector<FilePlace> recent_places() const;
    void remember() const;
    [[nodiscard]] std::string name_of_place(const FilePlace& place) const;

    DeviceStore& store_;
    Kit& kit_;
    Shell& shell_;
    Worker& worker_;
    Thumbnails& thumbnails_;
    std::filesystem::path home_;
    std::vector<std::filesystem::path> drive_roots_;

    FileWish wish_;
    std::string came_from_;
    std::filesystem::path folder_;
    FileFilter filter_ = FileFilter::all;
    FileOrder order_ = FileOrder::newest;
    Listing listing_;
    std::vector<FilePlace> places_;
    std::string trouble_;  // why a folder cannot be looked into
    std::set<std::filesystem::path> chosen_;
    std::int64_t asked_ = 0;  // which listing is waited for
    bool is_looking_ = false, is_fresh_ = false;
    double looked_at_ = 0;
};

}  // namespace zf::ui
