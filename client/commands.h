// The command line of `zoufang`. Exit status: 0 done, 1 the request could not be met, 2 wrong
// usage. Results are JSON on standard output, messages go to standard error.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "client/window_order.h"

namespace zf {

/// Runs one command line (without the program's name). `open_window`: for a program that has one.
/// Never throws.
int run_client(const std::vector<std::string>& arguments, std::istream& in, std::ostream& out,
               std::ostream& messages, const OpenWindow& open_window = {});

}  // namespace zf
