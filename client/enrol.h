// Enrolment: makes a laptop a device of a bureau, by a one-time code.
#pragma once

#include <optional>
#include <string>

#include "client/device_store.h"

namespace zf {

struct EnrolmentOrder {
    std::string server_url;
    std::string code;
    std::optional<std::string> pin;  // hex; without it the server's key is learned and told
    std::string device_name;
};

struct Enrolled {
    DeviceId device;
    std::string user;
    PublicKey bureau_key;
};

/// Enrols this folder's device for the person whose code it is, and fetches the bureau's entries
/// (people, forms). A laptop that belongs to a bureau already becomes the device of one more
/// person there; another bureau is refused with `not_allowed`, since its unsent work would be
/// nobody's. Errors: those of the transport and of the server (`bad_code`, `pin_mismatch`, ...).
Result<Enrolled> enrol(DeviceStore& store, const EnrolmentOrder& order);

}  // namespace zf
