// Runs a fuzz target once over every file of a corpus, for compilers that have no libFuzzer. Files
// named ok_... must be accepted and files named bad_... refused; what fuzzers have found has other
// names and may be either. Fails when a file is not taken as its name says, or when there is none
// of either kind.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz_target.h"

namespace {

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.is_regular_file()) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

zf::Verdict take_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    return zf::take_input(bytes);
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::fprintf(stderr, "one folder of inputs is expected\n");
        return 2;
    }
    int oks = 0, bads = 0, others = 0, wrong = 0;
    for (const auto& path : files_in(arguments[1])) {
        const std::string name = path.filename().string();
        // Told before, so that the one that breaks the program is known.
        std::printf("%s: ", name.c_str());
        std::fflush(stdout);
        const bool accepted = take_file(path) == zf::Verdict::accepted;
        const bool is_ok = name.starts_with("ok_"), is_bad = name.starts_with("bad_");
        const bool fits = accepted ? !is_bad : !is_ok;
        std::printf("%s%s\n", accepted ? "accepted" : "refused",
                    fits ? "" : ", other than its name says");
        ++(is_ok ? oks : is_bad ? bads : others);
        if (!fits) ++wrong;
    }
    std::printf("%d to accept, %d to refuse, %d others: %d wrong\n", oks, bads, others, wrong);
    return wrong == 0 && oks > 0 && bads > 0 ? 0 : 1;
}
