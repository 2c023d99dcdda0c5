// A laptop of the simulation: a real store in a folder of its own, an author, a clock that may be
// wrong. Can be closed and opened again like a program that was killed.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/base/env.h"
#include "common/store/author.h"
#include "common/store/blob_store.h"
#include "common/store/bureau_log.h"
#include "common/store/change_log.h"
#include "common/sync/sync.h"

namespace zf::sim {

class SimLaptop {
public:
    SimLaptop(std::string name, std::filesystem::path folder, PublicKey bureau_key,
              std::uint64_t seed, std::int64_t start_ms);

    /// Drops everything in memory and opens the folder again.
    void restart();

    struct Saved {
        ChangesetRef ref;
        Hash256 hash;
    };
    /// Saves as a person would; nothing when there was nothing to write or it was refused.
    std::optional<Saved> create(const std::string& form, const Uuid& id, const Members& entered);
    std::optional<Saved> edit(const Uuid& id, const Members& entered, bool resolve = false);
    std::optional<Saved> submit(const Uuid& id);

    /// Many records in one transaction, for benchmarks: `row` gives id and values of the n-th.
    void create_many(const std::string& form, std::size_t count,
                     const std::function<std::pair<Uuid, Members>(std::size_t)>& row);

    Result<void> sync(Transport& network);
    Result<void> push(Transport& network);

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const KeyPair& key() const { return open_->identity.key(); }
    [[nodiscard]] DeviceId device() const { return open_->identity.device(); }
    ChangeLog& log() { return open_->log; }
    BlobStore& blobs() { return open_->blobs; }
    ManualEnv& env() { return env_; }
    std::vector<Uuid> records();
    std::int64_t unsent();

private:
    struct Open {
        Open(const std::filesystem::path& folder, Env& env);
        Db db;
        ChangeLog log;
        BureauLog bureau;
        BlobStore blobs;
        Identity identity;
    };
    std::optional<Saved> write(const RecordDoc& opened, PlannedEdit plan);

    std::string name_;
    std::filesystem::path folder_;
    PublicKey bureau_key_;
    ManualEnv env_;
    std::unique_ptr<Open> open_;
};

}  // namespace zf::sim
