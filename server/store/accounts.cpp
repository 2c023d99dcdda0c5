#include "server/store/accounts.h"

#include <array>

#include "common/store/schema.h"
#include "server/store/secret_text.h"

namespace zf {
namespace {

// PRAGMA user_version belongs to common/store/schema; these tables count their steps in a fact.
constexpr std::string_view schema_fact = "accounts_schema";
constexpr std::array<std::string_view, 1> steps{R"sql(
CREATE TABLE account(
  name TEXT PRIMARY KEY,
  password_hash TEXT NOT NULL,
  one_time INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE enrol_code(
  hash BLOB PRIMARY KEY,
  user TEXT NOT NULL,
  expires_ms INTEGER NOT NULL,
  used_by BLOB) WITHOUT ROWID;
)sql"};

constexpr int code_groups = 3;

/// Of 60 random bits that live for a day a plain hash gives nothing away.
Hash256 hash_of_code(std::string_view code) {
    return blake2b("zoufang-enrol-code/1" + std::string(1, '\0') + plain_secret(code));
}

}  // namespace

Accounts::Accounts(Db& db) : db_(db) {
    const auto done = static_cast<std::size_t>(find_fact_integer(db_, schema_fact).value_or(0));
    if (done > steps.size()) {
        throw DbError(0, "these data were written by a newer version of the program; update it");
    }
    for (std::size_t i = done; i < steps.size(); ++i) {
        Transaction transaction(db_);
        db_.execute(std::string(steps[i]));
        set_fact(db_, schema_fact, static_cast<std::int64_t>(i + 1));
        transaction.commit();
    }
}

void Accounts::set_password(std::string_view user, std::string_view hash, bool one_time) {
    Statement set = db_.prepare(
        "INSERT INTO account(name, password_hash, one_time) VALUES(?1, ?2, ?3) ON CONFLICT(name) "
        "DO UPDATE SET password_hash=excluded.password_hash, one_time=excluded.one_time");
    set.bind_text(1, user).bind_text(2, hash).bind(3, one_time ? 1 : 0).run();
}

EnrolCode Accounts::add_code(std::string_view user, Env& env) {
    const std::int64_t now = env.now_ms();
    const EnrolCode made{new_secret_text(env, code_groups), now + code_life_ms};
    const Hash256 hash = hash_of_code(made.code);
    // A used code stays until it would have expired, for a device that asks again.
    Statement clear = db_.prepare("DELETE FROM enrol_code WHERE expires_ms<=?1");
    clear.bind(1, now).run();
    Statement add =
        db_.prepare("INSERT INTO enrol_code(hash, user, expires_ms) VALUES(?1, ?2, ?3)");
    add.bind_bytes(1, hash.bytes).bind_text(2, user).bind(3, made.expires_ms).run();
    return made;
}

Result<std::string> Accounts::use_code(std::string_view code, const DeviceId& device,
                                       std::int64_t now_ms) {
    const Hash256 hash = hash_of_code(code);
    std::string user;
    {
        Statement find = db_.prepare(
            "SELECT user FROM enrol_code WHERE hash=?1 AND expires_ms>?2 AND "
            "(used_by IS NULL OR used_by=?3)");
        find.bind_bytes(1, hash.bytes).bind(2, now_ms).bind_bytes(3, device.bytes);
        if (!find.step()) {
            return fail(ErrorCode::bad_code,
                        "This enrolment code is not valid: it was mistyped, used already, or is "
                        "older than 24 hours; ask the bureau for a new one.",
                        "code");
        }
        user = std::string(find.text(0));
    }
    Statement use = db_.prepare("UPDATE enrol_code SET used_by=?2 WHERE hash=?1");
    use.bind_bytes(1, hash.bytes).bind_bytes(2, device.bytes).run();
    return user;
}

std::optional<std::string> Accounts::find_password_hash(std::string_view user) {
    Statement find = db_.prepare("SELECT password_hash FROM account WHERE name=?1");
    find.bind_text(1, user);
    if (!find.step()) return std::nullopt;
    return std::string(find.text(0));
}

}  // namespace zf
