// How rules look at other records of a store, and what a reader sees of one record with all that
// depends on others: issues, status, conflicts of kind rule and alias.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/date.h"
#include "common/model/rule.h"
#include "common/store/change_log.h"

namespace zf {

/// Which values `prev` and `related` read: those shown here, or those last approved.
/// `sum_related` always reads approved ones.
enum class ReadValues { shown, approved };

/// A RecordSource over a ChangeLog. Remembers what it read: make a new one after each write.
class StoreRecords final : public RecordSource {
public:
    StoreRecords(ChangeLog& log, ReadValues which);
    ~StoreRecords() override;
    std::optional<FieldValues> find_record(std::string_view id) const override;
    Value find_previous(std::string_view form, std::string_view field, std::string_view by,
                        std::string_view order, bool same_year, std::string_view own_id,
                        const FieldValues& own) const override;
    Value sum_related(std::string_view form, std::string_view field, std::string_view by,
                      std::string_view own_form, std::string_view own_id,
                      const FieldValues& own) const override;

private:
    struct Memory;
    std::unique_ptr<Memory> memory_;
};

/// Everything that bars submitting or should be looked at, over the values shown.
std::vector<Issue> issues_of(ChangeLog& log, const RecordDoc& doc, const Date& today);
/// The same with a source that outlives one record, for many records in a row.
std::vector<Issue> issues_of(ChangeLog& log, const RecordDoc& doc, const Date& today,
                             const StoreRecords& source);
Status status_of(ChangeLog& log, const RecordDoc& doc, const Date& today);
/// All four kinds for one record; `values` are filled.
std::vector<Conflict> conflicts_of(ChangeLog& log, const RecordDoc& doc, const Date& today);

/// Every open conflict of the store, of all four kinds, by record and field.
std::vector<StoredConflict> open_conflicts(ChangeLog& log, const Date& today);

/// A broken rule of an approved record, for the list of a report.
struct BrokenRule {
    Uuid record;
    std::string rule;
    Level level = Level::error;
};
/// Rules broken by the approved values of records neither voided nor joined, by record.
std::vector<BrokenRule> broken_rules(ChangeLog& log, const Date& today);

}  // namespace zf
