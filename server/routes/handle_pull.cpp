// GET /v1/pull: what the asking device lacks: entries of the bureau's log first, then changesets in
// its areas in ssn order, page by page. GET /v1/pull/size: how much that is.
#include <algorithm>

#include "common/codec/wire.h"
#include "server/routes/route.h"

namespace zf {
namespace {

constexpr std::size_t changesets_max = 1000;
/// What the query's `bytes` may ask for; the greatest when it asks for nothing.
constexpr std::int64_t page_bytes_max = 4 << 20, page_bytes_min = 16 << 10;
/// Readers take four times the limit of a frame: room for signatures, line heads, the trailer.
constexpr std::size_t frame_bytes = 3 * WireLimits::frame_bytes_max;

struct Asked {
    std::int64_t after = 0, entries = 0;
    std::size_t bytes = 0;  // about so much text
    Scope scope;
};

Result<Asked> read_query(RouteCall& call) {
    Asked asked;
    const auto after = query_number(call.request, "after");
    if (!after) return fail(after.error());
    asked.after = *after;
    const auto entries = query_number(call.request, "entries");
    if (!entries) return fail(entries.error());
    asked.entries = *entries;
    const auto bytes = query_number(call.request, "bytes", page_bytes_max);
    if (!bytes) return fail(bytes.error());
    asked.bytes = static_cast<std::size_t>(std::clamp(*bytes, page_bytes_min, page_bytes_max));
    const auto epoch = call.request.query.find("epoch");
    if (epoch != call.request.query.end()) ZF_CHECK(check_epoch(call.store, epoch->second));
    return asked;
}

/// The store must be locked.
Result<void> find_scope(RouteCall& call, Asked& asked) {
    auto scope = scope_of(call.store.bureau(), *call.device);
    if (!scope) {
        return fail(ErrorCode::not_allowed,
                    "Nobody who may read records is enrolled on this device: its accounts are "
                    "disabled, or only administer.");
    }
    asked.scope = std::move(*scope);
    return {};
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
ScopedPage fitting_page(ChangeLog& log, const Asked& asked, const DeviceId& reader,
                        std::size_t bytes_taken) {
    std::size_t count = changesets_max;
    for (;;) {
        ScopedPage page = log.page_after(asked.after, asked.scope, reader, count, asked.bytes);
        if (count == 1 || bytes_taken + bytes_of(page) <= frame_bytes) return page;
        count /= 2;
    }
}

/// Returns the bytes that the entries take.
std::size_t add_entries(BureauLog& bureau, const Asked& asked, PullAnswer& answer) {
    std::size_t bytes = 0;
    answer.trailer.entries = asked.entries;
    for (BureauEntry& entry : bureau.entries_after(asked.entries, asked.bytes)) {
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

Result<PullAnswer> collect(RouteCall& call, Asked asked) {
    CentralStore& store = call.store;
    const auto held = store.lock();
    const ReadSnapshot snapshot(store.db());
    ZF_CHECK(find_scope(call, asked));
    PullAnswer answer;
    answer.epoch = store.epoch();
    answer.trailer.cursor = asked.after;
    const std::size_t bytes = add_entries(store.bureau(), asked, answer);
    // A changeset is never sent before the entries that say whose key signed it.
    if (answer.trailer.entries < store.bureau().last_entry()) {
        answer.trailer.more = true;
        return answer;
    }
    add_page(fitting_page(store.log(), asked, call.device->id, bytes), answer);
    if (answer.trailer.more) return answer;
    for (const DeliveredUpTo& upto : store.log().applied_up_to()) {
        if (upto.seq > 0) answer.trailer.delivered.emplace_back(upto.device.hex(), upto.seq);
    }
    answer.trailer.not_applied = not_applied_of(store.log(), call.device->id);
    return answer;
}

}  // namespace

Result<Response> handle_pull(RouteCall& call) {
    auto asked = read_query(call);
    if (!asked) return fail(asked.error());
    const auto answer = collect(call, std::move(*asked));
    if (!answer) return fail(answer.error());
    return binary_response(encode_pull(*answer));
}

Result<Response> handle_pull_size(RouteCall& call) {
    auto asked = read_query(call);
    if (!asked) return fail(asked.error());
    std::int64_t changesets = 0, bytes = 0;
    for (bool more = true; more;) {
        // Page by page, so that others get their turn.
        const auto held = call.store.lock();
        ZF_CHECK(find_scope(call, *asked));
        const ScopedPage page = call.store.log().page_after(
            asked->after, asked->scope, call.device->id, changesets_max, asked->bytes);
        changesets += static_cast<std::int64_t>(page.changesets.size());
        bytes += static_cast<std::int64_t>(bytes_of(page));
        asked->after = page.cursor;
        more = page.more;
    }
    Value answer;
    answer.set("bytes", bytes);
    answer.set("changesets", changesets);
    return json_response(canonical_text(answer));
}

}  // namespace zf
