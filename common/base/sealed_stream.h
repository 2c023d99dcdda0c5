// Bytes that only one receiver can read, and of which not one can be changed unnoticed (libsodium):
// a secret sealed to somebody's Ed25519 key, and a stream of chunks under that secret. Knows no
// files and no format.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/env.h"
#include "common/base/sign.h"

namespace zf {

using StreamKey = std::array<std::uint8_t, 32>;
using StreamNonce = std::array<std::uint8_t, 24>;

/// Bytes that a sealed key has, and those that a sealed chunk has beyond its plain text.
inline constexpr std::size_t sealed_key_bytes = 80;
inline constexpr std::size_t chunk_overhead_bytes = 17;

/// The key in a sealed box for the X25519 form of the receiver's key: ephemeral public key, then
/// the boxed key. Nothing when the receiver's key is no point of the curve that can be used.
std::optional<std::string> seal_key(const StreamKey& key, const PublicKey& receiver, Env& env);
/// Nothing when it is sealed to another key or was changed.
std::optional<StreamKey> open_key(std::string_view sealed, const KeyPair& receiver);

/// Seals chunk after chunk (secretstream, XChaCha20-Poly1305); each is bound to all before it and
/// to the bytes `bound_to`. A key is used for one stream only.
class SealingStream {
public:
    SealingStream(const StreamKey& key, const StreamNonce& nonce, std::string bound_to);
    std::string seal(std::string_view plain, bool is_last);

private:
    alignas(16) std::array<std::uint8_t, 64> state_{};
    std::string bound_to_;
};

struct OpenedChunk {
    std::string plain;
    bool is_last = false;
};

class OpeningStream {
public:
    OpeningStream(const StreamKey& key, const StreamNonce& nonce, std::string bound_to);
    /// Nothing when the chunk is not the next one of this stream, unchanged; another one may be
    /// tried then.
    std::optional<OpenedChunk> open(std::string_view sealed);

private:
    alignas(16) std::array<std::uint8_t, 64> state_{};
    std::string bound_to_;
};

}  // namespace zf
