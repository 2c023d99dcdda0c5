// The report's view of the central store: every record as it was last approved, and the figures
// computed from that.
#pragma once

#include <map>
#include <string_view>
#include <unordered_map>

#include "common/base/date.h"
#include "common/base/result.h"
#include "common/report/approved_records.h"
#include "common/report/figures.h"
#include "common/report/indicator.h"
#include "common/store/change_log.h"
#include "common/store/frozen_report.h"
#include "server/store/central_store.h"

namespace zf {

/// Reads records from the log as they are asked for, and remembers those that references lead to.
/// Make a new one after each write; hold the store's lock while using it.
class StoredApprovals final : public ApprovedRecords {
public:
    explicit StoredApprovals(ChangeLog& log) : log_(log) {}
    void visit(std::string_view form, const Visitor& visitor) const override;
    JoinedTarget resolve(const Uuid& reference) const override;

    /// The approval by which a record was shown that has been visited.
    [[nodiscard]] Approval approval_of(const Uuid& visited) const { return visited_.at(visited); }
    /// Every approved record that references have led to so far, with its approval, by id.
    [[nodiscard]] std::map<Uuid, Approval> referred_to() const;

private:
    struct Entry {
        std::optional<ApprovedRecord> record;  // nothing: unknown, never approved or voided
        std::optional<Uuid> alias;             // as approved
        std::optional<Approval> approval;
    };
    const Entry& entry(const Uuid& id) const;

    ChangeLog& log_;
    mutable std::unordered_map<Uuid, Entry, UuidHash> entries_;
    mutable std::unordered_map<Uuid, Approval, UuidHash> visited_;
};

/// The indicators in force. Error: `damaged`.
Result<IndicatorCatalog> indicators_in_force(CentralStore& store);

/// All figures of a period from the approved values. The store must be locked.
Result<FigureSet> figures_for(CentralStore& store, const Period& period);

}  // namespace zf
