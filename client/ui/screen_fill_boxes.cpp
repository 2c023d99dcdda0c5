// The boxes of the fill-in screen, by the type of their field.
#include <algorithm>

#include "client/ui/screen_fill.h"

namespace zf::ui {
namespace {

constexpr float label_width = 240, box_width = 460, number_width = 240, wide_from = 1000;
// Leaves room beside it for two buttons and what was entered the last time.
constexpr float time_width = 360;
constexpr std::size_t side_by_side_max = 4;  // options that stand beside each other
constexpr std::size_t seen_at_once_max = 8;  // more in a list are searched

std::string key_of(const FillBox& box) {
    return "field." + box.path;
}

float width_of(FieldType type) {
    if (is_number(type)) return number_width;
    const bool is_time = type == FieldType::date || type == FieldType::datetime;
    return is_time ? time_width : box_width;
}

std::vector<std::string> texts_of(const Value& value) {
    std::vector<std::string> texts;
    const List none;
    for (const Value& element : value.list() ? *value.list() : none) {
        if (element.text()) texts.push_back(*element.text());
    }
    return texts;
}

Value list_of(const std::vector<std::string>& texts) {
    List list;
    for (const std::string& text : texts) list.emplace_back(text);
    return list.empty() ? Value() : Value(std::move(list));
}

}  // namespace

void FillScreen::show_box(FillBox& box) {
    const std::string key = key_of(box);
    if (box.field->type == FieldType::repeat) {
        show_rows(box);
        return;
    }
    const bool is_wide = kit_.width_left() >= kit_.px(wide_from);
    const std::string label = label_of(*box.field) + (box.field->required ? " *" : "");
    if (is_wide) kit_.align_to_box();
    kit_.label("label." + box.path, label, Tone::normal, is_wide ? kit_.px(label_width) : 0);
    if (is_wide) {
        kit_.same_line(0);
        kit_.go_to_column(kit_.px(label_width + 24));
    }
    const float room = kit_.width_left() - kit_.px(140);
    const float width = std::min(kit_.px(width_of(box.field->type)), room);
    const bool had_focus = kit_.focused() == key;
    show_control(box, width);
    if (!fill_) return;
    if (had_focus) fill_->reached(box);
    show_beside(box, is_wide ? 0 : kit_.px(label_width));
    if (is_wide) kit_.indent(kit_.px(label_width + 12));
    show_below(box);
    if (is_wide) kit_.indent(-kit_.px(label_width + 12));
}

void FillScreen::show_control(FillBox& box, float width) {
    const Field& field = *box.field;
    if (field.computed) {
        kit_.align_to_box();
        const std::string text = display(field, box.value);
        kit_.label(key_of(box), text, Tone::quiet, width);
    } else if (field.type == FieldType::geopoint) {
        show_place(box, width);
    } else if (field.check == division_check) {
        show_division(box, width);
    } else if (is_typed(field.type)) {
        show_typed(box, width);
    } else if (holds_files(field.type)) {
        files_.show(*fill_, box, label_of(field), kit_.width_left() - kit_.px(72));
    } else if (is_set_typed(field.type)) {
        show_several(box, width);
    } else {
        const auto options = options_of(field, "");
        const bool is_few = field.type == FieldType::boolean ||
                            (field.type == FieldType::choice && options.size() <= side_by_side_max);
        is_few ? show_options(box, width) : show_picked(box, width);
    }
}

void FillScreen::show_typed(FillBox& box, float width) {
    const Field& field = *box.field;
    const std::string key = key_of(box), label = label_of(field);
    TextOptions options;
    options.width = width;
    options.lines = field.type == FieldType::multiline ? 4 : 1;
    Edited edited;
    if (field.type == FieldType::date) {
        options.hint = kit_.say("fill.hint_date");
        edited = kit_.date_box(key, label, box.typed, options);
    } else {
        if (field.type == FieldType::month) options.hint = kit_.say("fill.hint_month");
        if (field.type == FieldType::datetime) options.hint = kit_.say("fill.hint_datetime");
        edited = kit_.text_box(key, label, box.typed, options);
    }
    if (edited.changed) fill_->typed(box);
    if (edited.left || edited.entered) fill_->left(box);
}

void FillScreen::show_place(FillBox& box, float width) {
    const std::string map(kit_.say("fill.on_map"));
    TextOptions options;
    options.hint = kit_.say("fill.hint_geopoint");
    options.width = width - kit_.text_width(map) - kit_.px(32 + 8);
    const std::string key = key_of(box);
    const Edited edited = kit_.text_box(key, label_of(*box.field), box.typed, options);
    if (edited.changed) fill_->typed(box);
    if (edited.left || edited.entered) fill_->left(box);
    kit_.same_line(kit_.px(8));
    if (!kit_.button(key + ".map", map)) return;
    const std::string typed = box.typed, path = box.path;
    // The form may be another one by then.
    const Uuid draft = fill_->draft();
    ways_.to_pick_place(typed, [this, path, draft](const std::string& place) {
        FillBox* at = fill_ && fill_->draft() == draft ? fill_->find(path) : nullptr;
        if (!at) return;
        at->typed = place;
        fill_->typed(*at);
        fill_->left(*at);
        go_to(path);
    });
}

std::size_t FillScreen::edition_in_use() {
    return divisions_.edition_for(records_.townships());
}

void FillScreen::show_division(FillBox& box, float width) {
    const std::string key = key_of(box);
    const std::string_view list = kit_.say("fill.divisions");
    const float list_width = std::max(kit_.text_width(list) + kit_.px(24), kit_.target());
    TextOptions options;
    options.hint = kit_.say("fill.hint_division");
    options.width = width - list_width - kit_.px(8);
    const Edited edited = kit_.text_box(key, label_of(*box.field), box.typed, options);
    if (edited.changed) fill_->typed(box);
    if (edited.left || edited.entered) {
        const std::string meant = divisions_.code_of(edition_in_use(), box.typed);
        if (!meant.empty()) {
            box.typed = meant;
            fill_->typed(box);
        }
        fill_->left(box);
    }
    kit_.same_line(kit_.px(8));
    const auto find = [&](const std::string& typed) {
        std::vector<Option> found;
        for (const DivisionOffer& one : divisions_.offers(edition_in_use(), typed)) {
            std::string detail = one.code;
            if (!one.edition.empty()) {
                detail += "  " + kit_.messages().text("fill.divisions_of", {{"year", one.edition}});
            }
            found.push_back({one.code, one.name, detail});
        }
        return found;
    };
    std::string chosen = box.typed;
    if (kit_.pick_from(key + ".list", list, chosen, find, list_width)) {
        box.typed = chosen;
        fill_->typed(box);
        fill_->left(box);
        kit_.focus(key);
    }
}

void FillScreen::show_options(FillBox& box, float width) {
    const std::string key = key_of(box);
    std::string chosen;
    if (const bool* answer = box.value.boolean()) chosen = *answer ? "true" : "false";
    if (box.value.text()) chosen = *box.value.text();
    const auto options = options_of(*box.field, "");
    std::optional<std::string> pressed;
    kit_.begin_group();
    float used = 0;
    for (const Option& option : options) {
        const float needed = std::max(kit_.text_width(option.label) + kit_.px(32), kit_.target());
        if (used > 0 && used + needed <= width) kit_.same_line(kit_.px(4));
        used = used > 0 && used + needed > width ? needed : used + needed + kit_.px(4);
        ButtonOptions look;
        look.selected = option.id == chosen;
        look.one_of = key;
        if (kit_.button(key + ".option." + option.id, option.label, look)) pressed = option.id;
    }
    kit_.end_group(key, label_of(*box.field), chosen);
    if (!pressed) return;
    // What is chosen already is taken back: "not known" is an answer too.
    const bool takes_back = *pressed == chosen;
    const bool is_answer = box.field->type == FieldType::boolean;
    Value value = is_answer ? Value(*pressed == "true") : Value(*pressed);
    fill_->set(box, takes_back ? Value() : std::move(value));
}

void FillScreen::show_picked(FillBox& box, float width) {
    std::string chosen = box.value.text() ? *box.value.text() : std::string();
    const std::string shown = chosen.empty() ? "" : display(*box.field, box.value);
    PickOptions options;
    options.width = width;
    const auto find = [&](const std::string& typed) { return options_of(*box.field, typed); };
    options.has_search = box.field->type != FieldType::choice || find("").size() > seen_at_once_max;
    if (kit_.pick(key_of(box), label_of(*box.field), shown, chosen, find, options)) {
        fill_->set(box, chosen.empty() ? Value() : Value(chosen));
    }
}

void FillScreen::show_several(FillBox& box, float width) {
    std::vector<std::string> chosen = texts_of(box.value);
    const std::string shown = chosen.empty() ? "" : display(*box.field, box.value);
    PickOptions options;
    options.width = width;
    const auto find = [&](const std::string& typed) { return options_of(*box.field, typed); };
    if (kit_.pick_several(key_of(box), label_of(*box.field), shown, chosen, find, options)) {
        fill_->set(box, list_of(chosen));
    }
}

void FillScreen::show_rows(FillBox& box) {
    const std::string key = key_of(box);
    kit_.begin_group();
    std::optional<std::size_t> removed;
    for (std::size_t i = 0; i < box.rows.size(); ++i) {
        const std::string row_key = key + "." + std::to_string(i);
        kit_.align_to_box();
        kit_.label(row_key + ".title",
                   kit_.messages().text("fill.row", {{"number", std::to_string(i + 1)}}),
                   Tone::accent, kit_.px(label_width));
        kit_.same_line();
        if (kit_.button(row_key + ".remove", kit_.say("action.remove"), {.tab_stop = false})) {
            removed = i;
        }
        for (FillBox& cell : box.rows[i].boxes) show_box(cell);
        kit_.line();
    }
    if (kit_.button(key + ".add", kit_.say("fill.add_row"))) {
        fill_->add_row(box);
        const FillRow& row = box.rows.back();
        if (!row.boxes.empty()) kit_.focus(key_of(row.boxes.front()));
    }
    kit_.end_group(key, label_of(*box.field), std::to_string(box.rows.size()));
    if (removed) fill_->remove_row(box, *removed);
    show_below(box);
}

void FillScreen::show_beside(FillBox& box, float stacked_indent) {
    const Field& field = *box.field;
    const std::string key = key_of(box);
    const Language language = kit_.messages().language();
    if (!field.unit.empty()) {
        const auto unit = store_.log().forms().units.find(field.unit);
        kit_.same_line(kit_.px(8));
        kit_.align_to_box();
        kit_.label(
            "unit." + box.path,
            unit == store_.log().forms().units.end() ? field.unit : unit->second.in(language),
            Tone::quiet);
    }
    kit_.same_line(kit_.px(8));
    const auto open = explained_.find(box.path);
    ButtonOptions look;
    look.tab_stop = false;
    look.selected = open != explained_.end();
    if (kit_.button("definition." + box.path, "?", look)) {
        if (look.selected) {
            explained_.erase(open);
        } else {
            explained_.insert(box.path);
        }
    }
    if (field.type == FieldType::date || field.type == FieldType::datetime) {
        kit_.same_line(kit_.px(8));
        const bool is_day = field.type == FieldType::date;
        if (kit_.button(key + ".now", kit_.say(is_day ? "action.today" : "action.now"),
                        look = {.tab_stop = false})) {
            const std::int64_t now = store_.env().now_ms();
            // To the minute, as people write it.
            fill_->set(box, is_day
                                ? Value(store_.today().text())
                                : Value(datetime_text(now - now % 60'000, bureau_offset_minutes)));
        }
    }
    // Beside a new record stands what was entered the last time; beside one that is changed, what
    // stood there before, which says something only once it is another.
    const bool differs = !(canonical_value(field, box.value) == canonical_value(field, box.last));
    if (box.last.is_null() || (!fill_->is_new() && !differs)) return;
    if (stacked_indent == 0) kit_.same_line(kit_.px(16));
    if (differs) {
        const auto press = kit_.say(fill_->is_new() ? "fill.same" : "fill.restore");
        if (kit_.button("same." + box.path, press, {.tab_stop = false})) {
            fill_->same_as_last(box);
        }
        kit_.same_line(kit_.px(8));
    }
    kit_.align_to_box();
    kit_.line_label("last." + box.path,
                    kit_.messages().text(fill_->is_new() ? "fill.last" : "fill.before",
                                         {{"value", display(field, box.last)}}),
                    Tone::quiet, std::max(kit_.width_left(), kit_.px(40)), true);
}

void FillScreen::show_below(FillBox& box) {
    if (box.field->check == division_check) {
        const std::string name = divisions_.name_of(box.typed);
        if (!name.empty()) kit_.label("name." + box.path, name, Tone::accent);
    }
    for (std::size_t i = 0; i < box.comments.size(); ++i) {
        const FieldComment& comment = box.comments[i];
        kit_.label(
            "comment." + box.path + "." + std::to_string(i),
            kit_.messages().text(comment.is_answered ? "record.comment_answered" : "record.comment",
                                 {{"user", fill_->returned()->by}, {"text", comment.text}}),
            comment.is_answered ? Tone::quiet : Tone::warning);
    }
    for (std::size_t i = 0; i < box.messages.size(); ++i) {
        const FillMessage& message = box.messages[i];
        const bool is_error = message.level == Level::error;
        const std::string text =
            std::string(kit_.say(is_error ? "fill.error" : "fill.warning")) + text_of(message);
        kit_.label("message." + box.path + "." + std::to_string(i), text,
                   is_error ? Tone::error : Tone::warning);
    }
    files_.show_offers(*fill_, box, [&](const FillBox& target, const Value& value) {
        return kit_.messages().text("fill.offer", {{"value", display(*target.field, value)},
                                                   {"field", label_of(*target.field)}});
    });
    if (fill_->doubles_at() == box.path) show_doubles(box);
    if (!fill_ || !explained_.contains(box.path)) return;
    kit_.label("meaning." + box.path, definition_of(*box.field), Tone::quiet);
}

void FillScreen::show_doubles(const FillBox& box) {
    std::optional<Uuid> opened;
    for (std::size_t i = 0; i < fill_->doubles().size(); ++i) {
        const PossibleDouble& other = fill_->doubles()[i];
        const std::string key = "double." + box.path + "." + std::to_string(i);
        kit_.align_to_box();
        kit_.label(key,
                   kit_.messages().text(other.has_same_key ? "fill.same_key" : "fill.alike",
                                        {{"title", title_of(other.record.text())}}),
                   Tone::warning, kit_.width_left() - kit_.px(120));
        kit_.same_line();
        if (kit_.button(key + ".open", kit_.say("action.open"), {.tab_stop = false})) {
            opened = other.record;
        }
    }
    // The draft at hand is put by and can be found among the drafts.
    if (opened) open(*opened);
}

}  // namespace zf::ui
