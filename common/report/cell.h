// Cell: a field's value read by its type, ready to be compared, grouped and added. Looks at
// one value; where it comes from and what it is compared with is the business of others.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/date.h"
#include "common/base/decimal.h"
#include "common/base/ids.h"
#include "common/model/form.h"
#include "common/model/value.h"
#include "common/report/approved_records.h"

namespace zf {

struct Cell {
    enum class Kind : unsigned char {
        missing,     // null, empty text, empty set, never written
        unreadable,  // something that does not fit its type: not null, equal to nothing
        number,
        date,
        month,
        instant,
        boolean,
        text,
        record,
        set,
    };
    Kind kind = Kind::missing;
    FieldType element = FieldType::text;  // of a set's elements
    std::int64_t ordinal = 0;             // date and month packed, instant in ms, boolean 0 or 1
    Decimal number;
    std::string_view text;      // lies in the Value that was read
    Uuid record;                // end of the joins
    const List* set = nullptr;  // lies in the Value that was read

    static Cell of_number(const Decimal& number);
    static Cell of_date(const Date& date);
    static Cell of_month(const Month& month);
    static Cell of_record(const Uuid& id);

    [[nodiscard]] bool is_missing() const { return kind == Kind::missing; }
};

/// Reads a value as `type`; references through their joins. A reference to a record that is not
/// known stands for itself.
Cell read_cell(const Value* value, FieldType type, const ApprovedRecords& records);

/// A constant to compare a field of `type` with: as read_cell, but a point in time may be given
/// as date, month or datetime, and an element where the field is a set.
Cell read_constant(const Value& value, FieldType type, const ApprovedRecords& records);

/// Order of two cells; nothing when one is missing or they cannot be compared. Of two points in
/// time the coarser decides: months as months, an instant by its date in the bureau's zone.
std::optional<std::strong_ordering> compare_cells(const Cell& a, const Cell& b);

/// Whether a set holds an element.
bool set_contains(const Cell& set, const Cell& element, const ApprovedRecords& records);

/// Appends bytes that are equal exactly when the cells are.
void append_key(std::string& key, const Cell& cell);

}  // namespace zf
