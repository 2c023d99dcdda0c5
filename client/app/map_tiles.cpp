#include "client/app/map_tiles.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "client/image/image.h"

namespace zf {
namespace {

/// A value of the table metadata, by a name without quotes; empty when it is not there.
std::string metadata(ReadOnlyDb& db, const std::string& name) {
    return db.find("SELECT value FROM metadata WHERE name='" + name + "'").value_or("");
}

bool has_tables(ReadOnlyDb& db) {
    return db.find(
               "SELECT count(*) FROM sqlite_schema WHERE name IN ('metadata', 'tiles') AND "
               "type IN ('table', 'view')") == "2";
}

int zoom_of(ReadOnlyDb& db, const std::string& name, const std::string& aggregate) {
    std::string told = metadata(db, name);
    if (told.empty()) {
        told = db.find("SELECT " + aggregate + "(zoom_level) FROM tiles").value_or("");
    }
    int zoom = 0;
    std::from_chars(told.data(), told.data() + told.size(), zoom);
    return std::clamp(zoom, 0, tile_zoom_limit);
}

}  // namespace

Result<TileFile> TileFile::open(const std::filesystem::path& path) {
    if (!std::filesystem::exists(path)) {
        return fail(ErrorCode::not_found, "the map file is not there", path.string());
    }
    auto db = ReadOnlyDb::open(path.string());
    if (!db || !has_tables(*db)) {
        return fail(ErrorCode::wrong_type, "this is no MBTiles file", path.string());
    }
    const std::string format = metadata(*db, "format");
    if (format == "pbf") {
        return fail(ErrorCode::wrong_type,
                    "these are vector tiles; a file of pictures (png or jpg) is needed",
                    path.string());
    }
    TileFacts facts{metadata(*db, "name"), metadata(*db, "attribution"),
                    zoom_of(*db, "minzoom", "min"), zoom_of(*db, "maxzoom", "max")};
    facts.zoom_max = std::max(facts.zoom_min, facts.zoom_max);
    if (facts.name.empty()) facts.name = path.stem().string();
    return TileFile(std::move(*db), std::move(facts));
}

std::optional<Pixels> TileFile::read(const TileKey& key) {
    // Rows are counted from the south in these files.
    const int row = (1 << key.zoom) - 1 - key.y;
    const auto bytes = db_.find(
        "SELECT tile_data FROM tiles WHERE zoom_level=?1 AND tile_column=?2 AND tile_row=?3",
        {key.zoom, key.x, row});
    if (!bytes) return std::nullopt;
    auto pixels = decode_image(*bytes, 2 * tile_pixels);
    if (!pixels) return std::nullopt;
    return std::move(*pixels);
}

std::vector<std::filesystem::path> tile_files(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        if (entry.path().extension() == ".mbtiles") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::vector<TileKey> tiles_in_sight(const MapView& view, const TileFacts& facts) {
    const int zoom =
        std::clamp(static_cast<int>(std::lround(view.zoom())), facts.zoom_min, facts.zoom_max);
    const double count = std::exp2(zoom);
    const PlanePoint from = view.plane_of({0, 0}),
                     to = view.plane_of({view.width(), view.height()});
    const auto index = [&](double at) {
        return static_cast<int>(std::floor(std::clamp(at * count, 0.0, count - 1)));
    };
    // A file that begins at large scales would be asked for thousands of squares from far away.
    constexpr double squares_max = 400;
    if ((to.x - from.x) * count * (to.y - from.y) * count > squares_max) return {};
    std::vector<TileKey> keys;
    for (int y = index(from.y); y <= index(to.y); ++y) {
        for (int x = index(from.x); x <= index(to.x); ++x) keys.push_back({zoom, x, y});
    }
    const double middle_x = view.centre().x * count - 0.5, middle_y = view.centre().y * count - 0.5;
    std::sort(keys.begin(), keys.end(), [&](const TileKey& a, const TileKey& b) {
        const double of_a = std::hypot(a.x - middle_x, a.y - middle_y);
        const double of_b = std::hypot(b.x - middle_x, b.y - middle_y);
        return of_a != of_b ? of_a < of_b : a < b;
    });
    return keys;
}

}  // namespace zf
