// Frozen reports: what stands in a report is kept as it was, under the next number of its period.
// The bureau's log gets a signed entry (common/store/frozen_report.h), which laptops carry and give
// back to a server that was lost; what stands behind the figures stays on the server:
//
//   frozen_content(hash, content)     hash: BLAKE2b of the content, which is kept as a zstd frame;
//                                    nothing in its place when a repair gave it up
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "server/report_content.h"

namespace zf {

struct Frozen {
    FrozenReport report;
    std::string figures;  // as frozen
    bool is_new = false;  // false: nothing has changed since this one, the latest of its period
};

/// Freezes the figures of a period as they are now. `by` may be empty: nobody was named. Takes the
/// store's lock. Errors: `not_allowed` for an account that is no leader of the whole bureau;
/// `damaged`.
Result<Frozen> freeze_report(CentralStore& store, const std::optional<User>& by,
                             const Period& period);

/// The latest report of these days. The store must be locked, here and below.
std::optional<FrozenReport> last_report(CentralStore& store, std::string_view period);

/// Which records the figures counted. Nothing when a lost server took that with it. Error:
/// `damaged` when it was changed.
Result<std::optional<ReportContent>> content_of(CentralStore& store, const FrozenReport& report);

/// The figures, byte for byte as they were frozen. Error: `damaged`.
Result<std::string> figures_of(CentralStore& store, const FrozenReport& report);

/// "report 2 of 2008H1, frozen 2008-07-05"
std::string name_of(const FrozenReport& report);
/// {"period", "number", "frozen", "by", "records", "figures": hash, "content": hash}
Value report_value(const FrozenReport& report);

/// Keeps what stands behind a report. Inside a Transaction of the caller.
void keep_content(Db& db, const Hash256& hash, std::string_view frame);

/// After damage: it is known to be lost from now on. Inside a Transaction of the caller.
void give_up_content(Db& db, const Hash256& hash);
bool is_given_up(Db& db, const Hash256& hash);

/// What is kept, unpacked, when it has this hash; nothing otherwise.
std::optional<std::string> unpack_content(const Hash256& hash, std::string_view frame);

}  // namespace zf
