// Canonical text of a RecordDoc, as stores keep it and as the state hash reads it.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/merge/record_doc.h"

namespace zf {

std::string encode_record(const RecordDoc& doc);
/// Refused as `damaged`: stored text that this version did not write.
Result<RecordDoc> decode_record(std::string_view text);

}  // namespace zf
