// Which device this laptop is: the key files of its folder kept in step with its database, and the
// change to a new identity when the folder was copied or put back from a backup, or the database
// was. Two laptops must never write under one name. Knows no network: who asks the server is
// common/sync.
//
//   HOME/device.key         Ed25519 seed of the identity in force, hex
//   HOME/device.key.next    the one that it changes to; there between two steps only
//   HOME/device.key.former  the last one that the bureau knows; there until the one in force is
//                           enrolled in its place
//   HOME/device.head        the last own changeset: place, hash, check; tells a database that was
//                           put back from an older copy
//
// The database names the identity in force (fact "identity"), so a change is one transaction; what
// a crash leaves of the files is finished or taken back when the folder is opened.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/env.h"
#include "common/base/result.h"
#include "common/base/sign.h"
#include "common/merge/moved.h"
#include "common/store/author.h"
#include "common/store/reissue.h"

namespace zf {

/// Why a laptop goes on under another identity. Stored by name.
enum class NewIdentityReason {
    folder_copied,  // the server holds another history under the identity
    database_back,  // the database is older than what this laptop has written
    key_back,       // the key file is not the one that the database was written with
};
std::string_view name_of(NewIdentityReason reason);

struct FormerIdentity {
    DeviceId id;
    std::int64_t left_ms = 0;
    std::string reason;
    std::int64_t own_seq = 0;  // the last changeset written under it here
    /// The last one that stays under it; nothing until the server was asked.
    std::optional<std::int64_t> fork_seq;
    std::int64_t reissued = 0;  // changesets that were written again under a later identity
};

/// The key in force as it lies in the folder, whatever its database says. Errors: `not_found`,
/// `damaged`.
Result<KeyPair> read_device_key(const std::filesystem::path& home);

class Identity {
public:
    Identity(std::filesystem::path home, ChangeLog& log, Env& env);
    Identity(const Identity&) = delete;
    Identity& operator=(const Identity&) = delete;

    /// Called inside the transaction that writes changesets again, for what else names them.
    std::function<void(const Moved&)> on_moved;

    /// At opening: finishes what a crash left, and takes a new identity when the database or the
    /// key file was put back. Errors: `damaged` (a key file cannot be read), `internal`.
    Result<void> open();
    /// Takes over what another process changed. May be called inside a transaction. Errors as open.
    Result<void> refresh();
    /// Makes a key on first use. Errors as open.
    Result<void> ensure_key();

    /// False before first use.
    [[nodiscard]] bool is_made() const { return key_.has_value(); }
    /// The following are for a laptop that has a key. References stay good over a change.
    [[nodiscard]] const KeyPair& key() const;
    [[nodiscard]] DeviceId device() const { return device_id_of(key().public_key()); }
    Author& author();

    /// After own changesets were committed, with the head as it was read before. A hint: where it
    /// cannot be written, or is lost, only the server can tell that the database was put back.
    void note_head(const DeviceHead& head);

    /// Goes on under a new key from now on. What is here stays as it is.
    Result<void> take_new(NewIdentityReason reason);
    /// Whether the bureau does not know the identity in force yet.
    [[nodiscard]] bool is_pending() const;
    /// The key of the last identity that the bureau knows. Errors as open.
    Result<KeyPair> enrolled_key() const;
    /// The bureau knows the identity in force.
    Result<void> set_enrolled();

    /// In the order in which they were left.
    [[nodiscard]] std::vector<FormerIdentity> formers() const;
    /// Those about which the server was not asked yet.
    [[nodiscard]] std::vector<FormerIdentity> unsettled() const;
    /// Settles all that are not: writes what was made after the fork points again under the
    /// identity in force, which has no changesets yet if there are any. Returns how many. The next
    /// pull starts from the beginning: what another copy wrote comes back as another device's.
    Result<std::int64_t> settle(const std::vector<ForkPoint>& forks);

    /// How often changesets were written again. A document that is read and kept for later is kept
    /// with this number.
    [[nodiscard]] std::int64_t moves() const;
    /// Brings such a document, and its number, up to now. Not for any other: what was moved and
    /// what another copy wrote since then bear the same names.
    void follow_moves(RecordDoc& doc, std::int64_t& moves) const;

private:
    struct Files {
        std::optional<KeyPair> key, next;
    };
    [[nodiscard]] Result<Files> read_files() const;
    Result<void> put_in_order();
    Result<void> change(NewIdentityReason reason, const std::vector<DeviceId>& left);
    void adopt(const KeyPair& key);
    [[nodiscard]] bool is_older_than_hint(const std::optional<DeviceHead>& hint) const;
    [[nodiscard]] std::optional<DeviceHead> read_hint() const;
    [[nodiscard]] std::filesystem::path file(std::string_view name) const { return home_ / name; }

    std::filesystem::path home_;
    ChangeLog& log_;
    Db& db_;
    Env& env_;
    std::optional<KeyPair> key_;
    std::unique_ptr<Author> author_;
};

}  // namespace zf
