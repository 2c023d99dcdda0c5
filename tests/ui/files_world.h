// A laptop with a home full of files, and the screens that look into it. Pictures are made on a
// worker: `rest` waits for it.
#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/ui/fill_world.h"
#include "tests/unit/image/picture_files.h"

namespace zf::testing {

struct FilesWorld : FillWorld {
    explicit FilesWorld(Language language = Language::zh_hans, ui::Theme theme = {})
        : FillWorld(language, theme), home(laptop.folder.path / "me") {
        look_at_home();
    }

    void look_at_home() { screens->files().look_in(home, {laptop.folder.path / "media"}); }

    static std::filesystem::path put(const std::filesystem::path& file, const std::string& content,
                                     int minutes_ago = 0) {
        namespace fs = std::filesystem;
        fs::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << content;
        fs::last_write_time(file, fs::last_write_time(file) - std::chrono::minutes(minutes_ago));
        return file;
    }
    std::filesystem::path picture(const std::string& name, const std::string& content,
                                  int minutes_ago = 0) {
        return put(home / "Pictures" / name, content, minutes_ago);
    }

    /// Until folders are read, files are copied and pictures are there.
    void rest() {
        for (int i = 0; i < 12; ++i) {
            screens->file_worker().finish();
            ui->settle();
        }
    }

    std::filesystem::path home;
};

}  // namespace zf::testing
