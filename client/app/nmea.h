// What position receivers say: NMEA 0183 sentences (GGA, RMC) with their checksums, and the reports
// of gpsd (TPV). Bytes in, places out; knows no devices and no sockets. What it reads comes from
// outside and may be anything.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/app/map_view.h"

namespace zf {

struct ReceiverFix {
    GeoPoint at;                       // WGS-84
    std::optional<double> accuracy_m;  // as the receiver estimates it
};

/// The place in one sentence "$GPGGA,...*47" of any talker, without its line break. Nothing when
/// the checksum is missing or wrong, the sentence is another one, or the receiver has no fix.
std::optional<ReceiverFix> read_nmea(std::string_view sentence);
/// Whether it is a sentence with a right checksum, of whatever kind.
bool is_nmea(std::string_view sentence);

/// The place in one line of gpsd's JSON: class TPV, mode 2 or 3.
std::optional<ReceiverFix> read_gpsd(std::string_view line);

/// Cuts what arrives in pieces into lines; a line that is too long to be one is dropped.
class LineCutter {
public:
    static constexpr std::size_t line_bytes_max = 4096;
    /// The lines that are complete now, without their ends.
    std::vector<std::string> take(std::string_view bytes);

private:
    std::string begun_;
    bool is_too_long_ = false;
};

}  // namespace zf
