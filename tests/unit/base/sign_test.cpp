// Ed25519 against RFC 8032, section 7.1, and what must not verify.
#include "common/base/sign.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace {

using namespace zf;

struct Vector {
    const char *seed, *key, *message, *signature;
};

const Vector vectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
     "46b"
     "d25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
     "d8c"
     "387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc"
     "659"
     "4a7c15e9716ed28dc027beceea1ec40a"},
};

KeyPair pair_of(const char* seed_hex) {
    const auto seed = parse_hash256(seed_hex);
    REQUIRE(seed);
    return KeyPair::from_seed(seed->bytes);
}

TEST_CASE("signatures: vectors") {
    for (const Vector& vector : vectors) {
        CAPTURE(vector.message);
        const KeyPair pair = pair_of(vector.seed);
        const auto message = bytes_of_hex(vector.message);
        REQUIRE(message);
        CHECK(pair.public_key().hex() == vector.key);
        CHECK(hex_of(pair.sign(*message)) == vector.signature);
        CHECK(parse_public_key(vector.key) == pair.public_key());
        CHECK(verify_signature(pair.public_key(), *message, pair.sign(*message)));
    }
}

TEST_CASE("signatures: any changed bit is noticed") {
    const KeyPair pair = pair_of(vectors[2].seed);
    const std::string message = "zoufang";
    const std::string signature = pair.sign(message);
    for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
        std::string changed = signature;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        CAPTURE(bit);
        CHECK_FALSE(verify_signature(pair.public_key(), message, changed));
    }
    for (std::size_t bit = 0; bit < message.size() * 8; ++bit) {
        std::string changed = message;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        CHECK_FALSE(verify_signature(pair.public_key(), changed, signature));
    }
    CHECK_FALSE(verify_signature(pair_of(vectors[0].seed).public_key(), message, signature));
    CHECK_FALSE(verify_signature(pair.public_key(), message, ""));
    CHECK_FALSE(verify_signature(pair.public_key(), message, signature.substr(1)));
    CHECK_FALSE(verify_signature(pair.public_key(), message, signature + '\0'));
    // Keys of small order would accept a signature for any message.
    CHECK_FALSE(verify_signature(PublicKey{}, message, std::string(64, '\0')));
}

TEST_CASE("key pairs: made from the random source given, restored from their seed") {
    ManualEnv a(1), same(1), other(2);
    const KeyPair pair = KeyPair::generate(a);
    CHECK(KeyPair::generate(same).public_key() == pair.public_key());
    CHECK(KeyPair::generate(other).public_key() != pair.public_key());
    const KeyPair restored = KeyPair::from_seed(pair.seed());
    CHECK(restored.public_key() == pair.public_key());
    CHECK(restored.sign("x") == pair.sign("x"));
}

TEST_CASE("device id: start of the hash of the public key") {
    const auto key = parse_public_key(vectors[0].key);
    REQUIRE(key);
    CHECK(device_id_of(*key).hex() == "7849ac3049680be1ef762efe0d36e017");
    CHECK_FALSE(parse_public_key(device_id_of(*key).hex()));
}

}  // namespace
