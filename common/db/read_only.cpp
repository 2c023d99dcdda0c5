#include "common/db/read_only.h"

#include <sqlite3.h>

#include "common/db/db.h"

namespace zf {
namespace {

struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

/// "immutable" keeps SQLite from making files for locks and shared memory beside it.
std::string uri_of(const std::string& path) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string uri = "file:";
    for (const char c : path) {
        if (c == '?' || c == '#' || c == '%') {
            uri += '%';
            uri += digits[static_cast<std::size_t>(c) / 16];
            uri += digits[static_cast<std::size_t>(c) % 16];
        } else {
            uri += c;
        }
    }
    return uri + "?immutable=1";
}

}  // namespace

void ReadOnlyDb::Close::operator()(sqlite3* db) const {
    sqlite3_close(db);
}

std::optional<ReadOnlyDb> ReadOnlyDb::open(const std::string& path) {
    sqlite3* raw = nullptr;
    const int code =
        sqlite3_open_v2(uri_of(path).c_str(), &raw,
                        SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr);
    std::unique_ptr<sqlite3, Close> db(raw);
    const bool is_readable =
        code == SQLITE_OK && sqlite3_exec(raw, "SELECT count(*) FROM sqlite_schema", nullptr,
                                          nullptr, nullptr) == SQLITE_OK;
    if (!is_readable) return std::nullopt;
    return ReadOnlyDb(std::move(db));
}

std::optional<std::string> ReadOnlyDb::find(const std::string& sql,
                                            std::initializer_list<std::int64_t> parameters) {
    const auto check = [&](int code, int good) {
        if (code != good)
            throw DbError(sqlite3_extended_errcode(db_.get()), sqlite3_errmsg(db_.get()));
    };
    sqlite3_stmt* raw = nullptr;
    check(sqlite3_prepare_v2(db_.get(), sql.c_str(), -1, &raw, nullptr), SQLITE_OK);
    const std::unique_ptr<sqlite3_stmt, Finalize> statement(raw);
    int index = 0;
    for (const std::int64_t one : parameters) {
        check(sqlite3_bind_int64(raw, ++index, one), SQLITE_OK);
    }
    const int stepped = sqlite3_step(raw);
    if (stepped == SQLITE_DONE) return std::nullopt;
    check(stepped, SQLITE_ROW);
    if (sqlite3_column_type(raw, 0) == SQLITE_NULL) return std::nullopt;
    const void* bytes = sqlite3_column_blob(raw, 0);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(raw, 0));
    return std::string(static_cast<const char*>(bytes ? bytes : ""), size);
}

}  // namespace zf
