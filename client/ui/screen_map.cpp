#include "client/ui/screen_map.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "client/app/coverage_facts.h"
#include "client/app/typed_value.h"
#include "client/records.h"
#include "client/ui/flow.h"
#include "common/base/env.h"

namespace zf::ui {
namespace {

constexpr double look_seconds = 2;
constexpr std::size_t alone_max = 2000;  // marks in sight before they are drawn in clusters
constexpr std::size_t near_max = 40, found_max = 30;
constexpr float fit_margin = 48, beside_width = 360, beside_from = 860;
constexpr float canvas_height_min = 220, below_height = 220;
constexpr double place_zoom = 13;
/// Where the map lies while no record has a place: the example of the texts, in the county.
constexpr GeoPoint nowhere{31.56, 107.10};
constexpr double nowhere_zoom = 10;

std::string file_text(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

MapScreen::MapScreen(const Desk& desk)
    : desk_(desk), kit_(desk.kit), layer_(desk.worker, desk.textures) {
    layers_ = tile_files(desk.store.home() / "map");
    if (!layers_.empty()) layer_.use(layers_.front());
    desk.shell.add_screen("map", [this] { show(); });
    desk.shell.on_leave("map", [this] {
        is_stale_ = true;
        comes_back_ = true;
        pick_ = nullptr;
        if (asking_) desk_.worker.cancel(*asking_);
    });
    desk.ways.to_pick_place = [this](const std::string& typed,
                                     std::function<void(const std::string&)> take) {
        desk_.shell.go("map");
        pick_ = std::move(take);
        chosen_.clear();
        is_measuring_ = false;
        fix_.reset();
        receiver_news_.clear();
        Field field;
        field.type = FieldType::geopoint;
        if (const auto at = geopoint_of(read_typed(field, typed))) {
            view_.go_to(to_plane(*at), place_zoom);
            is_placed_ = true;
        }
        kit_.focus("map.canvas");
    };
}

void MapScreen::keep_fresh() {
    if (is_gathering_ || (!is_stale_ && kit_.now() - looked_at_ < look_seconds)) return;
    looked_at_ = kit_.now();
    if (is_stale_ || store_stamp(desk_.store) != stamp_) gather();
}

void MapScreen::gather() {
    is_gathering_ = true;
    if (is_stale_) layers_ = tile_files(desk_.store.home() / "map");
    is_stale_ = false;
    stamp_ = store_stamp(desk_.store);
    const auto job = [this, home = desk_.store.home(),
                      today = desk_.store.today()](Worker::Progress&) -> Worker::Then {
        const auto gathered = std::make_shared<Gathered>();
        auto store = DeviceStore::open(home, system_env());
        if (!store) return [this] { is_gathering_ = false; };
        gathered->facts = gather_points(**store, today);
        const auto outlines = home / "map" / "outlines.geojson";
        if (std::filesystem::exists(outlines)) {
            auto read = read_outlines(file_text(outlines));
            if (read) gathered->outlines = std::move(*read);
            if (!read) gathered->outlines_problem = read.error().message;
        }
        return [this, gathered] { take(std::move(*gathered)); };
    };
    desk_.worker.post("map.points", job, [this](const std::string&) { is_gathering_ = false; });
}

void MapScreen::take(Gathered gathered) {
    is_gathering_ = false;
    std::optional<Uuid> chosen;
    if (facts_ && !chosen_.empty()) chosen = facts_->points[chosen_.front()].record;
    facts_ = std::move(gathered.facts);
    outlines_ = std::move(gathered.outlines);
    outlines_problem_ = std::move(gathered.outlines_problem);
    titles_.clear();
    index_.clear();
    for (std::size_t i = 0; i < facts_->points.size(); ++i) index_[facts_->points[i].record] = i;
    chosen_.clear();
    if (chosen && index_.contains(*chosen)) chosen_.push_back(index_.at(*chosen));
    if (std::exchange(comes_back_, false) && !chosen_.empty()) kit_.focus("map.chosen.open");
    filter();
}

void MapScreen::filter() {
    if (!facts_) return;
    const Date today = facts_->today;
    filter_.since.reset();
    if (period_ == "month") filter_.since = first_day(month_of(today));
    if (period_ == "year") filter_.since = Date{today.year, 1, 1};
    if (period_ == "since") filter_.since = remembered_since(desk_.store);
    shown_ = shown_points(*facts_, filter_);
    planes_.clear();
    for (const std::size_t i : shown_) planes_.push_back(facts_->points[i].plane);
    looked_from_.reset();
}

void MapScreen::fit_all() {
    std::vector<PlanePoint> all = planes_;
    for (const MapOutline& outline : outlines_) {
        for (const auto& line : outline.lines) all.insert(all.end(), line.begin(), line.end());
    }
    if (all.empty()) {
        view_.go_to(to_plane(nowhere), nowhere_zoom);
    } else {
        view_.fit(all, kit_.px(fit_margin));
    }
}

/// What depends on where one looks from, worked out only when that has changed.
void MapScreen::look() {
    if (!facts_ || (looked_from_ && *looked_from_ == view_)) return;
    looked_from_ = view_;
    clusters_ = cluster_points(view_, planes_, alone_max);
    std::vector<std::size_t> in_sight;
    for (const std::size_t i : shown_) {
        if (view_.shows(facts_->points[i].plane)) in_sight.push_back(i);
    }
    near_ = nearest_points(*facts_, in_sight, middle(), near_max);
}

GeoPoint MapScreen::middle() const {
    return to_geo(view_.centre());
}

std::string MapScreen::title_of(std::size_t point) {
    const auto known = titles_.find(point);
    if (known != titles_.end()) return known->second;
    const auto doc = desk_.store.log().find_record(facts_->points[point].record);
    std::string title =
        doc ? title_of_record(desk_.store, *doc, kit_.messages().language()) : std::string();
    return titles_.emplace(point, std::move(title)).first->second;
}

std::string MapScreen::length_text(double metres) const {
    const bool is_far = metres >= 1000;
    const double count = is_far ? metres / 1000 : metres;
    const int decimals = !is_far || count >= 100 ? 0 : count >= 10 ? 1 : 2;
    std::string text = degrees_text(count, decimals);
    while (decimals > 0 && text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return kit_.messages().text(is_far ? "map.kilometres" : "map.metres", {{"count", text}});
}

std::string MapScreen::status_text(Status status) const {
    const std::string_view sign = status == Status::saved      ? "■ "
                                  : status == Status::approved ? "● "
                                  : status == Status::returned ? "▲ "
                                                               : "◆ ";
    return std::string(sign) + std::string(kit_.say("status." + std::string(name_of(status))));
}

void MapScreen::show() {
    keep_fresh();
    show_choice();
    const float width = kit_.width_left();
    const bool is_beside = width >= kit_.px(beside_from);
    const float rest = kit_.height_left() - (is_beside ? 0 : kit_.px(below_height));
    const float height = std::max(rest, kit_.px(canvas_height_min));
    kit_.begin_area("map.place", is_beside ? width - kit_.px(beside_width) : 0, height);
    show_canvas(kit_.width_left(), kit_.height_left());
    kit_.end_area();
    if (is_beside) kit_.same_line(0);
    kit_.begin_area("map.beside", 0, is_beside ? height : 0, true);
    show_beside();
    kit_.end_area();
    if (!kit_.escape_pressed()) return;
    if (pick_) {
        end_pick();
    } else if (is_measuring_) {
        is_measuring_ = false;
    } else {
        let_go();
    }
}

std::vector<Option> MapScreen::places_for(const std::string& typed) {
    std::vector<Option> options;
    for (const MapName& name : facts_->names) {
        if (!typed.empty() && name.name.find(typed) == std::string::npos) continue;
        options.push_back(
            {"township." + name.code, name.name,
             kit_.messages().text("map.records", {{"count", std::to_string(name.records)}})});
    }
    if (typed.empty()) return options;
    for (const Uuid& id : desk_.store.log().search("", typed, found_max)) {
        const auto at = index_.find(id);
        if (at == index_.end()) continue;
        const MapForm& form = facts_->forms[facts_->points[at->second].form];
        options.push_back({"record." + id.text(), title_of(at->second),
                           form.label.in(kit_.messages().language())});
    }
    return options;
}

void MapScreen::go_to(const std::string& place) {
    const std::string id = place.substr(place.find('.') + 1);
    if (place.starts_with("township.")) {
        for (const MapName& name : facts_->names) {
            if (name.code == id) view_.go_to(name.plane, place_zoom);
        }
    } else if (const auto record = parse_uuid(id); record && index_.contains(*record)) {
        const std::size_t point = index_.at(*record);
        view_.go_to(facts_->points[point].plane, place_zoom);
        choose(point, "map.canvas");
    }
    kit_.focus("map.canvas");
}

std::vector<Option> MapScreen::periods() const {
    std::vector<Option> options{{"all", std::string(kit_.say("map.period.all")), ""},
                                {"month", std::string(kit_.say("map.period.month")), ""},
                                {"year", std::string(kit_.say("map.period.year")), ""}};
    if (const auto since = remembered_since(desk_.store)) {
        options.push_back(
            {"since", kit_.messages().text("map.period.since", {{"date", since->text()}}), ""});
    }
    return options;
}

void MapScreen::show_choice() {
    if (!facts_) {
        kit_.label("map.gathering", kit_.say("coverage.gathering"), Tone::quiet);
        return;
    }
    Flow flow(kit_);
    PickOptions options;
    options.width = kit_.px(210);
    options.can_clear = false;
    place_.clear();
    if (kit_.pick(
            "map.find", kit_.say("map.find"), std::string(kit_.say("map.find")), place_,
            [this](const std::string& typed) { return places_for(typed); }, options)) {
        go_to(place_);
    }
    const Language language = kit_.messages().language();
    flow.next(kit_.px(210));
    std::string forms;
    for (const MapForm& form : facts_->forms) {
        const bool is_in =
            std::find(filter_.forms.begin(), filter_.forms.end(), form.id) != filter_.forms.end();
        if (is_in) forms += (forms.empty() ? "" : ", ") + form.label.in(language);
    }
    if (forms.empty()) forms = kit_.say("map.all_forms");
    options.can_clear = true;
    options.has_search = false;
    const auto find_forms = [&](const std::string&) {
        std::vector<Option> all;
        for (const MapForm& form : facts_->forms) {
            all.push_back({form.id, form.label.in(language), ""});
        }
        return all;
    };
    if (kit_.pick_several("map.forms", kit_.say("map.forms"), forms, filter_.forms, find_forms,
                          options)) {
        filter();
    }
    const auto all_periods = periods();
    const auto now = std::find_if(all_periods.begin(), all_periods.end(),
                                  [this](const Option& one) { return one.id == period_; });
    options.can_clear = false;
    options.width = kit_.px(190);
    flow.next(options.width);
    if (kit_.pick(
            "map.period", kit_.say("map.period"), now == all_periods.end() ? "" : now->label,
            period_, [&](const std::string&) { return all_periods; }, options)) {
        filter();
    }
    const Spot centre{view_.width() / 2, view_.height() / 2};
    flow.next(kit_.target());
    if (kit_.button("map.larger", "+")) view_.zoom_by(2, centre);
    flow.next(kit_.target());
    if (kit_.button("map.smaller", "-")) view_.zoom_by(0.5, centre);
    flow.next_button(kit_.say("map.fit"));
    if (kit_.button("map.fit", kit_.say("map.fit"))) fit_all();
    flow.next_button(kit_.say("map.measure"));
    ButtonOptions look;
    look.selected = is_measuring_;
    look.enabled = !pick_;
    if (kit_.button("map.measure", kit_.say("map.measure"), look)) {
        is_measuring_ = !is_measuring_;
        measured_.clear();
        if (is_measuring_) kit_.focus("map.canvas");
    }
}

}  // namespace zf::ui
