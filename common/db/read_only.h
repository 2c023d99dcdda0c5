// Looks things up in an SQLite file that somebody else made, and never changes it or what lies
// beside it. Damage throws DbError, as in db.h. One thread at a time.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>

struct sqlite3;

namespace zf {

class ReadOnlyDb {
public:
    /// Nothing when there is no such file, or it is no SQLite file.
    static std::optional<ReadOnlyDb> open(const std::string& path);

    /// The bytes in the first column of the first row; nothing without a row, or when they are
    /// null. Parameters are numbers, from ?1 on.
    std::optional<std::string> find(const std::string& sql,
                                    std::initializer_list<std::int64_t> parameters = {});

private:
    struct Close {
        void operator()(sqlite3* db) const;
    };
    explicit ReadOnlyDb(std::unique_ptr<sqlite3, Close> db) : db_(std::move(db)) {}
    std::unique_ptr<sqlite3, Close> db_;
};

}  // namespace zf
