// What every screen works with, put together once by Screens. Only references: whoever makes the
// program keeps what is behind them for as long as there are screens.
#pragma once

#include <functional>
#include <string>

#include "client/app/divisions.h"
#include "client/app/file_listing.h"
#include "client/app/record_lines.h"
#include "client/app/settings.h"
#include "client/app/worker.h"
#include "client/device_store.h"
#include "client/ui/kit.h"
#include "client/ui/textures.h"

namespace zf::ui {

class Shell;
class Thumbnails;

/// The ways from one screen to another. Each is set by the screen that it leads to, so that screens
/// need not know each other.
struct Ways {
    /// A record as it is now, to read.
    std::function<void(const Uuid& record)> to_record;
    /// The same record to change; the keyboard at `field` when that is not empty.
    std::function<void(const Uuid& record, const std::string& field)> to_edit;
    /// A new record with values to begin with.
    std::function<void(const std::string& form, const Members& prefilled)> to_new;
    /// An unfinished draft, where it was left.
    std::function<void(const Uuid& draft)> to_draft;
    /// The conflicts of a record.
    std::function<void(const Uuid& record)> to_conflicts;
    /// Lets a place be set on the map, beginning at what was typed; `take` gets it as it is typed
    /// into a box. Nothing happens when it is left without.
    std::function<void(const std::string& typed, std::function<void(const std::string&)> take)>
        to_pick_place;
    /// A picture or file at its full size; the way back leads to where it was asked for.
    std::function<void(const Hash256& file)> to_picture;
    /// The same among others, such as all files of a record: the one at `at` first.
    std::function<void(std::vector<Hash256> files, std::size_t at)> to_pictures;
    /// The file browser: files to choose, or a name to save under.
    std::function<void(FileWish wish)> to_files;
};

struct Desk {
    DeviceStore& store;
    Kit& kit;
    Shell& shell;
    Ways& ways;
    Settings& settings;
    Worker& worker;
    Textures& textures;
    /// A second worker for what somebody is waiting for in front of the screen: folders, pictures,
    /// copies of files. Nothing that takes longer than a second belongs there.
    Worker& file_worker;
    Thumbnails& thumbnails;
    RecordLines& lines;
    const Divisions& divisions;
};

}  // namespace zf::ui
