// The map's arithmetic against known values and round trips.
#include "client/app/map_view.h"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "common/base/env.h"

using namespace zf;

namespace {

double between(ManualEnv& random, double least, double greatest) {
    return least + (greatest - least) * static_cast<double>(random.next_u64() >> 11U) * 0x1p-53;
}

double degrees(double whole, double minutes, double seconds) {
    return whole + minutes / 60 + seconds / 3600;
}

MapView view_of(float width, float height) {
    MapView view;
    view.set_size(width, height);
    view.go_to(to_plane({31.56, 107.1}), 10);
    return view;
}

}  // namespace

TEST_CASE("places go to the plane and back; known places lie where web maps have them") {
    CHECK(to_plane({0, 0}).x == doctest::Approx(0.5));
    CHECK(to_plane({0, 0}).y == doctest::Approx(0.5));
    CHECK(to_plane({85.05112878, -180}).x == doctest::Approx(0).epsilon(1e-9));
    CHECK(std::abs(to_plane({85.05112878, -180}).y) < 1e-9);
    CHECK(to_plane({90, 180}).y == doctest::Approx(0));
    // Tile 12/3266/1669 holds 31.56, 107.1 (the formula of the OpenStreetMap wiki by hand).
    const PlanePoint seat = to_plane({31.56, 107.1});
    CHECK(static_cast<int>(seat.x * 4096) == 3266);
    CHECK(static_cast<int>(seat.y * 4096) == 1669);
    ManualEnv random(41);
    for (int i = 0; i < 1000; ++i) {
        const GeoPoint place{between(random, -85, 85), between(random, -180, 180)};
        const GeoPoint back = to_geo(to_plane(place));
        CHECK(back.lat == doctest::Approx(place.lat).epsilon(1e-12));
        CHECK(back.lon == doctest::Approx(place.lon).epsilon(1e-12));
    }
}

TEST_CASE("distances are those of the ellipsoid") {
    // Flinders Peak to Buninyong, the example of Geoscience Australia: 54,972.271 m.
    const GeoPoint flinders{-degrees(37, 57, 3.7203), degrees(144, 25, 29.5244)};
    const GeoPoint buninyong{-degrees(37, 39, 10.1561), degrees(143, 55, 35.3839)};
    CHECK(std::abs(distance_m(flinders, buninyong) - 54972.271) < 0.5);
    CHECK(std::abs(distance_m({0, 0}, {0, 1}) - 111319.491) < 0.01);  // a degree on the equator
    CHECK(std::abs(distance_m({0, 0}, {1, 0}) - 110574.389) < 0.5);   // and of latitude there
    CHECK(std::abs(distance_m({0, 0}, {0, 90}) - 10018754.171) < 1);
    CHECK(distance_m({31.5, 107}, {31.5, 107}) == 0);
    CHECK(distance_m({31.5, 107}, {31.6, 107.2}) == distance_m({31.6, 107.2}, {31.5, 107}));
    CHECK(length_m({{0, 0}, {0, 1}, {0, 0}}) == doctest::Approx(2 * 111319.491));
    CHECK(length_m({{1, 1}}) == 0);
}

TEST_CASE("areas of small pieces of land are those of their sides") {
    const double lat = 31.5, side = 0.001;
    const std::vector<GeoPoint> field{
        {lat, 107}, {lat + side, 107}, {lat + side, 107 + side}, {lat, 107 + side}};
    const double wide = distance_m({lat, 107}, {lat, 107 + side});
    const double high = distance_m({lat, 107}, {lat + side, 107});
    CHECK(area_m2(field) == doctest::Approx(wide * high).epsilon(1e-4));
    CHECK(area_m2({field[2], field[1], field[0], field[3]}) ==
          doctest::Approx(wide * high).epsilon(1e-4));  // the other way round
    CHECK(area_m2({field[0], field[1]}) == 0);
}

TEST_CASE("pixels go to the plane and back, and stay where they were while zooming") {
    ManualEnv random(42);
    MapView view = view_of(1000, 600);
    CHECK(view.zoom() == doctest::Approx(10));
    for (int i = 0; i < 300; ++i) {
        const Spot spot{static_cast<float>(between(random, 0, 1000)),
                        static_cast<float>(between(random, 0, 600))};
        const PlanePoint point = view.plane_of(spot);
        CHECK(view.spot_of(point).x == doctest::Approx(spot.x).epsilon(1e-4));
        CHECK(view.spot_of(point).y == doctest::Approx(spot.y).epsilon(1e-4));
        MapView larger = view;
        larger.zoom_by(between(random, 0.3, 3), spot);
        CHECK(std::abs(larger.spot_of(point).x - spot.x) < 0.1F);
        CHECK(std::abs(larger.spot_of(point).y - spot.y) < 0.1F);
        view.pan(spot.x - 500, spot.y - 300);
        CHECK(view.shows(view.centre()));
    }
    view.zoom_by(1e9, {0, 0});
    CHECK(view.zoom() == doctest::Approx(MapView::zoom_max));
    view.zoom_by(1e-9, {0, 0});
    CHECK(view.zoom() == doctest::Approx(MapView::zoom_min));
    view.pan(-1e9F, 1e9F);
    CHECK(view.centre().x == 1);
    CHECK(view.centre().y == 0);
}

