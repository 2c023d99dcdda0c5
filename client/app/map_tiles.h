// Map pictures in squares from an MBTiles file (https://github.com/mapbox/mbtiles-spec, 1.3) that
// lies in the data folder: an SQLite file with tables metadata and tiles. Only pictures (PNG,
// JPEG); read only, never written. Work for a worker: reading a broken disk throws DbError.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "client/app/map_view.h"
#include "client/image/pixels.h"
#include "common/base/result.h"
#include "common/db/read_only.h"

namespace zf {

/// A square of the plane: at `zoom` there are 2^zoom from west to east and from north to south.
struct TileKey {
    int zoom = 0, x = 0, y = 0;
    auto operator<=>(const TileKey&) const = default;
    /// The one that holds this one at half the size.
    [[nodiscard]] TileKey parent() const { return {zoom - 1, x / 2, y / 2}; }
};

struct TileFacts {
    std::string name, attribution;
    int zoom_min = 0, zoom_max = 0;
};

inline constexpr int tile_pixels = 256;
inline constexpr int tile_zoom_limit = 22;

class TileFile {
public:
    /// Errors: `not_found`; `wrong_type` (no MBTiles file, or one of vector tiles).
    static Result<TileFile> open(const std::filesystem::path& path);

    [[nodiscard]] const TileFacts& facts() const { return facts_; }
    /// Nothing when the file has no such square, or one that is no picture.
    std::optional<Pixels> read(const TileKey& key);

private:
    TileFile(ReadOnlyDb db, TileFacts facts) : db_(std::move(db)), facts_(std::move(facts)) {}

    ReadOnlyDb db_;
    TileFacts facts_;
};

/// Files "*.mbtiles" in the folder, by name.
std::vector<std::filesystem::path> tile_files(const std::filesystem::path& folder);

/// Squares that cover what is in sight, the nearest to its middle first.
std::vector<TileKey> tiles_in_sight(const MapView& view, const TileFacts& facts);

}  // namespace zf
