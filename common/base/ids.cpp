#include "common/base/ids.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <charconv>
#include <cstring>
#include <span>

#include "common/base/assert.h"
#include "common/base/sodium.h"

namespace zf {
namespace {

constexpr char hex_digits[] = "0123456789abcdef";

/// Value of each character as a hex digit, -1 for all others.
constexpr std::array<std::int8_t, 256> make_hex_values() {
    std::array<std::int8_t, 256> values{};
    for (auto& value : values) value = -1;
    for (int i = 0; i < 10; ++i)
        values[static_cast<std::size_t>('0' + i)] = static_cast<std::int8_t>(i);
    for (int i = 0; i < 6; ++i) {
        values[static_cast<std::size_t>('a' + i)] = static_cast<std::int8_t>(10 + i);
        values[static_cast<std::size_t>('A' + i)] = static_cast<std::int8_t>(10 + i);
    }
    return values;
}
constexpr std::array<std::int8_t, 256> hex_values = make_hex_values();

int hex_value(char c) {
    return hex_values[static_cast<unsigned char>(c)];
}

char* write_hex(char* out, std::span<const std::uint8_t> bytes) {
    for (const std::uint8_t byte : bytes) {
        *out++ = hex_digits[byte >> 4];
        *out++ = hex_digits[byte & 15];
    }
    return out;
}

/// `hex` must hold two characters for each byte of `out`.
bool read_hex(std::string_view hex, std::span<std::uint8_t> out) {
    int bad = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const int high = hex_value(hex[2 * i]);
        const int low = hex_value(hex[2 * i + 1]);
        bad |= high | low;  // negative as soon as one of them is
        out[i] = static_cast<std::uint8_t>((high << 4 | low) & 0xff);
    }
    return bad >= 0;
}

std::string hex_text(std::span<const std::uint8_t> bytes) {
    std::string text(bytes.size() * 2, '\0');
    write_hex(text.data(), bytes);
    return text;
}

template <class Id>
std::optional<Id> parse_hex(std::string_view hex) {
    Id id;
    if (hex.size() != id.bytes.size() * 2 || !read_hex(hex, id.bytes)) return std::nullopt;
    return id;
}

const unsigned char* data_of(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

/// A number as dot_text prints it: one text for each value, so that texts compare as dots do.
template <class Number>
std::optional<Number> parse_number(std::string_view text) {
    Number number{};
    if (text.empty() || text.front() == '-') return std::nullopt;
    if (text.front() == '0' && text.size() > 1) return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

crypto_generichash_state* state_of(std::array<std::uint8_t, 384>& memory) {
    static_assert(sizeof(crypto_generichash_state) <= sizeof(memory));
    return reinterpret_cast<crypto_generichash_state*>(memory.data());
}

// Where the text form has its hyphens: before these bytes.
constexpr std::array<std::size_t, 6> uuid_groups{0, 4, 6, 8, 10, 16};

void set_version_and_variant(Uuid& uuid, unsigned version) {
    uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0fU) | (version << 4));
    uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3fU) | 0x80U);
}

}  // namespace

std::string Uuid::text() const {
    std::string text(36, '-');
    char* out = text.data();
    for (std::size_t group = 0; group + 1 < uuid_groups.size(); ++group) {
        const std::size_t from = uuid_groups[group];
        out = write_hex(out, std::span(bytes).subspan(from, uuid_groups[group + 1] - from));
        ++out;  // over the hyphen that is there already
    }
    return text;
}

std::size_t UuidHash::operator()(const Uuid& id) const noexcept {
    std::uint64_t first = 0, second = 0;
    static_assert(sizeof first + sizeof second == sizeof id.bytes);
    std::memcpy(&first, id.bytes.data(), sizeof first);
    std::memcpy(&second, id.bytes.data() + sizeof first, sizeof second);
    return first ^ (second * 0x9E3779B97F4A7C15u);
}

std::optional<Uuid> parse_uuid(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    Uuid uuid;
    const std::span<std::uint8_t> bytes(uuid.bytes);
    for (std::size_t group = 0; group + 1 < uuid_groups.size(); ++group) {
        const std::size_t from = uuid_groups[group];
        const std::size_t count = uuid_groups[group + 1] - from;
        const std::size_t at = from * 2 + group;
        if (group > 0 && text[at - 1] != '-') return std::nullopt;
        if (!read_hex(text.substr(at, count * 2), bytes.subspan(from, count))) return std::nullopt;
    }
    return uuid;
}

Uuid uuid_v5(const Uuid& name_space, std::string_view name) {
    std::string input(reinterpret_cast<const char*>(name_space.bytes.data()), 16);
    input += name;
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    const int done =
        EVP_Digest(input.data(), input.size(), digest.data(), &length, EVP_sha1(), nullptr);
    ZF_ASSERT(done == 1 && length >= 16);
    Uuid uuid;
    std::memcpy(uuid.bytes.data(), digest.data(), uuid.bytes.size());
    set_version_and_variant(uuid, 5);
    return uuid;
}

