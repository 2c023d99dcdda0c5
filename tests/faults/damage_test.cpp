// Noise on each page of both programs' databases, attachments that are damaged or gone, files that
// cannot be written: noticed, said plainly, never a crash or a wrong value, and mended.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "client/commands.h"
#include "client/commands_repair.h"
#include "client/repair.h"
#include "common/codec/json.h"
#include "server/commands.h"
#include "server/repair.h"
#include "server/verify.h"
#include "tests/faults/fault_world.h"

namespace zf::testing {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t page_bytes = 4096;

void write_noise(const fs::path& file, std::size_t page, std::uint64_t seed) {
    ManualEnv env(seed + page * 1000);
    std::string noise(page_bytes, '\0');
    env.fill_random({reinterpret_cast<std::uint8_t*>(noise.data()), noise.size()});
    std::fstream out(file, std::ios::binary | std::ios::in | std::ios::out);
    out.seekp(static_cast<std::streamoff>(page * page_bytes));
    out.write(noise.data(), static_cast<std::streamsize>(noise.size()));
    REQUIRE(out.good());
}

std::size_t pages_of(const fs::path& file) {
    return static_cast<std::size_t>(fs::file_size(file)) / page_bytes;
}

/// What a program did: its exit status and what it printed.
struct Ran {
    int status = 0;
    std::string out, messages;
};

Ran run_laptop(const FaultWorld& world, std::vector<std::string> arguments,
               const std::string& given = {}) {
    std::vector<std::string> all{"--home", world.home().string()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    std::istringstream in(given);
    std::ostringstream out, messages;
    const int status = run_client(all, in, out, messages);
    return {status, out.str(), messages.str()};
}

Ran run_server(FaultWorld& world, std::vector<std::string> arguments) {
    std::vector<std::string> all{"--data", world.data().string()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    std::ostringstream out, messages;
    const int status = run_command(all, world.env(), out, messages);
    return {status, out.str(), messages.str()};
}

std::string all_records(const FaultWorld& world) {
    const Ran ran = run_laptop(world, {"batch"},
                               "{\"do\":\"list\",\"form\":\"visit\"}\n"
                               "{\"do\":\"list\",\"form\":\"shop\"}\n");
    return ran.out;
}

/// Each line is the expected one, or says what is wrong and what helps.
void check_lines(const std::string& got, const std::string& expected) {
    std::istringstream lines(got), right(expected);
    for (std::string line, wanted; std::getline(lines, line);) {
        std::getline(right, wanted);
        if (line == wanted) continue;
        INFO(line);
        CHECK(line.find("\"ok\":false") != std::string::npos);
        CHECK(line.find("zoufang repair") != std::string::npos);
    }
}

TEST_CASE("noise on each page of a laptop's database") {
    FaultWorld untouched;
    untouched.close();
    const std::string expected = all_records(untouched);
    const std::size_t pages = pages_of(untouched.home() / "device.db");
    std::size_t noticed = 0, whole = 0;
    for (std::size_t page = 0; page < pages; ++page) {
        CAPTURE(page);
        FaultWorld world;
        world.close();
        write_noise(world.home() / "device.db", page, 1);
        check_lines(all_records(world), expected);

        const Ran repaired = run_laptop(world, {"repair"});
        INFO(repaired.out);
        INFO(repaired.messages);
        const auto answer = parse_json(repaired.out);
        REQUIRE(answer.has_value());
        if (!answer->find("found")->list()->empty()) ++noticed;
        const std::size_t named = answer->find("lost")->list()->size();

        world.open();
        CHECK(world.ann().db().integrity_check() == "ok");
        REQUIRE(world.ann().membership().has_value());
        // What is not here any more and was not sent is named; all else came out of the pages.
        if (named == 0) {
            // A tail can be lost without leaving a gap: then nobody knows that it was there.
            const std::string difference = world.find_difference();
            CHECK(difference == "");
            if (world.count_lost_saves() == 0) ++whole;
            CHECK(world.count_lost_saves() <= 2);
            CHECK(run_server(world, {"verify"}).status == 0);
        }
    }
    const std::string summary = std::to_string(pages) + " pages, " + std::to_string(noticed) +
                                " noticed, " + std::to_string(whole) + " repaired without a loss";
    MESSAGE(summary);
    CHECK(noticed > pages / 2);
    CHECK(whole > pages * 9 / 10);
}

TEST_CASE("noise on each page of the server's database") {
    FaultWorld untouched;
    const std::size_t pages = [&] {
        untouched.close();
        return pages_of(untouched.data() / "central.db");
    }();
    std::size_t noticed = 0, replaced = 0;
    for (std::size_t page = 0; page < pages; ++page) {
        CAPTURE(page);
        FaultWorld world;
        world.close();
        write_noise(world.data() / "central.db", page, 2);
        const Ran verified = run_server(world, {"verify"});
        INFO(verified.messages);
        CHECK((verified.status == 0 || verified.status == 1));
        if (verified.status == 1) {
            ++noticed;
            CHECK(verified.messages.find("repair") != std::string::npos);
        }
        const Ran repaired = run_server(world, {"repair"});
        INFO(repaired.messages);
        REQUIRE(repaired.status == 0);
        if (repaired.out.find("\"store_replaced\": true") != std::string::npos) ++replaced;
        world.open();
        CHECK(world.find_difference() == "");
        CHECK(world.find_loss() == "");
    }
    const std::string summary = std::to_string(pages) + " pages, " + std::to_string(noticed) +
                                " noticed, " + std::to_string(replaced) + " stores replaced";
    MESSAGE(summary);
    CHECK(noticed > pages / 2);
}

void damage_first_blob(const fs::path& folder, bool remove) {
    const auto hashes = blobs_in(folder);
    REQUIRE(hashes.has_value());
    REQUIRE(!hashes->empty());
    const fs::path file = blob_path(folder, hashes->front());
    if (remove) {
        fs::remove(file);
        return;
    }
    std::fstream out(file, std::ios::binary | std::ios::in | std::ios::out);
    out.seekp(100);
    out.put('\x7f');
}

TEST_CASE("a damaged or missing attachment on the laptop comes back from the server") {
    for (const bool remove : {false, true}) {
        CAPTURE(remove);
        FaultWorld world;
        REQUIRE(world.find_difference() == "");
        world.close();
        damage_first_blob(world.home() / "blobs", remove);
        const Ran repaired = run_laptop(world, {"repair"});
        INFO(repaired.out);
        CHECK(repaired.out.find(remove ? "is not any more" : "does not fit") != std::string::npos);
        world.open();
        CHECK(world.find_difference() == "");
        CHECK(world.find_loss() == "");
    }
}

TEST_CASE("a damaged or missing attachment on the server comes back from a laptop") {
    for (const bool remove : {false, true}) {
        CAPTURE(remove);
        FaultWorld world;
        REQUIRE(world.find_difference() == "");
        world.close();
        damage_first_blob(world.data() / "blobs", remove);
        const Ran verified = run_server(world, {"verify"});
        CHECK(verified.status == 1);
        CHECK(verified.messages.find("blob ") != std::string::npos);
        const Ran repaired = run_server(world, {"repair"});
        CHECK(repaired.status == 0);
        CHECK(repaired.out.find("\"attachments_reopened\": 1") != std::string::npos);
        CHECK(repaired.out.find("\"store_replaced\": false") != std::string::npos);
        world.open();
        CHECK(world.find_difference() == "");
        CHECK(world.find_loss() == "");
        CHECK(run_server(world, {"verify"}).status == 0);
    }
}

TEST_CASE("derived tables that are wrong are derived anew") {
    FaultWorld world;
    REQUIRE(world.find_difference() == "");
    for (Db* db : {&world.ann().db(), &world.central().db()}) {
        db->execute("DELETE FROM record WHERE n=1");
        db->execute("UPDATE record SET natural_key='wrong'");
    }
    world.close();
    CHECK(run_server(world, {"verify"}).status == 1);
    const Ran on_server = run_server(world, {"repair"});
    CHECK(on_server.status == 0);
    CHECK(on_server.out.find("\"derived_anew\": true") != std::string::npos);
    const Ran on_laptop = run_laptop(world, {"repair"});
    INFO(on_laptop.messages);
    CHECK(on_laptop.status == 0);
    CHECK(on_laptop.out.find("derived anew") != std::string::npos);
    CHECK(run_server(world, {"verify"}).status == 0);
    world.open();
    CHECK(world.find_loss() == "");
    CHECK(world.find_difference() == "");
}

TEST_CASE("one changed byte in an own changeset that the server holds") {
    FaultWorld world;
    REQUIRE(world.find_difference() == "");
    world.ann().db().execute(
        "UPDATE changeset SET bytes=CAST(replace(CAST(bytes AS TEXT), 'not sent', 'not semt') AS "
        "BLOB)");
    world.close();
    const Ran repaired = run_laptop(world, {"repair"});
    INFO(repaired.out);
    CHECK(repaired.out.find("its signature does not fit") != std::string::npos);
    world.open();
    CHECK(world.find_difference() == "");
    CHECK(world.count_lost_saves() == 0);
    CHECK(world.find_loss() == "");
}

TEST_CASE("a sound folder is left alone") {
    FaultWorld world;
    world.close();
    const Ran on_laptop = run_laptop(world, {"repair"});
    CHECK(on_laptop.status == 0);
    CHECK(on_laptop.out.find("\"found\":[]") != std::string::npos);
    const Ran on_server = run_server(world, {"repair"});
    CHECK(on_server.status == 0);
    CHECK(on_server.out.find("\"found\": []") != std::string::npos);
    world.open();
    CHECK(world.find_loss() == "");
}

}  // namespace
}  // namespace zf::testing
