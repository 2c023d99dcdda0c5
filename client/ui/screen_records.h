// The list of records: which form, search, filters, order; a row opens the record. What is in the
// list is client/app/record_list.h; this draws it.
#pragma once

#include <string>

#include "client/app/record_list.h"
#include "client/ui/desk.h"
#include "client/ui/shell.h"
#include "client/ui/words.h"

namespace zf::ui {

class RecordsScreen {
public:
    explicit RecordsScreen(const Desk& desk);

    /// One frame of the list.
    void show();

private:
    void show_choice();
    void show_filters();
    void show_table();
    void show_nothing();
    void show_states(float width);
    void show_townships(float width);
    void ask();

    DeviceStore& store_;
    Kit& kit_;
    Shell& shell_;
    Ways& ways_;
    RecordLines& lines_;
    Words words_;
    const Divisions& divisions_;
    RecordList list_;
    ListChoice choice_;
    std::string state_, township_;  // chosen filters; empty: all
    std::string from_, to_;         // as typed
    bool is_mine_ = false;
    double asked_at_ = -1;
    std::int64_t asked_version_ = 0;
};

}  // namespace zf::ui
