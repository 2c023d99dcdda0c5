#include "common/base/sodium.h"

#include <sodium.h>

#include "common/base/assert.h"

namespace zf {

void ensure_sodium() {
    static const bool started = sodium_init() >= 0;
    ZF_ASSERT(started);
}

}  // namespace zf
