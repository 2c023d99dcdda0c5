// Frames: never more than the bound comes out, and what comes out can be packed and read again.
#include "common/codec/zstd_frame.h"
#include "tests/fuzz/fuzz_target.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t bytes_max = 64u << 10;
    const auto bytes = zf::text_of(data, size);
    const auto content = zf::decompress_frame(bytes, bytes_max);
    if (content) ZF_ASSERT(content->size() <= bytes_max);
    const auto again = zf::decompress_frame(zf::compress_frame(bytes), size);
    ZF_ASSERT(again.has_value() && *again == bytes);
    return 0;
}
