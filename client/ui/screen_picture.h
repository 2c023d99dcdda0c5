// Looks at the files of a record one by one: pictures as large as the window and closer, other
// kinds by name, kind and size; a copy can be saved. Decodes on the file worker, with the thumbnail
// shown meanwhile. The way back leads to where it was asked for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/app/file_kind.h"
#include "client/ui/desk.h"
#include "client/ui/thumbnails.h"

namespace zf::ui {

class PictureScreen {
public:
    /// Adds itself to the shell as "picture", which is not on the rail, and the ways to it.
    explicit PictureScreen(const Desk& desk);
    ~PictureScreen();
    PictureScreen(const PictureScreen&) = delete;
    PictureScreen& operator=(const PictureScreen&) = delete;

    void open(std::vector<Hash256> files, std::size_t at);

private:
    void show();
    void show_head(const Thumbnails::Shown& shown);
    void show_file(const Thumbnails::Shown& shown);
    void show_actions(const Thumbnails::Shown& shown);
    void go_to(std::size_t at);
    void step(int by);
    void close();
    /// Asks for as many pixels as the screen can show; again when somebody looks closer.
    void want_pixels(const Thumbnails::Shown& shown);
    void let_go();
    void save_copy(const Thumbnails::Shown& shown);
    [[nodiscard]] std::string name_of_file(const Thumbnails::Shown& shown) const;

    DeviceStore& store_;
    Kit& kit_;
    Shell& shell_;
    Ways& ways_;
    Worker& worker_;
    Worker& file_worker_;
    Textures& textures_;
    Thumbnails& thumbnails_;

    std::vector<Hash256> files_;
    std::size_t at_ = 0;
    std::string came_from_, opened_at_;  // the screen, and what had the keyboard there
    std::string name_;
    Picture large_;
    int side_ = 0;  // that was asked for
    std::uint64_t task_ = 0;
    std::int64_t asked_ = 0;
    CloseUp view_;
};

}  // namespace zf::ui
