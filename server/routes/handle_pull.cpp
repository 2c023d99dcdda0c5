// GET /v1/pull: what the asking device lacks, page by page. GET /v1/pull/size: how much that is.
#include <algorithm>

#include "common/codec/wire.h"
#include "server/pull_page.h"
#include "server/routes/route.h"

namespace zf {
namespace {

Result<PullQuery> read_query(RouteCall& call) {
    PullQuery query;
    query.reader = call.device->id;
    const auto after = query_number(call.request, "after");
    if (!after) return fail(after.error());
    query.after = *after;
    const auto entries = query_number(call.request, "entries");
    if (!entries) return fail(entries.error());
    query.entries = *entries;
    const auto bytes = query_number(call.request, "bytes", PullQuery::bytes_max);
    if (!bytes) return fail(bytes.error());
    query.bytes =
        static_cast<std::size_t>(std::clamp(*bytes, PullQuery::bytes_min, PullQuery::bytes_max));
    const auto own = query_number(call.request, "own", 0);
    if (!own) return fail(own.error());
    query.with_own = *own != 0;
    const auto epoch = call.request.query.find("epoch");
    if (epoch != call.request.query.end()) ZF_CHECK(check_epoch(call.store, epoch->second));
    return query;
}

/// The store must be locked.
Result<void> find_scope(RouteCall& call, PullQuery& query) {
    auto scope = pull_scope(call.store, *call.device);
    if (!scope) return fail(scope.error());
    query.scope = std::move(*scope);
    return {};
}

Result<PullAnswer> collect(RouteCall& call, PullQuery query) {
    const auto held = call.store.lock();
    const ReadSnapshot snapshot(call.store.db());
    ZF_CHECK(find_scope(call, query));
    return pull_page(call.store, query);
}

}  // namespace

Result<Response> handle_pull(RouteCall& call) {
    auto query = read_query(call);
    if (!query) return fail(query.error());
    const auto answer = collect(call, std::move(*query));
    if (!answer) return fail(answer.error());
    return binary_response(encode_pull(*answer));
}

Result<Response> handle_pull_size(RouteCall& call) {
    auto query = read_query(call);
    if (!query) return fail(query.error());
    std::int64_t changesets = 0, bytes = 0;
    for (bool more = true; more;) {
        // Page by page, so that others get their turn.
        const auto held = call.store.lock();
        ZF_CHECK(find_scope(call, *query));
        const PullSize size = pull_size(call.store, *query);
        changesets += size.changesets;
        bytes += size.bytes;
        query->after = size.cursor;
        more = size.more;
    }
    Value answer;
    answer.set("bytes", bytes);
    answer.set("changesets", changesets);
    return json_response(canonical_text(answer));
}

}  // namespace zf
