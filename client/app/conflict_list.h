// The conflicts of a record as a person settles them: what stood there before, what each side
// wrote, who, when, on which laptop. Knows no drawing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/app/record_lines.h"
#include "client/device_store.h"
#include "client/records.h"

namespace zf {

/// One of the writes that stand against each other.
struct ConflictSide {
    LiveValue live;
    std::string field;  // of kind `void`: the field that was written
    std::string user, device;
    std::int64_t at_ms = 0;
    bool is_of_this_laptop = false;
};

struct OpenConflict {
    std::string field;  // of kind `rule`: the rule
    ConflictKind kind = ConflictKind::value;
    std::vector<ConflictSide> sides;  // the latest first
    /// Values of the latest writes that every side had before it; empty: nothing stood there.
    std::vector<Value> base;
    std::string base_user;
    std::int64_t base_at_ms = 0;
    LocalText rule;  // of kind `rule`: its message
    std::vector<std::string> rule_fields;
};

struct RecordConflicts {
    Uuid record;
    std::string form, title;
    std::vector<OpenConflict> conflicts;
    std::vector<Hash256> evidence;  // its photos and files that are here
};

/// Nothing when the record has gone or nothing is in conflict any more.
std::optional<RecordConflicts> conflicts_of_record(DeviceStore& store, const Uuid& record,
                                                   Language language);
/// Records in conflict, those written latest first, at most so many.
std::vector<Uuid> records_in_conflict(RecordLines& lines, std::size_t count_max);
std::int64_t count_in_conflict(RecordLines& lines);

/// Settles on what one side wrote. Errors: those of pick_version and resolve_record.
Result<Saved> settle_on(DeviceStore& store, const WriteOptions& options, const Uuid& record,
                        const OpenConflict& conflict, const ConflictSide& side);

/// One conflict and the side that it is settled on.
struct Settling {
    const OpenConflict* conflict = nullptr;
    const ConflictSide* side = nullptr;
};
/// All conflicts of values of a record, each on what this laptop wrote, or each on what another one
/// did. Empty unless there are several, and each has one such side and no third. Points into
/// `record`.
std::vector<Settling> settling_of_all(const RecordConflicts& record, bool is_for_this_laptop);

}  // namespace zf