Uuid uuid_v7(std::int64_t unix_ms, const std::array<std::uint8_t, 10>& random) {
    // The format has 48 bits for the time; a clock before 1970 reads as 1970.
    const std::uint64_t ms = unix_ms < 0 ? 0 : static_cast<std::uint64_t>(unix_ms);
    Uuid uuid;
    for (std::size_t i = 0; i < 6; ++i) {
        uuid.bytes[i] = static_cast<std::uint8_t>((ms >> (40 - 8 * i)) & 0xff);
    }
    std::memcpy(uuid.bytes.data() + 6, random.data(), random.size());
    set_version_and_variant(uuid, 7);
    return uuid;
}

std::string Hash256::hex() const {
    return hex_text(bytes);
}

Hash256 blake2b(std::string_view data) {
    ensure_sodium();
    Hash256 hash;
    crypto_generichash(hash.bytes.data(), hash.bytes.size(), data_of(data), data.size(), nullptr,
                       0);
    return hash;
}

Blake2b::Blake2b() : state_{} {
    ensure_sodium();
    crypto_generichash_init(state_of(state_), nullptr, 0, sizeof(Hash256::bytes));
}

void Blake2b::add(std::string_view data) {
    crypto_generichash_update(state_of(state_), data_of(data), data.size());
}

Hash256 Blake2b::finish() {
    Hash256 hash;
    const int done =
        crypto_generichash_final(state_of(state_), hash.bytes.data(), hash.bytes.size());
    ZF_ASSERT(done == 0);
    return hash;
}

std::optional<Hash256> parse_hash256(std::string_view hex) {
    return parse_hex<Hash256>(hex);
}

Hash256 sha256(std::string_view data) {
    ensure_sodium();
    Hash256 hash;
    crypto_hash_sha256(hash.bytes.data(), data_of(data), data.size());
    return hash;
}

std::string DeviceId::hex() const {
    return hex_text(bytes);
}

std::optional<DeviceId> parse_device_id(std::string_view hex) {
    return parse_hex<DeviceId>(hex);
}

std::string dot_text(const Dot& dot) {
    constexpr std::size_t n_width = 1 + 11;
    std::array<char, 32 + 1 + 20 + n_width> text{};
    char* const end = text.data() + text.size();
    char* out = write_hex(text.data(), dot.device.bytes);
    *out++ = ':';
    out = std::to_chars(out, end - n_width, dot.seq).ptr;
    *out++ = ':';
    out = std::to_chars(out, end, dot.n).ptr;
    return std::string(text.data(), out);
}

std::optional<Dot> parse_dot(std::string_view text) {
    constexpr std::size_t device_end = 32;
    if (text.size() <= device_end || text[device_end] != ':') return std::nullopt;
    const std::size_t colon = text.find(':', device_end + 1);
    if (colon == std::string_view::npos) return std::nullopt;
    const auto device = parse_device_id(text.substr(0, device_end));
    const auto seq =
        parse_number<std::int64_t>(text.substr(device_end + 1, colon - device_end - 1));
    const auto n = parse_number<std::int32_t>(text.substr(colon + 1));
    if (!device || !seq || *seq == 0 || !n) return std::nullopt;
    return Dot{*device, *seq, *n};
}

std::string hex_of(std::string_view bytes) {
    return hex_text({data_of(bytes), bytes.size()});
}

std::optional<std::string> bytes_of_hex(std::string_view hex) {
    if (hex.size() % 2 != 0) return std::nullopt;
    std::string bytes(hex.size() / 2, '\0');
    const std::span<std::uint8_t> out(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size());
    if (!read_hex(hex, out)) return std::nullopt;
    return bytes;
}

std::string base64_of(std::string_view bytes) {
    // The length that libsodium names includes the closing NUL.
    std::string text(
        sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
    sodium_bin2base64(text.data(), text.size(), data_of(bytes), bytes.size(),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    text.pop_back();
    return text;
}

std::optional<std::string> bytes_of_base64(std::string_view text) {
    std::string bytes(text.size() / 4 * 3 + 3, '\0');
    std::size_t length = 0;
    const char* end = nullptr;
    const int status = sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()),
                                         bytes.size(), text.data(), text.size(), nullptr, &length,
                                         &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    if (status != 0 || end != text.data() + text.size()) return std::nullopt;
    bytes.resize(length);
    // The library takes some bytes beyond ASCII for digits where char is signed.
    if (base64_of(bytes) != text) return std::nullopt;
    return bytes;
}

}  // namespace zf
