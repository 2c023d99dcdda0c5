// A changeset: one save by one person on one device, immutable and signed. Everything else in a
// store is derived from the set of them. Format: common/codec/changeset_codec.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/ids.h"
#include "common/model/value.h"

namespace zf {

/// A changeset by its place in its device's chain.
struct ChangesetRef {
    DeviceId device;
    std::int64_t seq = 0;
    auto operator<=>(const ChangesetRef&) const = default;
};

/// A record that a changeset touches. `parents` are the heads of the record that the author had
/// seen: the latest changesets on it, one unless people worked on it apart.
struct TouchedRecord {
    Uuid id;
    std::string form;
    std::int64_t form_version = 1;
    std::vector<ChangesetRef> parents;  // ascending
    bool operator==(const TouchedRecord&) const = default;
};

/// What an author saw in one field: the dots that were live there.
struct SeenField {
    std::string field;
    std::vector<Dot> dots;  // ascending
    bool operator==(const SeenField&) const = default;
};

/// One write. With a value it adds a live value, without one it only removes (set-typed
/// fields); `supersedes` are the dots of the same record and field that its author saw and
/// replaces. `saw` is carried by `_void` = true and by reviews on `_status` only: all live
/// dots of the record's fields that the author saw, fields ascending.
struct Op {
    std::int32_t record = 0;  // index into Changeset::records
    std::string field;
    std::vector<Dot> supersedes;  // ascending
    std::optional<Value> value;   // a null value is a value
    std::vector<SeenField> saw;
    bool operator==(const Op&) const = default;
};

struct Changeset {
    DeviceId device;
    std::int64_t seq = 1;  // 1, 2, 3 ... per device without gaps
    Hash256 previous;      // hash of the device's changeset seq-1; zeros for the first
    Hlc hlc;
    std::int64_t at_ms = 0;              // the wall clock as the device claimed it, UTC
    std::string user;                    // account name
    std::vector<TouchedRecord> records;  // at least one, no record twice
    std::vector<Op> ops;                 // at least one
    bool operator==(const Changeset&) const = default;
};

/// Ed25519 signature over "zoufang-changeset/1", NUL, hash.
using Signature = std::string;  // 64 bytes

/// A changeset as it is stored and forwarded: the canonical bytes are never encoded again.
struct SignedChangeset {
    std::string bytes;
    Signature signature;
};

inline constexpr std::string_view field_status = "_status";
inline constexpr std::string_view field_void = "_void";
inline constexpr std::string_view field_void_reason = "_void_reason";
inline constexpr std::string_view field_alias = "_alias_of";
inline constexpr std::string_view field_review_note = "_review_note";
inline constexpr std::string_view field_amend_reason = "_amend_reason";
inline constexpr std::string_view field_comments = "_comments";

/// Notes on their changeset: never in conflict, the greatest (hlc, device) is shown.
bool is_note_field(std::string_view field);
/// Fields that can be in conflict and that an approval names: form fields, _void and _alias_of.
bool is_data_field(std::string_view field);

}  // namespace zf
