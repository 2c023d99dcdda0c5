// A list of records as somebody asked for it: order, filters, search. Holds only row numbers; what
// a row shows is read when it is in sight. Reads lists.db (record_lines.h); knows no drawing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "client/app/record_lines.h"

namespace zf {

enum class ListOrder { updated, title, day, status };

struct ListChoice {
    std::string form;    // empty: all
    std::string search;  // every word of it must be there; one Chinese character is enough
    std::optional<Status> status;
    bool is_gone = false;  // those that are voided or joined into another, which else are left out
    std::string by;        // created or changed last by this person; empty: anybody
    bool in_conflict = false;
    std::string area;      // division code or the beginning of one
    std::string from, to;  // of the form's date, "2008-05-12", both included; empty: any
    ListOrder order = ListOrder::updated;
    bool is_descending = true;
    Language language = Language::zh_hans;
    bool operator==(const ListChoice&) const = default;
};

struct FormCount {
    std::string form;
    std::int64_t records = 0;
};

class RecordList {
public:
    explicit RecordList(RecordLines& lines) : lines_(lines) {}

    /// The list is this one from now on. Reads only when the choice or a line is another; what was
    /// typed for search alone reads no line.
    void ask(const ListChoice& choice);
    [[nodiscard]] std::size_t size() const { return shown_.size(); }
    /// Valid until the next `ask`; nothing when the record has gone since.
    const RecordLine* row(std::size_t index);
    /// How many records there are of each form, neither voided nor joined; by form.
    const std::vector<FormCount>& counts();
    /// Division codes of the townships that records lie in, ascending.
    const std::vector<std::string>& townships();

private:
    void read_ordered();
    void keep_found();

    RecordLines& lines_;
    ListChoice choice_;
    std::int64_t version_ = 0, counted_version_ = 0, townships_version_ = 0;
    std::vector<std::int64_t> ordered_, shown_;  // row numbers: without and with the search
    std::unordered_map<std::int64_t, RecordLine> read_;
    std::vector<FormCount> counts_;
    std::vector<std::string> townships_;
};

}  // namespace zf
