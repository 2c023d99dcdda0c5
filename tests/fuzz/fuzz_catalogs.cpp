// Form catalogs, indicator catalogs and cases from one JSON text: a refusal names what is wrong;
// what is accepted is accepted again from its canonical text.
#include "common/codec/case_codec.h"
#include "common/codec/form_codec.h"
#include "common/codec/indicator_codec.h"
#include "common/codec/json.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

template <class Decode>
void check(const zf::Value& json, const zf::Value& again, Decode decode) {
    const auto first = decode(json);
    if (!first) ZF_ASSERT(!first.error().message.empty());
    ZF_ASSERT(first.has_value() == decode(again).has_value());
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto json = zf::parse_json(zf::text_of(data, size));
    if (!json) {
        ZF_ASSERT(!json.error().message.empty() && !json.error().where.empty());
        return 0;
    }
    const std::string text = zf::canonical_text(*json);
    const auto again = zf::parse_json(text);
    ZF_ASSERT(again.has_value());
    ZF_ASSERT(zf::canonical_text(*again) == text);
    check(*json, *again, zf::decode_forms);
    check(*json, *again, zf::decode_case);
    check(*json, *again,
          [](const zf::Value& value) { return zf::decode_indicators(value, nullptr); });
    return 0;
}
