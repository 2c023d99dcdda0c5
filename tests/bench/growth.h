// What grows with a store: the same work among few records and among many. Without a scan that
// nobody meant, both take about the same.
#pragma once

#include <filesystem>
#include <vector>

#include "tests/bench/workload.h"

namespace zf::bench {

/// Prints, among 1,000 records and among all of `rows`, the times of a save on a laptop and of what
/// the server asks of its log in every sync, and their ratio.
void run_growth(const std::vector<Row>& rows, const std::filesystem::path& folder);

}  // namespace zf::bench
