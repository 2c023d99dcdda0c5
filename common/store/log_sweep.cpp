// Which records a laptop has been left with.
#include <algorithm>
#include <set>

#include "common/store/change_log.h"
#include "common/store/log_batch.h"

namespace zf {

std::vector<Uuid> ChangeLog::undelivered_records(const DeviceId& own,
                                                 const std::vector<std::int64_t>& waiting) {
    std::set<Uuid> left;
    Statement find = db_.prepare(
        "SELECT record.id, device.id, changeset.key, device.delivered_seq FROM record "
        "JOIN record_changeset ON record_changeset.record=record.n "
        "JOIN changeset ON changeset.key=record_changeset.changeset "
        "JOIN device ON device.n=changeset.key>>40 "
        "WHERE NOT EXISTS (SELECT 1 FROM record_changeset link JOIN changeset numbered ON "
        "numbered.key=link.changeset WHERE link.record=record.n AND numbered.ssn IS NOT NULL)");
    while (find.step()) {
        const std::int64_t seq = seq_of(find.integer(2));
        const bool waits = find.id<DeviceId>(1) == own &&
                           std::find(waiting.begin(), waiting.end(), seq) != waiting.end();
        // The server has applied this one, and would have sent it.
        if (!waits && seq <= find.integer(3)) left.insert(find.id<Uuid>(0));
    }
    return {left.begin(), left.end()};
}

}  // namespace zf
