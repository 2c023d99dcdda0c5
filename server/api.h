// The server's one entry: a request in, a response out. Wraps every route in the same order:
// limits, protocol version, authentication, handler; and turns errors into answers. Knows no
// socket; any number of threads may call it at once.
#pragma once

#include <cstddef>

#include "common/sync/transport.h"
#include "server/attempt_limit.h"
#include "server/routes/route.h"
#include "server/store/central_store.h"

namespace zf {

class Api {
public:
    static constexpr std::size_t body_bytes_max = 12u << 20;
    static constexpr int protocol_min = 1, protocol_max = 1;

    explicit Api(CentralStore& store) : store_(store) {}

    /// Never throws. Errors are {"error":{"code","message","where"}} with the status of the
    /// catalogue; a failing machine is `busy` (503) or `internal` (500), with the details on
    /// standard error only.
    Response handle(const Request& request);

private:
    Result<Response> dispatch(const Request& request);
    Result<Device> authenticate_device(const Request& request);

    CentralStore& store_;
    AttemptLimit attempts_;
};

}  // namespace zf
