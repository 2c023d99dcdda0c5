#include "client/app/map_view.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <numbers>

namespace zf {
namespace {

constexpr double pi = std::numbers::pi;
constexpr double equator_m = 6378137, flattening = 1 / 298.257223563;  // WGS-84
constexpr double lat_max = 85.05112878;                                // Web Mercator's square
constexpr double tile_pixels = 256;
constexpr double cell_pixels = 72;  // of a cluster: a mark and room around it
constexpr double one_place_zoom = 15;

double radians(double degrees) {
    return degrees * pi / 180;
}

/// Metres of a degree of latitude and of longitude at a latitude.
struct DegreeLengths {
    double lat = 0, lon = 0;
};
DegreeLengths degree_lengths(double lat) {
    const double e2 = flattening * (2 - flattening);
    const double sine = std::sin(radians(lat)), root = std::sqrt(1 - e2 * sine * sine);
    return {pi / 180 * equator_m * (1 - e2) / (root * root * root),
            pi / 180 * equator_m * std::cos(radians(lat)) / root};
}

/// 1, 2 or 5 times a power of ten, the greatest that is not above `limit`.
double round_below(double limit) {
    const double power = std::pow(10, std::floor(std::log10(limit)));
    for (const double step : {5.0, 2.0}) {
        if (step * power <= limit) return step * power;
    }
    return power;
}

}  // namespace

PlanePoint to_plane(const GeoPoint& point) {
    const double lat = radians(std::clamp(point.lat, -lat_max, lat_max));
    return {(point.lon + 180) / 360, 0.5 - std::asinh(std::tan(lat)) / (2 * pi)};
}

GeoPoint to_geo(const PlanePoint& point) {
    return {std::atan(std::sinh(pi * (1 - 2 * point.y))) * 180 / pi, point.x * 360 - 180};
}

double distance_m(const GeoPoint& a, const GeoPoint& b) {
    if (a == b) return 0;
    // Reduced latitudes; the great circle between them, then Lambert's correction.
    const double p1 = std::atan((1 - flattening) * std::tan(radians(a.lat)));
    const double p2 = std::atan((1 - flattening) * std::tan(radians(b.lat)));
    const double half_lat = std::sin((p2 - p1) / 2);
    const double half_lon = std::sin(radians(b.lon - a.lon) / 2);
    const double h = half_lat * half_lat + std::cos(p1) * std::cos(p2) * half_lon * half_lon;
    const double angle = 2 * std::asin(std::sqrt(std::min(h, 1.0)));
    if (angle == 0) return 0;
    const double p = (p1 + p2) / 2, q = (p2 - p1) / 2;
    const double cos_half = std::cos(angle / 2), sin_half = std::sin(angle / 2);
    const double x = (angle - std::sin(angle)) * std::pow(std::sin(p) * std::cos(q) / cos_half, 2);
    const double y = (angle + std::sin(angle)) * std::pow(std::cos(p) * std::sin(q) / sin_half, 2);
    return equator_m * (angle - flattening / 2 * (x + y));
}

double length_m(const std::vector<GeoPoint>& line) {
    double length = 0;
    for (std::size_t i = 1; i < line.size(); ++i) length += distance_m(line[i - 1], line[i]);
    return length;
}

double area_m2(const std::vector<GeoPoint>& ring) {
    if (ring.size() < 3) return 0;
    double lat = 0;
    for (const GeoPoint& point : ring) lat += point.lat / static_cast<double>(ring.size());
    const DegreeLengths degree = degree_lengths(lat);
    double twice = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const GeoPoint &a = ring[i], &b = ring[(i + 1) % ring.size()];
        twice += (a.lon - ring[0].lon) * (b.lat - ring[0].lat) -
                 (b.lon - ring[0].lon) * (a.lat - ring[0].lat);
    }
    return std::abs(twice) / 2 * degree.lat * degree.lon;
}

void MapView::set_size(float width, float height) {
    width_ = std::max(width, 1.0F);
    height_ = std::max(height, 1.0F);
}

double MapView::zoom() const {
    return std::log2(plane_pixels_ / tile_pixels);
}

double MapView::metres_per_pixel() const {
    return degree_lengths(to_geo(centre_).lat).lon * 360 / plane_pixels_;
}

Spot MapView::spot_of(const PlanePoint& point) const {
    return {static_cast<float>((point.x - centre_.x) * plane_pixels_) + width_ / 2,
            static_cast<float>((point.y - centre_.y) * plane_pixels_) + height_ / 2};
}

PlanePoint MapView::plane_of(const Spot& spot) const {
    return {centre_.x + static_cast<double>(spot.x - width_ / 2) / plane_pixels_,
            centre_.y + static_cast<double>(spot.y - height_ / 2) / plane_pixels_};
}

bool MapView::shows(const PlanePoint& point, float margin) const {
    const Spot spot = spot_of(point);
    return spot.x >= -margin && spot.y >= -margin && spot.x <= width_ + margin &&
           spot.y <= height_ + margin;
}

