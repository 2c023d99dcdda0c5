// The pictures below the marks of the map: squares of an MBTiles file, read on a worker, the newest
// wish first, kept as textures as long as there is room. While one is on its way the part of a
// larger one is drawn in its place.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "client/app/map_tiles.h"
#include "client/app/worker.h"
#include "client/ui/kit_map.h"
#include "client/ui/textures.h"

namespace zf::ui {

class MapLayer {
public:
    MapLayer(Worker& worker, Textures& textures) : worker_(worker), textures_(textures) {}
    ~MapLayer();
    MapLayer(const MapLayer&) = delete;
    MapLayer& operator=(const MapLayer&) = delete;

    /// From now on of this file; empty: none.
    void use(const std::filesystem::path& file);
    [[nodiscard]] const std::filesystem::path& file() const { return path_; }
    /// Nothing until it was opened.
    [[nodiscard]] const TileFacts* facts() const { return has_facts_ ? &facts_ : nullptr; }
    /// Why the file cannot be used; empty: it can.
    [[nodiscard]] const std::string& problem() const { return problem_; }

    void draw(MapCanvas& canvas, const MapView& view);
    /// Squares on the graphics card.
    [[nodiscard]] std::size_t textures_held() const;

private:
    struct Square {
        TextureId texture = 0;  // 0: the file has none there
        std::uint64_t used = 0;
    };

    void open();
    void fetch(const std::vector<TileKey>& wanted);
    void take(const std::vector<std::pair<TileKey, std::optional<Pixels>>>& read);
    void make_room();
    void clear();
    void draw_square(MapCanvas& canvas, const MapView& view, const TileKey& key);

    Worker& worker_;
    Textures& textures_;
    std::filesystem::path path_;
    std::shared_ptr<TileFile> open_file_;  // used by one job at a time
    TileFacts facts_;
    bool has_facts_ = false, is_busy_ = false;
    std::string problem_;
    std::map<TileKey, Square> squares_;
    std::uint64_t frame_ = 0;
    int turn_ = 0;  // counts `use`: what was read before does not belong here
};

}  // namespace zf::ui
