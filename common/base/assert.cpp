#include "common/base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace zf {

void fail_assertion(const char* condition, const char* file, int line) {
    std::fprintf(stderr, "zoufang: broken invariant `%s` at %s:%d\n", condition, file, line);
    std::abort();
}

}  // namespace zf
