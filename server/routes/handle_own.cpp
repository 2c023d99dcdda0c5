// GET /v1/own: the asking device's own changesets, for a laptop whose folder was damaged. A pull
// leaves them out.
#include "common/codec/wire.h"
#include "server/routes/route.h"

namespace zf {
namespace {

constexpr std::size_t page_bytes = 2u << 20;

}  // namespace

Result<Response> handle_own(RouteCall& call) {
    const auto after = query_number(call.request, "after");
    if (!after) return fail(after.error());
    PushRequest page{call.store.epoch(), {}};
    const auto held = call.store.lock();
    for (StoredChangeset& stored : call.store.log().chain_after(
             call.device->id, *after, WireLimits::push_changesets_max, page_bytes)) {
        page.changesets.push_back(std::move(stored.signed_changeset));
    }
    return binary_response(encode_push(page));
}

}  // namespace zf
