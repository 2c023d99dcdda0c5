// What every handle_* function gets and gives. Handlers are called with limits met and, where the
// table says so, with the device authenticated; they throw nothing but what the database layer
// throws, and know no socket.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/codec/wire.h"
#include "common/store/bureau_log.h"
#include "common/sync/transport.h"
#include "server/attempt_limit.h"
#include "server/store/central_store.h"

namespace zf {

struct RouteCall {
    const Request& request;
    CentralStore& store;
    AttemptLimit& attempts;
    std::string_view tail;           // what stands in the path where the route has '*'
    std::optional<Device> device{};  // who asks; set on authenticated routes
};

using RouteHandler = Result<Response> (*)(RouteCall&);

inline Response json_response(std::string body) {
    return {200, {{"content-type", "application/json"}}, std::move(body)};
}
inline Response binary_response(std::string body) {
    return {200, {{"content-type", "application/octet-stream"}}, std::move(body)};
}

/// A whole number from 0 in the query. Absent: `absent`, or `missing_argument` without one.
/// Anything else is `malformed`.
Result<std::int64_t> query_number(const Request& request, const std::string& name,
                                  std::optional<std::int64_t> absent = std::nullopt);

/// Refused `wrong_epoch` unless the text is the store's epoch.
Result<void> check_epoch(const CentralStore& store, std::string_view epoch);

// handle_bureau.cpp
Result<Response> handle_health(RouteCall& call);
Result<Response> handle_bureau(RouteCall& call);
// handle_enrol.cpp
Result<Response> handle_enrol(RouteCall& call);
// handle_renew.cpp
Result<Response> handle_renew(RouteCall& call);
// handle_session.cpp
Result<Response> handle_session(RouteCall& call);
// handle_push.cpp
Result<Response> handle_push(RouteCall& call);
Result<Response> handle_push_rehearse(RouteCall& call);
// handle_pull.cpp
Result<Response> handle_pull(RouteCall& call);
Result<Response> handle_pull_size(RouteCall& call);
// handle_own.cpp
Result<Response> handle_own(RouteCall& call);
// handle_regain.cpp
Result<Response> handle_entries(RouteCall& call);
Result<Response> handle_chains(RouteCall& call);
// handle_blobs.cpp
Result<Response> handle_blobs_missing(RouteCall& call);
Result<Response> handle_blob_get(RouteCall& call);
Result<Response> handle_blob_put(RouteCall& call);

}  // namespace zf
