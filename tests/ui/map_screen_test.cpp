// The map by key: moving, choosing, finding, filtering, measuring, a place set for a form. By
// mouse and by keyboard alone.
#include <cmath>
#include <filesystem>
#include <fstream>

#include "client/image/image_png.h"
#include "tests/ui/fill_world.h"

using namespace zf;
using namespace zf::testing;

namespace {

struct MapWorld : FillWorld {
    explicit MapWorld(Language language = Language::zh_hans, ui::Theme theme = {},
                      bool has_records = true)
        : FillWorld(language, theme) {
        if (has_records) {
            mill = create("enterprise",
                          R"({"name":"示例磨坊","registered_on":"2008-01-10",)"
                          R"("division":"511923101","location":{"lat":"31.60","lon":"107.00"}})");
            visit = create("site_visit",
                           R"({"visit_date":"2008-05-12","target_name":"示例村","visitor":"ann",)"
                           R"("division":"511923203","location":{"lat":"31.50","lon":"107.20"}})");
        }
        open();
    }
    void open() {
        shell->go("map");
        ui->wait(3);
        screens->worker().finish();
        ui->settle();
    }
    /// "LAT, LON" and the zoom of what is shown.
    struct Seen {
        double lat = 0, lon = 0, zoom = 0;
        int marks = 0;
    };
    Seen seen() {
        Seen now;
        REQUIRE(std::sscanf(ui->value("map.canvas").c_str(), "%lf, %lf z%lf marks %d", &now.lat,
                            &now.lon, &now.zoom, &now.marks) == 4);
        return now;
    }
    std::string mill, visit;
};

}  // namespace

TEST_CASE("the map shows every record with a place, in three languages and sizes, no flaw") {
    for (const Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
        for (const float scale : {1.0F, 1.25F, 1.6F}) {
            MapWorld world(language, {ui::ThemeKind::light, scale});
            Headless& ui = *world.ui;
            CHECK(world.seen().marks == 2);
            CHECK(world.seen().lat == doctest::Approx(31.55).epsilon(1e-4));
            CHECK(world.seen().lon == doctest::Approx(107.10).epsilon(1e-4));
            CHECK(lines_of(ui.flaws()) == "");
            CHECK(ui.value("map.rows") == "2");
            ui.click("map.measure");
            ui.click("map.canvas");
            CHECK(lines_of(ui.flaws()) == "");
            ui.press("Escape");
            world.screens->ways().to_pick_place("31.6, 107.0", [](const std::string&) {});
            ui.settle();
            CHECK(ui.has("map.pick.take"));
            CHECK(lines_of(ui.flaws()) == "");
        }
    }
}

TEST_CASE("without any record with a place there is still a map, and a word about it") {
    MapWorld world(Language::zh_hans, {}, false);
    CHECK(world.ui->has("map.no_points"));
    CHECK(world.seen().marks == 0);
    CHECK(world.seen().lat == doctest::Approx(31.56));
    CHECK(lines_of(world.ui->flaws()) == "");
}

TEST_CASE("the map is moved by drag, wheel, buttons and keys, and all is found again") {
    MapWorld world;
    Headless& ui = *world.ui;
    const auto start = world.seen();
    ui.drag("map.canvas", 100);
    CHECK(world.seen().lat > start.lat + 0.01);  // what was drawn moved down
    CHECK(world.seen().lon == doctest::Approx(start.lon).epsilon(1e-3));
    CHECK_FALSE(ui.has("map.chosen.open"));
    ui.click("map.fit");
    CHECK(world.seen().lat == doctest::Approx(start.lat).epsilon(1e-5));
    ui.wheel("map.canvas", 1);
    CHECK(world.seen().zoom == doctest::Approx(start.zoom + std::log2(1.5)).epsilon(0.01));
    ui.click("map.larger");
    ui.click("map.smaller");
    ui.click("map.smaller");
    CHECK(world.seen().zoom == doctest::Approx(start.zoom + std::log2(1.5) - 1).epsilon(0.01));
    ui.click("map.fit");
    ui.kit().focus("map.canvas");
    ui.settle();
    ui.press("Right");
    CHECK(world.seen().lon > start.lon + 0.01);
    CHECK(ui.kit().focused() == "map.canvas");
    ui.press("Left");
    ui.press("Up");
    CHECK(world.seen().lat > start.lat + 0.01);
    ui.press("Down");
    CHECK(world.seen().lat == doctest::Approx(start.lat).epsilon(1e-4));
    ui.type_on("+");
    CHECK(world.seen().zoom > start.zoom + 0.5);
    ui.type_on("-");
    CHECK(world.seen().zoom == doctest::Approx(start.zoom).epsilon(0.01));
    ui.press("Tab");
    CHECK(ui.kit().focused() != "map.canvas");
}

