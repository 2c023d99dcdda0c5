// What a reader sees of a RecordDoc through its form: shown values, conflicts, status. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/merge/record_doc.h"
#include "common/model/form.h"
#include "common/model/rule.h"

namespace zf {

/// The value of a plain field by the greatest (hlc, device), or the set of a set-typed field
/// (elements in canonical order, each once; rows with their `_row`, one per `_row`). Computed
/// fields are not in here. Null when nothing is live. `field` may be nullptr for a field that
/// the form does not know: then more than one live value shows as the greatest.
Value shown_value(const Field* field, const std::vector<LiveValue>& live);

/// All non-null shown values of the form's fields, computed ones included, unknown fields raw.
FieldValues shown_values(const RecordDoc& doc, const Form* form);
/// The same over the approved values; empty when the record was never approved.
FieldValues approved_values(const RecordDoc& doc, const Form* form);

/// Live `_void` and `_alias_of` as shown, and as approved.
bool shown_void(const RecordDoc& doc);
bool approved_void(const RecordDoc& doc);
std::optional<Uuid> shown_alias(const RecordDoc& doc);
std::optional<Uuid> approved_alias(const RecordDoc& doc);

enum class ConflictKind { value, voiding, alias, rule };  // "value", "void", "alias", "rule"
std::string_view name_of(ConflictKind kind);

struct Conflict {
    std::string field;
    ConflictKind kind = ConflictKind::value;
    /// The competing writes, one per distinct value, the greatest (hlc, device) of each;
    /// for kind `void` the writes that no live void saw, and the voids.
    std::vector<LiveValue> values;
};

/// Conflicts of kind `value` and `void`, ordered by field. Kind `alias` needs other records and
/// kind `rule` other authors' views: those are found by the store.
std::vector<Conflict> find_conflicts(const RecordDoc& doc, const Form* form);

enum class Status { saved, submitted, checked, approved, returned };  // by name
std::string_view name_of(Status status);

/// `errors_stand`: whether the shown values break an error (has_error(check_record(...))); not
/// looked at when the record is voided.
Status status_of(const RecordDoc& doc, bool errors_stand);
/// Whether anything live was not seen by the newest approval, or that approval named something
/// no longer live: an amendment that waits for approval.
bool has_pending_amendment(const RecordDoc& doc);

}  // namespace zf
