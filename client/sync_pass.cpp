#include "client/sync_pass.h"

#include <array>

#include "common/base/assert.h"
#include "common/codec/json.h"
#include "common/store/schema.h"

namespace zf {
namespace {

constexpr std::string_view log_fact = "sync_log", clock_fact = "clock_off_ms", done = "done";
constexpr std::array<std::string_view, 3> cause_names{"person", "night", "network"};

Value value_of(const SyncNote& note) {
    return Value(Members{{"blobs_fetched", note.blobs_fetched},
                         {"blobs_sent", note.blobs_sent},
                         {"bytes_down", note.bytes_down},
                         {"bytes_up", note.bytes_up},
                         {"cause", std::string(name_of(note.cause))},
                         {"fetched", note.fetched},
                         {"first_ms", note.first_ms},
                         {"last_ms", note.last_ms},
                         {"outcome", note.outcome},
                         {"sent", note.sent},
                         {"times", note.times}});
}

SyncNote note_of(const Value& value) {
    const auto number = [&](std::string_view name) -> std::int64_t {
        const Value* part = value.find(name);
        return part && part->integer() ? *part->integer() : 0;
    };
    const auto text = [&](std::string_view name) {
        const Value* part = value.find(name);
        return part && part->text() ? *part->text() : std::string();
    };
    SyncNote note;
    note.first_ms = number("first_ms");
    note.last_ms = number("last_ms");
    note.times = number("times");
    for (std::size_t i = 0; i < cause_names.size(); ++i) {
        if (text("cause") == cause_names[i]) note.cause = static_cast<SyncCause>(i);
    }
    note.outcome = text("outcome");
    note.sent = number("sent");
    note.fetched = number("fetched");
    note.blobs_sent = number("blobs_sent");
    note.blobs_fetched = number("blobs_fetched");
    note.bytes_up = number("bytes_up");
    note.bytes_down = number("bytes_down");
    return note;
}

void add_note(Db& db, SyncNote note) {
    std::vector<SyncNote> notes = sync_notes(db);
    if (!notes.empty() && note.outcome != done && notes.front().outcome == note.outcome) {
        note.first_ms = notes.front().first_ms;
        note.times += notes.front().times;
        notes.erase(notes.begin());
    }
    notes.insert(notes.begin(), std::move(note));
    if (notes.size() > sync_notes_max) notes.resize(sync_notes_max);
    List list;
    for (const SyncNote& one : notes) list.push_back(value_of(one));
    set_fact(db, log_fact, canonical_text(Value(std::move(list))));
}

}  // namespace

std::string_view name_of(SyncCause cause) {
    const auto index = static_cast<std::size_t>(cause);
    ZF_ASSERT(index < cause_names.size());
    return cause_names[index];
}

Result<HttpTransport> road_to_bureau(const Membership& membership) {
    return HttpTransport::open(membership.server_url, membership.bureau_key.hex());
}

SyncEnd sync_once(DeviceStore& store, Transport& transport, SyncCause cause,
                  const SyncProgress& progress) {
    Sync sync(store.sync_stores(), transport);
    const auto ran = sync.run(progress);
    SyncEnd end{sync.report(), ran ? std::nullopt : std::optional(ran.error())};
    const SyncReport& report = end.report;
    const std::int64_t now = store.env().now_ms();
    Transaction transaction(store.db());
    if (ran || report.clock_off_ms != 0) set_fact(store.db(), clock_fact, report.clock_off_ms);
    add_note(store.db(),
             {now, now, 1, cause, std::string(ran ? done : facts_of(ran.error().code).slug),
              report.pushed, report.pulled, report.blobs_sent, report.blobs_fetched,
              report.bytes_up, report.bytes_down});
    transaction.commit();
    return end;
}

std::vector<SyncNote> sync_notes(Db& db) {
    std::vector<SyncNote> notes;
    const auto json = parse_json(find_fact(db, log_fact).value_or("[]"));
    if (!json || !json->list()) return notes;
    for (const Value& one : *json->list()) notes.push_back(note_of(one));
    return notes;
}

std::optional<std::int64_t> unreached_since(const std::vector<SyncNote>& notes) {
    if (notes.empty() || notes.front().outcome != facts_of(ErrorCode::unreachable).slug) {
        return std::nullopt;
    }
    return notes.front().first_ms;
}

std::optional<std::int64_t> last_sync_ms(Db& db) {
    return find_fact_integer(db, "last_sync_ms");
}

std::int64_t noted_clock_off_ms(Db& db) {
    return find_fact_integer(db, clock_fact).value_or(0);
}

}  // namespace zf
