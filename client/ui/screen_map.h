// The map: records at their places, found, filtered, measured between, and a place set for a form.
// What lies where is client/app/map_points.h and map_view.h; this draws it.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "client/app/map_outlines.h"
#include "client/app/map_points.h"
#include "client/app/receiver_posix.h"
#include "client/ui/desk.h"
#include "client/ui/kit_map.h"
#include "client/ui/map_layer.h"
#include "client/ui/shell.h"

namespace zf::ui {

class MapScreen {
public:
    /// Adds itself to the shell as "map", and the way to set a place.
    explicit MapScreen(const Desk& desk);

    /// One frame.
    void show();
    [[nodiscard]] const MapView& view() const { return view_; }

private:
    /// What was gathered on the worker.
    struct Gathered {
        MapFacts facts;
        std::vector<MapOutline> outlines;
        std::string outlines_problem;  // why those that are there cannot be read
    };

    void keep_fresh();
    void gather();
    void take(Gathered gathered);
    void filter();
    void look();
    void fit_all();

    void show_choice();
    [[nodiscard]] std::vector<Option> places_for(const std::string& typed);
    [[nodiscard]] std::vector<Option> periods() const;
    void go_to(const std::string& place);

    void show_canvas(float width, float height);
    void draw_ground(MapCanvas& canvas);
    void draw_marks(MapCanvas& canvas);
    void draw_measure(MapCanvas& canvas);
    void follow(const MapInput& input);
    void press(const Spot& spot);
    /// `from`: the widget that the keyboard goes back to.
    void choose(std::size_t point, std::string from);
    void let_go();

    void show_beside();
    void show_pick();
    void show_measure();
    void show_chosen();
    void show_near();
    void show_legend();
    void show_layer();
    void show_receiver();
    void ask_receiver_now();
    void take_middle();
    void end_pick();

    [[nodiscard]] GeoPoint middle() const;
    [[nodiscard]] bool is_at_fix() const;  // the cross stands where the receiver told
    [[nodiscard]] std::string title_of(std::size_t point);
    [[nodiscard]] std::string length_text(double metres) const;
    [[nodiscard]] std::string status_text(Status status) const;

    Desk desk_;
    Kit& kit_;
    std::optional<MapFacts> facts_;
    std::vector<MapOutline> outlines_;
    std::string outlines_problem_;
    std::map<Uuid, std::size_t> index_;  // of points by record
    std::string stamp_;
    double looked_at_ = -1;
    bool is_gathering_ = false, is_stale_ = true;

    MapLayer layer_;
    std::vector<std::filesystem::path> layers_;  // there to choose from

    MapFilter filter_;
    std::string period_ = "all", place_;
    std::vector<std::size_t> shown_;
    std::vector<PlanePoint> planes_;  // of those shown

    MapView view_;
    std::optional<MapView> looked_from_;  // when the following were worked out
    std::vector<MapCluster> clusters_;
    std::vector<NearPoint> near_;
    bool is_placed_ = false;

    std::vector<std::size_t> chosen_;  // several where they lie on each other; the first is marked
    std::string chosen_from_;
    bool comes_back_ = false;  // to the screen, which has not yet read the store anew
    bool is_measuring_ = false;
    std::vector<GeoPoint> measured_;
    std::function<void(const std::string&)> pick_;  // set: a place is being set
    std::optional<std::uint64_t> asking_;           // the job that waits for a receiver
    std::optional<ReceiverFix> fix_;                // what it told last
    std::string receiver_device_;
    std::string receiver_news_;  // message that says why it told nothing
    std::map<std::size_t, std::string> titles_;
};

}  // namespace zf::ui
