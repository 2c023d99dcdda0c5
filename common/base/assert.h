// ZF_ASSERT: checks that hold unless the program itself is wrong. On in release builds too: a
// broken invariant must stop the program before it writes something wrong. Not for bad input.
#pragma once

namespace zf {

/// Prints the broken condition to standard error and aborts.
[[noreturn]] void fail_assertion(const char* condition, const char* file, int line);

}  // namespace zf

#define ZF_ASSERT(condition) \
    ((condition) ? static_cast<void>(0) : ::zf::fail_assertion(#condition, __FILE__, __LINE__))