TEST_CASE("a record is found by name or township, chosen, and opened by keyboard alone") {
    MapWorld world;
    Headless& ui = *world.ui;
    ui.kit().focus("map.find");
    ui.settle();
    ui.press("Enter");
    CHECK(ui.has("map.find.option.township.511923203"));
    ui.type_on("磨坊");
    CHECK(ui.has("map.find.option.record." + world.mill));
    ui.press("Tab");
    ui.press("Enter");
    CHECK(world.seen().lat == doctest::Approx(31.60));
    CHECK(world.seen().lon == doctest::Approx(107.00));
    CHECK(ui.value("map.chosen.title") == "示例磨坊");
    ui.press("Escape");
    CHECK_FALSE(ui.has("map.chosen.title"));
    CHECK(ui.kit().focused() == "map.canvas");
    ui.press("Enter");  // what lies below the cross
    CHECK(ui.value("map.chosen.title") == "示例磨坊");
    ui.click("map.chosen.open");
    CHECK(world.shell->current() != "map");
    world.open();
    CHECK(ui.kit().focused() == "map.chosen.open");
    ui.press("Escape");
    CHECK(ui.kit().focused() == "map.canvas");
    ui.kit().focus("row." + world.mill);
    ui.settle();
    ui.press("Enter");
    CHECK(ui.kit().focused() == "map.chosen.open");
    ui.press("Escape");
    CHECK(ui.kit().focused() == "row." + world.mill);
}

TEST_CASE("forms and periods filter what is shown") {
    MapWorld world;
    Headless& ui = *world.ui;
    ui.choose("map.forms", "enterprise");
    CHECK(world.seen().marks == 1);
    ui.choose("map.forms", "site_visit");
    CHECK(world.seen().marks == 2);
    ui.choose("map.period", "month");
    CHECK(world.seen().marks == 1);
    ui.choose("map.period", "year");
    CHECK(world.seen().marks == 2);
    ui.click("row." + world.visit);
    CHECK(ui.value("map.chosen.status").find("■") == 0);
}

TEST_CASE("distances are measured between records by keyboard, points taken back") {
    MapWorld world;
    Headless& ui = *world.ui;
    ui.choose("map.find", "township.511923101");
    ui.click("map.measure");
    CHECK(ui.kit().focused() == "map.canvas");
    ui.press("Enter");
    ui.choose("map.find", "township.511923203");
    ui.press("Enter");
    // 11.09 km to the south and 19.00 km to the east.
    CHECK(ui.value("map.measure.length").find("22 ") != std::string::npos);
    CHECK_FALSE(ui.has("map.measure.area"));
    ui.press("Right");
    ui.press("Enter");
    CHECK(ui.has("map.measure.area"));
    ui.press("Backspace");
    CHECK(ui.value("map.measure.length").find("22 ") != std::string::npos);
    ui.press("Escape");
    CHECK_FALSE(ui.has("map.measure.length"));
}

TEST_CASE("a place is set from a form by keyboard alone, and Escape leaves the box as it was") {
    MapWorld world;
    Headless& ui = *world.ui;
    world.fill->start("hazard", {{"found_on", "2008-05-12"}});
    ui.settle();
    ui.type("field.location", "31.6, 107.0");
    ui.press("Tab");
    CHECK(ui.kit().focused() == "field.location.map");
    ui.press("Enter");
    CHECK(world.shell->current() == "map");
    CHECK(ui.kit().focused() == "map.canvas");
    CHECK(world.seen().lat == doctest::Approx(31.6));
    ui.press("Escape");
    CHECK(world.shell->current() == "form");
    CHECK(ui.value("field.location") == "31.6, 107.0");
    ui.click("field.location.map");
    ui.press("Up");
    ui.press("Enter");
    CHECK(world.shell->current() == "form");
    const std::string place = ui.value("field.location");
    double lat = 0, lon = 0;
    REQUIRE(std::sscanf(place.c_str(), "%lf, %lf", &lat, &lon) == 2);
    CHECK(lat > 31.601);
    CHECK(lon == doctest::Approx(107.0));
    CHECK(ui.kit().focused() == "field.location");
    const Value* value = world.fill->current()->find("location")->value.find("lat");
    REQUIRE(value != nullptr);
    CHECK(value->text() != nullptr);
}

