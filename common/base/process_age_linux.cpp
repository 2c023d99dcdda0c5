// By /proc: the kernel knows when the process began, before any of its own code ran.
#include "common/base/process_age_linux.h"

#include <time.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace zf {

std::int64_t process_age_ms() {
    std::ifstream file("/proc/self/stat");
    const std::string stat(std::istreambuf_iterator<char>(file), {});
    // The name of the program, in brackets, may hold anything; what follows it are numbers.
    const std::size_t name_end = stat.rfind(')');
    if (name_end == std::string::npos) return 0;
    std::istringstream fields(stat.substr(name_end + 2));
    constexpr int fields_before_start = 19;  // proc(5): starttime is field 22, the state field 3
    std::string skipped;
    for (int i = 0; i < fields_before_start; ++i) fields >> skipped;
    std::int64_t start_ticks = 0;
    fields >> start_ticks;
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1'000'000 -
           start_ticks * 1000 / ::sysconf(_SC_CLK_TCK);
}

}  // namespace zf
