// A change log of its own for one measurement, and the device whose changesets fill it. Only here
// can a protection of the data be left out.
#pragma once

#include <filesystem>
#include <span>

#include "common/codec/changeset_codec.h"
#include "common/store/arrival.h"
#include "common/store/change_log.h"
#include "tests/bench/workload.h"

namespace zf::bench {

struct Protections {
    bool signature = true, chain = true, self_check = true, full_sync = true;
};

/// Stops the program unless `done`.
void check(bool done);

/// Its files are removed with it.
class Store {
public:
    Store(const std::filesystem::path& file, StoreRole role, const Protections& protections);
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    /// In one transaction.
    void append(std::span<Arrival> arrivals);
    ChangeLog& log() { return log_; }

private:
    std::filesystem::path file_;
    Db db_;
    ChangeLog log_;
};

/// A device's next changesets, as Author makes them: each creates one record.
class Writer {
public:
    explicit Writer(const FormCatalog& forms) : forms_(forms), key_(KeyPair::generate(env_)) {}

    Arrival make(const Row& row, const Protections& protections);
    [[nodiscard]] PublicKey public_key() const { return key_.public_key(); }

private:
    const FormCatalog& forms_;
    ManualEnv env_{7};
    KeyPair key_;
    std::int64_t seq_ = 0;
    Hash256 previous_;
};

}  // namespace zf::bench
