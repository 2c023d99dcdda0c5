#include "client/ui/sync_texts.h"

#include <array>
#include <cstdlib>

#include "common/base/date.h"

namespace zf::ui {
namespace {

constexpr std::int64_t minute_ms = 60'000, hour_minutes = 60, day_hours = 24;

std::string of(std::int64_t number) {
    return std::to_string(number);
}

}  // namespace

std::string bytes_text(std::int64_t bytes) {
    constexpr std::array<const char*, 3> units{" KB", " MB", " GB"};
    constexpr std::int64_t step = 1024;
    if (bytes < step) return of(bytes) + " B";
    std::size_t unit = 0;
    // In tenths, so that no fraction is needed.
    std::int64_t tenths = bytes * 10 / step;
    while (tenths >= step * 10 && unit + 1 < units.size()) {
        tenths /= step;
        ++unit;
    }
    return of(tenths / 10) + "." + of(tenths % 10) + units[unit];
}

std::string when_text(std::int64_t ms, std::int64_t now_ms) {
    const std::string when = datetime_text(ms, bureau_offset_minutes);
    const std::string now = datetime_text(now_ms, bureau_offset_minutes);
    const std::string day = when.substr(0, 10), time = when.substr(11, 5);
    if (day == now.substr(0, 10)) return time;
    return (when.substr(0, 4) == now.substr(0, 4) ? day.substr(5) : day) + " " + time;
}

std::string span_text(const Messages& messages, std::int64_t ms) {
    const std::int64_t minutes = (ms + minute_ms / 2) / minute_ms;
    if (minutes < 1) return std::string(messages.text("sync.span.short"));
    if (minutes < 2 * hour_minutes) {
        return messages.text("sync.span.minutes", {{"count", of(minutes)}});
    }
    const std::int64_t hours = minutes / hour_minutes;
    if (hours < 2 * day_hours) return messages.text("sync.span.hours", {{"count", of(hours)}});
    return messages.text("sync.span.days", {{"count", of(hours / day_hours)}});
}

std::string progress_text(const Messages& messages, const SyncLive& live) {
    if (live.is_stopping) return std::string(messages.text("sync.stopping"));
    const SyncReport& report = live.so_far;
    std::string text;
    if (report.bytes_down == 0) {
        text = messages.text("sync.phase.connecting");
    } else if (report.phase == SyncPhase::sending) {
        text = messages.text("sync.phase.sending",
                             {{"done", of(report.pushed)}, {"whole", of(live.changesets_to_send)}});
    } else if (report.phase == SyncPhase::fetching) {
        text = messages.text("sync.phase.fetching", {{"count", of(report.pulled)}});
    } else {
        text = messages.text("sync.phase.attachments", {{"fetched", of(report.blobs_fetched)},
                                                        {"sent", of(report.blobs_sent)},
                                                        {"whole", of(live.blobs_to_send)}});
    }
    text += messages.text("sync.moved", {{"down", bytes_text(report.bytes_down)},
                                         {"up", bytes_text(report.bytes_up)}});
    if (live.left_ms) {
        text += messages.text("sync.left", {{"time", span_text(messages, *live.left_ms)}});
    }
    return text;
}

std::string failure_text(const Messages& messages, const SyncOutcome& outcome) {
    const std::string_view trouble =
        trouble_of(*outcome.error, outcome.of_this_machine, outcome.was_stopped);
    return messages.text("sync.error." + std::string(trouble),
                         {{"reason", outcome.error->message}});
}

std::string note_text(const Messages& messages, const SyncNote& note, std::int64_t now_ms) {
    const std::string cause(messages.text("sync.cause." + std::string(name_of(note.cause))));
    std::string what;
    if (note.outcome == "done") {
        what =
            messages.text("sync.log.done", {{"bytes", bytes_text(note.bytes_up + note.bytes_down)},
                                            {"fetched", of(note.fetched)},
                                            {"files", of(note.blobs_sent + note.blobs_fetched)},
                                            {"sent", of(note.sent)}});
    } else {
        const Error error{error_code_of(note.outcome), "", ""};
        what = messages.text("sync.log." + std::string(trouble_of(error, false, false)));
    }
    if (note.times > 1) what += messages.text("sync.log.times", {{"times", of(note.times)}});
    return messages.text(
        "sync.log.line",
        {{"cause", cause}, {"what", what}, {"when", when_text(note.last_ms, now_ms)}});
}

std::string clock_text(const Messages& messages, std::int64_t clock_off_ms) {
    if (std::abs(clock_off_ms) < clock_off_max_ms) return {};
    // The server's minus ours: above 0 this clock is behind.
    return messages.text(clock_off_ms > 0 ? "sync.clock.behind" : "sync.clock.ahead",
                         {{"time", span_text(messages, std::abs(clock_off_ms))}});
}

}  // namespace zf::ui
