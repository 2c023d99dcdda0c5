#include "common/base/sign.h"

#include <sodium.h>

#include <algorithm>

#include "common/base/assert.h"
#include "common/base/sodium.h"

namespace zf {
namespace {

const unsigned char* data_of(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::string_view view_of(const std::array<std::uint8_t, 32>& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

std::string PublicKey::hex() const {
    return hex_of(view_of(bytes));
}

std::optional<PublicKey> parse_public_key(std::string_view hex) {
    // Both are 32 bytes of hex.
    const auto bytes = parse_hash256(hex);
    if (!bytes) return std::nullopt;
    return PublicKey{bytes->bytes};
}

DeviceId device_id_of(const PublicKey& key) {
    const Hash256 hash = blake2b(view_of(key.bytes));
    DeviceId id;
    std::copy_n(hash.bytes.begin(), id.bytes.size(), id.bytes.begin());
    return id;
}

KeyPair KeyPair::generate(Env& env) {
    std::array<std::uint8_t, 32> seed{};
    env.fill_random(seed);
    return from_seed(seed);
}

KeyPair KeyPair::from_seed(const std::array<std::uint8_t, 32>& seed) {
    static_assert(crypto_sign_SEEDBYTES == 32 && crypto_sign_SECRETKEYBYTES == 64);
    ensure_sodium();
    KeyPair pair;
    pair.seed_ = seed;
    const int done =
        crypto_sign_seed_keypair(pair.public_key_.bytes.data(), pair.secret_.data(), seed.data());
    ZF_ASSERT(done == 0);
    return pair;
}

std::string KeyPair::sign(std::string_view message) const {
    std::string signature(crypto_sign_BYTES, '\0');
    const int done =
        crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr,
                             data_of(message), message.size(), secret_.data());
    ZF_ASSERT(done == 0);
    return signature;
}

bool verify_signature(const PublicKey& key, std::string_view message, std::string_view signature) {
    if (signature.size() != crypto_sign_BYTES) return false;
    ensure_sodium();
    return crypto_sign_verify_detached(data_of(signature), data_of(message), message.size(),
                                       key.bytes.data()) == 0;
}

}  // namespace zf
