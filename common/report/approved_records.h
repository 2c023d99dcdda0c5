// What figures are computed from: every record as it was last approved. Where the records lie
// and how they are loaded is the implementer's business; nothing here knows a store.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "common/base/ids.h"
#include "common/model/rule.h"

namespace zf {

/// One record as last approved. `values` may also hold envelope names ("_created_at"); the
/// record's id is always `id`. Computed fields need not be there.
struct ApprovedRecord {
    Uuid id;
    std::string form;
    FieldValues values;
};

/// Where a reference leads once all approved joins are followed to the end.
struct JoinedTarget {
    Uuid id;                                 // the last target; the given id when not joined
    const ApprovedRecord* record = nullptr;  // nothing: unknown, never approved, or voided
};

class ApprovedRecords {
public:
    virtual ~ApprovedRecords() = default;

    using Visitor = std::function<void(const ApprovedRecord&)>;
    /// Shows each approved record of `form` once, in any order, those left out that are voided
    /// or joined into another (both as approved). A shown record need not outlive its visit.
    /// The visitor calls `resolve`.
    virtual void visit(std::string_view form, const Visitor& visitor) const = 0;

    /// The end of the approved joins from `reference` (in a cycle the smallest id). A record
    /// that is handed out stays valid as long as this object: references lead to registers,
    /// of which there are few.
    virtual JoinedTarget resolve(const Uuid& reference) const = 0;
};

}  // namespace zf
