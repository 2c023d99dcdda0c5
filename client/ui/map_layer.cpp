#include "client/ui/map_layer.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace zf::ui {
namespace {

constexpr std::size_t textures_max = 100, absent_max = 5000;
constexpr std::size_t squares_a_job = 4;  // so that a new wish waits for few old ones
constexpr int parents_max = 6;
constexpr std::string_view job_name = "map.layer";

}  // namespace

MapLayer::~MapLayer() {
    clear();
}

void MapLayer::clear() {
    for (const auto& [key, square] : squares_) {
        if (square.texture != 0) textures_.release(square.texture);
    }
    squares_.clear();
}

void MapLayer::use(const std::filesystem::path& file) {
    if (file == path_) return;
    clear();
    ++turn_;
    path_ = file;
    open_file_.reset();
    has_facts_ = false;
    problem_.clear();
}

std::size_t MapLayer::textures_held() const {
    return static_cast<std::size_t>(std::count_if(
        squares_.begin(), squares_.end(), [](const auto& one) { return one.second.texture != 0; }));
}

void MapLayer::open() {
    is_busy_ = true;
    const auto job = [this, path = path_, turn = turn_](Worker::Progress&) -> Worker::Then {
        auto opened = TileFile::open(path);
        const auto file = opened ? std::make_shared<TileFile>(std::move(*opened)) : nullptr;
        const std::string problem = opened ? "" : opened.error().message;
        return [this, file, problem, turn] {
            is_busy_ = false;
            if (turn != turn_) return;
            open_file_ = file;
            problem_ = problem;
            has_facts_ = file != nullptr;
            if (file) facts_ = file->facts();
        };
    };
    worker_.post(std::string(job_name), job, [this, turn = turn_](const std::string& why) {
        is_busy_ = false;
        if (turn == turn_) problem_ = why;
    });
}

void MapLayer::fetch(const std::vector<TileKey>& wanted) {
    is_busy_ = true;
    const std::size_t count = std::min(wanted.size(), squares_a_job);
    const std::vector<TileKey> keys(wanted.begin(),
                                    wanted.begin() + static_cast<std::ptrdiff_t>(count));
    const auto job = [this, keys, file = open_file_,
                      turn = turn_](Worker::Progress& progress) -> Worker::Then {
        std::vector<std::pair<TileKey, std::optional<Pixels>>> read;
        for (const TileKey& key : keys) {
            if (progress.is_cancelled()) break;
            read.emplace_back(key, file->read(key));
        }
        return [this, read = std::move(read), turn] {
            is_busy_ = false;
            if (turn == turn_) take(read);
        };
    };
    worker_.post(std::string(job_name), job, [this, turn = turn_](const std::string& why) {
        is_busy_ = false;
        if (turn != turn_) return;
        problem_ = why;
        has_facts_ = false;
    });
}

void MapLayer::take(const std::vector<std::pair<TileKey, std::optional<Pixels>>>& read) {
    for (const auto& [key, pixels] : read) {
        Square square{0, frame_};
        if (pixels) square.texture = textures_.upload(pixels->width, pixels->height, pixels->rgba);
        squares_.insert_or_assign(key, square);
    }
    make_room();
}

void MapLayer::make_room() {
    if (squares_.size() > absent_max) {
        std::erase_if(squares_, [](const auto& one) { return one.second.texture == 0; });
    }
    for (std::size_t held = textures_held(); held > textures_max; --held) {
        const auto older = [](const auto& a, const auto& b) {
            if ((a.second.texture == 0) != (b.second.texture == 0)) return a.second.texture != 0;
            return a.second.used < b.second.used;
        };
        const auto oldest = std::min_element(squares_.begin(), squares_.end(), older);
        if (oldest->second.used == frame_) return;  // all of them are in sight
        textures_.release(oldest->second.texture);
        squares_.erase(oldest);
    }
}

void MapLayer::draw(MapCanvas& canvas, const MapView& view) {
    if (path_.empty() || !problem_.empty()) return;
    ++frame_;
    if (!has_facts_) {
        if (!is_busy_) open();
        return;
    }
    std::vector<TileKey> wanted;
    for (const TileKey& key : tiles_in_sight(view, facts_)) {
        if (!squares_.contains(key)) wanted.push_back(key);
        draw_square(canvas, view, key);
    }
    if (!wanted.empty() && !is_busy_) fetch(wanted);
}

void MapLayer::draw_square(MapCanvas& canvas, const MapView& view, const TileKey& key) {
    // The square itself, or the part of the nearest larger one that is here.
    TileKey held = key;
    auto at = squares_.find(held);
    for (int up = 0; up < parents_max && held.zoom > facts_.zoom_min; ++up) {
        if (at != squares_.end() && at->second.texture != 0) break;
        held = held.parent();
        at = squares_.find(held);
    }
    if (at == squares_.end() || at->second.texture == 0) return;
    at->second.used = frame_;
    const double count = std::exp2(key.zoom);
    const Spot from = view.spot_of({key.x / count, key.y / count});
    const Spot to = view.spot_of({(key.x + 1) / count, (key.y + 1) / count});
    const int parts = 1 << (key.zoom - held.zoom);
    const float side = 1.0F / static_cast<float>(parts);
    const Spot part{static_cast<float>(key.x - held.x * parts) * side,
                    static_cast<float>(key.y - held.y * parts) * side};
    canvas.picture(at->second.texture, from, to, part, {part.x + side, part.y + side});
}

}  // namespace zf::ui
