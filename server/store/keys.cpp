#include "server/store/keys.h"

#include <algorithm>
#include <string>

#include "common/base/private_files.h"

namespace zf {
namespace {

namespace fs = std::filesystem;

using Seed = std::array<std::uint8_t, 32>;

constexpr std::size_t key_file_bytes_max = 64u << 10;

constexpr std::size_t group_digits = 4;

std::string_view bytes_of(const Seed& seed) {
    return {reinterpret_cast<const char*>(seed.data()), seed.size()};
}

std::string hex_line(const Seed& seed) {
    return hex_of(bytes_of(seed)) + "\n";
}

/// Four hex digits that tell a mistyped key.
std::string check_of(const Seed& seed) {
    return blake2b(bytes_of(seed)).hex().substr(0, group_digits);
}

Result<Seed> seed_from_paper(std::string_view text, const fs::path& file) {
    std::string digits;
    for (const char c : text) {
        if (c == ' ' || c == '-' || c == '\n' || c == '\r' || c == '\t') continue;
        digits.push_back(c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c);
    }
    Seed seed{};
    const std::size_t without_check = 2 * seed.size();
    const auto bytes = bytes_of_hex(digits.substr(0, without_check));
    if (!bytes || bytes->size() != seed.size() ||
        (digits.size() != without_check && digits.size() != without_check + group_digits)) {
        return fail(ErrorCode::malformed,
                    "This should be a bureau's key: 64 hex digits, on paper 4 more as a check.",
                    file.string());
    }
    std::copy(bytes->begin(), bytes->end(), seed.begin());
    if (digits.size() > without_check && digits.substr(without_check) != check_of(seed)) {
        return fail(ErrorCode::malformed,
                    "The last four digits do not fit the others: one of them is mistyped.",
                    file.string());
    }
    return seed;
}

Result<void> write_new_seed(const fs::path& file, Env& env) {
    Seed seed{};
    env.fill_random(seed);
    return write_private_file(file, hex_line(seed));
}

Result<Seed> read_seed(const fs::path& file) {
    auto text = read_whole_file(file, key_file_bytes_max);
    if (!text) return fail(text.error());
    while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
    const auto bytes = bytes_of_hex(*text);
    if (!bytes || bytes->size() != Seed{}.size()) {
        return fail(ErrorCode::damaged,
                    "This key file should hold 64 hex digits; bring it back from a backup.",
                    file.string());
    }
    Seed seed{};
    std::copy(bytes->begin(), bytes->end(), seed.begin());
    return seed;
}

/// The server's seeds in a folder of keys, former ones included; damaged ones are passed over.
std::vector<Seed> server_seeds(const fs::path& keys) {
    std::vector<Seed> seeds;
    std::error_code error;
    for (fs::directory_iterator entry(keys, error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        const bool is_former = name.starts_with("former-") && name.ends_with(".key");
        if (!is_former && name != "server.key") continue;
        if (const auto seed = read_seed(entry->path())) seeds.push_back(*seed);
    }
    return seeds;
}

Result<void> write_former(const fs::path& keys, const Seed& seed) {
    const DeviceId id = device_id_of(KeyPair::from_seed(seed).public_key());
    const fs::path file = keys / ("former-" + id.hex() + ".key");
    if (fs::exists(file)) return {};
    return write_private_file(file, hex_line(seed));
}

Result<void> write_certificate(const fs::path& data, const Seed& bureau_seed) {
    const auto made = make_server_certificate(bureau_seed);
    if (!made) return fail(made.error());
    const fs::path tls = data / "tls";
    ZF_CHECK(make_private_folder(tls));
    ZF_CHECK(write_private_file(tls / "server.key", made->private_key_pem));
    ZF_CHECK(write_private_file(tls / "bureau.pem", made->bureau_ca_pem));
    // Last: whether it is there tells whether all three are.
    return write_private_file(tls / "server.pem", made->certificate_chain_pem);
}

}  // namespace

Result<void> make_missing_keys(const fs::path& data, Env& env) {
    const fs::path keys = data / "keys";
    ZF_CHECK(make_private_folder(keys));
    for (const char* name : {"bureau.key", "server.key", "token.key"}) {
        if (!fs::exists(keys / name)) ZF_CHECK(write_new_seed(keys / name, env));
    }
    if (fs::exists(data / "tls" / "server.pem")) return {};
    const auto seed = read_seed(keys / "bureau.key");
    if (!seed) return fail(seed.error());
    return write_certificate(data, *seed);
}

Result<void> bring_back_bureau_key(const fs::path& data, const fs::path& copy) {
    const auto text = read_whole_file(copy, key_file_bytes_max);
    if (!text) return fail(text.error());
    const auto seed = seed_from_paper(*text, copy);
    if (!seed) return fail(seed.error());
    ZF_CHECK(make_private_folder(data));
    ZF_CHECK(make_private_folder(data / "keys"));
    const fs::path file = data / "keys" / "bureau.key";
    if (!fs::exists(file)) return write_private_file(file, hex_line(*seed));
    const auto present = read_seed(file);
    if (!present) return fail(present.error());
    if (*present == *seed) return {};
    return fail(ErrorCode::not_allowed,
                "Another bureau's key is in this data folder; name an empty folder with --data.",
                file.string());
}

Result<std::string> bureau_key_on_paper(const fs::path& data) {
    const auto seed = read_seed(data / "keys" / "bureau.key");
    if (!seed) return fail(seed.error());
    const std::string digits = hex_of(bytes_of(*seed)) + check_of(*seed);
    std::string paper;
    for (std::size_t at = 0; at < digits.size(); at += group_digits) {
        if (at > 0) paper += at % (4 * group_digits) == 0 ? '\n' : ' ';
        paper += digits.substr(at, group_digits);
    }
    return paper + "\n";
}

Result<void> renew_server_keys(const fs::path& data, Env& env) {
    if (const auto before = read_seed(data / "keys" / "server.key")) {
        ZF_CHECK(write_former(data / "keys", *before));
    }
    ZF_CHECK(write_new_seed(data / "keys" / "server.key", env));
    return write_new_seed(data / "keys" / "token.key", env);
}

Result<void> keep_former_keys(const fs::path& data, const fs::path& other) {
    const auto own = read_seed(data / "keys" / "bureau.key");
    const auto others = read_seed(other / "keys" / "bureau.key");
    if (!own || !others || *own != *others) return {};
    for (const Seed& seed : server_seeds(other / "keys")) {
        ZF_CHECK(write_former(data / "keys", seed));
    }
    return {};
}

Result<ServerKeys> load_keys(const fs::path& data) {
    const auto bureau = read_seed(data / "keys" / "bureau.key");
    if (!bureau) return fail(bureau.error());
    const auto server = read_seed(data / "keys" / "server.key");
    if (!server) return fail(server.error());
    const auto token = read_seed(data / "keys" / "token.key");
    if (!token) return fail(token.error());
    ServerKeys keys{KeyPair::from_seed(*bureau), KeyPair::from_seed(*server), {}, *token, {}};
    for (const Seed& seed : server_seeds(data / "keys")) {
        if (seed != *server) keys.former.push_back(KeyPair::from_seed(seed));
    }

    struct Part {
        const char* name;
        std::string& text;
    };
    for (const Part& part : {Part{"server.pem", keys.certificate.certificate_chain_pem},
                             Part{"server.key", keys.certificate.private_key_pem},
                             Part{"bureau.pem", keys.certificate.bureau_ca_pem}}) {
        auto text = read_whole_file(data / "tls" / part.name, key_file_bytes_max);
        if (!text) return fail(text.error());
        part.text = std::move(*text);
    }
    return keys;
}

}  // namespace zf
