// zf_sim: runs the simulation. Any failure prints its seed; --seed replays it step by step.
//   zf_sim [--seed N | --count N [--from N] | --minutes M] [--jobs N]
// A long run, in which each kind of event must have occurred at least once, fails otherwise: a
// check that never looks at anything is none.
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>

#include "tests/sim/sim_world.h"

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Totals = std::map<std::string, long>;

/// Runs of fewer seeds may miss a kind of event by chance.
constexpr std::uint64_t telling_count = 300;

struct Options {
    std::uint64_t from = 1, count = 2000, seed = 0;
    long minutes = 0, jobs = 1;
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

void run_one(std::uint64_t seed, const fs::path& scratch, const fs::path& folder, bool explain,
             Totals& totals) {
    const auto result = zf::sim::run_seed(seed, scratch / "template", folder);
    ++totals["seeds"];
    totals["steps"] += result.steps;
    for (const auto& [kind, count] : result.counts) totals[kind] += count;
    if (explain || !result.ok) {
        for (const std::string& line : result.trace) std::printf("  %s\n", line.c_str());
    }
    if (!result.ok) {
        ++totals["failed"];
        std::printf("seed %llu FAILED at %s\n  replay: zf_sim --seed %llu\n",
                    static_cast<unsigned long long>(seed), result.failure.c_str(),
                    static_cast<unsigned long long>(seed));
    }
    std::fflush(stdout);
}

/// Every `jobs`-th seed, starting with the `job`-th.
Totals run_share(const Options& options, long job, const fs::path& scratch) {
    Totals totals;
    const auto end = Clock::now() + std::chrono::minutes(options.minutes);
    const auto step = static_cast<std::uint64_t>(options.jobs);
    for (auto i = static_cast<std::uint64_t>(job);
         options.minutes > 0 ? Clock::now() < end : i < options.count; i += step) {
        run_one(options.from + i, scratch, scratch / ("run" + std::to_string(job)), false, totals);
    }
    return totals;
}

/// Processes instead of threads: a broken invariant ends one of them, and the others go on.
Totals run_jobs(const Options& options, const fs::path& scratch) {
    std::map<pid_t, long> jobs;
    for (long job = 0; job < options.jobs; ++job) {
        const pid_t child = fork();
        if (child != 0) {
            jobs[child] = job;
            continue;
        }
        std::ofstream out(scratch / ("totals" + std::to_string(job)));
        for (const auto& [kind, count] : run_share(options, job, scratch)) {
            out << count << " " << kind << "\n";
        }
        out.close();
        std::_Exit(0);
    }
    Totals totals;
    for (std::size_t left = jobs.size(); left > 0; --left) {
        int status = 0;
        const long job = jobs[wait(&status)];
        if (status != 0) {
            ++totals["failed"];
            std::printf("job %ld of %ld ended with status %d: run it with --jobs 1\n", job,
                        options.jobs, status);
        }
        std::ifstream in(scratch / ("totals" + std::to_string(job)));
        long count = 0;
        for (std::string kind; in >> count && std::getline(in >> std::ws, kind);) {
            totals[kind] += count;
        }
    }
    return totals;
}

bool print_totals(Totals totals, bool is_telling) {
    std::printf("%ld seeds, %ld steps: %ld failed\n ", totals["seeds"], totals["steps"],
                totals["failed"]);
    bool is_complete = true;
    for (const std::string& kind : zf::sim::all_kinds()) {
        std::printf(" %s %ld,", kind.c_str(), totals[kind]);
        is_complete &= totals[kind] > 0;
    }
    std::printf("\n");
    if (is_telling && !is_complete) std::printf("some kind of event never occurred\n");
    return totals["failed"] == 0 && totals["seeds"] > 0 && (is_complete || !is_telling);
}

bool read_options(int argc, char** argv, Options& options) {
    for (int i = 1; i < argc; i += 2) {
        const std::string option = argv[i];
        const std::uint64_t number = i + 1 < argc ? std::strtoull(argv[i + 1], nullptr, 10) : 0;
        if (number == 0) return false;
        if (option == "--seed") {
            options.seed = number;
        } else if (option == "--count") {
            options.count = number;
        } else if (option == "--from") {
            options.from = number;
        } else if (option == "--minutes") {
            options.minutes = static_cast<long>(number);
        } else if (option == "--jobs") {
            options.jobs = static_cast<long>(number);
        } else {
            return false;
        }
    }
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    if (!read_options(argc, argv, options)) {
        std::fprintf(stderr, "zf_sim [--seed N | --count N [--from N] | --minutes M] [--jobs N]\n");
        return 2;
    }
    const fs::path scratch = scratch_folder();
    zf::sim::make_template(scratch / "template");
    Totals totals;
    if (options.seed != 0) {
        run_one(options.seed, scratch, scratch / "run", true, totals);
    } else if (options.jobs > 1) {
        totals = run_jobs(options, scratch);
    } else {
        totals = run_share(options, 0, scratch);
    }
    fs::remove_all(scratch);
    const bool is_telling =
        options.seed == 0 && options.minutes == 0 && options.count >= telling_count;
    return print_totals(totals, is_telling) ? 0 : 1;
}
