// What stands beside the map: the record that is chosen, those nearest to the middle, what is
// measured, a place that is being set.
#include <algorithm>
#include <cmath>

#include "client/ui/flow.h"
#include "client/ui/screen_map.h"
#include "common/base/env.h"

namespace zf::ui {
namespace {

constexpr double mu_m2 = 2000.0 / 3;  // a mu
constexpr std::size_t chosen_max = 20;
constexpr double place_zoom = 15, receiver_zoom = 16;

}  // namespace

void MapScreen::show_beside() {
    if (pick_) return show_pick();
    if (is_measuring_) return show_measure();
    if (!facts_) return;
    if (!chosen_.empty()) return show_chosen();
    show_near();
}

void MapScreen::show_pick() {
    kit_.heading("map.pick.title", kit_.say("map.pick.title"));
    kit_.label("map.pick.how", kit_.say("map.pick.how"), Tone::quiet);
    const GeoPoint at = middle();
    kit_.label("map.pick.at", typed_geopoint(at, std::nullopt), Tone::accent);
    if (is_at_fix()) {
        const std::string found =
            fix_->accuracy_m
                ? kit_.messages().text("map.receiver.found",
                                       {{"metres", degrees_text(std::ceil(*fix_->accuracy_m), 0)}})
                : std::string(kit_.say("map.receiver.found_rough"));
        kit_.label("map.receiver.found", found, Tone::good);
    }
    if (kit_.button("map.pick.take", kit_.say("map.pick.take"),
                    {.look = ButtonLook::primary, .width = -1})) {
        take_middle();
        return;
    }
    if (kit_.button("map.pick.cancel", kit_.say("action.cancel"), {.width = -1})) end_pick();
    kit_.space(8);
    show_receiver();
    kit_.space(8);
    kit_.label("map.wgs84", kit_.say("map.wgs84"), Tone::quiet);
}

void MapScreen::show_receiver() {
    if (asking_) {
        if (kit_.progress("map.receiver", kit_.say("map.receiver.asking"), -1)) {
            desk_.worker.cancel(*asking_);
        }
        return;
    }
    if (!receiver_news_.empty()) {
        kit_.label("map.receiver.news", kit_.say(receiver_news_), Tone::warning);
    }
    if (kit_.button("map.receiver.ask", kit_.say("map.receiver.ask"), {.width = -1})) {
        ask_receiver_now();
    }
    TextOptions options;
    options.hint = kit_.say("map.receiver.device");
    kit_.text_box("map.receiver.device", kit_.say("map.receiver.device"), receiver_device_,
                  options);
}

void MapScreen::ask_receiver_now() {
    receiver_news_.clear();
    ReceiverWish wish;
    wish.device = receiver_device_;
    const auto job = [this, wish](Worker::Progress& progress) -> Worker::Then {
        const auto fix = ask_receiver(wish, system_env(), [&] { return progress.is_cancelled(); });
        return [this, fix] {
            asking_.reset();
            if (!fix && fix.error().code != ErrorCode::interrupted) {
                receiver_news_ = fix.error().code == ErrorCode::not_found ? "map.receiver.none"
                                                                          : "map.receiver.no_place";
            }
            if (!fix) return;
            fix_ = *fix;
            view_.go_to(to_plane(fix_->at), receiver_zoom);
            kit_.focus("map.canvas");
        };
    };
    asking_ =
        desk_.worker.post("map.receiver", job, [this](const std::string&) { asking_.reset(); });
}

bool MapScreen::is_at_fix() const {
    if (!fix_) return false;
    const PlanePoint at = to_plane(fix_->at);
    return view_.centre().x == at.x && view_.centre().y == at.y;
}

void MapScreen::take_middle() {
    const auto take = pick_;
    const std::string typed = is_at_fix() ? typed_geopoint(fix_->at, fix_->accuracy_m)
                                          : typed_geopoint(middle(), std::nullopt);
    end_pick();
    take(typed);
}

void MapScreen::end_pick() {
    pick_ = nullptr;
    desk_.shell.go("form");
}

void MapScreen::show_measure() {
    kit_.heading("map.measure.title", kit_.say("map.measure"));
    kit_.label("map.measure.how", kit_.say("map.measure.how"), Tone::quiet);
    kit_.label(
        "map.measure.length",
        kit_.messages().text("map.measure.length", {{"length", length_text(length_m(measured_))}}),
        Tone::accent);
    if (measured_.size() >= 3) {
        const double area = area_m2(measured_);
        const bool is_wide = area >= 1e6;
        const std::string mu = degrees_text(area / mu_m2, is_wide ? 0 : 1);
        const std::string square = degrees_text(is_wide ? area / 1e6 : area, is_wide ? 2 : 0);
        kit_.label("map.measure.area",
                   kit_.messages().text(is_wide ? "map.measure.area_km2" : "map.measure.area",
                                        {{"mu", mu}, {"area", square}}),
                   Tone::accent);
        kit_.label("map.measure.area_how", kit_.say("map.measure.area_how"), Tone::quiet);
    }
    const bool has_any = !measured_.empty();
    if (kit_.button("map.measure.back", kit_.say("map.measure.back"),
                    {.enabled = has_any, .width = -1})) {
        measured_.pop_back();
    }
    if (kit_.button("map.measure.clear", kit_.say("action.clear"),
                    {.enabled = has_any, .width = -1})) {
        measured_.clear();
    }
    if (kit_.button("map.measure.end", kit_.say("map.measure.end"), {.width = -1})) {
        is_measuring_ = false;
    }
}

void MapScreen::show_chosen() {
    const std::size_t at = chosen_.front();
    const MapPoint& point = facts_->points[at];
    const Language language = kit_.messages().language();
    kit_.heading("map.chosen.title", title_of(at));
    kit_.label("map.chosen.form", facts_->forms[point.form].label.in(language), Tone::quiet);
    kit_.label("map.chosen.status", status_text(point.status));
    std::string facts = point.on ? point.on->text() : "";
    for (const MapName& name : facts_->names) {
        if (name.code == point.township) facts += (facts.empty() ? "" : " · ") + name.name;
    }
    if (!facts.empty()) kit_.label("map.chosen.facts", facts, Tone::quiet);
    kit_.label("map.chosen.at", typed_geopoint(point.at, std::nullopt), Tone::quiet);
    if (kit_.button("map.chosen.open", kit_.say("action.open"),
                    {.look = ButtonLook::primary, .width = -1})) {
        const Uuid record = point.record;
        desk_.ways.to_record ? desk_.ways.to_record(record) : desk_.ways.to_edit(record, "");
        return;
    }
    if (kit_.button("map.chosen.centre", kit_.say("map.centre"), {.width = -1})) {
        view_.go_to(point.plane, place_zoom);
    }
    if (kit_.button("map.chosen.close", kit_.say("coverage.close"), {.width = -1})) {
        let_go();
        return;
    }
    if (chosen_.size() < 2) return;
    kit_.space(4);
    kit_.label(
        "map.chosen.others",
        kit_.messages().text("map.same_place", {{"count", std::to_string(chosen_.size() - 1)}}),
        Tone::quiet);
    for (std::size_t i = 1; i < std::min(chosen_.size(), chosen_max); ++i) {
        const std::size_t other = chosen_[i];
        const std::string key = "map.other." + facts_->points[other].record.text();
        if (kit_.button(key, title_of(other), {.width = -1})) {
            std::swap(chosen_[0], chosen_[i]);
            return;
        }
    }
}

void MapScreen::show_near() {
    if (!outlines_problem_.empty()) {
        kit_.label("map.outlines_problem",
                   kit_.messages().text("map.outlines_problem", {{"reason", outlines_problem_}}),
                   Tone::warning);
    }
    show_layer();
    if (facts_->points.empty()) {
        kit_.label("map.no_points", kit_.say("map.no_points"), Tone::quiet);
        return;
    }
    const std::string count = std::to_string(shown_.size());
    kit_.label("map.count", kit_.messages().text("map.count", {{"count", count}}));
    show_legend();
    const std::string_view news = shown_.empty()  ? "map.none_chosen"
                                  : near_.empty() ? "map.none_in_sight"
                                                  : "map.near";
    kit_.label("map.near", kit_.say(news), Tone::quiet);
    if (near_.empty()) return;
    TableData data;
    data.columns = {{"title", std::string(kit_.say("map.column.title")), 1.8F},
                    {"far", std::string(kit_.say("map.column.far")), 0, false, true}};
    data.rows = near_.size();
    data.key = [this](std::size_t row) { return facts_->points[near_[row].point].record.text(); };
    data.cell = [this](std::size_t row, std::size_t column) {
        return column == 0 ? title_of(near_[row].point) : length_text(near_[row].metres);
    };
    data.tone = [](std::size_t, std::size_t column) {
        return column == 0 ? Tone::normal : Tone::quiet;
    };
    if (const auto row = kit_.table("map.rows", data)) {
        choose(near_[*row].point, "row." + data.key(*row));
        kit_.focus("map.chosen.open");
    }
}

void MapScreen::show_layer() {
    if (layers_.empty()) return;
    std::string chosen = layer_.file().filename().string();
    const auto find = [this](const std::string&) {
        std::vector<Option> options;
        for (const auto& file : layers_) {
            options.push_back({file.filename().string(), file.stem().string(), ""});
        }
        return options;
    };
    const std::string shown = layer_.file().empty() ? std::string(kit_.say("map.layer.none"))
                                                    : layer_.file().stem().string();
    PickOptions options;
    options.has_search = false;
    if (kit_.pick("map.layer", kit_.say("map.layer"), shown, chosen, find, options)) {
        layer_.use(chosen.empty() ? std::filesystem::path() : desk_.store.home() / "map" / chosen);
    }
    if (!layer_.problem().empty()) {
        kit_.label("map.layer.problem",
                   kit_.messages().text("map.layer.problem", {{"reason", layer_.problem()}}),
                   Tone::warning);
    } else if (!layer_.file().empty()) {
        kit_.label("map.layer.note", kit_.say("map.layer.note"), Tone::quiet);
    }
}

void MapScreen::show_legend() {
    const Language language = kit_.messages().language();
    const auto add = [this](Flow& flow, const std::string& key, const std::string& text) {
        const float width = kit_.text_width(text) + 1;
        if (key != "map.legend.saved" && key != "map.legend.form.0") flow.next(width, 14);
        kit_.label(key, text, Tone::quiet, std::min(width, kit_.width_left()));
    };
    Flow statuses(kit_);
    for (const Status status :
         {Status::saved, Status::submitted, Status::approved, Status::returned}) {
        add(statuses, "map.legend." + std::string(name_of(status)), status_text(status));
    }
    Flow forms(kit_);
    const auto letters = mark_letters(facts_->forms, language);
    for (std::size_t i = 0; i < letters.size(); ++i) {
        add(forms, "map.legend.form." + std::to_string(i),
            letters[i] + " = " + facts_->forms[i].label.in(language));
    }
}

}  // namespace zf::ui