TEST_CASE("outlines of the bureau are drawn when they are there, and told when they are none") {
    MapWorld world;
    const auto folder = world.laptop.store->home() / "map";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "outlines.geojson") << R"({"type":"Polygon","coordinates":)"
                                               << R"([[[106,31],[108,31],[108,32],[106,31]]]})";
    world.shell->go("form");
    world.open();
    world.ui->click("map.fit");
    CHECK(world.seen().lon == doctest::Approx(107));
    CHECK_FALSE(world.ui->has("map.outlines_problem"));
    std::ofstream(folder / "outlines.geojson") << "{}";
    world.shell->go("form");
    world.open();
    CHECK(world.ui->has("map.outlines_problem"));
}

TEST_CASE("a receiver's place goes into the box with its accuracy; without one a word is said") {
    MapWorld world;
    Headless& ui = *world.ui;
    world.fill->start("hazard", {{"found_on", "2008-05-12"}});
    ui.settle();
    ui.click("field.location.map");
    ui.type("map.receiver.device", (world.laptop.folder.path / "none").string());
    ui.click("map.receiver.ask");
    world.screens->worker().finish();
    ui.settle();
    CHECK(ui.has("map.receiver.news"));
    const auto file = world.laptop.folder.path / "nmea";
    std::ofstream(file) << "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\n";
    ui.type("map.receiver.device", file.string());
    ui.click("map.receiver.ask");
    world.screens->worker().finish();
    ui.settle();
    CHECK_FALSE(ui.has("map.receiver.news"));
    CHECK(ui.has("map.receiver.found"));
    CHECK(lines_of(ui.flaws()) == "");
    CHECK(world.seen().lat == doctest::Approx(48.1173));
    CHECK(ui.kit().focused() == "map.canvas");
    ui.press("Enter");
    CHECK(world.shell->current() == "form");
    CHECK(ui.value("field.location") == "48.117300, 11.516667, 5");
}

TEST_CASE("pictures of a file lie below the marks, at most so many as there is room for") {
    MapWorld world;
    Headless& ui = *world.ui;
    CHECK_FALSE(ui.has("map.layer"));
    const int before = ui.textures().alive;
    const auto folder = world.laptop.store->home() / "map";
    std::filesystem::create_directories(folder);
    {
        const Pixels pixels{2, 2, std::vector<std::uint8_t>(16, 99)};
        const std::string png = encode_png(pixels);
        Db db = Db::open((folder / "示例.mbtiles").string());
        db.execute(
            "CREATE TABLE metadata (name TEXT, value TEXT); CREATE TABLE tiles (zoom_level INTEGER,"
            " tile_column INTEGER, tile_row INTEGER, tile_data BLOB);"
            "INSERT INTO metadata VALUES ('format', 'png'), ('minzoom', '0'), ('maxzoom', '15')");
        Transaction transaction(db);
        // Around 31.55, 107.10 at each zoom, rows from the south.
        for (int zoom = 0; zoom <= 15; ++zoom) {
            const PlanePoint at = to_plane({31.55, 107.10});
            const int count = 1 << zoom;
            for (int dx = -6; dx <= 6; ++dx) {
                for (int dy = -6; dy <= 6; ++dy) {
                    Statement insert = db.prepare("INSERT INTO tiles VALUES (?1, ?2, ?3, ?4)");
                    insert.bind(1, zoom).bind(2, static_cast<int>(at.x * count) + dx);
                    insert.bind(3, count - 1 - static_cast<int>(at.y * count) + dy);
                    insert.bind_blob(4, png).run();
                }
            }
        }
        transaction.commit();
    }
    world.shell->go("form");
    world.open();
    ui.choose("map.layer", "示例.mbtiles");
    const auto draw_all = [&] {
        for (int i = 0; i < 30; ++i) {
            world.screens->worker().finish();
            ui.frame();
        }
    };
    draw_all();
    CHECK(ui.textures().alive > before);
    CHECK(lines_of(ui.flaws()) == "");
    for (int i = 0; i < 12; ++i) {
        ui.click(i < 6 ? "map.larger" : "map.smaller");
        draw_all();
        CHECK(ui.textures().alive - before <= 100);
    }
    ui.click("map.layer");
    ui.click("map.layer.clear");
    CHECK(ui.textures().alive == before);
    std::ofstream(folder / "坏.mbtiles") << "no database at all";
    world.shell->go("form");
    world.open();
    ui.choose("map.layer", "坏.mbtiles");
    draw_all();
    CHECK(ui.has("map.layer.problem"));
}
