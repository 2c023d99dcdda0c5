// The first screen: what there is to do, how far the work is with the bureau, forms to begin with.
// What it says is client/app/today.h; this draws it.
#pragma once

#include <string>
#include <vector>

#include "client/app/today.h"
#include "client/ui/desk.h"
#include "client/ui/shell.h"
#include "client/ui/words.h"

namespace zf::ui {

class TodayScreen {
public:
    /// Adds itself to the shell as "today".
    explicit TodayScreen(const Desk& desk);

    /// One frame.
    void show();

private:
    void read();
    void show_sync();
    void show_forms();
    void show_kinds();
    void show_todos();
    void go_to(const Todo& todo);
    [[nodiscard]] std::string word_of(const Todo& todo) const;
    [[nodiscard]] static Tone tone_of(const Todo& todo);

    DeviceStore& store_;
    Kit& kit_;
    Shell& shell_;
    Ways& ways_;
    RecordLines& lines_;
    Words words_;
    Today today_;
    std::vector<const Todo*> shown_;
    std::string kind_ = "all";
    double read_at_ = -1;
    std::int64_t read_version_ = 0;
    std::string read_user_;
    Language read_language_ = Language::zh_hans;
};

}  // namespace zf::ui