TEST_CASE("fitting shows every point, and one point from near") {
    ManualEnv random(43);
    MapView view = view_of(800, 500);
    for (int round = 0; round < 50; ++round) {
        std::vector<PlanePoint> points;
        for (int i = 0; i < 20; ++i) {
            points.push_back(to_plane({between(random, 31, 32), between(random, 106, 108)}));
        }
        view.fit(points, 40);
        for (const PlanePoint& point : points) CHECK(view.shows(point, -39));
        const MapView before = view;
        view.fit({}, 40);
        CHECK(view == before);
    }
    view.fit({to_plane({31, 107})}, 40);
    CHECK(view.zoom() == doctest::Approx(15));
}

TEST_CASE("the scale bar is a round length, no longer than asked, at every zoom") {
    MapView view = view_of(800, 500);
    for (int i = 0; i < 60; ++i) {
        view.zoom_by(0.85, {400, 250});
        const ScaleBar bar = scale_bar(view, 160);
        CHECK(bar.pixels <= 160.5F);
        CHECK(bar.pixels > 60);
        const double first = bar.metres / std::pow(10, std::floor(std::log10(bar.metres) + 1e-9));
        CHECK(std::set<int>{1, 2, 5}.contains(static_cast<int>(std::lround(first))));
        const Spot from{400 - bar.pixels / 2, 250}, to{400 + bar.pixels / 2, 250};
        const double metres = distance_m(to_geo(view.plane_of(from)), to_geo(view.plane_of(to)));
        if (view.zoom() > 8) CHECK(metres == doctest::Approx(bar.metres).epsilon(0.002));
    }
}

TEST_CASE("grid lines are in sight, at a round step and apart from each other") {
    MapView view = view_of(800, 500);
    for (int i = 0; i < 40; ++i) {
        view.zoom_by(i < 20 ? 1.4 : 0.6, {400, 250});
        const MapGrid grid = map_grid(view, 100);
        for (std::size_t n = 0; n < grid.lons.size(); ++n) {
            const PlanePoint point = to_plane({to_geo(view.centre()).lat, grid.lons[n]});
            CHECK(view.shows(point, 1));
            if (n == 0) continue;
            const float before = view.spot_of(to_plane({31, grid.lons[n - 1]})).x;
            CHECK(view.spot_of(point).x - before >= 99);
            CHECK(view.spot_of(point).x - before <= 260);
            CHECK(degrees_text(grid.lons[n], grid.decimals) !=
                  degrees_text(grid.lons[n - 1], grid.decimals));
        }
        if (view.zoom() > 6) CHECK(grid.lons.size() >= 3);
    }
}

TEST_CASE("few points stand alone, many in clusters that hold each point once") {
    ManualEnv random(44);
    MapView view = view_of(800, 500);
    std::vector<PlanePoint> points;
    for (int i = 0; i < 5000; ++i) {
        points.push_back(to_plane({between(random, 31.4, 31.7), between(random, 106.9, 107.3)}));
    }
    std::size_t in_sight = 0;
    for (const PlanePoint& point : points) in_sight += view.shows(point, 16) ? 1U : 0U;
    CHECK(in_sight > 2000);
    const auto clusters = cluster_points(view, points, 2000);
    std::size_t held = 0;
    for (const MapCluster& cluster : clusters) {
        held += cluster.count;
        CHECK(view.shows(points[cluster.first], 16));
    }
    CHECK(held == in_sight);
    CHECK(clusters.size() < 300);
    CHECK(cluster_points(view, points, 5000).size() == in_sight);
    // A small move does not change which points are together.
    view.pan(3, 2);
    const auto moved = cluster_points(view, points, 2000);
    std::set<std::size_t> firsts;
    for (const MapCluster& cluster : clusters) firsts.insert(cluster.first);
    std::size_t same = 0;
    for (const MapCluster& cluster : moved) same += firsts.count(cluster.first);
    CHECK(same + 25 > clusters.size());
}
