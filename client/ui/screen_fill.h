// The screen on which forms are filled in: which form, its boxes from data alone, saving and
// submitting. What happens is client/app/fill_form.h; this draws it.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client/app/fill_form.h"
#include "client/app/record_list.h"
#include "client/ui/desk.h"
#include "client/ui/fill_files.h"
#include "client/ui/shell.h"

namespace zf::ui {

class FillScreen {
public:
    /// Adds itself to the shell as "form", and the ways to it.
    explicit FillScreen(const Desk& desk);

    /// One frame.
    void show();
    /// Opens a form and goes to this screen. What was being filled in is put by, never lost.
    void start(const std::string& form, const Members& prefilled = {});
    void open(const Uuid& record, const std::string& field = {});
    void reopen(const Uuid& draft);
    /// To the choice of a form. What was being filled in is put by.
    void choose_form();
    /// Opens the draft in which the laptop was left, with the keyboard where it was; false when
    /// there is none.
    bool reopen_where_left();
    /// Files that were dropped on the window while this screen shows.
    void drop(const std::vector<std::filesystem::path>& files);
    [[nodiscard]] FillForm* current() { return fill_ ? &*fill_ : nullptr; }

private:
    void take(Result<FillForm> fill);
    void leave();
    void close();
    void go_back();

    void show_choice();
    void show_drafts();
    void show_head();
    void show_sections();
    void show_actions();
    void show_user_choice();
    void save(bool submits);
    void go_to(const std::string& path);

    void show_section(FillSection& section);
    void show_box(FillBox& box);
    void show_control(FillBox& box, float width);
    void show_typed(FillBox& box, float width);
    void show_place(FillBox& box, float width);
    void show_division(FillBox& box, float width);
    void show_options(FillBox& box, float width);
    void show_picked(FillBox& box, float width);
    void show_several(FillBox& box, float width);
    /// The edition of the townships whose codes the records here bear.
    [[nodiscard]] std::size_t edition_in_use();
    void show_rows(FillBox& box);
    void show_beside(FillBox& box, float width);
    void show_below(FillBox& box);
    void show_doubles(const FillBox& box);

    [[nodiscard]] std::string label_of(const Field& field) const;
    [[nodiscard]] std::string text_of(const FillMessage& message) const;
    [[nodiscard]] std::string text_of(const Error& error) const;
    [[nodiscard]] std::string display(const Field& field, const Value& value) const;
    [[nodiscard]] std::string title_of(const std::string& record) const;
    [[nodiscard]] std::vector<Option> options_of(const Field& field,
                                                 const std::string& typed) const;
    [[nodiscard]] std::vector<Option> records_for(const std::string& form,
                                                  const std::string& typed) const;
    [[nodiscard]] std::string definition_of(const Field& field) const;
    [[nodiscard]] std::vector<std::string> counted_by(const Field& field) const;

    DeviceStore& store_;
    Kit& kit_;
    Shell& shell_;
    Ways& ways_;
    std::optional<FillForm> fill_;
    std::set<std::string, std::less<>> explained_;  // boxes whose definition is open
    std::string section_;                           // chosen last
    std::string came_from_ = "form";                // the screen that a form was opened from
    double discard_until_ = 0;                      // a second press until then throws it away
    std::string refused_;                           // why nothing was saved
    const Divisions& divisions_;
    RecordList records_;
    FillFiles files_;
    std::optional<bool> save_waits_;  // for files that are being copied; whether it submits
};

}  // namespace zf::ui
