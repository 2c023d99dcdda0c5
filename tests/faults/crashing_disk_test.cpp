// The disk that loses power: what SQLite and the stores promise holds on it, and it notices when
// somebody promises without a sync.
#include "tests/faults/crashing_disk.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/base/env.h"
#include "common/db/db.h"
#include "tests/unit/store/scratch_folder.h"

namespace zf::testing {
namespace {

using Loss = CrashingDisk::Loss;
using Operation = CrashingDisk::Operation;
using Failure = CrashingDisk::Failure;

/// A table of numbers, and which of them were committed.
struct Numbers {
    explicit Numbers(std::uint64_t seed) : disk(folder.path, seed), random(seed) { open(); }
    ~Numbers() { db.reset(); }

    void open() {
        db.emplace(Db::open((folder.path / "numbers.db").string()));
        db->execute("CREATE TABLE IF NOT EXISTS number(n INTEGER PRIMARY KEY, text TEXT)");
        db->execute("PRAGMA wal_autocheckpoint=20");
        for (const std::string& setting : settings) db->execute(setting);
    }
    void add(int count) {
        for (int i = 0; i < count; ++i) {
            Transaction transaction(*db);
            const std::string text(1 + random.next_u64() % 3000, 'x');
            Statement put = db->prepare("INSERT INTO number(n, text) VALUES(?1, ?2)");
            put.bind(1, next).bind_text(2, text).run();
            transaction.commit();
            committed.insert(next);
            ++next;
        }
    }
    /// Writes until the power fails at the n-th operation, and starts anew.
    void crash_at(std::int64_t nth, Loss loss) {
        disk.cut_power_at(nth);
        try {
            while (disk.has_power()) add(1);
        } catch (const DbError&) {
            ++next;  // whether it is there is open
        }
        db.reset();
        disk.restore_power(loss);
    }
    /// Whether the file opens, is sound and holds all that was committed.
    bool is_whole() {
        try {
            open();
            if (db->integrity_check() != "ok") return false;
            std::set<std::int64_t> found;
            Statement all = db->prepare("SELECT n FROM number");
            while (all.step()) found.insert(all.integer(0));
            return std::includes(found.begin(), found.end(), committed.begin(), committed.end());
        } catch (const DbError&) {
            return false;
        }
    }

    ScratchFolder folder;
    CrashingDisk disk;
    ManualEnv random;
    std::optional<Db> db;
    std::vector<std::string> settings;
    std::set<std::int64_t> committed;
    std::int64_t next = 1;
};

TEST_CASE("what was committed survives a power cut at any operation") {
    for (const Loss loss : {Loss::all, Loss::random}) {
        for (std::uint64_t seed = 1; seed <= 60; ++seed) {
            CAPTURE(seed);
            Numbers numbers(seed);
            for (int crash = 0; crash < 4; ++crash) {
                CAPTURE(crash);
                numbers.crash_at(1 + static_cast<std::int64_t>(numbers.random.next_u64() % 150),
                                 loss);
                REQUIRE(numbers.is_whole());
            }
        }
    }
}

TEST_CASE("the same seed loses the same") {
    const auto bytes_after = [] {
        Numbers numbers(77);
        numbers.settings = {"PRAGMA synchronous=OFF"};
        numbers.open();
        numbers.crash_at(90, Loss::random);
        std::string text;
        for (const char* name : {"numbers.db", "numbers.db-wal"}) {
            std::ifstream in(numbers.folder.path / name, std::ios::binary);
            text += std::string(std::istreambuf_iterator<char>(in), {}) + "|";
        }
        return text;
    };
    CHECK(bytes_after() == bytes_after());
}

TEST_CASE("a promise without a sync is noticed") {
    // Each of these must lose something within a few crashes, or the disk proves nothing.
    struct Case {
        std::string what;
        std::vector<std::string> settings;
        bool lying;
        Loss loss;
    };
    const std::vector<Case> cases{
        {"synchronous=OFF, all lost", {"PRAGMA synchronous=OFF"}, false, Loss::all},
        {"synchronous=OFF, some lost", {"PRAGMA synchronous=OFF"}, false, Loss::random},
        {"synchronous=NORMAL: the log is not synced",
         {"PRAGMA synchronous=NORMAL"},
         false,
         Loss::all},
        {"the disk lies about syncs", {}, true, Loss::all},
        {"the disk lies about some", {}, true, Loss::random},
    };
    for (const Case& each : cases) {
        CAPTURE(each.what);
        int losses = 0;
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            Numbers numbers(seed);
            numbers.settings = each.settings;
            numbers.open();
            numbers.disk.set_lying(each.lying);
            numbers.crash_at(1 + static_cast<std::int64_t>(numbers.random.next_u64() % 200),
                             each.loss);
            if (!numbers.is_whole()) ++losses;
        }
        INFO(each.what << ": noticed in " << losses << " of 20 crashes");
        CHECK(losses > 0);
    }
}

TEST_CASE("the n-th operation of each kind fails, once or for good, and nothing committed goes") {
    for (const Operation operation :
         {Operation::any, Operation::open, Operation::write, Operation::sync}) {
        for (const Failure failure : {Failure::no_space, Failure::io_error}) {
            for (const bool for_good : {false, true}) {
                for (std::int64_t nth = 1; nth <= 30; ++nth) {
                    Numbers numbers(5);
                    numbers.disk.set_fault({operation, nth, failure, for_good});
                    bool failed = false;
                    for (int i = 0; i < 20 && !failed; ++i) {
                        try {
                            numbers.add(1);
                        } catch (const DbError&) {
                            failed = true;
                            ++numbers.next;
                        }
                    }
                    CHECK(failed <= numbers.disk.has_failed());
                    numbers.db.reset();
                    numbers.disk.heal();
                    CAPTURE(nth);
                    REQUIRE(numbers.is_whole());
                    numbers.add(3);
                }
            }
        }
    }
}

TEST_CASE("files elsewhere are not touched") {
    ScratchFolder elsewhere;
    Numbers numbers(3);
    Db other = Db::open((elsewhere.path / "other.db").string());
    other.execute("CREATE TABLE t(n)");
    numbers.disk.cut_power();
    other.execute("INSERT INTO t VALUES(1)");
    CHECK_THROWS_AS(numbers.add(1), DbError);
    numbers.db.reset();
    numbers.disk.restore_power(Loss::all);
    CHECK(numbers.is_whole());
}

}  // namespace
}  // namespace zf::testing
