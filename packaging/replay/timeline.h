// The order of things in a case: what people entered, what was reviewed, when laptops synced.
// Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/date.h"
#include "common/codec/case_codec.h"

namespace zf {

struct Event {
    enum class Kind { op, review, evening, closing };
    Kind kind = Kind::op;
    std::int64_t at_ms = 0;
    std::size_t index = 0;  // of the op or review in the case file
    Date evening;           // Kind::evening
};

/// Ops, reviews and evenings by time; at equal times ops in file order, then reviews, then the
/// evening's sync. Evenings run from the date of the first event to that of the last; the
/// closing sync comes after everything.
std::vector<Event> timeline_of(const CaseFile& file);

/// Whether a device skips the sync of this evening.
bool is_offline(const CaseFile& file, std::string_view device, const Date& evening);

/// Every device that the case names, ascending.
std::vector<std::string> devices_of(const CaseFile& file);

}  // namespace zf
