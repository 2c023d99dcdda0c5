// The tables that a ChangeLog and a BureauLog share, and the small facts of a store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/db/db.h"

namespace zf {

/// Makes or migrates the tables.
void open_schema(Db& db);

/// Small facts: "epoch", "cursor", "hlc", ... `find` gives nothing when it was never set.
std::optional<std::string> find_fact(Db& db, std::string_view name);
void set_fact(Db& db, std::string_view name, std::string_view value);
std::optional<std::int64_t> find_fact_integer(Db& db, std::string_view name);
void set_fact(Db& db, std::string_view name, std::int64_t value);

}  // namespace zf
