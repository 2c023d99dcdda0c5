#include "packaging/replay/timeline.h"

#include <algorithm>
#include <set>

namespace zf {

std::vector<Event> timeline_of(const CaseFile& file) {
    std::vector<Event> events;
    for (std::size_t i = 0; i < file.ops.size(); ++i) {
        events.push_back({Event::Kind::op, file.ops[i].at_ms, i, {}});
    }
    for (std::size_t i = 0; i < file.reviews.size(); ++i) {
        events.push_back({Event::Kind::review, file.reviews[i].at_ms, i, {}});
    }
    if (events.empty()) return events;
    const auto [first, last] =
        std::minmax_element(events.begin(), events.end(),
                            [](const Event& a, const Event& b) { return a.at_ms < b.at_ms; });
    const Date start = date_at(first->at_ms, bureau_offset_minutes);
    const Date end = date_at(last->at_ms, bureau_offset_minutes);
    const std::int64_t last_ms = last->at_ms;
    for (Date day = start; day <= end; day = next_day(day)) {
        events.push_back({Event::Kind::evening,
                          instant_at(day, file.nightly_minutes, bureau_offset_minutes), 0, day});
    }
    std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
        return std::pair(a.at_ms, a.kind) < std::pair(b.at_ms, b.kind);
    });
    events.push_back({Event::Kind::closing, std::max(last_ms, events.back().at_ms), 0, end});
    return events;
}

bool is_offline(const CaseFile& file, std::string_view device, const Date& evening) {
    return std::any_of(file.offline.begin(), file.offline.end(), [&](const OfflineSpan& span) {
        return span.device == device && span.from <= evening && evening < span.to;
    });
}

std::vector<std::string> devices_of(const CaseFile& file) {
    std::set<std::string> names;
    for (const CaseStaff& staff : file.staff) {
        if (!staff.device.empty()) names.insert(staff.device);
    }
    for (const CaseOp& op : file.ops) names.insert(op.device);
    return {names.begin(), names.end()};
}

}  // namespace zf
