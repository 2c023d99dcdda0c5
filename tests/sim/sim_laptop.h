// A laptop of the simulation: a real store in a folder of its own, an author, a clock that may be
// wrong. Can be closed and opened again like a program that was killed, copied, and put back.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/env.h"
#include "common/store/blob_store.h"
#include "common/store/bureau_log.h"
#include "common/store/change_log.h"
#include "common/store/identity.h"
#include "common/sync/sync.h"

namespace zf::sim {

/// A save that somebody was told is done. `content` says who wrote what when, whatever identity it
/// is under: a laptop that goes on under a new one writes it again.
struct SimSave {
    ChangesetRef ref;
    Hash256 hash, content;
};

/// The part of a changeset that no change of identity touches.
Hash256 content_of(const Changeset& changeset);

class SimLaptop {
public:
    SimLaptop(std::string name, std::filesystem::path folder, PublicKey bureau_key,
              std::uint64_t seed, std::int64_t start_ms);

    void close() { open_.reset(); }
    /// Drops everything in memory and opens the folder again.
    void restart();
    /// Copies the folder as it lies on the disk, with nothing open meanwhile.
    void copy_folder(const std::filesystem::path& to);
    /// Replaces the folder by such a copy, or only the database in it.
    void put_back(const std::filesystem::path& from, bool database_only);

    /// Saves as a person would; nothing when there was nothing to write or it was refused.
    std::optional<SimSave> create(const std::string& form, const Uuid& id, const Members& entered);
    std::optional<SimSave> edit(const Uuid& id, const Members& entered, bool resolve = false);
    std::optional<SimSave> submit(const Uuid& id);
    /// A record as somebody sees it who opens a form of it.
    struct OpenForm {
        RecordDoc opened;
        std::int64_t moves = 0;
    };
    std::optional<OpenForm> open_form(const Uuid& record);
    /// Saves what was typed into a form that has been open since.
    std::optional<SimSave> save_opened(OpenForm form, const Members& entered);
    /// Saves as a program would that knows a newer version of the form.
    std::optional<SimSave> save_as_newer(const Uuid& id, const Members& entered);

    /// Many records in one transaction, for benchmarks: `row` gives id and values of the n-th.
    void create_many(const std::string& form, std::size_t count,
                     const std::function<std::pair<Uuid, Members>(std::size_t)>& row);

    Result<SyncReport> sync(Transport& network);
    Result<void> push(Transport& network);

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] const KeyPair& key() const { return open_->identity.key(); }
    [[nodiscard]] DeviceId device() const { return open_->identity.device(); }
    Identity& identity() { return open_->identity; }
    ChangeLog& log() { return open_->log; }
    BureauLog& bureau() { return open_->bureau; }
    BlobStore& blobs() { return open_->blobs; }
    Db& db() { return open_->db; }
    ManualEnv& env() { return env_; }
    LaptopStores stores();
    std::vector<Uuid> records();
    std::int64_t unsent();
    /// Everything that the log holds, under whatever identity.
    std::vector<SimSave> all_saves();

private:
    struct Open {
        Open(const std::filesystem::path& folder, Env& env);
        Db db;
        ChangeLog log;
        BureauLog bureau;
        BlobStore blobs;
        Identity identity;
    };
    std::optional<SimSave> write(const RecordDoc& opened, std::int64_t form_version,
                                 PlannedEdit plan);
    NewUuid new_uuid() {
        return [this] { return env_.new_uuid(); };
    }

    std::string name_;
    std::filesystem::path folder_;
    PublicKey bureau_key_;
    ManualEnv env_;
    std::unique_ptr<Open> open_;
};

/// Everything that a log holds.
std::vector<SimSave> saves_in(ChangeLog& log);

}  // namespace zf::sim
