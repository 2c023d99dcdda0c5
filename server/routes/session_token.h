// Session challenges: opaque texts that prove, without a table, that this server gave them to that
// device not long ago. Which device signed one is the caller's business.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/env.h"
#include "common/base/ids.h"
#include "common/base/result.h"

namespace zf {

inline constexpr std::int64_t session_life_ms = 30ll * 60 * 1000;

/// challenge = base64url of 8 bytes expiry in ms (big-endian), 8 random bytes, and the first 16
/// bytes of HMAC-SHA-512-256 over "zoufang-challenge/1", NUL, device, expiry, random bytes.
std::string make_challenge(const std::array<std::uint8_t, 32>& key, const DeviceId& device,
                           Env& env);

/// Error: `unauthenticated` when it was not made for this device by this key, or is too old.
Result<void> check_challenge(const std::array<std::uint8_t, 32>& key, const DeviceId& device,
                             std::string_view challenge, std::int64_t now_ms);

}  // namespace zf
