// The secrets of a bureau's server as they lie in DATA/keys and DATA/tls. Folders have mode 0700,
// files 0600.
//
//   keys/bureau.key   seed of the bureau's Ed25519 key, hex: what laptops pin; never replaced
//   keys/server.key   seed of the server's own device key, hex: one per epoch
//   keys/former-<device id>.key   seeds of its former device keys: bundles sealed to one of them
//                     may still be on their way
//   keys/token.key    32 bytes, hex: authenticates session challenges
//   tls/server.pem    the server's certificate, then the bureau's
//   tls/server.key    the certificate's private key
//   tls/bureau.pem    the bureau's certificate
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "common/base/env.h"
#include "common/base/result.h"
#include "common/base/sign.h"
#include "server/http/certificate.h"

namespace zf {

struct ServerKeys {
    KeyPair bureau;
    KeyPair server;
    std::vector<KeyPair> former;  // of the server, before the last restores
    std::array<std::uint8_t, 32> token{};
    ServerCertificate certificate;
};

/// Makes the keys and certificates that are not there yet and leaves those that are: an `init`
/// that was cut off can be run again, and a bureau key brought from elsewhere stays.
Result<void> make_missing_keys(const std::filesystem::path& data, Env& env);

/// Brings the bureau's key back from a copy: the file keys/bureau.key, or what `bureau-key`
/// printed, typed with blanks, '-' and line ends as one likes. Errors: `not_found`; `malformed` for
/// anything else, or when a digit was mistyped; `not_allowed` when another bureau's key is in the
/// folder.
Result<void> bring_back_bureau_key(const std::filesystem::path& data,
                                   const std::filesystem::path& copy);

/// The bureau's key for a sheet of paper: 17 groups of four hex digits, the last being a check.
Result<std::string> bureau_key_on_paper(const std::filesystem::path& data);

/// Replaces the server's device key and the token key, as a new epoch demands. The one that was
/// there becomes a former one.
Result<void> renew_server_keys(const std::filesystem::path& data, Env& env);

/// Adds the server's keys of another data folder, the present one included, as former ones; none
/// when that folder is another bureau's, or has none. Errors: `internal`.
Result<void> keep_former_keys(const std::filesystem::path& data,
                              const std::filesystem::path& other);

/// Errors: `not_found` and `damaged`, where = the file.
Result<ServerKeys> load_keys(const std::filesystem::path& data);

}  // namespace zf
