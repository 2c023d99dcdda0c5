#include "server/store/secret_text.h"

#include <sodium.h>

#include <array>
#include <new>

#include "common/base/assert.h"

namespace zf {
namespace {

// Crockford's base 32: no I, L, O, U.
constexpr std::string_view letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr int group_length = 4;

constexpr unsigned long long passes = 3;
constexpr std::size_t memory_bytes = 64u << 20;

void start_sodium() {
    const int started = sodium_init();
    ZF_ASSERT(started >= 0);
}

}  // namespace

std::string new_secret_text(Env& env, int groups) {
    std::string text;
    for (int group = 0; group < groups; ++group) {
        if (group > 0) text.push_back('-');
        std::array<std::uint8_t, group_length> random{};
        env.fill_random(random);
        // 32 letters divide 256, so each is as likely as any other.
        for (const std::uint8_t byte : random) text.push_back(letters[byte % letters.size()]);
    }
    return text;
}

std::string plain_secret(std::string_view typed) {
    std::string plain;
    for (char c : typed) {
        if (c == ' ' || c == '-' || c == '\t') continue;
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (c == 'O') c = '0';
        if (c == 'I' || c == 'L') c = '1';
        plain.push_back(c);
    }
    return plain;
}

std::string hash_password(std::string_view password) {
    start_sodium();
    std::array<char, crypto_pwhash_STRBYTES> text{};
    if (crypto_pwhash_str(text.data(), password.data(), password.size(), passes, memory_bytes) !=
        0) {
        throw std::bad_alloc();  // the only reason that libsodium names
    }
    return text.data();
}

bool fits_password(const std::string& hash, std::string_view password) {
    start_sodium();
    return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

}  // namespace zf
