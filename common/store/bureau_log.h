// The bureau's own log: who may work with which device in which areas, and which forms and
// indicators are in force. Entries are signed by the bureau key made at `init`, pulled by laptops
// before changesets and kept there, so that a lost server can be rebuilt from laptops. Append
// only; the latest entry about a subject is in force. Shares the store's database.
//
//   entry = {"_format":1,"at":ms,"body":{...},"kind":name,"n":number}     canonical JSON
//   kind user:        {"areas":[code,...],"disabled":bool,"name":text,"role":text}
//   kind device:      {"id":hex32,"key":hex64,"name":text,"revoked":bool,
//                    ["succeeds":hex32,]"users":[name,...]}
//   kind server:      {"epoch":uuid,"id":hex32,"key":hex64}      the server's own device key;
//                     "former":true when it wrote in an epoch that this log does not hold itself
//   kind forms:       {"catalog":{...},"version":n}              a whole forms file
//   kind indicators:  {"catalog":{...},"version":n}
//   kind report:      see frozen_report.h; every one counts
//
// Signature: Ed25519 over "zoufang-bureau/1", NUL, BLAKE2b-256 of the bytes. n = 1, 2, 3 ...
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/base/sign.h"
#include "common/db/db.h"
#include "common/model/value.h"
#include "common/store/frozen_report.h"

namespace zf {

/// Stored by name.
enum class Role { staff, section_head, leader, admin };
std::optional<Role> parse_role(std::string_view name);
std::string_view name_of(Role role);

struct User {
    std::string name;
    Role role = Role::staff;
    std::vector<std::string> areas;  // division codes; empty: the whole bureau
    bool disabled = false;
};

struct Device {
    DeviceId id;
    PublicKey key;
    std::string name;
    std::vector<std::string> users;
    bool revoked = false;
    /// The device whose key vouched for this one: the same laptop's folder, copied or put back.
    std::optional<DeviceId> succeeds = std::nullopt;
};

/// The server as an author of changesets, one identity per epoch.
struct ServerIdentity {
    DeviceId id;
    PublicKey key;
    std::string epoch;
};

struct BureauEntry {
    std::int64_t n = 0;
    std::string bytes;
    std::string signature;
};

/// A device or a server as one signed entry describes it.
struct SignedIdentity {
    DeviceId id;
    PublicKey key;
    bool is_server = false, revoked = false;
    std::int64_t at_ms = 0;  // when the bureau signed it
};
/// Reads an entry of kind device or server that came from elsewhere. Errors: `bad_signature`,
/// `malformed` (of another kind, too), `version_unsupported`.
Result<SignedIdentity> read_identity(const PublicKey& bureau_key, const BureauEntry& entry);

class BureauLog {
public:
    explicit BureauLog(Db& db);

    // Server only: signs and appends an entry inside the caller's transaction.
    void put_user(const KeyPair& bureau_key, const User& user, std::int64_t at_ms);
    void put_device(const KeyPair& bureau_key, const Device& device, std::int64_t at_ms);
    void put_server(const KeyPair& bureau_key, const ServerIdentity& server, std::int64_t at_ms);
    /// `kind` is "forms" or "indicators".
    void put_catalog(const KeyPair& bureau_key, std::string_view kind, const Value& catalog,
                     std::int64_t at_ms);
    /// Frozen at `report.at_ms`.
    void put_report(const KeyPair& bureau_key, const FrozenReport& report);

    /// Server, after it was restored or rebuilt: takes from entries that a laptop kept, in
    /// ascending order, what is newer than what is here about the same subject, as entries of its
    /// own with the time of the old ones. Server identities and reports come back as former ones.
    /// Returns how many were taken; none when all is known. Refused whole: `bad_signature`,
    /// `malformed`, `version_unsupported`.
    Result<std::int64_t> regain(const KeyPair& bureau_key, const std::vector<BureauEntry>& entries);

    /// Laptop: takes over entries as pulled, in ascending order, inside the caller's transaction;
    /// their numbers are read from the bytes. One that is here already is skipped, one of a kind
    /// unknown here is kept. Refused, and nothing of the batch is taken over: `bad_signature`;
    /// `malformed`, also for one that leaves a gap; `version_unsupported` for a newer format.
    Result<void> accept(const PublicKey& bureau_key, const std::vector<BureauEntry>& entries);

    /// Laptop, when the server begins a new epoch: its log may have gone another way since the
    /// backup, so all of it is taken over anew. The entries are put by as former ones, for the
    /// server has not been given back yet what it lacks of them.
    void put_by_entries();
    /// Of `n` as put by, which is not their number in the log.
    std::vector<BureauEntry> former_after(std::int64_t n, std::size_t bytes_max);
    /// The server has been offered the former entries, and what it made of them is all here.
    void forget_former();

    [[nodiscard]] std::int64_t last_entry();
    std::vector<BureauEntry> entries_after(std::int64_t n, std::size_t bytes_max);

    [[nodiscard]] std::optional<User> find_user(std::string_view name);
    std::vector<User> users();
    [[nodiscard]] std::optional<Device> find_device(const DeviceId& id);
    std::vector<Device> devices();
    /// The server identity in force.
    [[nodiscard]] std::optional<ServerIdentity> server();
    /// Whether another server has written for this bureau before the one in force.
    [[nodiscard]] bool has_former_server();
    /// The public key behind an author of changesets: a device (also a revoked one) or a
    /// server identity of any epoch.
    [[nodiscard]] std::optional<PublicKey> find_key(const DeviceId& id);
    /// The latest entry about a device or a server identity.
    [[nodiscard]] std::optional<BureauEntry> entry_of(const DeviceId& id);
    /// The forms or indicators file in force; null when none was distributed yet.
    [[nodiscard]] Value catalog(std::string_view kind);
    [[nodiscard]] std::int64_t catalog_version(std::string_view kind);
    /// By period, number and time. Two may bear one number: a server that was put back to a backup
    /// froze the second before it heard of the first.
    [[nodiscard]] std::vector<FrozenReport> reports();

private:
    Db& db_;
};

}  // namespace zf
