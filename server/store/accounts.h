// The server's own tables about people: password hashes and enrolment codes. Who may do what is in
// the bureau's log; here is only what must never leave the server. Shares the store's database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/env.h"
#include "common/base/ids.h"
#include "common/base/result.h"
#include "common/db/db.h"

namespace zf {

struct EnrolCode {
    std::string code;
    std::int64_t expires_ms = 0;
};

class Accounts {
public:
    static constexpr std::int64_t code_life_ms = 24ll * 3600 * 1000;

    /// Makes or migrates the tables.
    explicit Accounts(Db& db);

    // Inside a Transaction of the caller:

    /// `hash` as hash_password makes it; `one_time`: to be changed at the first login.
    void set_password(std::string_view user, std::string_view hash, bool one_time);
    /// A fresh code of 60 bits for one enrolment of this user; only its hash is kept.
    EnrolCode add_code(std::string_view user, Env& env);
    /// Uses a code up for the device and says whose it is. The device that used it may show it
    /// again (its answer may have been lost). Error: `bad_code` for an unknown, used or expired
    /// one, without saying which.
    Result<std::string> use_code(std::string_view code, const DeviceId& device,
                                 std::int64_t now_ms);

    // Reading:

    /// Nothing for an unknown user.
    std::optional<std::string> find_password_hash(std::string_view user);

private:
    Db& db_;
};

}  // namespace zf
