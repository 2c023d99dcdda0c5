// Whether a record's cells meet an indicator's period rule and conditions. Compiled once for a
// period, so that a record costs comparisons only. A comparison with a missing operand is
// false, whatever its operator; is_null and is_null_or_after alone accept a missing field.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/base/date.h"
#include "common/report/cell.h"
#include "common/report/indicator.h"
#include "common/report/record_reader.h"

namespace zf {

class PeriodCheck {
public:
    PeriodCheck(const PeriodRule& rule, const Period& period, std::string_view unnest,
                RecordReader& reader);
    [[nodiscard]] bool accepts(const RecordReader& reader) const;

private:
    PeriodRule::Kind kind_;
    Cell first_, last_;  // inclusive; as_of: only last
    CellPlace field_, from_, to_;
};

class ConditionCheck {
public:
    /// The condition outlives the check.
    ConditionCheck(const Condition& condition, const Period& period, std::string_view unnest,
                   RecordReader& reader, const ApprovedRecords& records);
    [[nodiscard]] bool holds(const RecordReader& reader) const;

private:
    [[nodiscard]] bool compares(const RecordReader& reader) const;
    [[nodiscard]] bool equals_any(const RecordReader& reader, const Cell& cell) const;

    Condition::Kind kind_;
    Comparison comparison_;
    const ApprovedRecords& records_;
    CellPlace field_;
    std::vector<Cell> constants_;
    std::vector<CellPlace> others_;  // operands that are fields
    std::vector<ConditionCheck> parts_;
};

}  // namespace zf
