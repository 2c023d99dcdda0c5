// The map's arithmetic: degrees (WGS-84) to the plane (Web Mercator) to pixels and back,
// distances, areas, scale bar, grid, clusters. Pure; knows no records and no drawing.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace zf {

struct GeoPoint {
    double lat = 0, lon = 0;  // degrees
    bool operator==(const GeoPoint&) const = default;
};

/// The plane of web maps: x from 0 (180° west) to 1, y from 0 (north) to 1.
struct PlanePoint {
    double x = 0, y = 0;
};
/// Latitudes beyond 85.05° are drawn at the edge.
PlanePoint to_plane(const GeoPoint& point);
GeoPoint to_geo(const PlanePoint& point);

/// Along the WGS-84 ellipsoid, by Lambert's formula: within a metre up to some hundred kilometres.
double distance_m(const GeoPoint& a, const GeoPoint& b);
double length_m(const std::vector<GeoPoint>& line);
/// Of the polygon through the points, closed; for pieces of land up to the size of a county. 0
/// with fewer than three points.
double area_m2(const std::vector<GeoPoint>& ring);

/// Pixels on the canvas, y downwards.
struct Spot {
    float x = 0, y = 0;
};

class MapView {
public:
    static constexpr double zoom_min = 3, zoom_max = 20;  // levels as of web tiles

    void set_size(float width, float height);
    [[nodiscard]] float width() const { return width_; }
    [[nodiscard]] float height() const { return height_; }
    [[nodiscard]] PlanePoint centre() const { return centre_; }
    /// Pixels of the whole plane from west to east.
    [[nodiscard]] double plane_pixels() const { return plane_pixels_; }
    [[nodiscard]] double zoom() const;
    [[nodiscard]] double metres_per_pixel() const;  // in the middle

    [[nodiscard]] Spot spot_of(const PlanePoint& point) const;
    [[nodiscard]] PlanePoint plane_of(const Spot& spot) const;
    [[nodiscard]] bool shows(const PlanePoint& point, float margin = 0) const;

    void pan(float dx, float dy);  // what is drawn moves that way
    /// Larger by this factor; what lies at `spot` stays there.
    void zoom_by(double factor, const Spot& spot);
    /// In the middle from now on; not smaller than `zoom`.
    void go_to(const PlanePoint& point, double zoom);
    /// All points in sight with `margin` pixels around. Without points nothing changes.
    void fit(const std::vector<PlanePoint>& points, float margin);

    bool operator==(const MapView& other) const;

private:
    void keep_within();

    float width_ = 1, height_ = 1;
    PlanePoint centre_{0.5, 0.5};
    double plane_pixels_ = 256 << 3;
};

/// A round length (1, 2 or 5 times a power of ten) that is at most `pixels_max` long here.
struct ScaleBar {
    double metres = 0;
    float pixels = 0;
};
ScaleBar scale_bar(const MapView& view, float pixels_max);

/// Lines of latitude and longitude in sight, at a round step, at least `pixels_min` apart.
struct MapGrid {
    std::vector<double> lats, lons;
    int decimals = 0;  // that tell them apart
};
MapGrid map_grid(const MapView& view, float pixels_min);

/// Points that stand for one mark: each its own while at most `alone_max` are in sight, else by
/// cells of the plane, which stay where they are while the map is moved.
struct MapCluster {
    Spot spot;
    std::size_t first = 0, count = 0;  // `first`: one of them, by its index
};
std::vector<MapCluster> cluster_points(const MapView& view, const std::vector<PlanePoint>& points,
                                       std::size_t alone_max);

/// "31.564200" with so many decimals, trailing zeros kept.
std::string degrees_text(double degrees, int decimals);

}  // namespace zf
