// Enrolment: makes a laptop a device of a bureau, by a one-time code.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "client/device_store.h"

namespace zf {

class HttpTransport;

struct EnrolmentOrder {
    std::string server_url;
    std::string code;
    std::optional<std::string> pin;  // hex; without it the server's key is learned and told
    std::string device_name;
    /// Told the connection when it stands and nullptr before it ends, so that another thread may
    /// cancel it; may be empty.
    std::function<void(HttpTransport*)> on_line;
};

struct Enrolled {
    DeviceId device;
    std::string user;
    PublicKey bureau_key;
};

/// Enrols this folder's device for the person whose code it is, and fetches what the bureau has
/// distributed (people, forms) and the records of that person's areas. A folder that belongs to a
/// bureau keeps its key and history and becomes the device of one more person there, which is
/// harmless with unsent work; for another bureau it is refused with `not_allowed`, since the work
/// in it would be nobody's there. When only the first fetch fails the laptop is enrolled all the
/// same, and the error says so. Errors: those of the transport and of the server (`bad_code`,
/// `pin_mismatch`, ...); `malformed` pin; `busy` while another process enrols this folder.
Result<Enrolled> enrol(DeviceStore& store, const EnrolmentOrder& order);

}  // namespace zf
