// POST /v1/enrol: a laptop shows a code and its public key, and becomes a device of the bureau. The
// same laptop with another code becomes the device of one more person.
#include <algorithm>

#include "common/base/text.h"
#include "common/codec/wire.h"
#include "server/judge.h"
#include "server/routes/route.h"

namespace zf {
namespace {

constexpr std::size_t device_name_bytes_max = 200;

/// The laptop's key from the request, once its signature shows that the laptop holds it.
Result<PublicKey> proven_key(const EnrolRequest& request) {
    const auto key = parse_public_key(request.public_key);
    if (!key) {
        return fail(ErrorCode::malformed, "This should be a public key of 64 hex digits.",
                    "public_key");
    }
    std::string message = "zoufang-enrol/1";
    message.push_back('\0');
    message += request.code;
    message.push_back('\0');
    message += request.public_key;
    const auto signature = bytes_of_base64(request.signature);
    if (!signature || !verify_signature(*key, message, *signature)) {
        return fail(ErrorCode::bad_signature,
                    "The signature does not fit code and public key; sign both as they are sent.",
                    "signature");
    }
    return *key;
}

Result<EnrolAnswer> enrol(CentralStore& store, const EnrolRequest& request, const PublicKey& key) {
    const auto held = store.lock();
    const std::int64_t now = store.env().now_ms();
    const DeviceId id = device_id_of(key);
    Transaction transaction(store.db());
    const auto user_name = store.accounts().use_code(request.code, id, now);
    if (!user_name) return fail(user_name.error());
    const auto user = store.bureau().find_user(*user_name);
    if (!user || user->disabled) {
        return fail(ErrorCode::not_allowed, "The account of this code is disabled.", "code");
    }
    Device device = store.bureau().find_device(id).value_or(Device{id, key, request.name, {}, {}});
    if (device.revoked) {
        return fail(ErrorCode::device_revoked,
                    "This device was revoked by the bureau; make a new key to enrol it again.",
                    "public_key");
    }
    if (std::find(device.users.begin(), device.users.end(), user->name) == device.users.end()) {
        device.users.push_back(user->name);
        device.name = request.name;
        store.bureau().put_device(store.keys().bureau, device, now);
        release_parked(store.bureau(), store.log());
    }
    transaction.commit();
    return EnrolAnswer{id.hex(), user->name, store.keys().bureau.public_key().hex(), store.epoch()};
}

}  // namespace

Result<Response> handle_enrol(RouteCall& call) {
    const std::int64_t now = call.store.env().now_ms();
    const std::string& address = call.request.remote_address;
    if (!call.attempts.allows(address, now)) {
        return fail(ErrorCode::not_allowed,
                    "Too many wrong codes came from this address; wait ten minutes.", "code");
    }
    const auto request = decode_enrol_request(call.request.body);
    if (!request) return fail(request.error());
    if (request->name.size() > device_name_bytes_max || !is_valid_utf8(request->name)) {
        return fail(ErrorCode::too_large, "The device's name should have at most 200 bytes.",
                    "name");
    }
    const auto key = proven_key(*request);
    if (!key) return fail(key.error());
    const auto answer = enrol(call.store, *request, *key);
    if (!answer) {
        if (answer.error().code == ErrorCode::bad_code) call.attempts.note_failure(address, now);
        return fail(answer.error());
    }
    return json_response(encode_enrol_answer(*answer));
}

}  // namespace zf
