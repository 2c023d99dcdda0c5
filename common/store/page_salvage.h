// Rows out of the pages of a SQLite file whose trees cannot be trusted any more: every page, and
// every page in the write-ahead log beside it, is read for itself. Knows no SQL and no tables: what
// a row is must be told from its shape, whether it is genuine from its signature. Rows that were
// replaced or deleted lately may turn up too.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "common/base/result.h"

namespace zf {

struct SalvagedCell {
    enum class Kind { null, integer, bytes };  // bytes: a text or a blob
    Kind kind = Kind::null;
    std::int64_t integer = 0;
    std::string bytes;

    [[nodiscard]] bool is_bytes() const { return kind == Kind::bytes; }
    [[nodiscard]] bool is_integer() const { return kind == Kind::integer; }
};

struct SalvagedRow {
    std::int64_t rowid = 0;  // 0 in a table without one
    std::vector<SalvagedCell> cells;
};

/// Returns whether the row was of use. One that was not may be offered again, put together from
/// older pages.
using TakeRow = std::function<bool(const SalvagedRow&)>;

/// Offers all rows that can be put together, older ones first as far as that is known. A file of
/// any content is read to its end. Errors: `not_found`, `internal` when it cannot be read.
Result<void> salvage_rows(const std::filesystem::path& file, const TakeRow& take);

}  // namespace zf
