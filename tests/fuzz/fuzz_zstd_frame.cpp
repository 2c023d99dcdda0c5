// Frames: never more than the bound comes out, and what comes out can be packed and read again.
#include "common/codec/zstd_frame.h"
#include "tests/fuzz/fuzz_target.h"

zf::Verdict zf::take_input(std::string_view bytes) {
    constexpr std::size_t bytes_max = 64u << 10;
    const auto packed = decompress_frame(compress_frame(bytes), bytes.size());
    ZF_ASSERT(packed.has_value() && *packed == bytes);
    const auto content = decompress_frame(bytes, bytes_max);
    if (!content) {
        check_refusal(content.error());
        return Verdict::refused;
    }
    ZF_ASSERT(content->size() <= bytes_max);
    const auto again = decompress_frame(compress_frame(*content), bytes_max);
    ZF_ASSERT(again.has_value() && *again == *content);
    return Verdict::accepted;
}
