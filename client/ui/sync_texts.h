// Times, amounts and outcomes of syncs in the language in force. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "client/app/sync_run.h"
#include "client/ui/messages.h"

namespace zf::ui {

/// "812 B", "3.4 KB", "12.0 MB", "1.2 GB".
std::string bytes_text(std::int64_t bytes);
/// As short as it can be seen from `now_ms`: "16:05", "05-12 16:05", "2007-05-12 16:05".
std::string when_text(std::int64_t ms, std::int64_t now_ms);
/// "3 min", "5 hours", "12 days".
std::string span_text(const Messages& messages, std::int64_t ms);

/// What a running sync is at, in one sentence.
std::string progress_text(const Messages& messages, const SyncLive& live);
/// Why a sync did not go through, and what to do.
std::string failure_text(const Messages& messages, const SyncOutcome& outcome);
/// One line of the log.
std::string note_text(const Messages& messages, const SyncNote& note, std::int64_t now_ms);
/// Whether the clock is that far off that it should be said, and how; else empty.
std::string clock_text(const Messages& messages, std::int64_t clock_off_ms);

}  // namespace zf::ui
