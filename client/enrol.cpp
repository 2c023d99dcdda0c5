#include "client/enrol.h"

#include "client/http/http_transport.h"
#include "common/codec/wire.h"

namespace zf {
namespace {

std::string signed_text(const std::string& code, const std::string& public_key) {
    std::string message = "zoufang-enrol/1";
    message.push_back('\0');
    message += code;
    message.push_back('\0');
    return message + public_key;
}

Result<EnrolAnswer> ask(Transport& transport, const EnrolmentOrder& order, const KeyPair& key) {
    EnrolRequest request{order.code, key.public_key().hex(), order.device_name, {}};
    request.signature = base64_of(key.sign(signed_text(request.code, request.public_key)));
    Request message;
    message.method = "POST";
    message.path = "/v1/enrol";
    message.headers["zoufang-protocol"] = std::to_string(protocol_version);
    message.body = encode_enrol_request(request);
    auto response = transport.send(message);
    if (!response) return fail(response.error());
    if (response->status != 200) return fail(decode_error(response->body, response->status));
    return decode_enrol_answer(response->body);
}

}  // namespace

Result<Enrolled> enrol(DeviceStore& store, const EnrolmentOrder& order) {
    std::optional<std::string> pin = order.pin;
    // Whoever belongs to a bureau already talks to that bureau only.
    if (store.membership()) {
        const std::string own = store.membership()->bureau_key.hex();
        if (pin && *pin != own) {
            return fail(ErrorCode::not_allowed,
                        "this folder belongs to another bureau; enrol with an empty folder "
                        "(--home DIR)",
                        "pin");
        }
        pin = own;
    }
    auto transport = HttpTransport::open(order.server_url, pin);
    if (!transport) return fail(transport.error());
    const auto key = store.ensure_key();
    if (!key) return fail(key.error());
    const auto answer = ask(*transport, order, **key);
    if (!answer) return fail(answer.error());

    const auto bureau_key = parse_public_key(answer->bureau_key);
    const auto proved = transport->learned_pin();
    if (!bureau_key || (pin && bureau_key->hex() != *pin) || (proved && *proved != *bureau_key)) {
        return fail(ErrorCode::pin_mismatch,
                    "the server names another bureau key than the one it proved to hold; do not "
                    "trust it",
                    "bureau_key");
    }
    ZF_CHECK(store.set_membership({order.server_url, *bureau_key, answer->user}));
    Sync sync(store.sync_stores(), *transport);
    ZF_CHECK(sync.pull());
    return Enrolled{store.device(), answer->user, *bureau_key};
}

}  // namespace zf
