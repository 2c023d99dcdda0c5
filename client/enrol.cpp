#include "client/enrol.h"

#include "client/http/http_transport.h"
#include "common/base/private_files.h"
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

/// Shows the connection to whoever may cut it, for as long as it stands.
class HeldLine {
public:
    HeldLine(const EnrolmentOrder& order, HttpTransport& transport) : order_(order) {
        if (order_.on_line) order_.on_line(&transport);
    }
    ~HeldLine() {
        if (order_.on_line) order_.on_line(nullptr);
    }
    HeldLine(const HeldLine&) = delete;
    HeldLine& operator=(const HeldLine&) = delete;

private:
    const EnrolmentOrder& order_;
};

/// The bureau that this enrolment must lead to; nothing when it is to be learned.
Result<std::optional<PublicKey>> expected_bureau(const DeviceStore& store,
                                                 const EnrolmentOrder& order) {
    std::optional<PublicKey> pin;
    if (order.pin) {
        pin = parse_public_key(*order.pin);
        if (!pin) return fail(ErrorCode::malformed, "a pin is 64 hex digits", "pin");
    }
    if (!store.membership()) return pin;
    const PublicKey& own = store.membership()->bureau_key;
    if (pin && *pin != own) {
        return fail(ErrorCode::not_allowed,
                    "this folder belongs to another bureau; enrol with an empty folder "
                    "(--home DIR)",
                    "pin");
    }
    return std::optional(own);
}

}  // namespace

Result<Enrolled> enrol(DeviceStore& store, const EnrolmentOrder& order) {
    // Two enrolments at once would make two keys, of which one is lost.
    const auto alone = FolderLock::take(store.home());
    if (!alone) {
        return fail(alone.error().code,
                    "this folder cannot be locked; another program may be enrolling it now",
                    store.home().string());
    }
    ZF_CHECK(store.refresh());
    const auto pin = expected_bureau(store, order);
    if (!pin) return fail(pin.error());
    auto transport = *pin ? HttpTransport::open(order.server_url, (*pin)->hex())
                          : HttpTransport::open(order.server_url);
    if (!transport) return fail(transport.error());
    const HeldLine held(order, *transport);
    const auto key = store.ensure_key();
    if (!key) return fail(key.error());
    const auto answer = ask(*transport, order, **key);
    if (!answer) return fail(answer.error());

    const auto named = parse_public_key(answer->bureau_key);
    const auto proved = transport->learned_pin();
    if (!named || (*pin && *named != **pin) || (proved && *proved != *named)) {
        return fail(ErrorCode::pin_mismatch,
                    "the server names another bureau key than the one it proved to hold; do not "
                    "trust it",
                    "bureau_key");
    }
    ZF_CHECK(store.set_membership({order.server_url, *named, answer->user}));
    Sync sync(store.sync_stores(), *transport);
    if (const auto pulled = sync.pull(); !pulled) {
        Error error = pulled.error();
        error.message =
            "this laptop is enrolled, but could not fetch the bureau's forms yet; run "
            "`zoufang sync` (" +
            error.message + ")";
        return fail(std::move(error));
    }
    return Enrolled{store.device(), answer->user, *named};
}

}  // namespace zf
