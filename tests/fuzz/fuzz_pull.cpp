// Pull frames, their text before compression: what is accepted is written the same way each time.
#include "common/codec/wire.h"
#include "common/codec/zstd_frame.h"
#include "tests/fuzz/fuzz_target.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto read = zf::decode_pull(zf::compress_frame(zf::text_of(data, size)));
    if (!read) {
        ZF_ASSERT(!read.error().message.empty());
        return 0;
    }
    ZF_ASSERT(size <= zf::WireLimits::frame_bytes_max);
    const std::string written = zf::encode_pull(*read);
    const auto again = zf::decode_pull(written);
    ZF_ASSERT(again.has_value());
    ZF_ASSERT(zf::encode_pull(*again) == written);
    ZF_ASSERT(again->entries.size() == read->entries.size());
    ZF_ASSERT(again->dropped == read->dropped);
    ZF_ASSERT(again->changesets.size() == read->changesets.size());
    return 0;
}
