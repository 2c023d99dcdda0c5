// Power fails at any operation of the disk while both programs work: what was acknowledged is there
// after the reboot, whatever became of the writes that were not synced. And a disk that is full
// or read-only is said plainly and costs nothing.
#include <doctest/doctest.h>
#include <sys/fsuid.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <sstream>
#include <string>

#include "client/commands.h"
#include "tests/faults/crashing_disk.h"
#include "tests/faults/fault_world.h"

namespace zf::testing {
namespace {

namespace fs = std::filesystem;
using Loss = CrashingDisk::Loss;

using Work = bool (FaultWorld::*)();
constexpr Work works[] = {&FaultWorld::save_rows_and_draft, &FaultWorld::attach, &FaultWorld::sync,
                          &FaultWorld::server_push, &FaultWorld::carry_bundles};

TEST_CASE("power fails at the n-th operation of the disk") {
    std::int64_t cuts = 0;
    for (std::size_t i = 0; i < std::size(works); ++i) {
        for (const Loss loss : {Loss::all, Loss::random}) {
            for (std::int64_t n = 1;; ++n) {
                CAPTURE(i);
                CAPTURE(n);
                FaultWorld world;
                world.close();
                CrashingDisk disk(world.root(), static_cast<std::uint64_t>(n) + i * 1000);
                world.open();
                disk.cut_power_at(n);
                const bool done = (world.*works[i])();
                if (disk.has_power()) {
                    CHECK(done);
                    world.close();
                    break;
                }
                ++cuts;
                world.close();
                disk.restore_power(loss);
                world.open();
                CHECK(world.find_loss() == "");
                const bool repeated = (world.*works[i])();
                INFO(world.last_error);
                CHECK(repeated);
                CHECK(world.find_difference() == "");
                CHECK(world.find_loss() == "");
                world.close();
            }
        }
    }
    CHECK(cuts > 100);
}

/// What `zoufang` does with a folder: its exit status, and all that it says.
struct Said {
    int status = 0;
    std::string text;
};

Said save_on(const fs::path& home) {
    std::istringstream in(R"({"do":"create","form":"visit","set":{"note":"more"}})"
                          "\n");
    std::ostringstream out, messages;
    const int status = run_client({"--home", home.string(), "batch"}, in, out, messages);
    return {status, out.str() + messages.str()};
}

/// No file may grow beyond this while one is alive: a full disk for whoever is not root, too.
class FullDisk {
public:
    explicit FullDisk(rlim_t bytes) : former_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        REQUIRE(::getrlimit(RLIMIT_FSIZE, &former_) == 0);
        const rlimit now{bytes, former_.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &now) == 0);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;
    ~FullDisk() {
        ::setrlimit(RLIMIT_FSIZE, &former_);
        std::signal(SIGXFSZ, former_handler_);
    }

private:
    rlimit former_{};
    void (*former_handler_)(int);
};

TEST_CASE("a full disk: nothing is saved, that is said, and nothing is lost") {
    for (const rlim_t bytes : {rlim_t{0}, rlim_t{1000}, rlim_t{20'000}}) {
        CAPTURE(bytes);
        FaultWorld world;
        world.close();
        {
            const FullDisk full(bytes);
            const Said said = save_on(world.home());
            INFO(said.text);
            CHECK(said.status == 1);
            CHECK(said.text.find("free space") != std::string::npos);
        }
        CHECK(save_on(world.home()).status == 0);
        world.open();
        CHECK(world.find_loss() == "");
        CHECK(world.find_difference() == "");
    }
}

TEST_CASE("a disk that is full for good lets nothing of the acknowledged go") {
    for (const Work work : works) {
        FaultWorld world;
        world.close();
        CrashingDisk disk(world.root(), 3);
        world.open();
        disk.set_fault({CrashingDisk::Operation::write, 2, CrashingDisk::Failure::no_space, true});
        CHECK_FALSE((world.*work)());
        CHECK(world.last_error != "");
        world.close();
        disk.heal();
        world.open();
        CHECK(world.find_loss() == "");
        CHECK((world.*work)());
        CHECK(world.find_difference() == "");
        world.close();
    }
}

/// Root may write everything, so it touches files as nobody while one of these is alive.
class NotRoot {
public:
    explicit NotRoot(const FaultWorld& world) : home_(world.home()) {
        if (::geteuid() != 0) return;
        ::chmod(world.root().c_str(), 0711);
        give_to(nobody);
        ::setfsgid(nobody);
        ::setfsuid(nobody);
    }
    NotRoot(const NotRoot&) = delete;
    NotRoot& operator=(const NotRoot&) = delete;
    ~NotRoot() {
        if (::geteuid() != 0) return;
        ::setfsuid(0);
        ::setfsgid(0);
        give_to(0);
    }

private:
    static constexpr uid_t nobody = 65534;

    void give_to(uid_t owner) {
        REQUIRE(::chown(home_.c_str(), owner, owner) == 0);
        for (const auto& entry : fs::recursive_directory_iterator(home_)) {
            REQUIRE(::chown(entry.path().c_str(), owner, owner) == 0);
        }
    }

    fs::path home_;
};

TEST_CASE("a folder or a database that may not be written is said plainly") {
    FaultWorld world;
    world.close();
    const NotRoot nobody(world);
    // One's own folder and database are made private and writable again by the program itself.
    REQUIRE(::chmod(world.home().c_str(), 0500) == 0);
    CHECK(save_on(world.home()).status == 0);
    // Somebody else's are not.
    REQUIRE(::chmod((world.home() / "device.db").c_str(), 0400) == 0);
    const Said said = save_on(world.home());
    INFO(said.text);
    CHECK(said.status == 1);
    CHECK(said.text.find("device.db") != std::string::npos);
    REQUIRE(::chmod((world.home() / "device.db").c_str(), 0600) == 0);
    const Said again = save_on(world.home());
    CAPTURE(again.text);
    CHECK(again.status == 0);
}

}  // namespace
}  // namespace zf::testing
