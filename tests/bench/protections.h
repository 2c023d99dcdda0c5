// What each protection of the data costs: the same work with one of them left out at a time. Only
// here can they be left out.
#pragma once

#include <filesystem>
#include <vector>

#include "tests/bench/workload.h"

namespace zf::bench {

/// Prints, for saves on a laptop (one transaction each) and for pushes arriving on the server (one
/// transaction for 500 records), the rate with all protections and the ratio without each one.
void run_protections(const std::vector<Row>& rows, const std::filesystem::path& folder);

}  // namespace zf::bench
