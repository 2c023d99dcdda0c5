#include "client/app/nmea.h"

#include <charconv>
#include <cmath>

#include "common/codec/json.h"

namespace zf {
namespace {

constexpr std::size_t sentence_bytes_max = 128;  // the standard has 82; some receivers exceed it
/// A receiver's own error in metres at a dilution of one: usual for those without correction.
constexpr double metres_at_hdop_1 = 5;

std::vector<std::string_view> parts_of(std::string_view body) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t comma = body.find(',');
        parts.push_back(body.substr(0, comma));
        if (comma == std::string_view::npos) return parts;
        body.remove_prefix(comma + 1);
    }
}

bool read_plain(std::string_view text, double& number) {
    if (text.empty() || text.find_first_not_of("0123456789.") != std::string_view::npos) {
        return false;
    }
    const auto read =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

/// "3134.5678" with "N": degrees and minutes.
bool read_angle(std::string_view text, std::string_view side, char forth, char back, double limit,
                double& degrees) {
    double number = 0;
    if (!read_plain(text, number) || side.size() != 1) return false;
    const double whole = std::floor(number / 100), minutes = number - whole * 100;
    if (minutes >= 60) return false;
    degrees = whole + minutes / 60;
    if (degrees > limit || (side[0] != forth && side[0] != back)) return false;
    if (side[0] == back) degrees = -degrees;
    return true;
}

/// What stands between "$" and "*"; empty when the checksum is not right.
std::string_view body_of(std::string_view sentence) {
    while (!sentence.empty() && (sentence.back() == '\r' || sentence.back() == ' ')) {
        sentence.remove_suffix(1);
    }
    const bool is_framed = sentence.size() >= 4 && sentence.size() <= sentence_bytes_max &&
                           sentence.front() == '$' && sentence[sentence.size() - 3] == '*';
    if (!is_framed) return {};
    const std::string_view body = sentence.substr(1, sentence.size() - 4);
    unsigned sum = 0, told = 0;
    for (const char c : body) sum ^= static_cast<unsigned char>(c);
    const char* digits = sentence.data() + sentence.size() - 2;
    const auto read = std::from_chars(digits, digits + 2, told, 16);
    return read.ec == std::errc() && read.ptr == digits + 2 && sum == told ? body
                                                                           : std::string_view();
}

bool read_number(const Value& object, std::string_view name, double& number) {
    const Value* value = object.find(name);
    if (!value) return false;
    if (value->integer()) {
        number = static_cast<double>(*value->integer());
        return true;
    }
    if (!value->odd_number()) return false;
    const std::string& text = value->odd_number()->text;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    return read.ec == std::errc() && std::isfinite(number);
}

}  // namespace

bool is_nmea(std::string_view sentence) {
    return !body_of(sentence).empty();
}

std::optional<ReceiverFix> read_nmea(std::string_view sentence) {
    const auto parts = parts_of(body_of(sentence));
    // "GPGGA", "GNRMC", "BDGGA": two letters of the talker, three of the kind.
    if (parts[0].size() != 5) return std::nullopt;
    const std::string_view kind = parts[0].substr(2);
    const bool is_gga = kind == "GGA";
    if (!(is_gga && parts.size() >= 9) && !(kind == "RMC" && parts.size() >= 7)) {
        return std::nullopt;
    }
    if (is_gga ? parts[6].empty() || parts[6] == "0" : parts[2] != "A") return std::nullopt;
    const std::size_t first = is_gga ? 2 : 3;
    ReceiverFix fix;
    if (!read_angle(parts[first], parts[first + 1], 'N', 'S', 90, fix.at.lat) ||
        !read_angle(parts[first + 2], parts[first + 3], 'E', 'W', 180, fix.at.lon)) {
        return std::nullopt;
    }
    double hdop = 0;
    if (is_gga && read_plain(parts[8], hdop) && hdop > 0) fix.accuracy_m = hdop * metres_at_hdop_1;
    return fix;
}

std::optional<ReceiverFix> read_gpsd(std::string_view line) {
    const auto report = parse_json(line, {8, LineCutter::line_bytes_max});
    if (!report) return std::nullopt;
    const Value* kind = report->find("class");
    double mode = 0;
    ReceiverFix fix;
    const bool has_place = kind && kind->text() && *kind->text() == "TPV" &&
                           read_number(*report, "mode", mode) && mode >= 2 &&
                           read_number(*report, "lat", fix.at.lat) &&
                           read_number(*report, "lon", fix.at.lon) && std::abs(fix.at.lat) <= 90 &&
                           std::abs(fix.at.lon) <= 180;
    if (!has_place) return std::nullopt;
    double across = 0, along = 0;
    if (read_number(*report, "eph", across)) {
        fix.accuracy_m = across;
    } else if (read_number(*report, "epx", across) && read_number(*report, "epy", along)) {
        fix.accuracy_m = std::hypot(across, along);
    }
    return fix;
}

std::vector<std::string> LineCutter::take(std::string_view bytes) {
    std::vector<std::string> lines;
    for (const char c : bytes) {
        if (c == '\n') {
            if (!is_too_long_) lines.push_back(std::move(begun_));
            begun_.clear();
            is_too_long_ = false;
        } else if (begun_.size() < line_bytes_max) {
            begun_ += c;
        } else {
            is_too_long_ = true;
        }
    }
    return lines;
}

}  // namespace zf
