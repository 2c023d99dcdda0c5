// Until when something has to be done about a record: which field of which form says so, and what
// tells that it is done. A table over the forms of the bureau; a form or field that is not there
// any more is passed over. Knows no drawing.
#pragma once

#include <optional>
#include <string>

#include "client/device_store.h"
#include "common/base/date.h"
#include "common/model/rule.h"

namespace zf {

/// The day until which this record asks for something, "2008-06-30"; empty: for nothing any more.
/// `values` are those shown. A follow-up visit is done when the same enterprise or project was
/// visited later.
std::string due_of(DeviceStore& store, const RecordDoc& doc, const FieldValues& values);

/// Whether records of this form may close the deadline of an earlier one about the same thing.
bool closes_earlier(const std::string& form);

/// How near a deadline is: told by a word and a colour.
enum class DueState { overdue, today, soon, later };
inline constexpr int due_soon_days = 7;
DueState due_state(const Date& due, const Date& today);

}  // namespace zf
