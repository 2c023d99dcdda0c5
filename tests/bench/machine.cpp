#include "tests/bench/machine.h"

#include <fstream>

#include "common/base/env.h"
#include "common/base/ids.h"
#include "common/base/sign.h"
#include "common/codec/json.h"
#include "common/db/db.h"

namespace zf::bench {
namespace {

constexpr std::size_t transactions = 20;
constexpr int fields = 20;

Db fresh_db(const std::filesystem::path& folder, const char* name, const char* schema) {
    Db db = Db::open((folder / name).string());
    db.execute(schema);
    return db;
}

double insert_documents(const std::filesystem::path& folder,
                        const std::vector<std::string>& documents) {
    Db db = fresh_db(folder, "raw_documents.db",
                     "CREATE TABLE d(n INTEGER PRIMARY KEY, id BLOB UNIQUE, doc TEXT)");
    ManualEnv env(1);
    const Stopwatch watch;
    for (std::size_t i = 0; i < documents.size();) {
        Transaction transaction(db);
        const std::size_t end = i + documents.size() / transactions + 1;
        for (; i < end && i < documents.size(); ++i) {
            const Uuid id = env.new_uuid();
            Statement add = db.prepare("INSERT INTO d(id, doc) VALUES(?1, ?2)");
            add.bind_bytes(1, id.bytes).bind_text(2, documents[i]).run();
        }
        transaction.commit();
    }
    return static_cast<double>(documents.size()) / watch.seconds();
}

double insert_cells(const std::filesystem::path& folder,
                    const std::vector<std::string>& documents) {
    Db db = fresh_db(folder, "raw_cells.db",
                     "CREATE TABLE c(id BLOB, field TEXT, value TEXT, PRIMARY KEY(id, field)) "
                     "WITHOUT ROWID");
    ManualEnv env(2);
    const Stopwatch watch;
    for (std::size_t i = 0; i < documents.size();) {
        Transaction transaction(db);
        const std::size_t end = i + documents.size() / transactions + 1;
        for (; i < end && i < documents.size(); ++i) {
            const Uuid id = env.new_uuid();
            const std::size_t size = documents[i].size() / fields;
            for (int f = 0; f < fields; ++f) {
                const std::string field = "field_" + std::to_string(f);
                const std::string_view value =
                    std::string_view(documents[i]).substr(size * static_cast<std::size_t>(f), size);
                Statement add = db.prepare("INSERT INTO c VALUES(?1, ?2, ?3)");
                add.bind_bytes(1, id.bytes).bind_text(2, field).bind_blob(3, value).run();
            }
        }
        transaction.commit();
    }
    return static_cast<double>(documents.size()) / watch.seconds();
}

double count_fsyncs(const std::filesystem::path& folder) {
    Db db = fresh_db(folder, "raw_fsync.db", "CREATE TABLE f(n INTEGER PRIMARY KEY)");
    constexpr int count = 200;
    const Stopwatch watch;
    for (int i = 0; i < count; ++i) db.execute("INSERT INTO f DEFAULT VALUES");
    return count / watch.seconds();
}

template <class Work>
double megabytes_per_second(const std::vector<std::string>& texts, Work work) {
    std::size_t bytes = 0;
    const Stopwatch watch;
    for (const std::string& text : texts) {
        work(text);
        bytes += text.size();
    }
    return static_cast<double>(bytes) / 1e6 / watch.seconds();
}

}  // namespace

MachineLimits measure_machine(const std::filesystem::path& folder,
                              const std::vector<std::string>& documents,
                              const std::vector<std::string>& changesets) {
    MachineLimits limits;
    limits.document_inserts = insert_documents(folder, documents);
    limits.cell_inserts = insert_cells(folder, documents);
    limits.fsyncs = count_fsyncs(folder);
    std::size_t parsed = 0;
    limits.json_mb = megabytes_per_second(
        changesets, [&](const std::string& text) { parsed += parse_json(text).has_value(); });
    std::uint8_t mixed = 0;
    limits.hash_mb = megabytes_per_second(
        changesets, [&](const std::string& text) { mixed ^= blake2b(text).bytes[0]; });
    ManualEnv env(3);
    const KeyPair key = KeyPair::generate(env);
    constexpr int count = 1000;
    const Stopwatch signing;
    std::string signature;
    for (int i = 0; i < count; ++i) signature = key.sign(std::to_string(i));
    limits.signs = count / signing.seconds();
    const Stopwatch verifying;
    int good = mixed & 0;
    for (int i = 0; i < count; ++i) {
        good += verify_signature(key.public_key(), std::to_string(count - 1), signature);
    }
    limits.verifies = good / verifying.seconds();
    return limits;
}

double peak_memory_mb() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024.0;
    }
    return 0;
}

}  // namespace zf::bench
