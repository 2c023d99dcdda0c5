// Pull frames, their text before compression: what is accepted is written the same way each time.
#include "common/codec/wire.h"
#include "common/codec/zstd_frame.h"
#include "tests/fuzz/fuzz_target.h"

zf::Verdict zf::take_input(std::string_view bytes) {
    const auto read = decode_pull(compress_frame(bytes));
    if (!read) {
        check_refusal(read.error());
        return Verdict::refused;
    }
    ZF_ASSERT(bytes.size() <= WireLimits::frame_bytes_max);
    const std::string written = encode_pull(*read);
    const auto again = decode_pull(written);
    ZF_ASSERT(again.has_value());
    ZF_ASSERT(encode_pull(*again) == written);
    ZF_ASSERT(again->entries.size() == read->entries.size());
    ZF_ASSERT(again->dropped == read->dropped);
    ZF_ASSERT(again->changesets.size() == read->changesets.size());
    return Verdict::accepted;
}
