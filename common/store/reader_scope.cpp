#include "common/store/reader_scope.h"

namespace zf {

bool may_read_records(const User& user) {
    return !user.disabled && user.role != Role::admin;
}

std::optional<Scope> reader_scope(BureauLog& bureau, const Device& device) {
    std::optional<Scope> scope;
    for (const std::string& name : device.users) {
        const auto user = bureau.find_user(name);
        if (!user || !may_read_records(*user)) continue;
        if (user->areas.empty()) return Scope{};
        if (!scope) scope.emplace();
        scope->areas.insert(scope->areas.end(), user->areas.begin(), user->areas.end());
    }
    return scope;
}

}  // namespace zf
