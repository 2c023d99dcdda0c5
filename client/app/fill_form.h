// A form while it is filled in: what stands in each box, what is shown beside it and said about
// it. Works for every form from its data alone, over a Draft, so that what is saved goes the same
// way as in `zoufang batch`. Knows no drawing; time is what the caller says it is.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/app/fill_box.h"
#include "client/device_store.h"
#include "client/draft.h"

namespace zf {

/// A record that may be the same thing in the world as the one being entered.
struct PossibleDouble {
    Uuid record;
    bool has_same_key = false;  // the whole natural key is equal
};

/// What became of a save.
struct FillOutcome {
    bool saved = false, submitted = false;
    Uuid record;
    std::string first_problem;   // path of the box to look at; empty: none
    std::optional<Error> error;  // why nothing was saved, when no box is to blame
};

class FillForm {
public:
    /// A new record, with values to begin with. Error: `unknown_form`.
    static Result<FillForm> start(DeviceStore& store, const std::string& form,
                                  const Members& prefilled = {});
    /// Changes to a record. Errors: `unknown_record`, `unknown_form`.
    static Result<FillForm> open(DeviceStore& store, const Uuid& record);
    /// A draft that was left. Errors: `not_found`, `damaged`, `unknown_form`.
    static Result<FillForm> reopen(DeviceStore& store, const Uuid& draft);
    /// The draft in which this laptop was left, if it is still there.
    static std::optional<Uuid> left_in(DeviceStore& store);

    [[nodiscard]] const Form& form() const { return *form_; }
    [[nodiscard]] const Uuid& record() const { return draft_->opened().id; }
    [[nodiscard]] const Uuid& draft() const { return draft_->id(); }
    [[nodiscard]] bool is_new() const { return is_new_; }
    [[nodiscard]] std::vector<FillSection>& sections() { return sections_; }
    /// The box of a path ("visit_date", "leads.0.topic"); nothing when there is none.
    FillBox* find(std::string_view path);
    /// Box in which this draft was left; empty: at its beginning.
    [[nodiscard]] const std::string& left_at() const { return left_at_; }

    // What a person does; `box` is one of this form's.
    /// `box.typed` has changed.
    void typed(FillBox& box);
    /// The box has lost the keyboard: what was typed is shown as it was understood, and checked at
    /// the next tick.
    void left(FillBox& box);
    /// The box has the keyboard.
    void reached(const FillBox& box);
    /// Something was picked, ticked, added.
    void set(FillBox& box, Value value);
    /// The value of the last time is taken over.
    void same_as_last(FillBox& box);
    void add_row(FillBox& box);
    void remove_row(FillBox& box, std::size_t row);
    /// Names attachments that are in the store in the box, in the place of others.
    void put_files(FillBox& box, const std::vector<Hash256>& added,
                   const std::vector<Hash256>& instead_of = {});

    /// Puts the draft by half a second after the first letter that is not on disk, whether typing
    /// goes on or not, and checks it when typing has rested for half a second. Seconds on any
    /// clock that only goes on. Messages come and go here: not to be called while something is
    /// being pressed, which would move away under the pointer.
    void tick(double now);
    /// Seconds until the next tick has something to do; nothing: never.
    [[nodiscard]] std::optional<double> due_in(double now) const;
    /// Puts the draft by at once.
    void put_by();
    [[nodiscard]] bool is_put_by() const { return !unsaved_; }
    /// Whether anything was entered that only this draft holds.
    [[nodiscard]] bool has_entries() const { return !draft_->entered().empty() || unsaved_; }

    /// Errors and warnings of all boxes, in their order; those at no box come first.
    struct Remark {
        std::string path;
        FillMessage message;
    };
    [[nodiscard]] std::vector<Remark> remarks() const;
    /// What a reviewer wrote who gave the record back last; nothing else.
    [[nodiscard]] const std::optional<ReturnRemarks>& returned() const { return returned_; }
    [[nodiscard]] const std::vector<PossibleDouble>& doubles() const { return doubles_; }
    [[nodiscard]] const std::string& doubles_at() const { return doubles_at_; }
    /// How many visible required boxes are empty.
    [[nodiscard]] std::size_t missing() const;

    /// Saves; with `submits` only when no error stands, and submits too. The draft ends when it was
    /// saved and stays as it is when not.
    FillOutcome save(const std::string& user, bool submits);
    /// Ends the draft without saving.
    void discard();

private:
    FillForm(DeviceStore& store, Draft draft, bool is_new);
    static Result<FillForm> over(DeviceStore& store, Draft draft, bool is_new);
    void read_values();
    void find_comments();
    void find_last_time();
    void show_last_time();
    void changed(FillBox& box);
    void apply(FillBox& top);
    FieldValues values() const;
    void show_or_hide();
    void check();
    void place(const Issue& issue);
    void question_unit_slip(FillBox& box);
    void look_for_doubles();
    std::string top_path(const FillBox& box) const;
    void note_place();

    DeviceStore* store_;
    std::unique_ptr<Draft> draft_;
    std::shared_ptr<const Form> form_;  // a copy: a sync may bring another version meanwhile
    bool is_new_;
    std::vector<FillSection> sections_;
    std::vector<FillMessage> loose_;  // messages that belong to no box
    FieldValues last_;                // of the last time
    std::string last_subject_;        // reference that the last time was looked up by
    bool shows_all_ = false;          // also what was not touched is told
    bool unsaved_ = false, unchecked_ = false;
    bool checks_soon_ = false;           // a box was left
    std::optional<double> rests_since_;  // typing
    std::optional<double> waits_since_;  // the first of what is not on disk
    bool has_changed_ = false;           // since the last tick
    std::string at_, left_at_, noted_;
    std::string typed_at_;  // box that was typed in last
    std::optional<ReturnRemarks> returned_;
    std::vector<PossibleDouble> doubles_;
    std::string doubles_at_;
};

}  // namespace zf
