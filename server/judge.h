// Judges changesets that arrive from laptops: whether they may be applied, or are parked, that is
// stored and acknowledged, but without effect until the reason is gone. Authenticity was
// checked before (arrival.h). Not for reviews made on this server.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/store/bureau_log.h"
#include "common/store/change_log.h"

namespace zf {

/// Remembers devices and users that it has looked up: one Judge for one push, inside its
/// transaction.
class Judge {
public:
    Judge(BureauLog& bureau, ChangeLog& log) : bureau_(bureau), log_(log) {}

    /// Why a changeset is to be parked; nothing when it may be applied. Codes:
    ///   device_revoked  the device was revoked
    ///   unknown_user    no such account
    ///   not_allowed     the user is disabled, not enrolled on that device, or role or area do not
    ///                   permit it; a review that was written on a laptop
    ///   unknown_form    a form, or a version of it, that this server does not know yet
    std::optional<ParkReason> judge(const Changeset& changeset);

    /// Whether the verdict depends on where the touched records lie.
    bool depends_on_areas(const Changeset& changeset);

private:
    struct Author {
        std::optional<Device> device;  // nothing: a server identity
        std::optional<User> user;
    };
    const Author& author_of(const Changeset& changeset);
    std::optional<ParkReason> judge_author(const Author& author, const Changeset& changeset) const;
    std::optional<ParkReason> judge_forms(const Changeset& changeset) const;
    std::optional<ParkReason> judge_ops(const User& user, const Changeset& changeset);

    BureauLog& bureau_;
    ChangeLog& log_;
    std::map<std::pair<DeviceId, std::string>, Author> authors_;
};

/// Applies what was parked for a reason that is gone: to be called after accounts, devices or forms
/// have changed. Inside a Transaction of the caller. Returns how many changesets it applied.
std::int64_t release_parked(BureauLog& bureau, ChangeLog& log);

}  // namespace zf
