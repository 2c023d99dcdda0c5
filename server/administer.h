// What an administrator does about people and laptops: accounts, enrolment codes, devices. Each is
// an entry of the bureau's log, signed by the bureau's key, so that laptops learn of it. Takes the
// store's lock. Who may call it is the caller's business.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "server/store/central_store.h"

namespace zf {

struct AddedUser {
    std::string user;
    std::string password;  // one-time
};

/// Makes an account, or brings a disabled one back with this role, these areas and a new password.
/// What was parked for want of it is applied. Errors: `not_allowed` when the account exists,
/// `malformed` for a name or area code that cannot be one.
Result<AddedUser> add_user(CentralStore& store, const User& user);

/// Gives an account another role, other areas (none: the whole bureau), or both; what is not given
/// stays. Its laptops learn of it with their next sync. What was parked for want of a right is
/// applied. Returns the account as it is now. Errors: `not_found` for an unknown or disabled
/// account, `malformed` for an area code that cannot be one, `not_allowed` when nobody would be
/// left who may administer.
Result<User> change_user(CentralStore& store, const std::string& name, std::optional<Role> role,
                         const std::optional<std::vector<std::string>>& areas);

/// Errors: `not_found`; `not_allowed` for the last account that may administer.
Result<void> disable_user(CentralStore& store, const std::string& name);

/// A code for one enrolment within 24 hours. Errors: `not_found`, `not_allowed` (disabled).
Result<EnrolCode> make_enrol_code(CentralStore& store, const std::string& user);

/// Devices in good standing for which the key of this one has vouched, or that of such a one.
std::vector<std::string> successors_of(CentralStore& store, const DeviceId& id);
/// From now on its sessions are refused and its changesets parked. Errors: `not_found`.
Result<void> revoke_device(CentralStore& store, const DeviceId& id);

}  // namespace zf
