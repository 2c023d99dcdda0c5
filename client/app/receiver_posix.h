// Asks a position receiver for a place: gpsd on this machine, or a serial device or file that
// speaks NMEA. Waits, so only on a worker; never reaches beyond this machine. POSIX only.
#pragma once

#include <functional>
#include <string>

#include "client/app/nmea.h"
#include "common/base/env.h"
#include "common/base/result.h"

namespace zf {

struct ReceiverWish {
    /// A device or file; empty: gpsd, and when that does not answer, the serial devices that are
    /// usual for receivers.
    std::string device;
    int gpsd_port = 2947;
    std::int64_t time_ms = 20'000;  // a receiver that has just been plugged in needs minutes
    std::string devices_folder = "/dev";
};

/// The first place with an accuracy; without one, what there was when the time was over. Errors:
/// `not_found` (nothing there that is a receiver), `unreachable` (a receiver that has no place
/// yet, or something that is none), `interrupted` when `gives_up` said so.
Result<ReceiverFix> ask_receiver(const ReceiverWish& wish, Env& env,
                                 const std::function<bool()>& gives_up);

}  // namespace zf
