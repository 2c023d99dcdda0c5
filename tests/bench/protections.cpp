#include "tests/bench/protections.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

#include "common/codec/changeset_codec.h"
#include "common/store/arrival.h"
#include "tests/bench/bench_log.h"
#include "tests/bench/machine.h"

namespace zf::bench {
namespace {

namespace fs = std::filesystem;

struct Variant {
    const char* name;
    Protections protections;
};

constexpr std::array<Variant, 6> variants{{
    {"all protections", {}},
    {"without signatures", {false, true, true, true}},
    {"without the chain of hashes", {true, false, true, true}},
    {"without reading back what was written", {true, true, false, true}},
    {"without waiting for the disk", {true, true, true, false}},
    {"without any of them", {false, false, false, false}},
}};

constexpr int rounds = 3;
constexpr std::size_t push_records = 500;

double saves_per_second(const std::vector<Row>& rows, const fs::path& folder,
                        const Protections& protections) {
    const auto forms = survey_forms();
    Writer writer(*forms);
    Store store(folder / "protections.db", StoreRole::laptop, protections);
    const Stopwatch watch;
    for (const Row& row : rows) {
        Arrival arrival = writer.make(row, protections);
        store.append({&arrival, 1});
    }
    return static_cast<double>(rows.size()) / watch.seconds();
}

/// What authenticate does, less what is left out.
std::vector<Arrival> receive(const std::vector<SignedChangeset>& push, const FindKey& find_key,
                             const Protections& protections) {
    if (protections.signature && protections.chain) {
        auto arrivals = authenticate(push, find_key);
        check(arrivals.has_value());
        return std::move(*arrivals);
    }
    std::vector<Arrival> arrivals;
    for (const SignedChangeset& one : push) {
        auto changeset = decode_changeset(one.bytes);
        check(changeset.has_value());
        Hash256 hash;
        if (protections.chain) hash = blake2b(one.bytes);
        // Without the chain the signature has to vouch for each changeset by itself.
        if (protections.signature) {
            const auto key = find_key(changeset->device);
            check(verify_signature(*key, signing_bytes(blake2b(one.bytes)), one.signature));
        }
        arrivals.push_back({one, std::move(*changeset), hash, {}, {}});
    }
    return arrivals;
}

double received_per_second(const std::vector<Row>& rows, const fs::path& folder,
                           const Protections& protections) {
    const auto forms = survey_forms();
    Writer writer(*forms);
    const PublicKey key = writer.public_key();
    const FindKey find_key = [&](const DeviceId&) { return std::optional(key); };
    std::vector<std::vector<SignedChangeset>> pushes;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i % push_records == 0) pushes.emplace_back();
        pushes.back().push_back(writer.make(rows[i], {}).signed_changeset);
    }
    Store store(folder / "protections.db", StoreRole::server, protections);
    const Stopwatch watch;
    for (const auto& push : pushes) {
        auto arrivals = receive(push, find_key, protections);
        store.append(arrivals);
    }
    return static_cast<double>(rows.size()) / watch.seconds();
}

using Measure = double (*)(const std::vector<Row>&, const fs::path&, const Protections&);

/// The best of several rounds, taken in turn so that a busy moment falls on all alike.
void print_all(const char* title, Measure measure, const std::vector<Row>& rows,
               const fs::path& folder) {
    std::array<double, variants.size()> best{};
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t i = 0; i < variants.size(); ++i) {
            best[i] = std::max(best[i], measure(rows, folder, variants[i].protections));
        }
    }
    std::printf("  %s\n", title);
    for (std::size_t i = 0; i < variants.size(); ++i) {
        std::printf("    %-44s %12.0f records/s  %6.2f\n", variants[i].name, best[i],
                    best[i] / best[0]);
    }
}

}  // namespace

void run_protections(const std::vector<Row>& rows, const fs::path& folder) {
    std::printf("Protections: records of 20 fields with one of them left out at a time\n");
    const std::vector<Row> some(rows.begin(),
                                rows.begin() + std::min<std::ptrdiff_t>(std::ssize(rows), 2000));
    print_all("saved on a laptop, one transaction each", saves_per_second, some, folder);
    print_all("received on the server, 500 in a transaction", received_per_second, rows, folder);
}

}  // namespace zf::bench
