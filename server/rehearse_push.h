// What a push would do, without doing it: everything is judged and merged as for a push, looked at,
// and taken back.
#pragma once

#include <vector>

#include "common/codec/wire.h"
#include "server/store/central_store.h"

namespace zf {

/// Errors: those of take_push.
Result<RehearsedPush> rehearse_push(CentralStore& store, const DeviceId& asking,
                                    std::vector<SignedChangeset> changesets);

}  // namespace zf
