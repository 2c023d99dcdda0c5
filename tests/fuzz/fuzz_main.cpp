// libFuzzer's entry point for a target.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    zf::take_input({reinterpret_cast<const char*>(data), size});
    return 0;
}
