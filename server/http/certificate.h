// The certificates of a bureau's server. What laptops pin is the bureau's Ed25519 public key; the
// TLS key is a fresh P-256 one vouched for by that key, so it can change while the pin stays.
// Refuses to know files, sockets and requests.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "common/base/result.h"

namespace zf {

struct ServerCertificate {
    std::string certificate_chain_pem;  // leaf, then the bureau's certificate
    std::string private_key_pem;        // of the leaf; unencrypted, keep at mode 0600
    std::string bureau_ca_pem;          // the bureau's certificate alone
};

/// Makes a certificate of the bureau (its Ed25519 key, signed by itself) and a leaf with a new
/// P-256 key, signed by the bureau. Both are valid from 2000 to 2099, so that a wrong clock does
/// no harm; serial numbers are random. `seed` is the bureau's 32-byte Ed25519 seed.
/// Errors: `internal` when OpenSSL fails.
Result<ServerCertificate> make_server_certificate(const std::array<std::uint8_t, 32>& seed);

}  // namespace zf
