// A laptop's data folder and everything in it: change log, bureau log, attachments, drafts, the
// device's key, and to which bureau it belongs. The one place that opens them. Knows no network
// and no screen. One thread at a time; another process may write the same folder between calls.
//
//   HOME/device.db    change log, bureau log, drafts      HOME/device.*     see store/identity.h
//   HOME/blobs/       attachments             HOME/bureau.json  to which bureau it belongs, once
//   HOME/thumbnails/  see app/thumbnail.h                       more: for a repair of the database
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/date.h"
#include "common/base/env.h"
#include "common/base/error.h"
#include "common/base/result.h"
#include "common/db/db.h"
#include "common/store/author.h"
#include "common/store/blob_store.h"
#include "common/store/bureau_log.h"
#include "common/store/change_log.h"
#include "common/store/identity.h"
#include "common/sync/sync.h"

namespace zf {

/// Which bureau a laptop belongs to, as told when it was enrolled.
struct Membership {
    std::string server_url;
    PublicKey bureau_key;
    std::string first_user;
};

/// The copy of the membership that lies beside the database. Errors: `not_found`, `malformed`.
Result<Membership> read_noted_membership(const std::filesystem::path& home);

/// What a failing database means to a person, and the remedy.
Error error_of(const DbError& broken, const std::filesystem::path& home);

class DeviceStore {
public:
    /// Opens the folder, making it when it is not there. Errors: `internal`; `damaged` (the key
    /// file cannot be read, or is missing where a device was enrolled).
    static Result<std::unique_ptr<DeviceStore>> open(const std::filesystem::path& home, Env& env);

    /// Takes over what another process has changed meanwhile: forms, an enrolment. To be called
    /// before each operation, and inside its transaction when it writes. Errors as open.
    Result<void> refresh();

    /// Nothing before enrolment.
    [[nodiscard]] const std::optional<Membership>& membership() const { return membership_; }
    /// Records the outcome of an enrolment. The key was made by `ensure_key` before.
    Result<void> set_membership(const Membership& membership);
    /// The device's key pair, made and stored on first use.
    Result<const KeyPair*> ensure_key();

    /// `not_enrolled`, with the remedy, unless this folder belongs to a bureau.
    [[nodiscard]] Result<void> check_enrolled() const;
    /// Who writes: the name asked for when that person is enrolled on this device, else the only
    /// one who is. Errors: `not_enrolled`, `not_allowed`, `missing_argument` (several are).
    Result<std::string> choose_user(const std::optional<std::string>& asked);
    /// People who are enrolled on this device; none before enrolment.
    std::vector<std::string> users();

    Db& db() { return db_; }
    ChangeLog& log() { return *log_; }
    BureauLog& bureau() { return *bureau_; }
    BlobStore& blobs() { return blobs_; }
    /// Precondition: enrolled.
    Author& author();
    /// Precondition: enrolled, where the key is needed.
    Identity& identity() { return *identity_; }
    Env& env() { return env_; }
    /// What a sync works on. Precondition: enrolled.
    LaptopStores sync_stores();
    [[nodiscard]] DeviceId device() const;
    /// Precondition: there is a key, as after an enrolment.
    [[nodiscard]] const PublicKey& public_key() const;
    [[nodiscard]] const std::filesystem::path& home() const { return home_; }
    /// The calendar day at the bureau now.
    [[nodiscard]] Date today();
    /// Own changesets that the server has not acknowledged, those of former identities included.
    std::int64_t unsent_changesets();
    /// Attachments here that the server is not known to hold.
    std::int64_t unsent_attachments();

private:
    DeviceStore(std::filesystem::path home, Env& env);
    Result<void> take_over_forms();
    Result<void> take_over_membership();
    Result<void> note_membership();

    std::filesystem::path home_;
    Env& env_;
    Db db_;
    BlobStore blobs_;
    std::unique_ptr<ChangeLog> log_;
    std::unique_ptr<BureauLog> bureau_;
    std::unique_ptr<Identity> identity_;
    std::optional<Membership> membership_;
    std::int64_t forms_version_ = 0;  // of the forms that were read from the bureau log
    std::int64_t seen_data_version_ = 0;
};

}  // namespace zf
