// Passwords and enrolment codes: made from randomness, read back as people type them, and kept as
// hashes only. Knows no account.
#pragma once

#include <string>
#include <string_view>

#include "common/base/env.h"

namespace zf {

/// `groups` groups of four characters joined by '-', 20 bits a group, without characters that
/// look alike: "7KQ2-M9XF-R4TD".
std::string new_secret_text(Env& env, int groups);

/// What was typed as new_secret_text would print it: capitals, without blanks and '-', O as 0,
/// I and L as 1.
std::string plain_secret(std::string_view typed);

/// Argon2id (RFC 9106) with 3 passes over 64 MiB, as the text that libsodium makes of it. Takes
/// a fifth of a second: never while the store is locked.
std::string hash_password(std::string_view password);
/// As dear as hash_password, whether it fits or not.
bool fits_password(const std::string& hash, std::string_view password);

}  // namespace zf
