// POST /v1/renew: a laptop whose folder was copied or put back from a backup goes on under a new
// key. The former identity vouches for the new one and stays enrolled: another copy of the folder
// may be at work under it.
#include "common/codec/json.h"
#include "common/codec/wire.h"
#include "server/judge.h"
#include "server/routes/route.h"

namespace zf {
namespace {

Result<PublicKey> proven_key(const RenewRequest& request, const DeviceId& former) {
    const auto key = parse_public_key(request.public_key);
    if (!key) {
        return fail(ErrorCode::malformed, "This should be a public key of 64 hex digits.",
                    "public_key");
    }
    std::string message = "zoufang-renew/1";
    message.push_back('\0');
    message += former.hex();
    message.push_back('\0');
    message += request.public_key;
    const auto signature = bytes_of_base64(request.signature);
    if (!signature || !verify_signature(*key, message, *signature)) {
        return fail(ErrorCode::bad_signature,
                    "The signature does not fit; sign the former device id and the new public "
                    "key, as they are sent, with the new key.",
                    "signature");
    }
    return *key;
}

Result<Device> renew(CentralStore& store, const DeviceId& former_id, const PublicKey& key) {
    const auto held = store.lock();
    Transaction transaction(store.db());
    // As it is now: it may have been revoked since the session was opened.
    const auto former = store.bureau().find_device(former_id);
    if (!former || former->revoked) {
        return fail(ErrorCode::device_revoked,
                    "This device was revoked by the bureau; enrol it anew if that was a mistake.",
                    "authorization");
    }
    const DeviceId id = device_id_of(key);
    if (auto known = store.bureau().find_device(id)) {
        if (!known->revoked) return std::move(*known);
        return fail(ErrorCode::device_revoked,
                    "The device of this key was revoked by the bureau; make a new key.",
                    "public_key");
    }
    const Device device{id, key, former->name, former->users, false, former_id};
    store.bureau().put_device(store.keys().bureau, device, store.env().now_ms());
    release_parked(store.bureau(), store.log());
    transaction.commit();
    return device;
}

}  // namespace

Result<Response> handle_renew(RouteCall& call) {
    const auto request = decode_renew_request(call.request.body);
    if (!request) return fail(request.error());
    const auto key = proven_key(*request, call.device->id);
    if (!key) return fail(key.error());
    const auto device = renew(call.store, call.device->id, *key);
    if (!device) return fail(device.error());
    return json_response(canonical_text(Value(Members{{"device", device->id.hex()}})));
}

}  // namespace zf
