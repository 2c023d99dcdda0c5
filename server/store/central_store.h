// The server's data folder and everything in it: change log, bureau log, accounts, attachments,
// keys. The one place that opens them. Knows no HTTP and no permissions.
//
//   DATA/central.db   change log, bureau log and accounts in one database
//   DATA/blobs/       attachments          DATA/keys/, DATA/tls/   see keys.h
//
// Threads: hold what `lock` gives while using anything but keys, folder, epoch and blobs. Another
// process (a command) may write the same database at any time.
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "common/base/env.h"
#include "common/base/result.h"
#include "common/store/author.h"
#include "common/store/blob_store.h"
#include "common/store/bureau_log.h"
#include "common/store/change_log.h"
#include "server/store/accounts.h"
#include "server/store/keys.h"

namespace zf {

/// A consistent view over several reads, also against other processes; nothing is written in it.
class ReadSnapshot {
public:
    explicit ReadSnapshot(Db& db) : db_(db) { db_.execute("BEGIN"); }
    ReadSnapshot(const ReadSnapshot&) = delete;
    ReadSnapshot& operator=(const ReadSnapshot&) = delete;
    ~ReadSnapshot() { db_.roll_back(); }

private:
    Db& db_;
};

class CentralStore {
public:
    struct Made {
        std::string admin, password;  // one-time
        std::string pin;              // the bureau's public key, hex
    };
    /// Makes a bureau in `folder`: keys, certificate, epoch, forms, indicators and one account of
    /// role admin. What an earlier, cut-off attempt left is taken up. Errors: `not_allowed` when
    /// there is a bureau already, `internal`.
    static Result<Made> create(const std::filesystem::path& folder, const std::string& admin,
                               Env& env);

    /// Errors: `not_found` when there is no bureau in `folder`; `damaged`.
    static Result<std::unique_ptr<CentralStore>> open(const std::filesystem::path& folder,
                                                      Env& env);

    /// Waits until no other thread uses the store, and takes over forms that were distributed
    /// meanwhile. Reads and writes under it should be short.
    [[nodiscard]] std::unique_lock<std::mutex> lock();
    /// Held while chunks of this blob are written.
    [[nodiscard]] std::unique_lock<std::mutex> lock_blob(const Hash256& hash);

    Db& db() { return db_; }
    ChangeLog& log() { return *log_; }
    BureauLog& bureau() { return *bureau_; }
    Accounts& accounts() { return *accounts_; }
    Author& author() { return *author_; }
    BlobStore& blobs() { return blobs_; }
    Env& env() { return env_; }
    [[nodiscard]] const ServerKeys& keys() const { return keys_; }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    /// Changes when a backup is restored, never while a store is open.
    [[nodiscard]] const std::string& epoch() const { return epoch_; }

private:
    CentralStore(std::filesystem::path folder, ServerKeys keys, Db db, Env& env);
    void take_over_forms();

    std::filesystem::path folder_;
    ServerKeys keys_;
    Env& env_;
    Db db_;
    BlobStore blobs_;
    std::unique_ptr<ChangeLog> log_;
    std::unique_ptr<BureauLog> bureau_;
    std::unique_ptr<Accounts> accounts_;
    std::unique_ptr<Author> author_;
    std::string epoch_;
    std::int64_t seen_entry_ = -1;  // of the bureau's log, when forms were last looked at
    std::int64_t forms_version_ = -1;
    std::mutex mutex_;
    std::array<std::mutex, 16> blob_mutexes_;
};

/// Distributes the forms and indicators that the program brings along, where there are none. Inside
/// a Transaction of the caller.
Result<void> put_missing_catalogs(BureauLog& bureau, const ServerKeys& keys, Env& env);

/// Gives the store another epoch and the server another identity, signed by the bureau: after a
/// restore nothing that was numbered or signed since the backup may be mistaken for the present.
/// The keys were renewed before. Inside a Transaction of the caller.
void begin_epoch(Db& db, BureauLog& bureau, const ServerKeys& keys, Env& env);

}  // namespace zf
