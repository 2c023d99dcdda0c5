// Map pictures from MBTiles files that are made here: which squares, where, and what is no such
// file.
#include "client/app/map_tiles.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "client/image/image_png.h"
#include "common/db/db.h"
#include "tests/unit/store/scratch_folder.h"

using namespace zf;
using namespace zf::testing;

namespace {

std::string picture(std::uint8_t grey) {
    Pixels pixels{4, 4, std::vector<std::uint8_t>(64, grey)};
    return encode_png(pixels);
}

void make_tiles(const std::filesystem::path& path, const std::string& format) {
    Db db = Db::open(path.string());
    db.execute(
        "CREATE TABLE metadata (name TEXT, value TEXT);"
        "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER,"
        " tile_data BLOB);");
    Statement meta = db.prepare("INSERT INTO metadata VALUES ('format', ?1), ('name', '示例底图')");
    meta.bind_text(1, format);
    meta.run();
    const auto add = [&](int zoom, int column, int row, const std::string& data) {
        Statement insert = db.prepare("INSERT INTO tiles VALUES (?1, ?2, ?3, ?4)");
        insert.bind(1, zoom).bind(2, column).bind(3, row).bind_blob(4, data);
        insert.run();
    };
    add(1, 0, 1, picture(10));  // north-west: the row is counted from the south
    add(1, 0, 0, picture(20));
    add(2, 3, 3, "no picture");
}

}  // namespace

TEST_CASE("squares are read by their place from the north, and nothing is written") {
    ScratchFolder folder;
    const auto path = folder.path / "a #1?%.mbtiles";
    make_tiles(path, "png");
    const auto before = std::filesystem::file_size(path);
    CHECK(tile_files(folder.path) == std::vector<std::filesystem::path>{path});
    auto file = TileFile::open(path);
    REQUIRE(file.has_value());
    CHECK(file->facts().name == "示例底图");
    CHECK(file->facts().zoom_min == 1);  // not told, so counted
    CHECK(file->facts().zoom_max == 2);
    const auto north = file->read({1, 0, 0}), south = file->read({1, 0, 1});
    REQUIRE(north.has_value());
    REQUIRE(south.has_value());
    CHECK(north->rgba[0] == 10);
    CHECK(south->rgba[0] == 20);
    CHECK_FALSE(file->read({1, 1, 0}).has_value());
    CHECK_FALSE(file->read({2, 3, 0}).has_value());
    CHECK(std::filesystem::file_size(path) == before);
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path)) {
        files += entry.exists() ? 1U : 0U;
    }
    CHECK(files == 1);
}

TEST_CASE("what is no file of pictures is refused") {
    ScratchFolder folder;
    const auto code = [](const std::filesystem::path& path) {
        const auto file = TileFile::open(path);
        REQUIRE_FALSE(file.has_value());
        return file.error().code;
    };
    CHECK(code(folder.path / "none.mbtiles") == ErrorCode::not_found);
    std::ofstream(folder.path / "text.mbtiles") << std::string(5000, 'x');
    CHECK(code(folder.path / "text.mbtiles") == ErrorCode::wrong_type);
    std::ofstream(folder.path / "empty.mbtiles") << "";
    CHECK(code(folder.path / "empty.mbtiles") == ErrorCode::wrong_type);
    make_tiles(folder.path / "vector.mbtiles", "pbf");
    CHECK(code(folder.path / "vector.mbtiles") == ErrorCode::wrong_type);
    CHECK(tile_files(folder.path).size() == 3);
    CHECK(tile_files(folder.path / "nowhere").empty());
}

TEST_CASE("squares in sight cover the canvas, the nearest to the middle first") {
    MapView view;
    view.set_size(800, 500);
    view.go_to(to_plane({31.56, 107.1}), 10);
    const TileFacts facts{"", "", 5, 12};
    const auto keys = tiles_in_sight(view, facts);
    REQUIRE_FALSE(keys.empty());
    CHECK(keys.front() == TileKey{10, 816, 417});  // where 31.56, 107.1 lies
    CHECK(keys.size() >= 8);
    CHECK(keys.size() <= 20);
    for (const Spot corner : {Spot{1, 1}, Spot{799, 1}, Spot{1, 499}, Spot{799, 499}}) {
        const PlanePoint at = view.plane_of(corner);
        const TileKey held{10, static_cast<int>(at.x * 1024), static_cast<int>(at.y * 1024)};
        CHECK(std::find(keys.begin(), keys.end(), held) != keys.end());
        CHECK(held.parent() == TileKey{9, held.x / 2, held.y / 2});
    }
    view.zoom_by(64, {400, 250});
    CHECK(tiles_in_sight(view, facts).front().zoom == 12);  // the largest there is
    view.zoom_by(1e-9, {400, 250});
    CHECK(tiles_in_sight(view, {"", "", 14, 16}).empty());  // thousands: none
    for (const TileKey& key : tiles_in_sight(view, {"", "", 0, 3})) {
        CHECK(key.x >= 0);
        CHECK(key.x < 8);
        CHECK(key.y >= 0);
        CHECK(key.y < 8);
    }
}
