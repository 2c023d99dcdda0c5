// Points, names and outlines of the map from records and files.
#include "client/app/map_points.h"

#include <fstream>

#include "client/app/map_outlines.h"
#include "tests/unit/client/device_world.h"

using namespace zf;
using namespace zf::testing;

namespace {

std::string shipped_forms() {
    std::ifstream file(std::string(ZF_SOURCE_DIR) + "/common/data/forms.json", std::ios::binary);
    REQUIRE(file.good());
    return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string place(const std::string& lat, const std::string& lon) {
    return R"("location":{"lat":")" + lat + R"(","lon":")" + lon + R"("})";
}

}  // namespace

TEST_CASE("records with a place become points, townships lie amid theirs") {
    TestBureau bureau;
    Laptop laptop(bureau, 5);
    laptop.distribute(shipped_forms());
    laptop.create("enterprise", R"({"name":"示例厂","registered_on":"2008-01-02",)" +
                                    place("31.5", "107.1") + R"(,"division":"511923101"})");
    const std::string visit =
        laptop.create("site_visit", R"({"visit_date":"2008-05-12","target_name":"示例",)" +
                                        place("31.7", "107.3") + R"(,"division":"511923101001"})");
    laptop.create("site_visit", R"({"visit_date":"2008-05-12","target_name":"没有坐标"})");
    const std::string wrong = laptop.create(
        "hazard", R"({"found_on":"2008-05-01","place_name":"误填",)" + place("31", "107") + "}");
    laptop.done(R"({"do":"void","record":")" + wrong + R"(","reason":"误填"})");

    const MapFacts facts = gather_points(*laptop.store, {2008, 5, 31});
    REQUIRE(facts.points.size() == 2);
    REQUIRE(facts.forms.size() == 2);
    CHECK(facts.forms[facts.points[1].form].id == "site_visit");
    CHECK(facts.points[1].record.text() == visit);
    CHECK(facts.points[1].status == Status::saved);
    CHECK(facts.points[1].on == Date{2008, 5, 12});
    CHECK(facts.points[1].at == GeoPoint{31.7, 107.3});
    REQUIRE(facts.names.size() == 1);
    CHECK(facts.names[0].name == "响滩镇");
    CHECK(facts.names[0].records == 2);
    CHECK(to_geo(facts.names[0].plane).lon == doctest::Approx(107.2));

    CHECK(shown_points(facts, {}).size() == 2);
    CHECK(shown_points(facts, {{"site_visit"}, {}}) == std::vector<std::size_t>{1});
    CHECK(shown_points(facts, {{}, Date{2008, 5, 1}}) == std::vector<std::size_t>{1});
    CHECK(shown_points(facts, {{"hazard"}, {}}).empty());
    const auto near = nearest_points(facts, {0, 1}, {31.69, 107.3}, 5);
    REQUIRE(near.size() == 2);
    CHECK(near[0].point == 1);
    CHECK(near[0].metres == doctest::Approx(1109).epsilon(0.01));
    CHECK(nearest_points(facts, {0, 1}, {31.69, 107.3}, 1).size() == 1);
}

TEST_CASE("a geopoint is taken as such only where it is a place on earth") {
    const auto at = [](std::string_view text) { return geopoint_of(json(text)); };
    CHECK(at(R"({"lat":"31.5","lon":"107"})") == GeoPoint{31.5, 107});
    CHECK(at(R"({"lat":31,"lon":107})") == GeoPoint{31, 107});
    CHECK_FALSE(at(R"({"lat":"31.5"})").has_value());
    CHECK_FALSE(at(R"({"lat":"91","lon":"1"})").has_value());
    CHECK_FALSE(at(R"({"lat":"1","lon":"-181"})").has_value());
    CHECK_FALSE(at(R"({"lat":"1x","lon":"1"})").has_value());
    CHECK_FALSE(at(R"({"lat":"nan","lon":"1"})").has_value());
    CHECK_FALSE(at(R"("31, 107")").has_value());
    CHECK(typed_geopoint({31.5642, 107.1013}, std::nullopt) == "31.564200, 107.101300");
    CHECK(typed_geopoint({31.5642, 107.1013}, 4.6) == "31.564200, 107.101300, 5");
}

TEST_CASE("letters tell the forms of the marks apart") {
    const auto form = [](const char* id, const char* hans, const char* en) {
        return MapForm{id, {hans, hans, en}};
    };
    const std::vector<MapForm> forms{form("a", "走访记录", "Site visit"),
                                     form("b", "走样检查", "Survey"), form("c", "", "S")};
    CHECK(mark_letters(forms, Language::zh_hans) == std::vector<std::string>{"走", "样", ""});
    CHECK(mark_letters(forms, Language::en) == std::vector<std::string>{"S", "u", "S"});
}

TEST_CASE("outlines are read from GeoJSON, and refused when they are none") {
    const auto read = read_outlines(R"({"type":"FeatureCollection","features":[
      {"type":"Feature","properties":{"name":"示例镇"},"geometry":{"type":"Polygon",
        "coordinates":[[[107.0,31.5],[107.2,31.5],[107.2,31.7],[107.0,31.5]]]}},
      {"type":"Feature","properties":null,"geometry":{"type":"MultiPolygon","coordinates":
        [[[[107,31],[108,31,400],[107,32],[107,31]]],[[[1,2],[3,4],[1,2]]]]}},
      {"type":"Feature","properties":{},"geometry":null},
      {"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1,2]}},
      {"type":"Feature","properties":{"name":"路"},"geometry":
        {"type":"LineString","coordinates":[[107,31],[107.5,31]]}}]})");
    REQUIRE(read.has_value());
    REQUIRE(read->size() == 3);
    CHECK((*read)[0].name == "示例镇");
    CHECK((*read)[0].lines[0].size() == 4);
    CHECK(to_geo((*read)[0].middle).lon == doctest::Approx(107.1));
    CHECK((*read)[1].lines.size() == 2);
    CHECK((*read)[2].lines[0][1].x == doctest::Approx(to_plane({31, 107.5}).x));
    for (const char* bad :
         {"", "[]", "{}", R"({"type":"Polygon"})", R"({"type":"Polygon","coordinates":[1]})",
          R"({"type":"LineString","coordinates":[[200,31],[1,1]]})",
          R"({"type":"LineString","coordinates":[["a",31],[1,1]]})",
          R"({"type":"LineString","coordinates":[[1]]})", R"({"type":"Feature","geometry":7})",
          R"({"type":"FeatureCollection"})", R"({"type":"Circle"})"}) {
        CHECK_MESSAGE(!read_outlines(bad).has_value(), bad);
    }
}
