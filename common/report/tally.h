// Tally: one aggregate indicator at work. It is offered every record of its form (or every row
// of its repeat field) and keeps what the figure needs, so that all indicators of a form are
// computed in one reading.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "common/base/date.h"
#include "common/report/condition_check.h"
#include "common/report/exact.h"
#include "common/report/indicator.h"
#include "common/report/record_reader.h"

namespace zf {

struct TallyResult {
    std::optional<Exact> value;  // nothing: empty `latest`, or its field null
    std::vector<Uuid> records;   // distinct, ascending
};

class Tally {
public:
    /// Asks `reader` for the cells that it needs. The definition outlives the tally.
    Tally(const AggregateDefinition& definition, const Period& period, RecordReader& reader,
          const ApprovedRecords& records);

    /// The repeat field whose rows are to be offered, or empty for whole records.
    [[nodiscard]] std::string_view unnest() const { return definition_.unnest; }

    /// Takes or leaves the record `id` whose cells `reader` holds; `row` is the row, or nothing.
    /// All rows of a record are offered one after the other.
    void offer(const Uuid& id, const RecordReader& reader, const Value* row);

    /// The result; the tally is used up.
    TallyResult finish();

private:
    // What a record that passed the conditions brings to the figure.
    struct Entry {
        Uuid id;
        Decimal number;
        bool has_number = false;
        std::string distinct_key;  // empty: nothing to count
        Cell group_order, latest_order;
        std::string row_text;  // settles ties between rows of one record
    };

    [[nodiscard]] bool accepts(const RecordReader& reader) const;
    Entry entry_of(const Uuid& id, const RecordReader& reader, const Value* row) const;
    static bool is_later(const Cell& order, const Cell& other_order, const Entry& entry,
                         const Entry& other);
    void keep_latest(const Uuid& id, const RecordReader& reader, const Value* row);
    void add(const Entry& entry);
    [[nodiscard]] std::optional<Exact> value() const;

    const AggregateDefinition& definition_;
    std::optional<PeriodCheck> period_;
    std::vector<ConditionCheck> where_;
    CellPlace field_, order_, group_order_;
    std::vector<CellPlace> group_by_;

    std::unordered_map<std::string, Entry> groups_;
    std::string group_key_;
    std::int64_t count_ = 0;
    Decimal sum_;
    std::unordered_set<std::string> distinct_;
    std::optional<Entry> latest_;
    std::vector<Uuid> records_;
};

}  // namespace zf
