// A box of a form that is filled in, the rows and sections in which boxes stand. Plain data and
// pure functions; what boxes do is fill_form.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/app/review_remarks.h"
#include "common/model/form.h"
#include "common/model/rule.h"

namespace zf {

/// Something said at a box: by a rule or check in its own words, or by a key of the screens' texts.
struct FillMessage {
    Level level = Level::error;
    LocalText text;
    std::string key;  // when not empty, of messages.h; `{part}` in it is `part`
    std::string part;
};

struct FillRow;

struct FillBox {
    const Field* field = nullptr;
    std::string path;   // "visit_date", "leads.0.topic"
    Value value;        // as it would be saved; half-typed texts as they are
    std::string typed;  // what stands in a box that is typed into
    std::vector<FillRow> rows;
    bool is_visible = true;
    bool is_touched = false;
    Value last;  // of the last time; null: nothing to show
    std::vector<FillMessage> messages;
    std::vector<FieldComment> comments;  // of the reviewer who gave the record back

    [[nodiscard]] bool is_empty() const { return is_empty_value(value); }
};

struct FillRow {
    std::string id;  // `_row`; empty: new
    std::vector<FillBox> boxes;
};

/// Boxes that stand together. "required", "more", "files", or "rows.FIELD" for one table.
struct FillSection {
    std::string id;
    std::vector<FillBox> boxes;
};

/// Whether the box is typed into (else something is picked, ticked or added).
bool is_typed(FieldType type);
bool holds_files(FieldType type);

/// Boxes for a form: what is required first, each box that depends on another beside that one;
/// then the rest, tables, files. Order within a section is the form's.
std::vector<FillSection> sections_of(const Form& form);

/// Fills a box from a value; rows become boxes of their own.
void show_value(FillBox& box, const Value& value);
/// The value of a repeat box from its rows; empty rows that were never saved are left out.
Value value_of_rows(const FillBox& box);
/// Gives the boxes of a row their paths anew, after a row before it has gone.
void number_rows(FillBox& box);
FillRow empty_row(const FillBox& box);

/// "field[2].sub" of an issue as a path: "field.2.sub".
std::string path_of_issue(std::string_view where);

}  // namespace zf
