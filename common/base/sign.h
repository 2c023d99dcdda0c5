// Ed25519 key pairs and signatures (libsodium). Keys live in files of mode 0600; reading and
// writing those files is the stores' business.
#pragma once

#include <string>
#include <string_view>

#include "common/base/env.h"
#include "common/base/ids.h"

namespace zf {

struct PublicKey {
    std::array<std::uint8_t, 32> bytes{};
    auto operator<=>(const PublicKey&) const = default;
    [[nodiscard]] std::string hex() const;
};

std::optional<PublicKey> parse_public_key(std::string_view hex);
DeviceId device_id_of(const PublicKey& key);

class KeyPair {
public:
    /// A new key pair from 32 random bytes of `env`.
    static KeyPair generate(Env& env);
    static KeyPair from_seed(const std::array<std::uint8_t, 32>& seed);

    [[nodiscard]] const PublicKey& public_key() const { return public_key_; }
    [[nodiscard]] const std::array<std::uint8_t, 32>& seed() const { return seed_; }
    /// 64 bytes.
    [[nodiscard]] std::string sign(std::string_view message) const;

private:
    std::array<std::uint8_t, 32> seed_{};
    std::array<std::uint8_t, 64> secret_{};
    PublicKey public_key_;
};

bool verify_signature(const PublicKey& key, std::string_view message, std::string_view signature);

}  // namespace zf
