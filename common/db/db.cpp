#include "common/db/db.h"

#include <sqlite3.h>

#include <unordered_map>
#include <utility>

#include "common/base/assert.h"

namespace zf {

struct PreparedStatement {
    sqlite3_stmt* statement = nullptr;
    bool in_use = false;
};

struct DbConnection {
    sqlite3* db = nullptr;
    // Texts are literals in the product, so the cache stays small.
    std::unordered_multimap<std::string, std::unique_ptr<PreparedStatement>> cache;
    std::function<bool()> fault;

    DbConnection() = default;
    DbConnection(const DbConnection&) = delete;
    DbConnection& operator=(const DbConnection&) = delete;
    ~DbConnection() {
        for (auto& [sql, prepared] : cache) sqlite3_finalize(prepared->statement);
        sqlite3_close(db);
    }

    [[noreturn]] void raise(std::string_view doing) const {
        throw DbError(sqlite3_extended_errcode(db), std::string(doing) + ": " + sqlite3_errmsg(db));
    }
    void check(int code, std::string_view doing) const {
        if (code != SQLITE_OK) raise(doing);
    }
    void ask_fault() const {
        if (fault && fault()) throw DbError(SQLITE_IOERR, "failure injected by a test");
    }
};

bool DbError::is_busy() const {
    return (code_ & 0xff) == SQLITE_BUSY || (code_ & 0xff) == SQLITE_LOCKED;
}

bool DbError::is_damage() const {
    return (code_ & 0xff) == SQLITE_CORRUPT || (code_ & 0xff) == SQLITE_NOTADB || code_ == 0;
}

Statement::Statement(DbConnection& connection, PreparedStatement& prepared)
    : connection_(&connection), prepared_(&prepared) {
    ZF_ASSERT(!prepared.in_use);
    prepared.in_use = true;
}

Statement::Statement(Statement&& other) noexcept
    : connection_(other.connection_), prepared_(std::exchange(other.prepared_, nullptr)) {}

Statement::~Statement() {
    if (!prepared_) return;
    sqlite3_reset(prepared_->statement);
    sqlite3_clear_bindings(prepared_->statement);
    prepared_->in_use = false;
}

Statement& Statement::bind(int index, std::int64_t value) {
    connection_->check(sqlite3_bind_int64(prepared_->statement, index, value), "bind");
    return *this;
}

Statement& Statement::bind_text(int index, std::string_view value) {
    const char* start = value.data() ? value.data() : "";
    connection_->check(sqlite3_bind_text64(prepared_->statement, index, start, value.size(),
                                           SQLITE_STATIC, SQLITE_UTF8),
                       "bind");
    return *this;
}

Statement& Statement::bind_blob(int index, std::string_view value) {
    const char* start = value.data() ? value.data() : "";
    connection_->check(
        sqlite3_bind_blob64(prepared_->statement, index, start, value.size(), SQLITE_STATIC),
        "bind");
    return *this;
}

Statement& Statement::bind_null(int index) {
    connection_->check(sqlite3_bind_null(prepared_->statement, index), "bind");
    return *this;
}

bool Statement::step() {
    connection_->ask_fault();
    const int code = sqlite3_step(prepared_->statement);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    connection_->raise(sqlite3_sql(prepared_->statement));
}

void Statement::run() {
    while (step()) {
    }
}

void Statement::reset() {
    sqlite3_reset(prepared_->statement);
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(prepared_->statement, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(prepared_->statement, column);
}

std::string_view Statement::text(int column) const {
    return blob(column);
}

std::string_view Statement::blob(int column) const {
    const auto* start = static_cast<const char*>(sqlite3_column_blob(prepared_->statement, column));
    const int size = sqlite3_column_bytes(prepared_->statement, column);
    return start ? std::string_view(start, static_cast<std::size_t>(size)) : std::string_view();
}

Db::Db(std::unique_ptr<DbConnection> connection) : connection_(std::move(connection)) {}
Db::Db(Db&&) noexcept = default;
Db::~Db() = default;

Db Db::open(const std::string& path, int busy_ms) {
    auto connection = std::make_unique<DbConnection>();
    const int code =
        sqlite3_open_v2(path.c_str(), &connection->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    if (code != SQLITE_OK) {
        throw DbError(code, "cannot open " + path + ": " + sqlite3_errstr(code));
    }
    sqlite3_extended_result_codes(connection->db, 1);
    sqlite3_busy_timeout(connection->db, busy_ms);
    Db db(std::move(connection));
    // "Saved" and "received" mean on disk: a commit returns after its fsync.
    db.execute(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;"
        "PRAGMA cache_size=-16000;");
    return db;
}

Statement Db::prepare(std::string_view sql) {
    const std::string text(sql);
    auto [begin, end] = connection_->cache.equal_range(text);
    for (auto entry = begin; entry != end; ++entry) {
        if (!entry->second->in_use) return {*connection_, *entry->second};
    }
    auto prepared = std::make_unique<PreparedStatement>();
    connection_->check(
        sqlite3_prepare_v3(connection_->db, text.data(), static_cast<int>(text.size()),
                           SQLITE_PREPARE_PERSISTENT, &prepared->statement, nullptr),
        sql);
    PreparedStatement& stored = *prepared;
    connection_->cache.emplace(text, std::move(prepared));
    return {*connection_, stored};
}

void Db::execute(const std::string& sql) {
    connection_->ask_fault();
    connection_->check(sqlite3_exec(connection_->db, sql.c_str(), nullptr, nullptr, nullptr), sql);
}

std::int64_t Db::last_rowid() const {
    return sqlite3_last_insert_rowid(connection_->db);
}
std::int64_t Db::changes() const {
    return sqlite3_changes64(connection_->db);
}
bool Db::in_transaction() const {
    return sqlite3_get_autocommit(connection_->db) == 0;
}

void Db::roll_back() noexcept {
    // Nothing can be done about a failing rollback, and nothing is lost by it: what was not
    // committed is not there when the file is opened next.
    if (in_transaction()) sqlite3_exec(connection_->db, "ROLLBACK", nullptr, nullptr, nullptr);
}

std::int64_t Db::data_version() {
    Statement ask = prepare("PRAGMA data_version");
    ask.step();
    return ask.integer(0);
}

std::string Db::integrity_check() {
    Statement ask = prepare("PRAGMA integrity_check(1)");
    ask.step();
    return std::string(ask.text(0));
}

void Db::copy_to(const std::string& path) {
    Statement copy = prepare("VACUUM INTO ?1");
    copy.bind_text(1, path).run();
}

void Db::keep_little_in_memory() {
    execute("PRAGMA cache_size=-2000");
}

void Db::set_fault(std::function<bool()> fault) {
    connection_->fault = std::move(fault);
}

Transaction::Transaction(Db& db) : db_(db) {
    db_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
    if (open_) db_.roll_back();
}

void Transaction::commit() {
    db_.execute("COMMIT");
    open_ = false;
}

void migrate(Db& db, std::span<const std::string_view> steps) {
    Statement ask = db.prepare("PRAGMA user_version");
    ask.step();
    const auto version = static_cast<std::size_t>(ask.integer(0));
    ask.reset();
    if (version > steps.size()) {
        throw DbError(SQLITE_MISMATCH,
                      "these data were written by a newer version of the program; update it");
    }
    for (std::size_t i = version; i < steps.size(); ++i) {
        Transaction transaction(db);
        db.execute(std::string(steps[i]));
        db.execute("PRAGMA user_version=" + std::to_string(i + 1));
        transaction.commit();
    }
}

}  // namespace zf
