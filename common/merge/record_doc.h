// The merge. A RecordDoc is what the set of changesets makes of one record: per field the live
// values with their dots, the reviews, the approved values. Pure: the same set of changesets
// gives the same document, byte for byte, in whatever causally complete order it is applied
// (docs/data-model.md). Knows no forms: what a conflict is depends on them (record_view.h).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/model/changeset.h"

namespace zf {

/// A value that no applied op has superseded.
struct LiveValue {
    Dot dot;
    Hlc hlc;
    Value value;
    std::vector<SeenField> saw;  // of `_void` = true only
    bool operator==(const LiveValue&) const = default;
};

/// Whether `a` is shown rather than `b`: the greatest (hlc, device) is; `seq, n` break ties
/// within one device.
bool shown_before(const LiveValue& a, const LiveValue& b);

enum class ReviewKind { checked, approved, returned };  // stored by name
std::optional<ReviewKind> parse_review_kind(std::string_view name);
std::string_view name_of(ReviewKind kind);

/// A review as far as status needs it: the newest of its kind.
struct Review {
    Dot dot;
    Hlc hlc;
    std::string user;
    std::int64_t at_ms = 0;
    std::vector<SeenField> saw;
    bool operator==(const Review&) const = default;
};

/// A note on a changeset (`_review_note`, `_amend_reason`, ...): the greatest one.
struct Note {
    Dot dot;
    Hlc hlc;
    Value value;
    bool operator==(const Note&) const = default;
};

/// Who made a changeset and when, for "filled in by" and "last changed".
struct Authorship {
    Hlc hlc;
    Dot dot;  // n = 0
    std::string user;
    std::int64_t at_ms = 0;
    bool operator==(const Authorship&) const = default;
};

struct RecordDoc {
    Uuid id;
    std::string form;                 // of the earliest changeset
    std::int64_t form_version = 0;    // greatest seen
    Authorship created, updated;      // earliest and latest changeset by (hlc, device, seq)
    std::vector<ChangesetRef> heads;  // changesets on it that no other one names as parent
    bool submitted = false;           // somebody has submitted it at some time
    std::map<std::string, std::vector<LiveValue>, std::less<>> fields;  // by dot, ascending
    std::map<std::string, Note, std::less<>> notes;
    std::map<ReviewKind, Review> reviews;
    /// The values that the newest approval named, by field; meaningful when that review exists.
    std::map<std::string, std::vector<LiveValue>, std::less<>> approved;
    std::int64_t changesets = 0;  // number applied

    bool operator==(const RecordDoc&) const = default;
};

/// Finds the write behind a dot in the log, for approvals that name values which a later edit
/// has superseded in this store already. Nothing when the dot is unknown here.
using FindWrite = std::function<std::optional<LiveValue>(const Dot&)>;

/// Applies those ops of `changeset` that touch `doc.id`. Precondition: every dot and parent that
/// they name is known (the caller holds a changeset back until then). Applying twice must not
/// happen.
void apply_changeset(RecordDoc& doc, const Changeset& changeset, const FindWrite& find_write);

/// Every dot live in a data field, by field ascending: what a review or void "saw".
std::vector<SeenField> seen_by_reader(const RecordDoc& doc);

}  // namespace zf
