// Push frames, their text before compression: behind its head a frame can be written in one way
// only, and what is accepted survives being written again.
#include "common/codec/wire.h"
#include "common/codec/zstd_frame.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

std::string_view behind_head(std::string_view text) {
    return text.substr(text.find('\n'));
}

}  // namespace

zf::Verdict zf::take_input(std::string_view bytes) {
    const auto read = decode_push(compress_frame(bytes));
    if (!read) {
        check_refusal(read.error());
        return Verdict::refused;
    }
    ZF_ASSERT(bytes.size() <= WireLimits::frame_bytes_max);
    ZF_ASSERT(read->changesets.size() <= WireLimits::push_changesets_max);
    const std::string written = encode_push(*read);
    const auto text = decompress_frame(written, bytes.size() + 1024);
    ZF_ASSERT(text.has_value() && behind_head(*text) == behind_head(bytes));
    const auto again = decode_push(written);
    ZF_ASSERT(again.has_value());
    ZF_ASSERT(again->epoch == read->epoch);
    ZF_ASSERT(again->once_applied == read->once_applied);
    ZF_ASSERT(again->changesets.size() == read->changesets.size());
    for (std::size_t i = 0; i < read->changesets.size(); ++i) {
        ZF_ASSERT(again->changesets[i].bytes == read->changesets[i].bytes);
        ZF_ASSERT(again->changesets[i].signature == read->changesets[i].signature);
    }
    return Verdict::accepted;
}
