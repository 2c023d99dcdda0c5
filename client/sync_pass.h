// One sync pass of a laptop as the command line, batch and the window all run it, and a short log
// of what became of each, kept in the folder. Knows no screen and no thread; sleeps never.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/device_store.h"
#include "client/http/http_transport.h"
#include "common/sync/sync.h"

namespace zf {

/// Why a sync was begun. Stored by name: "person", "night", "network".
enum class SyncCause { person, night, network };
std::string_view name_of(SyncCause cause);

/// The road to a laptop's own bureau. Errors: those of HttpTransport::open.
Result<HttpTransport> road_to_bureau(const Membership& membership);

struct SyncEnd {
    SyncReport report;  // as far as it got
    std::optional<Error> error;
};
/// Runs a pass and notes it. Precondition: enrolled.
SyncEnd sync_once(DeviceStore& store, Transport& transport, SyncCause cause,
                  const SyncProgress& progress = {});

/// What became of a sync. Failures of one kind in a row are one note.
struct SyncNote {
    std::int64_t first_ms = 0, last_ms = 0;  // when the first and the last of them ended
    std::int64_t times = 1;
    SyncCause cause = SyncCause::person;  // of the last one
    std::string outcome;                  // "done", or an error's slug
    std::int64_t sent = 0, fetched = 0;   // changesets
    std::int64_t blobs_sent = 0, blobs_fetched = 0;
    std::int64_t bytes_up = 0, bytes_down = 0;
};
inline constexpr std::size_t sync_notes_max = 20;
/// The latest first; at most sync_notes_max.
std::vector<SyncNote> sync_notes(Db& db);

/// Since when every attempt has found nobody; nothing when the last one met the server.
std::optional<std::int64_t> unreached_since(const std::vector<SyncNote>& notes);

/// When something was last fetched from the bureau; nothing: never.
std::optional<std::int64_t> last_sync_ms(Db& db);

/// Server's clock minus this laptop's, as the last session found it; 0 when none was opened yet.
std::int64_t noted_clock_off_ms(Db& db);
/// Beyond this the person is told.
inline constexpr std::int64_t clock_off_max_ms = 600'000;

}  // namespace zf
