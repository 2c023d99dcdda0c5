// What every screen works with, put together once by Screens. Only references: whoever makes the
// program keeps what is behind them for as long as there are screens.
#pragma once

#include <functional>
#include <string>

#include "client/app/worker.h"
#include "client/device_store.h"
#include "client/ui/kit.h"
#include "client/ui/textures.h"

namespace zf::ui {

class Shell;

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
    /// A picture or file at its full size; the way back leads to where it was asked for.
    std::function<void(const Hash256& file)> to_picture;
};

struct Desk {
    DeviceStore& store;
    Kit& kit;
    Shell& shell;
    Ways& ways;
    Worker& worker;
    Textures& textures;
};

}  // namespace zf::ui
