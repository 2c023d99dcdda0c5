#include "server/pull_page.h"

#include <algorithm>

#include "common/store/reader_scope.h"
#include "server/take_push.h"

namespace zf {
namespace {

constexpr std::size_t changesets_max = 1000;
/// A lacking attachment takes up to that many bytes of a page, and no more are named than:
constexpr std::size_t lacking_bytes = 256;
constexpr std::size_t lacking_max = 1000;
/// Readers take four times the limit of a frame: room for signatures, line heads, the trailer.
constexpr std::size_t frame_bytes = 3 * WireLimits::frame_bytes_max;

std::optional<DeviceId> left_out(const PullQuery& query) {
    return query.with_own ? std::nullopt : std::optional(query.reader);
}

std::size_t bytes_of(const ScopedPage& page) {
    std::size_t bytes = 0;
    for (const StoredChangeset& stored : page.changesets) {
        bytes += stored.signed_changeset.bytes.size();
    }
    return bytes;
}

/// A page that fits into one frame. A record that came into the reader's areas brings its whole
/// history in one piece, so the page may have to be asked for again with fewer changesets.
ScopedPage fitting_page(ChangeLog& log, const PullQuery& query, std::size_t bytes_taken) {
    std::size_t count = changesets_max;
    for (;;) {
        ScopedPage page =
            log.page_after(query.after, query.scope, left_out(query), count, query.bytes);
        if (count == 1 || bytes_taken + bytes_of(page) <= frame_bytes) return page;
        count /= 2;
    }
}

/// Returns the bytes that the entries take.
std::size_t add_entries(BureauLog& bureau, const PullQuery& query, PullAnswer& answer) {
    std::size_t bytes = 0;
    answer.trailer.entries = query.entries;
    for (BureauEntry& entry : bureau.entries_after(query.entries, query.bytes)) {
        answer.trailer.entries = entry.n;
        bytes += entry.bytes.size();
        answer.entries.push_back({std::move(entry.bytes), std::move(entry.signature)});
    }
    return bytes;
}

void add_page(ScopedPage page, PullAnswer& answer) {
    answer.trailer.cursor = page.cursor;
    answer.trailer.more = page.more;
    for (const Uuid& record : page.dropped) answer.dropped.push_back(record.text());
    for (StoredChangeset& stored : page.changesets) {
        answer.changesets.push_back({*stored.ssn, std::move(stored.signed_changeset)});
    }
}

}  // namespace

Result<Scope> pull_scope(CentralStore& store, const Device& device) {
    auto scope = reader_scope(store.bureau(), device);
    if (scope) return std::move(*scope);
    return fail(ErrorCode::not_allowed,
                "Nobody who may read records is enrolled on this device: its accounts are "
                "disabled, or only administer.");
}

PullAnswer pull_page(CentralStore& store, const PullQuery& query) {
    PullAnswer answer;
    answer.epoch = store.epoch();
    answer.trailer.cursor = query.after;
    const std::size_t bytes = add_entries(store.bureau(), query, answer);
    // A changeset is never sent before the entries that say whose key signed it.
    if (answer.trailer.entries < store.bureau().last_entry()) {
        answer.trailer.more = true;
        return answer;
    }
    add_page(fitting_page(store.log(), query, bytes), answer);
    if (answer.trailer.more) return answer;
    for (const DeliveredUpTo& upto : store.log().applied_up_to()) {
        if (upto.seq > 0) answer.trailer.delivered.emplace_back(upto.device.hex(), upto.seq);
    }
    answer.trailer.not_applied = not_applied_of(store.log(), query.reader);
    const auto count = std::min(lacking_max, query.bytes / lacking_bytes);
    for (const Hash256& hash : store.log().open_attachments(static_cast<std::int64_t>(count))) {
        if (!store.blobs().has(hash)) answer.trailer.lacking.push_back(hash.hex());
    }
    return answer;
}

PullSize pull_size(CentralStore& store, const PullQuery& query) {
    const ScopedPage page = store.log().page_after(query.after, query.scope, left_out(query),
                                                   changesets_max, query.bytes);
    return {static_cast<std::int64_t>(page.changesets.size()),
            static_cast<std::int64_t>(bytes_of(page)), page.cursor, page.more};
}

}  // namespace zf
