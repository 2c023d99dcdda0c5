#include "server/authorize.h"

#include "common/store/reader_scope.h"
#include "common/store/scope.h"

namespace zf {
namespace {

bool role_can(Role role, Verb verb, std::string_view last_reviewer) {
    const bool heads_a_section = role == Role::section_head || role == Role::leader;
    switch (verb) {
        case Verb::create:
        case Verb::edit:
        case Verb::submit:
        case Verb::voiding:
        case Verb::join:
        case Verb::resolve:
        case Verb::pull:
            return role == Role::staff || heads_a_section;
        case Verb::check:
        case Verb::give_back:
            return heads_a_section;
        case Verb::approve:
            return role == Role::leader ||
                   (role == Role::section_head && last_reviewer == name_of(Role::section_head));
        case Verb::administer:
            return role == Role::admin;
        case Verb::freeze:
            return role == Role::leader;
    }
    return false;
}

}  // namespace

bool can(const User& user, Verb verb, const Target& target) {
    if (user.disabled || !role_can(user.role, verb, target.last_reviewer)) return false;
    if (verb == Verb::pull) return may_read_records(user);
    if (verb == Verb::administer) return true;
    if (verb == Verb::freeze) return user.areas.empty();
    return Scope{user.areas}.covers(target.area);
}

}  // namespace zf
