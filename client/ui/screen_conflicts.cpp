#include "client/ui/screen_conflicts.h"

#include <algorithm>

#include "common/model/changeset.h"

namespace zf::ui {
namespace {

constexpr std::size_t records_max = 30;  // shown at a time: the next come when these are settled
constexpr float take_width = 190;

}  // namespace

ConflictsScreen::ConflictsScreen(const Desk& desk)
    : store_(desk.store),
      kit_(desk.kit),
      shell_(desk.shell),
      ways_(desk.ways),
      lines_(desk.lines),
      words_(desk) {
    shell_.add_screen("conflicts", [this] { show(); });
    desk.ways.to_conflicts = [this](const Uuid& record) {
        wanted_ = record;
        is_stale_ = true;
        shell_.go("conflicts");
    };
}

void ConflictsScreen::tick() {
    if (counted_version_ == lines_.version()) return;
    counted_version_ = lines_.version();
    count_ = count_in_conflict(lines_);
    shell_.set_badge("conflicts", count_ == 0 ? "" : std::to_string(count_));
}

void ConflictsScreen::load() {
    const Language language = kit_.messages().language();
    if (!is_stale_ && version_ == lines_.version() && language_ == language) return;
    version_ = lines_.version();
    language_ = language;
    is_stale_ = false;
    records_.clear();
    std::vector<Uuid> ids = records_in_conflict(lines_, records_max);
    if (wanted_) {
        std::erase(ids, *wanted_);
        ids.insert(ids.begin(), *wanted_);
    }
    for (const Uuid& id : ids) {
        if (auto found = conflicts_of_record(store_, id, language)) {
            records_.push_back(std::move(*found));
        }
    }
}

void ConflictsScreen::show() {
    load();
    kit_.heading("conflicts.title", kit_.say("nav.conflicts"));
    if (!refused_.empty()) kit_.label("conflicts.refused", refused_, Tone::error);
    if (records_.empty()) {
        kit_.label("conflicts.none", kit_.say("conflicts.none"), Tone::good);
        return;
    }
    kit_.label("conflicts.about",
               kit_.messages().text("conflicts.about", {{"count", std::to_string(count_)}}),
               Tone::quiet);
    kit_.begin_area("conflicts.body", 0, 0);
    // What is pressed inside makes the list stale, it does not change it.
    for (const RecordConflicts& record : records_) show_record(record);
    kit_.end_area();
}

void ConflictsScreen::show_record(const RecordConflicts& record) {
    const std::string key = "conflict." + record.record.text();
    kit_.heading(key, words_.form(record.form) + "  " + record.title);
    if (kit_.button(key + ".open", kit_.say("conflicts.open_record"))) {
        ways_.to_record(record.record);
    }
    for (std::size_t i = 0; i < record.evidence.size() && ways_.to_picture; ++i) {
        kit_.same_line();
        const std::string text =
            kit_.messages().text("conflicts.evidence", {{"number", std::to_string(i + 1)}});
        if (kit_.button(key + ".evidence." + std::to_string(i), text)) {
            ways_.to_picture(record.evidence[i]);
        }
    }
    show_all_at_once(record);
    for (const OpenConflict& conflict : record.conflicts) show_conflict(record, conflict);
    kit_.line();
}

void ConflictsScreen::show_all_at_once(const RecordConflicts& record) {
    const std::string key = "conflict." + record.record.text();
    for (const bool is_mine : {true, false}) {
        const auto all = settling_of_all(record, is_mine);
        if (all.empty()) return;
        const bool is_asked =
            asking_ && asking_->record == record.record && asking_->is_mine == is_mine;
        const std::string name = is_mine ? "all_mine" : "all_theirs";
        ButtonOptions look;
        look.selected = is_asked;
        if (!is_mine) kit_.same_line();
        if (!kit_.button(
                key + "." + name,
                kit_.messages().text("conflicts." + name, {{"count", std::to_string(all.size())}}),
                look)) {
            continue;
        }
        if (is_asked) {
            asking_.reset();
        } else {
            asking_ = {record.record, is_mine};
            kit_.focus(key + ".all.cancel");
        }
    }
    if (!asking_ || asking_->record != record.record) return;
    ask_about_all(record, settling_of_all(record, asking_->is_mine));
}

std::string ConflictsScreen::told(const std::string& what, const std::string& text) const {
    return kit_.messages().text("conflicts.told", {{"what", what}, {"text", text}});
}

void ConflictsScreen::ask_about_all(const RecordConflicts& record,
                                    const std::vector<Settling>& all) {
    const std::string key = "conflict." + record.record.text() + ".all";
    std::string values;
    for (const Settling& one : all) {
        values += "\n" + told(words_.field(record.form, one.conflict->field),
                              words_.value(record.form, one.side->field, one.side->live.value));
    }
    kit_.label(key, std::string(kit_.say("conflicts.all_ask")) + values, Tone::accent);
    const bool does =
        kit_.button(key + ".do", kit_.say("conflicts.all_do"), {.look = ButtonLook::primary});
    kit_.same_line();
    const bool stays = kit_.button(key + ".cancel", kit_.say("action.cancel"));
    if (stays || kit_.escape_pressed()) {
        kit_.focus("conflict." + record.record.text() +
                   (asking_->is_mine ? ".all_mine" : ".all_theirs"));
        asking_.reset();
        return;
    }
    if (!does) return;
    asking_.reset();
    for (const Settling& one : all) {
        if (!settle(record, *one.conflict, *one.side)) return;  // the others stay as they are
    }
    kit_.toast(std::string(kit_.say("conflicts.settled")), Tone::good);
}

void ConflictsScreen::show_line(const std::string& key, const std::string& what,
                                const std::string& value, const std::string& who, Tone tone,
                                float width) {
    const float first = kit_.px(130), second = (width - first) * 0.5F;
    kit_.begin_group();
    kit_.align_to_box();
    kit_.label(key + ".what", what, tone, first - kit_.px(12));
    kit_.same_line(0);
    kit_.go_to_column(first);
    kit_.align_to_box();
    kit_.label(key + ".value", value, tone, second - kit_.px(12));
    kit_.same_line(0);
    kit_.go_to_column(first + second);
    kit_.align_to_box();
    kit_.label(key + ".who", who, Tone::quiet, width - first - second - kit_.px(12));
    kit_.end_group(key, what + " " + who, value);
}

void ConflictsScreen::show_side(const RecordConflicts& record, const OpenConflict& conflict,
                                const ConflictSide& side, const std::string& key) {
    const float button_width = kit_.px(take_width);
    const float width = kit_.line_width();
    const bool has_button =
        conflict.kind == ConflictKind::value || conflict.kind == ConflictKind::voiding;
    const std::string who = side.user + " · " + Words::minute(side.at_ms) + " · " + side.device;
    std::string value = words_.value(record.form, side.field, side.live.value);
    if (conflict.kind != ConflictKind::value) {
        value = told(words_.field(record.form, side.field), value);
    }
    show_line(key,
              std::string(kit_.say(side.is_of_this_laptop ? "conflicts.mine" : "conflicts.theirs")),
              value, who, Tone::normal, width - button_width);
    if (!has_button) return;
    kit_.same_line(0);
    kit_.go_to_column(width - button_width);
    const bool is_void_side = conflict.kind == ConflictKind::voiding;
    const bool* voids = side.field == field_void ? side.live.value.boolean() : nullptr;
    const std::string_view label = !is_void_side     ? "conflicts.take"
                                   : voids && *voids ? "conflicts.stay_void"
                                                     : "conflicts.keep_record";
    if (kit_.button(key + ".take", kit_.say(label),
                    {.look = ButtonLook::primary, .width = button_width - kit_.px(12)})) {
        if (settle(record, conflict, side)) {
            kit_.toast(std::string(kit_.say("conflicts.settled")), Tone::good);
        }
    }
}

void ConflictsScreen::show_conflict(const RecordConflicts& record, const OpenConflict& conflict) {
    const std::string key = "conflict." + record.record.text() + "." + conflict.field;
    std::string about(kit_.say("conflicts.kind." + std::string(name_of(conflict.kind))));
    if (conflict.kind == ConflictKind::value) {
        about = words_.field(record.form, conflict.field) + "  ·  " + about;
    }
    if (conflict.kind == ConflictKind::rule) {
        about = told(about, conflict.rule.in(words_.language()));
    }
    kit_.space(6);
    kit_.label(key, about, Tone::error);
    if (conflict.kind == ConflictKind::value) {
        std::string base;
        for (const Value& value : conflict.base) {
            base += (base.empty() ? "" : " / ") + words_.value(record.form, conflict.field, value);
        }
        if (base.empty()) base = kit_.say("conflicts.nothing");
        const std::string who = conflict.base_user.empty() ? ""
                                                           : conflict.base_user + " · " +
                                                                 Words::minute(conflict.base_at_ms);
        show_line(key + ".base", std::string(kit_.say("conflicts.base")), base, who, Tone::quiet,
                  kit_.line_width() - kit_.px(take_width));
    }
    for (std::size_t i = 0; i < conflict.sides.size(); ++i) {
        show_side(record, conflict, conflict.sides[i], key + "." + std::to_string(i));
    }
    if (conflict.kind == ConflictKind::alias) {
        if (kit_.button(key + ".unjoin", kit_.say("action.unjoin"),
                        {.look = ButtonLook::primary})) {
            take_back_join(record);
        }
        return;
    }
    if (conflict.kind == ConflictKind::voiding || conflict.field.starts_with("_")) return;
    const std::string field = conflict.kind == ConflictKind::rule && !conflict.rule_fields.empty()
                                  ? conflict.rule_fields.front()
                                  : conflict.field;
    const bool is_rule = conflict.kind == ConflictKind::rule;
    if (kit_.button(key + ".write",
                    kit_.say(is_rule ? "conflicts.correct" : "conflicts.write_third")) &&
        ways_.to_edit) {
        ways_.to_edit(record.record, field);
    }
}

bool ConflictsScreen::settle(const RecordConflicts& record, const OpenConflict& conflict,
                             const ConflictSide& side) {
    refused_.clear();
    is_stale_ = true;
    if (shell_.user().empty()) {
        refused_ = kit_.say("fill.choose_user");
        return false;
    }
    const auto saved =
        settle_on(store_, {shell_.user(), false, false}, record.record, conflict, side);
    shell_.changed();
    kit_.ask_frame_in(0);
    if (!saved) {
        refused_ = words_.error(saved.error());
        return false;
    }
    return true;
}

void ConflictsScreen::take_back_join(const RecordConflicts& record) {
    refused_.clear();
    is_stale_ = true;
    if (shell_.user().empty()) {
        refused_ = kit_.say("fill.choose_user");
        return;
    }
    const auto saved = resolve_record(store_, {shell_.user(), false, false}, record.record,
                                      {{std::string(field_alias), Value()}});
    shell_.changed();
    kit_.ask_frame_in(0);
    if (saved) {
        kit_.toast(std::string(kit_.say("conflicts.settled")), Tone::good);
    } else {
        refused_ = words_.error(saved.error());
    }
}

}  // namespace zf::ui
