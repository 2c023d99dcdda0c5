// The only JSON reader of the project (nlohmann/json stays inside json.cpp). Writing is
// canonical_text() of common/model/value.h.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/model/value.h"

namespace zf {

struct JsonLimits {
    int depth_max = 32;
    std::size_t bytes_max = 64u << 20;
};

/// Reads one JSON document. Refused with `malformed` (where = "byte N", the N-th being the one at
/// which it was noticed): syntax, invalid UTF-8, half of a surrogate pair as an escape, a member
/// name twice in one object, anything behind the document, nesting beyond depth_max, a number
/// beyond the range of a double. Refused with `too_large`: more than bytes_max. Other numbers that
/// are no 64-bit integer arrive as OddNumber. A byte order mark at the start is passed over.
Result<Value> parse_json(std::string_view text, const JsonLimits& limits = {});

/// Human-readable JSON with two-space indentation, members in the order given.
std::string pretty_json(const Value& value);

}  // namespace zf
