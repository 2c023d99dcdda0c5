// How a laptop asks for a new identity in place of the one whose session it has.
#include "common/codec/json.h"
#include "common/codec/wire.h"

namespace zf {
namespace {

Result<std::string> text_in(const Value& json, std::string_view name) {
    const Value* value = json.find(name);
    if (value && value->text()) return *value->text();
    return fail(ErrorCode::malformed, "a text is expected", std::string(name));
}

}  // namespace

std::string encode_renew_request(const RenewRequest& message) {
    return canonical_text(
        Value(Members{{"public_key", message.public_key}, {"signature", message.signature}}));
}

Result<RenewRequest> decode_renew_request(std::string_view body) {
    const auto json = parse_json(body);
    if (!json) return fail(json.error());
    auto key = text_in(*json, "public_key");
    if (!key) return fail(key.error());
    auto signature = text_in(*json, "signature");
    if (!signature) return fail(signature.error());
    return RenewRequest{std::move(*key), std::move(*signature)};
}

}  // namespace zf
