// The conflicts of this laptop: base, mine and theirs side by side, settled with one press. What
// they are is client/app/conflict_list.h; this draws it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/app/conflict_list.h"
#include "client/ui/desk.h"
#include "client/ui/shell.h"
#include "client/ui/words.h"

namespace zf::ui {

class ConflictsScreen {
public:
    /// Adds itself to the shell as "conflicts", and the way to it.
    explicit ConflictsScreen(const Desk& desk);

    /// Brings the number on the rail up to date; each frame.
    void tick();
    /// One frame.
    void show();

private:
    void load();
    void show_record(const RecordConflicts& record);
    void show_conflict(const RecordConflicts& record, const OpenConflict& conflict);
    void show_side(const RecordConflicts& record, const OpenConflict& conflict,
                   const ConflictSide& side, const std::string& key);
    void show_line(const std::string& key, const std::string& what, const std::string& value,
                   const std::string& who, Tone tone, float width);
    void show_all_at_once(const RecordConflicts& record);
    /// "what: text" as each language writes it.
    [[nodiscard]] std::string told(const std::string& what, const std::string& text) const;
    void ask_about_all(const RecordConflicts& record, const std::vector<Settling>& all);
    /// False when it was refused, and says why.
    bool settle(const RecordConflicts& record, const OpenConflict& conflict,
                const ConflictSide& side);
    void take_back_join(const RecordConflicts& record);

    DeviceStore& store_;
    Kit& kit_;
    Shell& shell_;
    Ways& ways_;
    RecordLines& lines_;
    Words words_;
    std::vector<RecordConflicts> records_;
    std::optional<Uuid> wanted_;  // the record that was asked for stands first
    std::int64_t version_ = 0, counted_version_ = 0, count_ = 0;
    Language language_ = Language::zh_hans;
    bool is_stale_ = true;
    /// All conflicts of a record at once, mine or theirs: asked before it is done.
    struct Asking {
        Uuid record;
        bool is_mine = false;
    };
    std::optional<Asking> asking_;
    std::string refused_;
};

}  // namespace zf::ui
