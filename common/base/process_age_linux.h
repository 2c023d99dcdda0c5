// How long this process has been running, its loading included. A measure, never a clock for data.
#pragma once

#include <cstdint>

namespace zf {

/// In milliseconds, correct to 10. 0 when the system does not tell.
std::int64_t process_age_ms();

}  // namespace zf
