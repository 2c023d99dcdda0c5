// What every fuzz target shares: libFuzzer's entry point and a check that holds in every build.
// Knows nothing of what is being read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/base/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace zf {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

}  // namespace zf
