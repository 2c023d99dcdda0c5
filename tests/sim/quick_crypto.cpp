// Takes the place of two functions of libsodium in the simulator, which would spend a half of its
// time in them: every bureau that is built anew hashes one password, as dear as it should be, and
// every laptop checks the same signatures as every other one.
#include <dlfcn.h>
#include <sodium.h>

#include <string>
#include <string_view>
#include <unordered_set>

extern "C" int crypto_pwhash_str(char out[crypto_pwhash_STRBYTES], const char* password,
                                 unsigned long long length, unsigned long long, std::size_t) {
    return crypto_pwhash_argon2id_str(out, password, length, crypto_pwhash_argon2id_OPSLIMIT_MIN,
                                      crypto_pwhash_argon2id_MEMLIMIT_MIN);
}

/// The library's answer for each signature, message and key; good ones are asked for once only.
extern "C" int crypto_sign_verify_detached(const unsigned char* signature,
                                           const unsigned char* message, unsigned long long length,
                                           const unsigned char* key) {
    using Verify = int (*)(const unsigned char*, const unsigned char*, unsigned long long,
                           const unsigned char*);
    static const auto verify =
        reinterpret_cast<Verify>(dlsym(RTLD_NEXT, "crypto_sign_verify_detached"));
    static std::unordered_set<std::string> good;
    const auto text = [](const unsigned char* bytes, std::size_t size) {
        return std::string_view(reinterpret_cast<const char*>(bytes), size);
    };
    std::string asked(text(signature, crypto_sign_BYTES));
    asked += text(key, crypto_sign_PUBLICKEYBYTES);
    asked += text(message, length);
    if (good.contains(asked)) return 0;
    if (verify(signature, message, length, key) != 0) return -1;
    constexpr std::size_t kept_max = 100'000;
    if (good.size() >= kept_max) good.clear();
    good.insert(std::move(asked));
    return 0;
}
