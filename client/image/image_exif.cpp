#include "client/image/image_exif.h"

#include <libexif/exif-data.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "common/base/date.h"

namespace zf {
namespace {

constexpr double micro = 1e6;  // a place has six digits: a tenth of a metre
constexpr double accuracy_max_m = 100'000;

struct Unref {
    void operator()(ExifData* data) const { exif_data_unref(data); }
};
using Data = std::unique_ptr<ExifData, Unref>;

ExifTag gps(int tag) {
    return static_cast<ExifTag>(tag);
}

const ExifEntry* find(const Data& data, ExifIfd ifd, ExifTag tag, ExifFormat format,
                      unsigned long components) {
    const ExifEntry* entry = exif_content_get_entry(data->ifd[ifd], tag);
    if (!entry || !entry->data || entry->format != format) return nullptr;
    const std::size_t least = exif_format_get_size(format) * components;
    return entry->components >= components && entry->size >= least ? entry : nullptr;
}

/// A text of that entry up to its first zero byte.
std::string text_of(const Data& data, ExifIfd ifd, ExifTag tag) {
    const ExifEntry* entry = find(data, ifd, tag, EXIF_FORMAT_ASCII, 1);
    if (!entry) return {};
    const std::string whole(reinterpret_cast<const char*>(entry->data), entry->size);
    return whole.substr(0, whole.find('\0'));
}

/// "2008:05:12 14:28:04" as a day and a time that exist, or nothing.
std::string taken_at(const std::string& text) {
    constexpr std::size_t length = 19;
    if (text.size() != length || text[4] != ':' || text[7] != ':' || text[10] != ' ') return {};
    std::string taken = text;
    taken[4] = taken[7] = '-';
    taken[10] = 'T';
    return parse_datetime(taken + "Z") ? taken : std::string();
}

std::string offset_of(const std::string& text) {
    constexpr std::size_t length = 6;
    const bool fits = text.size() == length && parse_datetime("2008-05-12T14:28:04" + text);
    return fits ? text : std::string();
}

std::optional<double> rational(const ExifEntry& entry, ExifByteOrder order, unsigned at) {
    const ExifRational part = exif_get_rational(entry.data + std::size_t{at} * 8, order);
    if (part.denominator == 0) return std::nullopt;
    return static_cast<double>(part.numerator) / static_cast<double>(part.denominator);
}

/// Degrees, minutes, seconds with the half of the earth in `ref`; 10^6 degrees.
std::optional<std::int64_t> degrees(const Data& data, int ref, int tag, std::string_view halves,
                                    double most) {
    const std::string half = text_of(data, EXIF_IFD_GPS, gps(ref));
    const ExifEntry* entry = find(data, EXIF_IFD_GPS, gps(tag), EXIF_FORMAT_RATIONAL, 3);
    if (!entry || half.size() != 1 || halves.find(half) == std::string_view::npos) return {};
    const ExifByteOrder order = exif_data_get_byte_order(data.get());
    double sum = 0;
    for (unsigned i = 0; i < 3; ++i) {
        const auto part = rational(*entry, order, i);
        if (!part) return {};
        sum += *part / std::pow(60, i);
    }
    if (!(sum <= most)) return {};
    const auto whole = static_cast<std::int64_t>(std::llround(sum * micro));
    return half[0] == halves[1] ? -whole : whole;
}

std::string decimal_text(std::int64_t micros) {
    const std::int64_t size = std::llabs(micros);
    std::string digits = std::to_string(size % 1'000'000 + 1'000'000).substr(1);
    while (!digits.empty() && digits.back() == '0') digits.pop_back();
    return (micros < 0 ? "-" : "") + std::to_string(size / 1'000'000) +
           (digits.empty() ? "" : "." + digits);
}

std::optional<PicturePlace> place_of(const Data& data) {
    const auto lat = degrees(data, EXIF_TAG_GPS_LATITUDE_REF, EXIF_TAG_GPS_LATITUDE, "NS", 90);
    const auto lon = degrees(data, EXIF_TAG_GPS_LONGITUDE_REF, EXIF_TAG_GPS_LONGITUDE, "EW", 180);
    // Where a receiver knows nothing, cameras write zeros: that place is in the Gulf of Guinea.
    if (!lat || !lon || (*lat == 0 && *lon == 0)) return std::nullopt;
    PicturePlace place{decimal_text(*lat), decimal_text(*lon), {}};
    const ExifEntry* error =
        find(data, EXIF_IFD_GPS, gps(EXIF_TAG_GPS_H_POSITIONING_ERROR), EXIF_FORMAT_RATIONAL, 1);
    const auto metres =
        error ? rational(*error, exif_data_get_byte_order(data.get()), 0) : std::nullopt;
    if (metres && *metres > 0 && *metres < accuracy_max_m) {
        place.accuracy_m = std::to_string(std::llround(std::ceil(*metres)));
    }
    return place;
}

void add(const Data& data, ExifIfd ifd, ExifTag tag, ExifFormat format, std::string_view bytes) {
    ExifMem* memory = exif_mem_new_default();
    ExifEntry* entry = exif_entry_new_mem(memory);
    entry->data =
        static_cast<unsigned char*>(exif_mem_alloc(memory, static_cast<ExifLong>(bytes.size())));
    std::memcpy(entry->data, bytes.data(), bytes.size());
    entry->size = static_cast<unsigned>(bytes.size());
    entry->tag = tag;
    entry->format = format;
    entry->components = bytes.size() / exif_format_get_size(format);
    exif_content_add_entry(data->ifd[ifd], entry);
    exif_entry_unref(entry);
    exif_mem_unref(memory);
}

void add_text(const Data& data, ExifIfd ifd, ExifTag tag, const std::string& text) {
    add(data, ifd, tag, EXIF_FORMAT_ASCII, std::string_view(text.c_str(), text.size() + 1));
}

std::string rationals(const std::vector<std::pair<std::int64_t, std::int64_t>>& parts) {
    std::string bytes(parts.size() * 8, '\0');
    for (std::size_t i = 0; i < parts.size(); ++i) {
        exif_set_rational(
            reinterpret_cast<unsigned char*>(bytes.data()) + i * 8, EXIF_BYTE_ORDER_INTEL,
            {static_cast<ExifLong>(parts[i].first), static_cast<ExifLong>(parts[i].second)});
    }
    return bytes;
}

/// Degrees as one fraction, minutes and seconds as none.
void add_degrees(const Data& data, int ref, int tag, const std::string& decimal,
                 std::string_view halves) {
    const bool is_second = decimal.starts_with('-');
    const double size = std::abs(std::strtod(decimal.c_str(), nullptr));
    add_text(data, EXIF_IFD_GPS, gps(ref), std::string(1, halves[is_second ? 1 : 0]));
    add(data, EXIF_IFD_GPS, gps(tag), EXIF_FORMAT_RATIONAL,
        rationals({{std::llround(size * micro), 1'000'000}, {0, 1}, {0, 1}}));
}

}  // namespace

ExifFacts read_exif(std::string_view exif) {
    ExifFacts facts;
    const Data data(exif_data_new_from_data(reinterpret_cast<const unsigned char*>(exif.data()),
                                            static_cast<unsigned>(exif.size())));
    if (!data) return facts;
    const ExifEntry* held = find(data, EXIF_IFD_0, EXIF_TAG_ORIENTATION, EXIF_FORMAT_SHORT, 1);
    if (held) {
        const int value = exif_get_short(held->data, exif_data_get_byte_order(data.get()));
        if (value >= 1 && value <= 8) facts.orientation = value;
    }
    facts.taken = taken_at(text_of(data, EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_ORIGINAL));
    if (!facts.taken.empty()) {
        facts.offset = offset_of(text_of(data, EXIF_IFD_EXIF, EXIF_TAG_OFFSET_TIME_ORIGINAL));
    }
    facts.place = place_of(data);
    return facts;
}

std::string write_exif(const ExifFacts& facts) {
    const Data data(exif_data_new());
    exif_data_set_option(data.get(), EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
    exif_data_set_data_type(data.get(), EXIF_DATA_TYPE_COMPRESSED);
    exif_data_set_byte_order(data.get(), EXIF_BYTE_ORDER_INTEL);
    const char held[] = {static_cast<char>(facts.orientation), 0};
    add(data, EXIF_IFD_0, EXIF_TAG_ORIENTATION, EXIF_FORMAT_SHORT, {held, 2});
    if (!facts.taken.empty()) {
        std::string taken = facts.taken;
        taken[4] = taken[7] = ':';
        taken[10] = ' ';
        add_text(data, EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_ORIGINAL, taken);
        if (!facts.offset.empty()) {
            add_text(data, EXIF_IFD_EXIF, EXIF_TAG_OFFSET_TIME_ORIGINAL, facts.offset);
        }
    }
    if (facts.place) {
        add_degrees(data, EXIF_TAG_GPS_LATITUDE_REF, EXIF_TAG_GPS_LATITUDE, facts.place->lat, "NS");
        add_degrees(data, EXIF_TAG_GPS_LONGITUDE_REF, EXIF_TAG_GPS_LONGITUDE, facts.place->lon,
                    "EW");
        if (!facts.place->accuracy_m.empty()) {
            add(data, EXIF_IFD_GPS, gps(EXIF_TAG_GPS_H_POSITIONING_ERROR), EXIF_FORMAT_RATIONAL,
                rationals({{std::strtoll(facts.place->accuracy_m.c_str(), nullptr, 10), 1}}));
        }
    }
    unsigned char* bytes = nullptr;
    unsigned size = 0;
    exif_data_save_data(data.get(), &bytes, &size);
    const std::string exif(reinterpret_cast<const char*>(bytes), size);
    std::free(bytes);
    return exif;
}

}  // namespace zf
