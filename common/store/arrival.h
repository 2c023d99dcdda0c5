// From bytes to an Arrival: decode, hash, and check that a batch is authentic. Pure.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "common/base/result.h"
#include "common/base/sign.h"
#include "common/store/change_log.h"

namespace zf {

using FindKey = std::function<std::optional<PublicKey>(const DeviceId&)>;

/// Decodes a batch and checks its authenticity: a changeset is authentic by its own signature,
/// or because an authentic one later in the batch names its hash as `previous`. So one
/// signature is verified per device and unbroken run. Refused whole with `bad_signature` or
/// `malformed`, where = "changesets[i]"; an unknown device is `unauthenticated`.
Result<std::vector<Arrival>> authenticate(std::vector<SignedChangeset> batch,
                                          const FindKey& find_key);

}  // namespace zf
