// Control messages: the same bytes go to every reader; what one accepts it would write and read
// again without a difference.
#include "common/codec/wire.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

/// Whether this reader accepts the bytes.
template <class Decode, class Encode>
bool check(std::string_view bytes, Decode decode, Encode encode) {
    const auto read = decode(bytes);
    if (!read) {
        zf::check_refusal(read.error());
        return false;
    }
    const std::string written = encode(*read);
    const auto again = decode(written);
    ZF_ASSERT(again.has_value());
    ZF_ASSERT(encode(*again) == written);
    return true;
}

}  // namespace

zf::Verdict zf::take_input(std::string_view bytes) {
    const bool accepted[] = {
        check(bytes, decode_enrol_request, encode_enrol_request),
        check(bytes, decode_enrol_answer, encode_enrol_answer),
        check(bytes, decode_session_request, encode_session_request),
        check(bytes, decode_session_answer, encode_session_answer),
        check(bytes, decode_renew_request, encode_renew_request),
        check(bytes, decode_push_answer, encode_push_answer),
        check(bytes, decode_rehearsed_push, encode_rehearsed_push),
        check(bytes, decode_chains, encode_chains),
        check(bytes, decode_hashes, encode_hashes),
        check(bytes, decode_missing, encode_missing),
    };
    // An error is made of any bytes, and arrives as it was sent.
    const Error error = decode_error(bytes, 400);
    const Error again = decode_error(encode_error(error), facts_of(error.code).http_status);
    ZF_ASSERT(again.code == error.code && again.message == error.message);
    ZF_ASSERT(again.where == error.where);
    for (const bool one : accepted) {
        if (one) return Verdict::accepted;
    }
    return Verdict::refused;
}
