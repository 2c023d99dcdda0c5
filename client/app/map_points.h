// The points on the map: records that have a place, and the townships whose place their records
// tell. gather_points reads a store and takes a while with many records: for a worker. The rest is
// pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/app/divisions.h"
#include "client/app/map_view.h"
#include "client/device_store.h"

namespace zf {

struct MapPoint {
    Uuid record;
    GeoPoint at;
    PlanePoint plane;
    std::size_t form = 0;  // index into MapFacts::forms
    Status status = Status::saved;
    std::optional<Date> on;  // by the form's date field
    std::string township;    // code of 9 digits, or empty
};

struct MapForm {
    std::string id;
    LocalText label;
};

/// A township at the middle of its records' places: no file tells where it lies.
struct MapName {
    std::string code, name;
    PlanePoint plane;
    double north = 1;  // of the northernmost, on the plane: the name stands above it
    std::size_t records = 0;
};

struct MapFacts {
    Date today;
    std::vector<MapForm> forms;    // that have a field for a place, with at least one point
    std::vector<MapPoint> points;  // by form, then by record
    std::vector<MapName> names;    // by code
};

/// Of voided and joined records nothing is shown; values are those shown here. A form's first field
/// of type geopoint is its place. Values that are no place on earth are left out.
MapFacts gather_points(DeviceStore& store, const Date& today);

/// A geopoint value as a place; nothing when it is none.
std::optional<GeoPoint> geopoint_of(const Value& value);
/// As it is typed into a box: "31.564200, 107.101300", with the accuracy in metres when it is
/// known, rounded up.
std::string typed_geopoint(const GeoPoint& at, std::optional<double> accuracy_m);

struct MapFilter {
    std::vector<std::string> forms;  // ids; empty: all
    std::optional<Date> since;       // a point without a day counts as of any day
};
/// Indices of the points that are shown.
std::vector<std::size_t> shown_points(const MapFacts& facts, const MapFilter& filter);

/// Of `among`, those nearest to a place, the nearest first; `limit` of them at most.
struct NearPoint {
    std::size_t point = 0;
    double metres = 0;
};
std::vector<NearPoint> nearest_points(const MapFacts& facts, const std::vector<std::size_t>& among,
                                      const GeoPoint& place, std::size_t limit);

/// One character per form that tells its marks apart: the first of its label that no form before
/// it has.
std::vector<std::string> mark_letters(const std::vector<MapForm>& forms, Language language);

}  // namespace zf
