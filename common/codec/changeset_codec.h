// Canonical bytes of a changeset, its hash and its signature.
//
//   changeset = {"_format":1,"at":ms,"devices":[hex32,...],"hlc":[ms,counter],"ops":[op,...],
//                "previous":hex64,"records":[record,...],"seq":n,"user":name}
//   record    = {"form":name,"id":uuid,"parents":[[i,seq],...],"version":n}
//   op        = {"field":name,"record":i,"saw":{field:[dot,...],...},"supersedes":[dot,...],
//                "value":any}
//   dot       = [i, seq, n]      i = index into devices
//
// JSON, UTF-8, members in byte order of their names, no spaces, integers only, decimals as
// strings. devices[0] is the author; the others follow in ascending order, each named by
// some dot or parent. In an op `record` is left out when 0, `saw` and `supersedes` when empty,
// `value` when the op only removes; in a record `parents` is left out when empty. Lists of dots and
// parents ascend by (device, seq, n) with the device compared by its hex, each once, and name
// nothing of the author's from this changeset on. Hash: BLAKE2b-256 of the bytes. Golden bytes:
// tests/golden and the test vectors of docs/protocol.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/ids.h"
#include "common/base/result.h"
#include "common/model/changeset.h"

namespace zf {

struct ChangesetLimits {
    static constexpr std::size_t bytes_max = 4u << 20;
    static constexpr std::size_t text_bytes_max = 64u << 10;  // one text value
    static constexpr std::size_t ops_max = 4096;
    /// Stores number changesets by device and seq in one 64-bit integer.
    static constexpr std::int64_t seq_max = (std::int64_t{1} << 40) - 1;
};

/// The one canonical text of a changeset.
std::string encode_changeset(const Changeset& changeset);

/// Reads canonical bytes. Anything that is not exactly what encode_changeset would write for
/// the result is refused as `malformed` or `too_large`, with the place: a member such as
/// "ops[3].value", or "byte N" where the text is no JSON or not canonical. Another format than 1
/// is `version_unsupported`.
Result<Changeset> decode_changeset(std::string_view bytes);

/// The author in canonical bytes, without decoding the rest; nothing when they are not canonical.
std::optional<DeviceId> author_of(std::string_view bytes);

/// The bytes over which a device signs.
std::string signing_bytes(const Hash256& hash);

}  // namespace zf
