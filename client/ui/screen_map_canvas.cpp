// What is drawn on the map, and what the mouse and the keys do to it.
#include <algorithm>
#include <cmath>
#include <utility>

#include "client/ui/screen_map.h"

namespace zf::ui {
namespace {

constexpr float scale_width = 160, grid_apart = 130;
constexpr float press_reach = 22, same_spot = 12;  // pixels at scale 1
constexpr float name_above = 30;                   // the northernmost mark
constexpr double zoom_step = 1.5, cluster_factor = 2.5;
constexpr double outline_names_from = 9;

MarkShape shape_of(Status status) {
    switch (status) {
        case Status::saved:
            return MarkShape::square;
        case Status::submitted:
        case Status::checked:
            return MarkShape::diamond;
        case Status::approved:
            return MarkShape::circle;
        case Status::returned:
            break;
    }
    return MarkShape::triangle;
}

Tone tone_of(Status status) {
    switch (status) {
        case Status::saved:
            return Tone::warning;
        case Status::submitted:
        case Status::checked:
            return Tone::accent;
        case Status::approved:
            return Tone::good;
        case Status::returned:
            break;
    }
    return Tone::error;
}

float apart(const Spot& a, const Spot& b) {
    return std::hypot(a.x - b.x, a.y - b.y);
}

}  // namespace

void MapScreen::show_canvas(float width, float height) {
    view_.set_size(width, height);
    if (!is_placed_) {
        fit_all();
        is_placed_ = facts_.has_value();
    }
    look();
    MapCanvas canvas(kit_, "map.canvas", kit_.say("nav.map"), width, height);
    draw_ground(canvas);
    draw_marks(canvas);
    draw_measure(canvas);
    if (pick_ || is_measuring_ || canvas.input().focused) canvas.cross({width / 2, height / 2});
    const ScaleBar bar = scale_bar(view_, kit_.px(scale_width));
    canvas.scale_bar(bar.pixels, length_text(bar.metres));
    canvas.north(kit_.say("map.north"));
    if (const TileFacts* facts = layer_.facts(); facts && !facts->attribution.empty()) {
        canvas.credit(facts->attribution);
    }
    const GeoPoint at = middle();
    canvas.end(degrees_text(at.lat, 4) + ", " + degrees_text(at.lon, 4) + " z" +
               degrees_text(view_.zoom(), 1) + " marks " + std::to_string(clusters_.size()));
    follow(canvas.input());
}

void MapScreen::draw_ground(MapCanvas& canvas) {
    layer_.draw(canvas, view_);
    for (const MapOutline& outline : outlines_) {
        for (const auto& line : outline.lines) {
            std::vector<Spot> spots;
            spots.reserve(line.size());
            for (const PlanePoint& point : line) spots.push_back(view_.spot_of(point));
            canvas.line(spots, Tone::quiet, 2);
        }
    }
    const MapGrid grid = map_grid(view_, kit_.px(grid_apart));
    for (const double lon : grid.lons) {
        const float x = view_.spot_of(to_plane({0, lon})).x;
        const std::string_view side = lon < 0 ? "°W" : "°E";
        canvas.grid_line({x, 0}, {x, view_.height()},
                         degrees_text(std::abs(lon), grid.decimals) + std::string(side));
    }
    for (const double lat : grid.lats) {
        const float y = view_.spot_of(to_plane({lat, 0})).y;
        const std::string_view side = lat < 0 ? "°S" : "°N";
        canvas.grid_line({0, y}, {view_.width(), y},
                         degrees_text(std::abs(lat), grid.decimals) + std::string(side));
    }
    if (view_.zoom() >= outline_names_from) {
        for (const MapOutline& outline : outlines_) {
            if (outline.name.empty() || !view_.shows(outline.middle)) continue;
            canvas.name_if_free(view_.spot_of(outline.middle), outline.name, Tone::normal);
        }
    }
    if (!facts_) return;
    for (const MapName& name : facts_->names) {
        const bool is_outlined =
            std::any_of(outlines_.begin(), outlines_.end(),
                        [&](const MapOutline& outline) { return outline.name == name.name; });
        if (is_outlined || !view_.shows(name.plane)) continue;
        const Spot top = view_.spot_of({name.plane.x, name.north});
        canvas.name_if_free({top.x, top.y - kit_.px(name_above)}, name.name, Tone::normal);
    }
}

void MapScreen::draw_marks(MapCanvas& canvas) {
    if (!facts_) return;
    const auto letters = mark_letters(facts_->forms, kit_.messages().language());
    const auto draw_one = [&](std::size_t i, const Spot& at, bool is_chosen) {
        const MapPoint& point = facts_->points[i];
        canvas.mark(
            {at, shape_of(point.status), tone_of(point.status), letters[point.form], is_chosen});
    };
    for (const MapCluster& cluster : clusters_) {
        if (cluster.count > 1) {
            canvas.mark({cluster.spot, MarkShape::circle, Tone::quiet,
                         std::to_string(cluster.count), false, true});
        } else {
            draw_one(shown_[cluster.first], cluster.spot, false);
        }
    }
    if (chosen_.empty()) return;
    const Spot at = view_.spot_of(facts_->points[chosen_.front()].plane);
    draw_one(chosen_.front(), at, true);
    canvas.name({at.x, at.y - kit_.px(36)}, title_of(chosen_.front()), Tone::accent);
}

void MapScreen::draw_measure(MapCanvas& canvas) {
    if (!is_measuring_) return;
    std::vector<Spot> spots;
    for (const GeoPoint& point : measured_) spots.push_back(view_.spot_of(to_plane(point)));
    canvas.line(spots, Tone::error, 3);
    for (std::size_t i = 0; i < spots.size(); ++i) {
        canvas.mark({spots[i], MarkShape::circle, Tone::error, std::to_string(i + 1)});
    }
    if (spots.size() < 2) return;
    canvas.name({spots.back().x, spots.back().y - kit_.px(30)}, length_text(length_m(measured_)),
                Tone::error);
}

void MapScreen::follow(const MapInput& input) {
    if (input.dx != 0 || input.dy != 0) view_.pan(input.dx, input.dy);
    if (input.zoom_steps != 0) {
        view_.zoom_by(std::pow(zoom_step, static_cast<double>(input.zoom_steps)), input.zoom_at);
    }
    if (input.pressed) press(input.press_at);
    if (input.entered) press({view_.width() / 2, view_.height() / 2});
    if (input.backspace && is_measuring_ && !measured_.empty()) measured_.pop_back();
    if (!(looked_from_ && *looked_from_ == view_)) kit_.ask_frame_in(0);
}

void MapScreen::press(const Spot& spot) {
    const GeoPoint at = to_geo(view_.plane_of(spot));
    if (pick_) {
        // A press moves the cross there; what stands below it is taken by Enter or the button.
        const bool is_middle = apart(spot, {view_.width() / 2, view_.height() / 2}) < 1;
        if (is_middle) return take_middle();
        view_.go_to(view_.plane_of(spot), 0);
        return;
    }
    if (!facts_) return;
    const MapCluster* nearest = nullptr;
    for (const MapCluster& cluster : clusters_) {
        if (apart(cluster.spot, spot) > kit_.px(press_reach)) continue;
        if (!nearest || apart(cluster.spot, spot) < apart(nearest->spot, spot)) nearest = &cluster;
    }
    if (is_measuring_) {
        const bool is_record = nearest && nearest->count == 1;
        measured_.push_back(is_record ? facts_->points[shown_[nearest->first]].at : at);
        return;
    }
    chosen_.clear();
    if (!nearest) return;
    if (nearest->count > 1) {
        view_.zoom_by(cluster_factor, nearest->spot);
        return;
    }
    // What lies below the same mark is chosen with it, the pressed one first.
    choose(shown_[nearest->first], "map.canvas");
    for (const MapCluster& cluster : clusters_) {
        const bool is_other = &cluster != nearest && cluster.count == 1;
        if (is_other && apart(cluster.spot, nearest->spot) <= kit_.px(same_spot)) {
            chosen_.push_back(shown_[cluster.first]);
        }
    }
}

void MapScreen::choose(std::size_t point, std::string from) {
    chosen_ = {point};
    chosen_from_ = std::move(from);
}

void MapScreen::let_go() {
    if (!chosen_.empty()) kit_.focus(chosen_from_);
    chosen_.clear();
}

}  // namespace zf::ui
