#include "server/administer.h"

#include <algorithm>

#include "common/base/text.h"
#include "server/authorize.h"
#include "server/judge.h"
#include "server/store/secret_text.h"

namespace zf {
namespace {

constexpr std::size_t name_length_max = 64;
constexpr int password_groups = 4;
constexpr std::size_t area_digits_min = 2, area_digits_max = 12;

Result<void> check_name(const std::string& name) {
    const bool has_odd = std::any_of(name.begin(), name.end(), [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == 0x7f;
    });
    if (!name.empty() && !has_odd && is_valid_utf8(name) &&
        code_point_count(name) <= name_length_max) {
        return {};
    }
    return fail(ErrorCode::malformed,
                "An account's name has 1 to 64 characters, without blanks or control characters.",
                "name");
}

Result<void> check_areas(const std::vector<std::string>& areas) {
    for (const std::string& area : areas) {
        const bool is_code = area.size() >= area_digits_min && area.size() <= area_digits_max &&
                             area.find_first_not_of("0123456789") == area.npos;
        if (!is_code) {
            return fail(ErrorCode::malformed,
                        "An area is a division code of 2 to 12 digits, like 511923.", area);
        }
    }
    return {};
}

Result<User> find_user(CentralStore& store, const std::string& name) {
    auto user = store.bureau().find_user(name);
    if (!user) return fail(ErrorCode::not_found, "There is no account of this name.", name);
    return std::move(*user);
}

/// Somebody who may administer is left.
Result<void> put_changed(CentralStore& store, const User& before, const User& after) {
    const auto administers = [](const User& one) { return can(one, Verb::administer, {}); };
    if (administers(before) && !administers(after)) {
        const std::vector<User> users = store.bureau().users();
        if (std::count_if(users.begin(), users.end(), administers) == 1) {
            return fail(ErrorCode::not_allowed,
                        "This is the last account that may administer; add another one first.",
                        before.name);
        }
    }
    store.bureau().put_user(store.keys().bureau, after, store.env().now_ms());
    return {};
}

}  // namespace

Result<AddedUser> add_user(CentralStore& store, const User& user) {
    ZF_CHECK(check_name(user.name));
    ZF_CHECK(check_areas(user.areas));
    AddedUser added{user.name, new_secret_text(store.env(), password_groups)};
    const std::string hash = hash_password(plain_secret(added.password));

    const auto held = store.lock();
    Transaction transaction(store.db());
    const auto known = store.bureau().find_user(user.name);
    if (known && !known->disabled) {
        return fail(ErrorCode::not_allowed, "There is an account of this name already.", user.name);
    }
    store.bureau().put_user(store.keys().bureau, user, store.env().now_ms());
    store.accounts().set_password(user.name, hash, true);
    release_parked(store.bureau(), store.log());
    transaction.commit();
    return added;
}

Result<User> change_user(CentralStore& store, const std::string& name, std::optional<Role> role,
                         const std::optional<std::vector<std::string>>& areas) {
    if (areas) ZF_CHECK(check_areas(*areas));
    const auto held = store.lock();
    Transaction transaction(store.db());
    auto user = find_user(store, name);
    if (!user) return fail(user.error());
    if (user->disabled) {
        return fail(ErrorCode::not_found, "This account is disabled; `user add` brings it back.",
                    name);
    }
    User changed{name, role.value_or(user->role), areas.value_or(user->areas), false};
    ZF_CHECK(put_changed(store, *user, changed));
    release_parked(store.bureau(), store.log());
    transaction.commit();
    return changed;
}

Result<void> disable_user(CentralStore& store, const std::string& name) {
    const auto held = store.lock();
    Transaction transaction(store.db());
    auto user = find_user(store, name);
    if (!user) return fail(user.error());
    ZF_CHECK(put_changed(store, *user, {name, user->role, user->areas, true}));
    transaction.commit();
    return {};
}

Result<EnrolCode> make_enrol_code(CentralStore& store, const std::string& name) {
    const auto held = store.lock();
    Transaction transaction(store.db());
    const auto user = find_user(store, name);
    if (!user) return fail(user.error());
    if (user->disabled) {
        return fail(ErrorCode::not_allowed, "This account is disabled; `user add` brings it back.",
                    name);
    }
    EnrolCode code = store.accounts().add_code(name, store.env());
    transaction.commit();
    return code;
}

std::vector<std::string> successors_of(CentralStore& store, const DeviceId& id) {
    const auto held = store.lock();
    const std::vector<Device> devices = store.bureau().devices();
    std::vector<DeviceId> line{id};
    std::vector<std::string> successors;
    for (std::size_t i = 0; i < line.size(); ++i) {
        for (const Device& device : devices) {
            if (device.succeeds != line[i]) continue;
            line.push_back(device.id);
            if (!device.revoked) successors.push_back(device.id.hex());
        }
    }
    return successors;
}

Result<void> revoke_device(CentralStore& store, const DeviceId& id) {
    const auto held = store.lock();
    Transaction transaction(store.db());
    auto device = store.bureau().find_device(id);
    if (!device) {
        return fail(ErrorCode::not_found, "There is no such device; see `device list`.", id.hex());
    }
    device->revoked = true;
    store.bureau().put_device(store.keys().bureau, *device, store.env().now_ms());
    transaction.commit();
    return {};
}

}  // namespace zf
