#include "server/routes/session_token.h"

#include <sodium.h>

namespace zf {
namespace {

constexpr std::size_t expiry_bytes = 8;
// The challenge travels with every request: 64 and 128 bits are enough for half an hour's token.
constexpr std::size_t random_bytes = 8;
constexpr std::size_t mac_bytes = 16;

std::string mac_of(const std::array<std::uint8_t, 32>& key, const DeviceId& device,
                   std::string_view expiry_and_random) {
    static_assert(crypto_auth_KEYBYTES == 32 && crypto_auth_BYTES >= mac_bytes);
    std::string message = "zoufang-challenge/1";
    message.push_back('\0');
    message.append(reinterpret_cast<const char*>(device.bytes.data()), device.bytes.size());
    message.append(expiry_and_random);
    std::string mac(crypto_auth_BYTES, '\0');
    crypto_auth(reinterpret_cast<unsigned char*>(mac.data()),
                reinterpret_cast<const unsigned char*>(message.data()), message.size(), key.data());
    mac.resize(mac_bytes);
    return mac;
}

}  // namespace

std::string make_challenge(const std::array<std::uint8_t, 32>& key, const DeviceId& device,
                           Env& env) {
    const auto expiry = static_cast<std::uint64_t>(env.now_ms() + session_life_ms);
    std::string bytes;
    for (int shift = 56; shift >= 0; shift -= 8) {
        bytes.push_back(static_cast<char>((expiry >> shift) & 0xff));
    }
    std::array<std::uint8_t, random_bytes> random{};
    env.fill_random(random);
    bytes.append(reinterpret_cast<const char*>(random.data()), random.size());
    return base64_of(bytes + mac_of(key, device, bytes));
}

Result<void> check_challenge(const std::array<std::uint8_t, 32>& key, const DeviceId& device,
                             std::string_view challenge, std::int64_t now_ms) {
    constexpr std::size_t body_bytes = expiry_bytes + random_bytes;
    const auto bytes = bytes_of_base64(challenge);
    const auto refuse = [](std::string message) {
        return fail(ErrorCode::unauthenticated, std::move(message), "authorization");
    };
    if (!bytes || bytes->size() != body_bytes + mac_bytes) {
        return refuse("This is no challenge of this server; open a session first.");
    }
    const std::string mac = mac_of(key, device, std::string_view(*bytes).substr(0, body_bytes));
    if (sodium_memcmp(mac.data(), bytes->data() + body_bytes, mac_bytes) != 0) {
        return refuse("This challenge was not given to this device; open a session first.");
    }
    std::uint64_t expiry = 0;
    for (std::size_t i = 0; i < expiry_bytes; ++i) {
        expiry = (expiry << 8) | static_cast<std::uint8_t>((*bytes)[i]);
    }
    const std::int64_t left_ms = static_cast<std::int64_t>(expiry) - now_ms;
    // More than a whole life left: this machine's clock was set back since.
    if (left_ms <= 0 || left_ms > session_life_ms) {
        return refuse("The session is over; open a new one.");
    }
    return {};
}

}  // namespace zf
