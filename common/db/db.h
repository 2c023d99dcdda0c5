// A thin layer over SQLite: Db, Statement, Transaction, migrate. The only file pair that includes
// sqlite3.h. Knows none of the product's tables. A broken machine (disk full, damaged file)
// throws DbError; the listed entry points catch it. One Db belongs to one thread at a time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace zf {

struct DbConnection;  // both in db.cpp
struct PreparedStatement;

/// The machine or the file failed; nothing of the transaction at hand was kept.
class DbError : public std::runtime_error {
public:
    DbError(int code, const std::string& message) : std::runtime_error(message), code_(code) {}
    [[nodiscard]] int code() const { return code_; }  // SQLite's extended result code
    [[nodiscard]] bool is_busy() const;               // another process writes: try again later
    [[nodiscard]] bool is_damage() const;             // what the file holds is no sound database

private:
    int code_;
};

/// A prepared statement in use. Parameters count from 1, columns from 0. Resets itself when it
/// goes out of scope, so that the prepared text can be used again.
class Statement {
public:
    Statement(DbConnection& connection, PreparedStatement& prepared);
    Statement(Statement&& other) noexcept;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    Statement& operator=(Statement&&) = delete;
    ~Statement();

    Statement& bind(int index, std::int64_t value);
    Statement& bind(int index, int value) { return bind(index, static_cast<std::int64_t>(value)); }
    /// Text is not copied: it must live until the statement is done.
    Statement& bind_text(int index, std::string_view value);
    Statement& bind_blob(int index, std::string_view value);
    Statement& bind_null(int index);
    /// Bytes of an id or hash.
    template <class Bytes>
    Statement& bind_bytes(int index, const Bytes& bytes) {
        return bind_blob(index, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }

    /// Moves to the next row; false when there is none.
    bool step();
    /// Runs a statement without rows to its end.
    void run();
    /// Makes the statement ready to be bound and run again.
    void reset();

    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    /// Valid until the next step or reset.
    [[nodiscard]] std::string_view text(int column) const;
    [[nodiscard]] std::string_view blob(int column) const;
    template <class Id>
    [[nodiscard]] Id id(int column) const {
        Id id;
        const std::string_view raw = blob(column);
        if (raw.size() == id.bytes.size()) std::copy(raw.begin(), raw.end(), id.bytes.begin());
        return id;
    }

private:
    DbConnection* connection_;
    PreparedStatement* prepared_;
};

class Db {
public:
    /// Opens or makes the file with WAL, synchronous=FULL and foreign keys off (stores check
    /// their own invariants). `busy_ms`: how long to wait for another process's write.
    static Db open(const std::string& path, int busy_ms = 10000);
    Db(Db&&) noexcept;
    Db& operator=(Db&&) = delete;
    ~Db();

    /// A statement from the cache; the same text prepared once. Asking for a text that is in
    /// use already prepares a second one.
    Statement prepare(std::string_view sql);
    /// Runs one or more statements without parameters.
    void execute(const std::string& sql);
    [[nodiscard]] std::int64_t last_rowid() const;
    /// Rows changed by the latest statement.
    [[nodiscard]] std::int64_t changes() const;
    /// Changes whenever another connection has written to the file.
    std::int64_t data_version();
    [[nodiscard]] bool in_transaction() const;
    /// Gives up the open transaction, if there is one.
    void roll_back() noexcept;
    /// "ok", or the first damage found by SQLite's own check.
    std::string integrity_check();
    /// A consistent copy of the database in a new file, while others go on using it.
    void copy_to(const std::string& path);

    /// Pages of the file are kept in at most 2 MB instead of 16: for a program that stays open
    /// for days and reads little at a time. What it reads again lies with the system anyway.
    void keep_little_in_memory();

    /// Test seam: called before each statement runs; true makes it fail as an I/O error.
    void set_fault(std::function<bool()> fault);

private:
    explicit Db(std::unique_ptr<DbConnection> connection);
    std::unique_ptr<DbConnection> connection_;
};

/// BEGIN IMMEDIATE ... COMMIT; rolls back unless committed.
class Transaction {
public:
    explicit Transaction(Db& db);
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();
    void commit();

private:
    Db& db_;
    bool open_ = true;
};

/// Brings a database to the newest schema: steps[i] leads from PRAGMA user_version i to i+1,
/// each in one transaction. A file from a newer program throws DbError.
void migrate(Db& db, std::span<const std::string_view> steps);

}  // namespace zf
