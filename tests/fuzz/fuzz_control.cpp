// Control messages: the same bytes go to every reader; what one accepts it would write and read
// again without a difference.
#include "common/codec/wire.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

template <class Decode, class Encode>
void check(std::string_view bytes, Decode decode, Encode encode) {
    const auto read = decode(bytes);
    if (!read) {
        ZF_ASSERT(!read.error().message.empty());
        return;
    }
    const std::string written = encode(*read);
    const auto again = decode(written);
    ZF_ASSERT(again.has_value());
    ZF_ASSERT(encode(*again) == written);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = zf::text_of(data, size);
    check(bytes, zf::decode_enrol_request, zf::encode_enrol_request);
    check(bytes, zf::decode_enrol_answer, zf::encode_enrol_answer);
    check(bytes, zf::decode_session_request, zf::encode_session_request);
    check(bytes, zf::decode_session_answer, zf::encode_session_answer);
    check(bytes, zf::decode_renew_request, zf::encode_renew_request);
    check(bytes, zf::decode_push_answer, zf::encode_push_answer);
    check(bytes, zf::decode_chains, zf::encode_chains);
    check(bytes, zf::decode_hashes, zf::encode_hashes);
    check(bytes, zf::decode_missing, zf::encode_missing);
    const zf::Error error = zf::decode_error(bytes, 400);
    ZF_ASSERT(!zf::encode_error(error).empty());
    return 0;
}
