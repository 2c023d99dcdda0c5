// zf_sim: runs the simulation. Any failure prints its seed; --seed replays it step by step.
//   zf_sim [--seed N | --count N [--from N] | --minutes M]
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/sim/sim_world.h"

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

struct Totals {
    long seeds = 0, steps = 0, saves = 0, cut = 0, conflicts = 0, failed = 0;
};

fs::path scratch_folder() {
    // In memory when there is such a place: the simulation is about order and loss, and waits
    // for no disk.
    const fs::path shm = "/dev/shm";
    const fs::path base = fs::is_directory(shm) ? shm : fs::temp_directory_path();
    std::string name = (base / "zf_sim.XXXXXX").string();
    if (!mkdtemp(name.data())) {
        std::perror("zf_sim: cannot make a scratch folder");
        std::exit(2);
    }
    return name;
}

void run_one(std::uint64_t seed, const fs::path& scratch, bool explain, Totals& totals) {
    const auto result = zf::sim::run_seed(seed, scratch / "template", scratch / "run");
    ++totals.seeds;
    totals.steps += result.steps;
    totals.saves += result.saves;
    totals.cut += result.syncs_cut;
    totals.conflicts += result.conflicts;
    if (explain || !result.ok) {
        for (const std::string& line : result.trace) std::printf("  %s\n", line.c_str());
    }
    if (!result.ok) {
        ++totals.failed;
        std::printf("seed %llu FAILED at %s\n  replay: zf_sim --seed %llu\n",
                    static_cast<unsigned long long>(seed), result.failure.c_str(),
                    static_cast<unsigned long long>(seed));
        std::fflush(stdout);
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::uint64_t from = 1, count = 500, seed = 0;
    long minutes = 0;
    for (int i = 1; i < argc; i += 2) {
        const std::string option = argv[i];
        if (i + 1 >= argc) {
            std::fprintf(stderr, "zf_sim: %s needs a number\n", option.c_str());
            return 2;
        }
        const std::uint64_t number = std::strtoull(argv[i + 1], nullptr, 10);
        if (option == "--seed") {
            seed = number;
        } else if (option == "--count") {
            count = number;
        } else if (option == "--from") {
            from = number;
        } else if (option == "--minutes") {
            minutes = static_cast<long>(number);
        } else {
            std::fprintf(stderr, "zf_sim [--seed N | --count N [--from N] | --minutes M]\n");
            return 2;
        }
    }
    const fs::path scratch = scratch_folder();
    zf::sim::make_template(scratch / "template");
    Totals totals;
    const auto end = Clock::now() + std::chrono::minutes(minutes);
    if (seed != 0) {
        run_one(seed, scratch, true, totals);
    } else {
        for (std::uint64_t i = 0; minutes > 0 ? Clock::now() < end : i < count; ++i) {
            run_one(from + i, scratch, false, totals);
        }
    }
    fs::remove_all(scratch);
    std::printf(
        "%ld seeds, %ld steps, %ld saves, %ld syncs cut off, %ld conflicts left: %ld failed\n",
        totals.seeds, totals.steps, totals.saves, totals.cut, totals.conflicts, totals.failed);
    return totals.failed == 0 && totals.seeds > 0 ? 0 : 1;
}
