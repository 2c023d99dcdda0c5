// What a person types into a box, as the value of a field, and back: the same day in several
// spellings, full-width digits, numbers with separators. Pure; what is wrong with a value is told
// by check_value of common/model/rule.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/base/date.h"
#include "common/model/form.h"

namespace zf {

/// 2008.6.30, 2008-6-30, 2008/6/30, 20080630, 2008年6月30日; nothing when it is no day that exists.
std::optional<Date> read_typed_date(std::string_view typed);
/// The same without a day: 2008.6, 2008-06, 200806, 2008年6月.
std::optional<Month> read_typed_month(std::string_view typed);
/// A day and a time at the bureau: "2008.6.30 9:05", "2008-06-30T09:05"; as UTC milliseconds. A
/// day alone is its first minute.
std::optional<std::int64_t> read_typed_datetime(std::string_view typed);

/// The value that stands for what was typed into the box of a field that is typed (texts,
/// numbers, calendar, codes, geopoint as "31.56, 107.10"). What cannot be understood yet is kept
/// as a text, so that nothing that was typed is lost. Empty: null.
Value read_typed(const Field& field, std::string_view typed);
/// What stands in the box for a value: the spelling that read_typed takes back.
std::string typed_text(const Field& field, const Value& value);

}  // namespace zf
