// Every statement, file write, fsync, name change and allocation of each operation fails, once and
// for good. After each failure nothing that was acknowledged is gone, and the operation succeeds
// when it is repeated. ZF_FAULTS_ALL=1 in the environment: every n, also of the allocations.
#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

#include "tests/faults/failing_calls_posix.h"
#include "tests/faults/fault_world.h"

namespace zf::testing {
namespace {

struct Operation {
    const char* name;
    bool (FaultWorld::*run)();
};

constexpr Operation operations[] = {
    {"save with rows and a draft", &FaultWorld::save_rows_and_draft},
    {"attach", &FaultWorld::attach},
    {"sync: push, pull, attachments", &FaultWorld::sync},
    {"server takes a push", &FaultWorld::server_push},
    {"backup", &FaultWorld::back_up},
    {"bundles both ways", &FaultWorld::carry_bundles},
};

bool takes_all() {
    return std::getenv("ZF_FAULTS_ALL") != nullptr;
}

/// What is checked after a failure, whatever failed.
void check_after(FaultWorld& world, const Operation& operation, bool for_good) {
    // A program that lives on goes on; one whose disk is gone for good is started again.
    if (!for_good) {
        const bool again = (world.*operation.run)();
        INFO(world.last_error);
        CHECK(again);
    }
    world.close();
    world.open();
    CHECK(world.find_loss() == "");
    const bool repeated = (world.*operation.run)();
    INFO(world.last_error);
    CHECK(repeated);
    CHECK(world.find_difference() == "");
    CHECK(world.find_loss() == "");
}

/// Every n up to `bound`, then with a stride that grows.
std::int64_t next_of(std::int64_t n, std::int64_t bound) {
    return takes_all() || n < bound ? n + 1 : n + 1 + n / 8;
}

void fail_each_call(const Operation& operation, Call call, std::int64_t bound) {
    for (const bool for_good : {false, true}) {
        std::int64_t n = 1;
        int failures = 0;
        for (;; n = next_of(n, bound)) {
            FaultWorld world;
            bool failed = false, done = false;
            {
                FailingCalls failing(call, n, for_good);
                done = (world.*operation.run)();
                failed = failing.has_failed();
            }
            if (!failed) {
                CHECK(done);
                break;
            }
            ++failures;
            CAPTURE(operation.name);
            CAPTURE(n);
            CAPTURE(for_good);
            CAPTURE(done);
            const std::string first_error = done ? "" : world.last_error;
            CAPTURE(first_error);
            check_after(world, operation, for_good);
        }
        const std::string summary = std::string(operation.name) +
                                    (for_good ? ", for good: " : ", once: ") +
                                    std::to_string(failures) + " failures";
        MESSAGE(summary);
    }
}

TEST_CASE("the n-th statement fails") {
    for (const Operation& operation : operations) {
        for (const bool for_good : {false, true}) {
            for (std::int64_t n = 1;; n = next_of(n, 40)) {
                FaultWorld world;
                auto& statements = world.fail_statement(n, for_good);
                const bool done = (world.*operation.run)();
                const bool failed = statements.failed;
                statements.nth = 0;
                if (!failed) {
                    CHECK(done);
                    break;
                }
                CAPTURE(operation.name);
                CAPTURE(n);
                CAPTURE(for_good);
                CHECK(!done);
                check_after(world, operation, for_good);
            }
        }
    }
}

TEST_CASE("the n-th file write fails") {
    for (const Operation& operation : operations) fail_each_call(operation, Call::write, 40);
}

TEST_CASE("the n-th fsync fails") {
    for (const Operation& operation : operations) fail_each_call(operation, Call::sync, 40);
}

TEST_CASE("the n-th opening, renaming or shortening of a file fails") {
    for (const Operation& operation : operations) fail_each_call(operation, Call::name, 40);
}

TEST_CASE("the n-th allocation fails") {
    for (const Operation& operation : operations) fail_each_call(operation, Call::allocation, 30);
}

}  // namespace
}  // namespace zf::testing
