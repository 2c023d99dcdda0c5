// What has become different since a report was frozen: figures, and the records that account for
// it. A frozen report is never computed anew; late data stand beside it.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "server/freeze.h"

namespace zf {

/// Each ascending.
struct RecordDifference {
    std::vector<Uuid> added;      // counted now and not then
    std::vector<Uuid> changed;    // counted then and now, by another approval
    std::vector<Uuid> withdrawn;  // counted then and not now

    bool operator==(const RecordDifference&) const = default;
};

struct FigureDifference {
    std::string indicator;
    Value frozen, now;  // {"value", "display", "records"}, or null where there is no such figure
    RecordDifference records;  // empty when it is not known what the figure counted then
};

struct Erratum {
    FrozenReport report;
    std::vector<FigureDifference> figures;  // that differ, in the order of the report
    std::int64_t figures_compared = 0;
    RecordDifference records;    // of all figures together
    std::vector<Uuid> referred;  // changed too: records that counted ones refer to
    /// Whether the records behind each figure are known; not so when a server that was lost took
    /// them with it.
    bool knows_lists = true;
};

/// Compares a frozen report with the figures as they are now. The store must be locked. Error:
/// `damaged`.
Result<Erratum> erratum_of(CentralStore& store, const FrozenReport& report,
                           const ReportContent& now);

Value erratum_value(const Erratum& erratum);
void print_erratum(const Erratum& erratum, std::ostream& out);

}  // namespace zf
