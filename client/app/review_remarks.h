// What a reviewer wrote when a record was given back: a note on the whole and comments at fields
// (docs/data-model.md, `_comments`). Knows no drawing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/device_store.h"
#include "common/merge/record_doc.h"

namespace zf {

struct FieldComment {
    std::string field, text;
    bool is_answered = false;  // the field was written again since
};

struct ReturnRemarks {
    std::string by;
    std::int64_t at_ms = 0;
    std::string note;  // empty: none
    std::vector<FieldComment> comments;
};

/// Of the newest review, when that is a return; nothing otherwise.
std::optional<ReturnRemarks> remarks_of_return(DeviceStore& store, const RecordDoc& doc);

}  // namespace zf
