#include "common/base/sealed_stream.h"

#include <sodium.h>

#include <algorithm>

#include "common/base/assert.h"
#include "common/base/sodium.h"

namespace zf {
namespace {

using State = crypto_secretstream_xchacha20poly1305_state;
using BoxKey = std::array<std::uint8_t, crypto_box_PUBLICKEYBYTES>;

static_assert(sizeof(State) <= 64 && alignof(State) <= 16);
static_assert(crypto_secretstream_xchacha20poly1305_KEYBYTES == StreamKey{}.size());
static_assert(crypto_secretstream_xchacha20poly1305_HEADERBYTES == StreamNonce{}.size());
static_assert(crypto_secretstream_xchacha20poly1305_ABYTES == chunk_overhead_bytes);
static_assert(crypto_box_SEALBYTES + StreamKey{}.size() == sealed_key_bytes);

State* state_in(std::array<std::uint8_t, 64>& bytes) {
    return reinterpret_cast<State*>(bytes.data());
}

const unsigned char* data_of(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

unsigned char* data_of(std::string& bytes) {
    return reinterpret_cast<unsigned char*>(bytes.data());
}

/// Reading and writing begin with the same state. The writing side's own start would draw the nonce
/// from the library instead of from Env.
void begin(std::array<std::uint8_t, 64>& state, const StreamKey& key, const StreamNonce& nonce) {
    ensure_sodium();
    const int done =
        crypto_secretstream_xchacha20poly1305_init_pull(state_in(state), nonce.data(), key.data());
    ZF_ASSERT(done == 0);
}

}  // namespace

std::optional<std::string> seal_key(const StreamKey& key, const PublicKey& receiver, Env& env) {
    ensure_sodium();
    BoxKey box_key{};
    if (crypto_sign_ed25519_pk_to_curve25519(box_key.data(), receiver.bytes.data()) != 0) {
        return std::nullopt;
    }
    // crypto_box_seal, with the ephemeral key drawn from Env.
    std::array<std::uint8_t, crypto_box_SEEDBYTES> seed{};
    env.fill_random(seed);
    BoxKey ephemeral{};
    std::array<std::uint8_t, crypto_box_SECRETKEYBYTES> secret{};
    int done = crypto_box_seed_keypair(ephemeral.data(), secret.data(), seed.data());
    ZF_ASSERT(done == 0);
    std::array<std::uint8_t, crypto_box_NONCEBYTES> nonce{};
    crypto_generichash_state hash;
    crypto_generichash_init(&hash, nullptr, 0, nonce.size());
    crypto_generichash_update(&hash, ephemeral.data(), ephemeral.size());
    crypto_generichash_update(&hash, box_key.data(), box_key.size());
    crypto_generichash_final(&hash, nonce.data(), nonce.size());
    std::string sealed(sealed_key_bytes, '\0');
    std::copy(ephemeral.begin(), ephemeral.end(), sealed.begin());
    done = crypto_box_easy(data_of(sealed) + ephemeral.size(), key.data(), key.size(), nonce.data(),
                           box_key.data(), secret.data());
    sodium_memzero(secret.data(), secret.size());
    sodium_memzero(seed.data(), seed.size());
    if (done != 0) return std::nullopt;
    return sealed;
}

std::optional<StreamKey> open_key(std::string_view sealed, const KeyPair& receiver) {
    if (sealed.size() != sealed_key_bytes) return std::nullopt;
    ensure_sodium();
    std::array<std::uint8_t, crypto_sign_PUBLICKEYBYTES> sign_public{};
    std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> sign_secret{};
    std::array<std::uint8_t, crypto_box_SECRETKEYBYTES> secret{};
    BoxKey box_key{};
    int done =
        crypto_sign_seed_keypair(sign_public.data(), sign_secret.data(), receiver.seed().data());
    ZF_ASSERT(done == 0);
    done = crypto_sign_ed25519_sk_to_curve25519(secret.data(), sign_secret.data());
    ZF_ASSERT(done == 0);
    done = crypto_scalarmult_base(box_key.data(), secret.data());
    ZF_ASSERT(done == 0);
    StreamKey key{};
    done = crypto_box_seal_open(key.data(), data_of(sealed), sealed.size(), box_key.data(),
                                secret.data());
    sodium_memzero(sign_secret.data(), sign_secret.size());
    sodium_memzero(secret.data(), secret.size());
    if (done != 0) return std::nullopt;
    return key;
}

SealingStream::SealingStream(const StreamKey& key, const StreamNonce& nonce, std::string bound_to)
    : bound_to_(std::move(bound_to)) {
    begin(state_, key, nonce);
}

std::string SealingStream::seal(std::string_view plain, bool is_last) {
    std::string sealed(plain.size() + chunk_overhead_bytes, '\0');
    const unsigned char tag = is_last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
                                      : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
    const int done = crypto_secretstream_xchacha20poly1305_push(
        state_in(state_), data_of(sealed), nullptr, data_of(plain), plain.size(),
        data_of(std::string_view(bound_to_)), bound_to_.size(), tag);
    ZF_ASSERT(done == 0);
    return sealed;
}

OpeningStream::OpeningStream(const StreamKey& key, const StreamNonce& nonce, std::string bound_to)
    : bound_to_(std::move(bound_to)) {
    begin(state_, key, nonce);
}

std::optional<OpenedChunk> OpeningStream::open(std::string_view sealed) {
    if (sealed.size() < chunk_overhead_bytes) return std::nullopt;
    OpenedChunk chunk;
    chunk.plain.resize(sealed.size() - chunk_overhead_bytes);
    unsigned char tag = 0;
    const int done = crypto_secretstream_xchacha20poly1305_pull(
        state_in(state_), data_of(chunk.plain), nullptr, &tag, data_of(sealed), sealed.size(),
        data_of(std::string_view(bound_to_)), bound_to_.size());
    if (done != 0) return std::nullopt;
    chunk.is_last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    return chunk;
}

}  // namespace zf
