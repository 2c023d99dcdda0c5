// What is stored here and has no effect: kept back for a reason, or waiting for something that has
// not arrived. For supervisors, with what to do about it. Changes nothing.
#pragma once

#include <string>
#include <vector>

#include "common/model/value.h"
#include "server/store/central_store.h"

namespace zf {

struct KeptBack {
    DeviceId device;
    std::string device_name, user;
    std::int64_t seq = 0;
    std::vector<TouchedRecord> records;
    bool is_held = false;  // waits for `missing`; else parked for the reason
    ParkReason reason;
    std::optional<ChangesetRef> missing;
    std::int64_t since_ms = 0;
    std::string remedy;
};

/// By device and seq. The store must be locked.
std::vector<KeptBack> kept_back(CentralStore& store);

}  // namespace zf
