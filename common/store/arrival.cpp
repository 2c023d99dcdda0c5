#include "common/store/arrival.h"

#include <map>
#include <string>

#include "common/codec/changeset_codec.h"

namespace zf {

Result<std::vector<Arrival>> authenticate(std::vector<SignedChangeset> batch,
                                          const FindKey& find_key) {
    std::vector<Arrival> arrivals;
    arrivals.reserve(batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
        const std::string where = "changesets[" + std::to_string(i) + "]";
        auto changeset = decode_changeset(batch[i].bytes);
        if (!changeset) {
            Error error = changeset.error();
            error.where = error.where.empty() ? where : where + "." + error.where;
            return fail(std::move(error));
        }
        const Hash256 hash = blake2b(batch[i].bytes);
        arrivals.push_back({std::move(batch[i]), std::move(*changeset), hash, {}, {}, false});
    }
    // Backwards: what a later, authentic changeset of the same device names as its previous one
    // is as authentic as that one.
    std::map<DeviceId, Hash256> vouched;
    for (std::size_t i = arrivals.size(); i-- > 0;) {
        const Arrival& arrival = arrivals[i];
        const DeviceId& device = arrival.changeset.device;
        const auto vouch = vouched.find(device);
        if (vouch == vouched.end() || vouch->second != arrival.hash) {
            const std::string where = "changesets[" + std::to_string(i) + "]";
            const auto key = find_key(device);
            if (!key) {
                return fail(ErrorCode::unauthenticated,
                            "device " + device.hex() + " is not enrolled here", where);
            }
            if (!verify_signature(*key, signing_bytes(arrival.hash),
                                  arrival.signed_changeset.signature)) {
                return fail(ErrorCode::bad_signature,
                            "the signature does not fit the changeset; it was changed on its way "
                            "or made with another key",
                            where);
            }
        }
        vouched.insert_or_assign(device, arrival.changeset.previous);
    }
    return arrivals;
}

}  // namespace zf
