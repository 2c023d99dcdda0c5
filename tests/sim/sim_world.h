// One run of the simulation: several laptops and the server in one thread, real stores, the real
// Api::handle and Sync, a faulty network, wrong clocks, disks that lose power, copies and backups
// put back, forms and rights that change. Everything follows from the seed. Checks promises after
// steps and at rest, against the independent model.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace zf::sim {

struct RunResult {
    bool ok = true;
    std::string failure;             // what was broken, at which step
    std::vector<std::string> trace;  // what happened, step by step
    int steps = 0;
    std::map<std::string, long> counts;  // what happened how often, see all_kinds
};

/// Every kind of thing that RunResult counts: over many seeds each must occur.
const std::vector<std::string>& all_kinds();

/// Makes what every run starts from: a bureau (keys and password hashing are slow) and the database
/// of a laptop that nobody has used yet.
void make_template(const std::filesystem::path& folder);

/// Runs one seed in `folder`, which is emptied first and removed at the end.
RunResult run_seed(std::uint64_t seed, const std::filesystem::path& template_folder,
                   const std::filesystem::path& folder);

}  // namespace zf::sim