void MapView::keep_within() {
    plane_pixels_ = std::clamp(plane_pixels_, tile_pixels * std::exp2(zoom_min),
                               tile_pixels * std::exp2(zoom_max));
    centre_.x = std::clamp(centre_.x, 0.0, 1.0);
    centre_.y = std::clamp(centre_.y, 0.0, 1.0);
}

void MapView::pan(float dx, float dy) {
    centre_.x -= static_cast<double>(dx) / plane_pixels_;
    centre_.y -= static_cast<double>(dy) / plane_pixels_;
    keep_within();
}

void MapView::zoom_by(double factor, const Spot& spot) {
    const PlanePoint kept = plane_of(spot);
    plane_pixels_ *= factor;
    keep_within();
    const PlanePoint now = plane_of(spot);
    centre_.x += kept.x - now.x;
    centre_.y += kept.y - now.y;
    keep_within();
}

void MapView::go_to(const PlanePoint& point, double zoom) {
    centre_ = point;
    plane_pixels_ = std::max(plane_pixels_, tile_pixels * std::exp2(zoom));
    keep_within();
}

void MapView::fit(const std::vector<PlanePoint>& points, float margin) {
    if (points.empty()) return;
    PlanePoint least = points.front(), greatest = points.front();
    for (const PlanePoint& point : points) {
        least = {std::min(least.x, point.x), std::min(least.y, point.y)};
        greatest = {std::max(greatest.x, point.x), std::max(greatest.y, point.y)};
    }
    centre_ = {(least.x + greatest.x) / 2, (least.y + greatest.y) / 2};
    const double wide = static_cast<double>(std::max(width_ - 2 * margin, 1.0F));
    const double high = static_cast<double>(std::max(height_ - 2 * margin, 1.0F));
    plane_pixels_ = tile_pixels * std::exp2(one_place_zoom);  // of a single place
    if (greatest.x > least.x) {
        plane_pixels_ = std::min(plane_pixels_, wide / (greatest.x - least.x));
    }
    if (greatest.y > least.y) {
        plane_pixels_ = std::min(plane_pixels_, high / (greatest.y - least.y));
    }
    keep_within();
}

bool MapView::operator==(const MapView& other) const {
    return width_ == other.width_ && height_ == other.height_ && centre_.x == other.centre_.x &&
           centre_.y == other.centre_.y && plane_pixels_ == other.plane_pixels_;
}

ScaleBar scale_bar(const MapView& view, float pixels_max) {
    const double metres = round_below(view.metres_per_pixel() * static_cast<double>(pixels_max));
    return {metres, static_cast<float>(metres / view.metres_per_pixel())};
}

MapGrid map_grid(const MapView& view, float pixels_min) {
    const double pixels_per_degree = view.plane_pixels() / 360;
    // The step that is not below what is asked for: the next round one above its half.
    double step = round_below(static_cast<double>(pixels_min) / pixels_per_degree);
    while (step * pixels_per_degree < static_cast<double>(pixels_min))
        step = round_below(step * 2.5);
    MapGrid grid;
    grid.decimals = std::max(0, static_cast<int>(-std::floor(std::log10(step) + 1e-9)));
    const GeoPoint north_west = to_geo(view.plane_of({0, 0}));
    const GeoPoint south_east = to_geo(view.plane_of({view.width(), view.height()}));
    for (double n = std::ceil(south_east.lat / step); n * step <= north_west.lat; ++n) {
        grid.lats.push_back(n * step);
    }
    for (double n = std::ceil(north_west.lon / step); n * step <= south_east.lon; ++n) {
        grid.lons.push_back(n * step);
    }
    return grid;
}

std::vector<MapCluster> cluster_points(const MapView& view, const std::vector<PlanePoint>& points,
                                       std::size_t alone_max) {
    constexpr float margin = 16;  // half a mark: what is half in sight is drawn
    std::vector<MapCluster> alone;
    std::size_t in_sight = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (!view.shows(points[i], margin)) continue;
        if (++in_sight <= alone_max) alone.push_back({view.spot_of(points[i]), i, 1});
    }
    if (in_sight <= alone_max) return alone;
    const double cells = std::exp2(std::round(std::log2(view.plane_pixels() / cell_pixels)));
    struct Sum {
        double x = 0, y = 0;
        std::size_t first = 0, count = 0;
    };
    std::map<std::pair<long, long>, Sum> sums;
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (!view.shows(points[i], margin)) continue;
        Sum& sum =
            sums[{static_cast<long>(points[i].x * cells), static_cast<long>(points[i].y * cells)}];
        if (sum.count++ == 0) sum.first = i;
        sum.x += points[i].x;
        sum.y += points[i].y;
    }
    std::vector<MapCluster> clusters;
    for (const auto& [cell, sum] : sums) {
        const double count = static_cast<double>(sum.count);
        clusters.push_back({view.spot_of({sum.x / count, sum.y / count}), sum.first, sum.count});
    }
    return clusters;
}

std::string degrees_text(double degrees, int decimals) {
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%.*f", decimals, degrees);
    return text.data();
}

}  // namespace zf
