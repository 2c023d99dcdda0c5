#include "client/app/map_outlines.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "common/codec/json.h"

namespace zf {
namespace {

constexpr JsonLimits limits{32, 64u << 20};

std::string text_in(const Value& value, std::string_view name) {
    const Value* member = value.find(name);
    return member && member->text() ? *member->text() : std::string();
}

bool read_number(const Value& value, double& number) {
    if (value.integer()) {
        number = static_cast<double>(*value.integer());
        return true;
    }
    if (!value.odd_number()) return false;
    const std::string& text = value.odd_number()->text;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    return read.ec == std::errc() && std::isfinite(number);
}

bool read_position(const Value& value, GeoPoint& place) {
    const List* pair = value.list();
    return pair && pair->size() >= 2 && read_number((*pair)[0], place.lon) &&
           read_number((*pair)[1], place.lat) && std::abs(place.lat) <= 90 &&
           std::abs(place.lon) <= 180;
}

class Reader {
public:
    std::vector<MapOutline> outlines;

    Result<void> read(const Value& value, const std::string& name) {
        const std::string type = text_in(value, "type");
        if (type == "FeatureCollection") return each(value, "features", name);
        if (type == "GeometryCollection") return each(value, "geometries", name);
        if (type == "Feature") {
            const Value* properties = value.find("properties");
            const Value* geometry = value.find("geometry");
            if (!geometry || geometry->is_null()) return {};
            return read(*geometry, properties ? text_in(*properties, "name") : "");
        }
        const int depth = type == "LineString"                             ? 0
                          : type == "Polygon" || type == "MultiLineString" ? 1
                          : type == "MultiPolygon"                         ? 2
                                                                           : -1;
        if (depth < 0) {
            if (type == "Point" || type == "MultiPoint") return {};
            return fail(ErrorCode::malformed, "this is no GeoJSON object", "type");
        }
        MapOutline outline{name, {}, {}};
        const Value* coordinates = value.find("coordinates");
        if (!coordinates)
            return fail(ErrorCode::malformed, "coordinates are missing", "coordinates");
        ZF_CHECK(add_lines(*coordinates, depth, outline));
        set_middle(outline);
        if (!outline.lines.empty()) outlines.push_back(std::move(outline));
        return {};
    }

private:
    Result<void> each(const Value& value, std::string_view member, const std::string& name) {
        const Value* list = value.find(member);
        if (!list || !list->list()) {
            return fail(ErrorCode::malformed, "a list is missing", std::string(member));
        }
        for (const Value& one : *list->list()) ZF_CHECK(read(one, name));
        return {};
    }

    Result<void> add_lines(const Value& value, int depth, MapOutline& outline) {
        if (!value.list()) return fail(ErrorCode::malformed, "a list is missing", "coordinates");
        if (depth > 0) {
            for (const Value& one : *value.list()) ZF_CHECK(add_lines(one, depth - 1, outline));
            return {};
        }
        std::vector<PlanePoint> line;
        for (const Value& position : *value.list()) {
            GeoPoint place;
            if (!read_position(position, place)) {
                return fail(ErrorCode::malformed, "a position is longitude and latitude in degrees",
                            "coordinates");
            }
            if (++points_ > outline_points_max) {
                return fail(ErrorCode::too_large, "at most 500000 points; simplify the outlines",
                            "coordinates");
            }
            line.push_back(to_plane(place));
        }
        if (line.size() >= 2) outline.lines.push_back(std::move(line));
        return {};
    }

    static void set_middle(MapOutline& outline) {
        const std::vector<PlanePoint>* longest = nullptr;
        for (const auto& line : outline.lines) {
            if (!longest || line.size() > longest->size()) longest = &line;
        }
        if (!longest) return;
        PlanePoint least = longest->front(), greatest = least;
        for (const PlanePoint& point : *longest) {
            least = {std::min(least.x, point.x), std::min(least.y, point.y)};
            greatest = {std::max(greatest.x, point.x), std::max(greatest.y, point.y)};
        }
        outline.middle = {(least.x + greatest.x) / 2, (least.y + greatest.y) / 2};
    }

    std::size_t points_ = 0;
};

}  // namespace

Result<std::vector<MapOutline>> read_outlines(std::string_view json) {
    const auto value = parse_json(json, limits);
    if (!value) return fail(value.error());
    Reader reader;
    ZF_CHECK(reader.read(*value, ""));
    return std::move(reader.outlines);
}

}  // namespace zf
