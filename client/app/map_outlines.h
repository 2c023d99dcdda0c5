// Outlines for the map from a GeoJSON file (RFC 7946) that the bureau put into the data folder as
// map/outlines.geojson: townships, the county, roads. Nothing of the kind comes with the program.
// Coordinates are taken as WGS-84, longitude first. Bytes in, outlines out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/app/map_view.h"
#include "common/base/result.h"

namespace zf {

struct MapOutline {
    std::string name;                            // the feature's property "name", when it has one
    std::vector<std::vector<PlanePoint>> lines;  // rings are closed already
    PlanePoint middle;                           // of the longest line, for the name
};

inline constexpr std::size_t outline_points_max = 500'000;

/// Features of Polygon, MultiPolygon, LineString and MultiLineString, alone or in collections;
/// other geometries are passed over. Errors: those of parse_json; `malformed` (no GeoJSON,
/// coordinates that are none), `too_large`.
Result<std::vector<MapOutline>> read_outlines(std::string_view json);

}  // namespace zf
