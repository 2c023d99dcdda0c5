// Push frames, their text before compression: what is accepted survives being written again.
#include "common/codec/wire.h"
#include "common/codec/zstd_frame.h"
#include "tests/fuzz/fuzz_target.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto read = zf::decode_push(zf::compress_frame(zf::text_of(data, size)));
    if (!read) {
        ZF_ASSERT(!read.error().message.empty());
        return 0;
    }
    ZF_ASSERT(size <= zf::WireLimits::frame_bytes_max);
    ZF_ASSERT(read->changesets.size() <= zf::WireLimits::push_changesets_max);
    const auto again = zf::decode_push(zf::encode_push(*read));
    ZF_ASSERT(again.has_value());
    ZF_ASSERT(again->epoch == read->epoch);
    ZF_ASSERT(again->once_applied == read->once_applied);
    ZF_ASSERT(again->changesets.size() == read->changesets.size());
    for (std::size_t i = 0; i < read->changesets.size(); ++i) {
        ZF_ASSERT(again->changesets[i].bytes == read->changesets[i].bytes);
        ZF_ASSERT(again->changesets[i].signature == read->changesets[i].signature);
    }
    return 0;
}
