// Identities: one type per kind, so that none can stand where another belongs. Knows no clock
// and no randomness (see env.h) and no storage.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zf {

/// 128-bit identity of a record or row. Text form: 8-4-4-4-12 lower-case hex digits.
/// Ordering of the bytes equals ordering of the text.
struct Uuid {
    std::array<std::uint8_t, 16> bytes{};
    auto operator<=>(const Uuid&) const = default;
    [[nodiscard]] bool is_nil() const { return *this == Uuid{}; }
    [[nodiscard]] std::string text() const;
};

/// For hash tables. Both halves count: ids are random, time-ordered or, in tests, nearly equal.
struct UuidHash {
    std::size_t operator()(const Uuid& id) const noexcept;
};

/// Reads the text form, upper or lower case; anything else is nothing.
std::optional<Uuid> parse_uuid(std::string_view text);

/// Name-based UUID version 5 (RFC 9562, SHA-1) of `name` in `name_space`.
Uuid uuid_v5(const Uuid& name_space, std::string_view name);

/// Time-ordered UUID version 7 from a time (before 1970: as 1970) and 10 random bytes.
Uuid uuid_v7(std::int64_t unix_ms, const std::array<std::uint8_t, 10>& random);

/// BLAKE2b-256.
struct Hash256 {
    std::array<std::uint8_t, 32> bytes{};
    auto operator<=>(const Hash256&) const = default;
    [[nodiscard]] std::string hex() const;
};

Hash256 blake2b(std::string_view data);

/// BLAKE2b-256 over data that comes in parts.
class Blake2b {
public:
    Blake2b();
    void add(std::string_view data);
    Hash256 finish();

private:
    alignas(64) std::array<std::uint8_t, 384> state_;  // crypto_generichash_state
};

/// 64 hex digits of either case; anything else is nothing.
std::optional<Hash256> parse_hash256(std::string_view hex);

/// SHA-256, which names blobs. Same text form as Hash256.
Hash256 sha256(std::string_view data);

/// Identity of an enrolled device: the first 16 bytes of the BLAKE2b-256 of its public key,
/// as 32 lower-case hex digits.
struct DeviceId {
    std::array<std::uint8_t, 16> bytes{};
    auto operator<=>(const DeviceId&) const = default;
    [[nodiscard]] std::string hex() const;
};

/// 32 hex digits of either case; anything else is nothing.
std::optional<DeviceId> parse_device_id(std::string_view hex);

/// The n-th op (from 0) of the changeset `seq` (from 1) of `device`.
struct Dot {
    DeviceId device;
    std::int64_t seq = 0;
    std::int32_t n = 0;
    auto operator<=>(const Dot&) const = default;
};

/// "<device hex>:<seq>:<n>"; the "version" that conflicts show and `resolve` picks.
std::string dot_text(const Dot& dot);
/// Exactly what dot_text prints for a dot that can exist (seq from 1, n from 0, no leading
/// zeros; hex of either case); anything else is nothing.
std::optional<Dot> parse_dot(std::string_view text);

/// Hybrid logical clock. Orders values for display and reviews for status; decides nothing else.
struct Hlc {
    std::int64_t ms = 0;
    std::int32_t counter = 0;
    auto operator<=>(const Hlc&) const = default;
};

std::string hex_of(std::string_view bytes);
/// Lower- or upper-case hex of an even length; anything else is nothing.
std::optional<std::string> bytes_of_hex(std::string_view hex);
/// URL-safe base64 without padding (RFC 4648 section 5).
std::string base64_of(std::string_view bytes);
std::optional<std::string> bytes_of_base64(std::string_view text);

}  // namespace zf
