#include "tests/bench/bench_log.h"

#include <cstdio>
#include <cstdlib>

namespace zf::bench {

namespace fs = std::filesystem;

void check(bool done) {
    if (done) return;
    std::fprintf(stderr, "zf_bench: a changeset was refused\n");
    std::exit(1);
}

Store::Store(const fs::path& file, StoreRole role, const Protections& protections)
    : file_(file), db_(Db::open(file.string())), log_(db_, role, survey_forms()) {
    if (!protections.full_sync) db_.execute("PRAGMA synchronous=OFF");
    if (!protections.self_check) log_.leave_out_self_check();
}

Store::~Store() {
    for (const char* tail : {"", "-wal", "-shm"}) fs::remove(file_.string() + tail);
}

void Store::append(std::span<Arrival> arrivals) {
    Transaction transaction(db_);
    check(log_.append(arrivals, 1).has_value());
    transaction.commit();
}

Arrival Writer::make(const Row& row, const Protections& protections) {
    Arrival arrival;
    Changeset& changeset = arrival.changeset;
    changeset.device = device_id_of(key_.public_key());
    changeset.seq = ++seq_;
    changeset.previous = previous_;
    changeset.hlc = {1'700'000'000'000 + seq_, 0};
    changeset.at_ms = changeset.hlc.ms;
    changeset.user = "a";
    changeset.records.push_back({row.id, "survey", 1, {}});
    changeset.ops = creation_of(forms_, row).ops;
    arrival.signed_changeset.bytes = encode_changeset(changeset);
    if (protections.chain) arrival.hash = blake2b(arrival.signed_changeset.bytes);
    previous_ = arrival.hash;
    arrival.signed_changeset.signature =
        protections.signature ? key_.sign(signing_bytes(arrival.hash)) : std::string(64, '\0');
    return arrival;
}

}  // namespace zf::bench
