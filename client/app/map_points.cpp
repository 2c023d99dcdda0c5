#include "client/app/map_points.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "common/base/text.h"
#include "common/merge/record_view.h"
#include "common/store/store_records.h"

namespace zf {
namespace {

constexpr int typed_decimals = 6;  // 0.1 m

std::optional<double> number_of(const Value* value) {
    if (!value) return std::nullopt;
    if (const std::int64_t* whole = value->integer()) return static_cast<double>(*whole);
    if (!value->text()) return std::nullopt;
    double number = 0;
    const char* end = value->text()->data() + value->text()->size();
    const auto read = std::from_chars(value->text()->data(), end, number);
    if (read.ec != std::errc() || read.ptr != end || !std::isfinite(number)) return std::nullopt;
    return number;
}

const Field* place_field(const Form& form) {
    for (const Field& field : form.fields) {
        if (field.type == FieldType::geopoint) return &field;
    }
    return nullptr;
}

std::string text_in(const FieldValues& values, std::string_view field) {
    const auto at = values.find(field);
    return at != values.end() && at->second.text() ? *at->second.text() : std::string();
}

std::optional<Date> day_in(const FieldValues& values, const std::string& field) {
    const std::string text = text_in(values, field);
    if (const auto instant = parse_datetime(text)) return date_at(*instant, bureau_offset_minutes);
    return parse_date(text);
}

void add_names(const Divisions& divisions, MapFacts& facts) {
    std::map<std::string, MapName> names;
    for (const MapPoint& point : facts.points) {
        if (point.township.empty()) continue;
        MapName& name = names[point.township];
        ++name.records;
        name.plane.x += point.plane.x;
        name.plane.y += point.plane.y;
        name.north = std::min(name.north, point.plane.y);
    }
    for (auto& [code, name] : names) {
        name.code = code;
        name.name = divisions.name_of(code);
        if (name.name.empty()) continue;
        name.plane.x /= static_cast<double>(name.records);
        name.plane.y /= static_cast<double>(name.records);
        facts.names.push_back(std::move(name));
    }
}

}  // namespace

std::optional<GeoPoint> geopoint_of(const Value& value) {
    const auto lat = number_of(value.find("lat")), lon = number_of(value.find("lon"));
    if (!lat || !lon || std::abs(*lat) > 90 || std::abs(*lon) > 180) return std::nullopt;
    return GeoPoint{*lat, *lon};
}

std::string typed_geopoint(const GeoPoint& at, std::optional<double> accuracy_m) {
    std::string text =
        degrees_text(at.lat, typed_decimals) + ", " + degrees_text(at.lon, typed_decimals);
    if (accuracy_m) text += ", " + degrees_text(std::ceil(*accuracy_m), 0);
    return text;
}

MapFacts gather_points(DeviceStore& store, const Date& today) {
    MapFacts facts;
    facts.today = today;
    ChangeLog& log = store.log();
    const StoreRecords source(log, ReadValues::shown);
    for (const Form& form : log.forms().forms) {
        const Field* place = place_field(form);
        if (!place) continue;
        const std::size_t before = facts.points.size();
        log.each_record(form.id, [&](const RecordDoc& doc) {
            const auto live = doc.fields.find(place->name);
            if (live == doc.fields.end() || shown_void(doc) || shown_alias(doc)) return true;
            const FieldValues values = shown_values(doc, &form);
            const auto value = values.find(place->name);
            const auto at = value == values.end() ? std::nullopt : geopoint_of(value->second);
            if (!at) return true;
            MapPoint point{doc.id, *at, to_plane(*at), facts.forms.size()};
            const bool errs = doc.submitted && has_error(issues_of(log, doc, today, source));
            point.status = status_of(doc, errs);
            point.on = day_in(values, form.date_field);
            point.township = township_code(text_in(values, form.area));
            facts.points.push_back(std::move(point));
            return true;
        });
        if (facts.points.size() > before) facts.forms.push_back({form.id, form.label});
    }
    add_names(divisions_of(store.home()), facts);
    return facts;
}

std::vector<std::size_t> shown_points(const MapFacts& facts, const MapFilter& filter) {
    std::vector<bool> is_wanted(facts.forms.size(), filter.forms.empty());
    for (std::size_t i = 0; i < facts.forms.size(); ++i) {
        const auto at = std::find(filter.forms.begin(), filter.forms.end(), facts.forms[i].id);
        if (at != filter.forms.end()) is_wanted[i] = true;
    }
    std::vector<std::size_t> shown;
    for (std::size_t i = 0; i < facts.points.size(); ++i) {
        const MapPoint& point = facts.points[i];
        if (!is_wanted[point.form]) continue;
        if (filter.since && point.on && *point.on < *filter.since) continue;
        shown.push_back(i);
    }
    return shown;
}

std::vector<NearPoint> nearest_points(const MapFacts& facts, const std::vector<std::size_t>& among,
                                      const GeoPoint& place, std::size_t limit) {
    // On the plane first, which is cheap and right for what is near; then in metres.
    const PlanePoint plane = to_plane(place);
    const auto apart = [&](std::size_t i) {
        const double x = facts.points[i].plane.x - plane.x, y = facts.points[i].plane.y - plane.y;
        return x * x + y * y;
    };
    std::vector<std::pair<double, std::size_t>> sorted;
    sorted.reserve(among.size());
    for (const std::size_t i : among) sorted.emplace_back(apart(i), i);
    const std::size_t count = std::min(limit, sorted.size());
    std::partial_sort(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(count),
                      sorted.end());
    std::vector<NearPoint> nearest;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t point = sorted[i].second;
        nearest.push_back({point, distance_m(place, facts.points[point].at)});
    }
    return nearest;
}

std::vector<std::string> mark_letters(const std::vector<MapForm>& forms, Language language) {
    std::vector<std::string> letters;
    for (const MapForm& form : forms) {
        const std::string& label = form.label.in(language);
        std::string letter;
        for (std::size_t at = 0; at < label.size();) {
            std::size_t end = at + 1;
            while (end < label.size() && (label[end] & '\xC0') == '\x80') ++end;
            const std::string one = label.substr(at, end - at);
            at = end;
            const bool is_taken = std::find(letters.begin(), letters.end(), one) != letters.end();
            if (letter.empty()) letter = one;
            if (is_taken || one == " ") continue;
            letter = one;
            break;
        }
        letters.push_back(letter);
    }
    return letters;
}

}  // namespace zf
