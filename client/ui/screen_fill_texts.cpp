// What the fill-in screen says: options, titles, messages, and what a field means.
#include <algorithm>

#include "client/app/last_time.h"
#include "client/ui/screen_fill.h"
#include "client/ui/words.h"
#include "common/model/changeset.h"
#include "common/model/title.h"

namespace zf::ui {
namespace {

constexpr std::size_t options_max = 50;
constexpr std::size_t indicators_max = 5;  // named in a definition

bool names(const Value& value, const std::string& text) {
    if (value.text()) return *value.text() == text;
    if (const List* list = value.list()) {
        return std::any_of(list->begin(), list->end(),
                           [&](const Value& one) { return names(one, text); });
    }
    if (const Members* members = value.members()) {
        return std::any_of(members->begin(), members->end(),
                           [&](const auto& one) { return names(one.second, text); });
    }
    return false;
}

/// Whether an indicator's definition counts this form and reads this field anywhere.
bool reads(const Value& definition, const std::string& form, const std::string& field) {
    const Value* counted = definition.find("form");
    if (counted && counted->text() && *counted->text() == form) return names(definition, field);
    if (const Members* members = definition.members()) {
        return std::any_of(members->begin(), members->end(), [&](const auto& one) {
            return one.second.members() && reads(one.second, form, field);
        });
    }
    return false;
}

bool holds(const std::string& text, const std::string& typed) {
    return typed.empty() || text.find(typed) != std::string::npos;
}

}  // namespace

std::string FillScreen::label_of(const Field& field) const {
    if (field.name == field_amend_reason) return std::string(kit_.say("fill.amend_reason"));
    return field.label.in(kit_.messages().language());
}

std::string FillScreen::text_of(const FillMessage& message) const {
    if (message.key.empty()) return message.text.in(kit_.messages().language());
    return kit_.messages().text(message.key, {{"part", message.part}});
}

std::string FillScreen::text_of(const Error& error) const {
    const std::string_view slug = facts_of(error.code).slug;
    return kit_.messages().text("fill.refused", {{"code", slug}, {"reason", error.message}});
}

std::string FillScreen::title_of(const std::string& record) const {
    const auto id = parse_uuid(record);
    if (!id) return record;
    const auto doc = store_.log().find_record(store_.log().join_target(*id));
    if (!doc) return std::string(kit_.say("fill.record_not_here"));
    return title_of_record(store_, *doc, kit_.messages().language());
}

std::string FillScreen::display(const Field& field, const Value& value) const {
    return with_division_name(
        divisions_, field, value,
        display_text(store_.log().forms(), field, value, kit_.messages().language(),
                     [this](std::string_view id) { return title_of(std::string(id)); }));
}

std::vector<Option> FillScreen::records_for(const std::string& form,
                                            const std::string& typed) const {
    std::vector<Option> options;
    const Language language = kit_.messages().language();
    const auto add = [&](const RecordDoc& doc) {
        const bool is_there = std::any_of(options.begin(), options.end(), [&](const Option& one) {
            return one.id == doc.id.text();
        });
        if (is_there || doc.form != form || shown_void(doc) || shown_alias(doc)) return;
        options.push_back({doc.id.text(), title_of_record(store_, doc, language), ""});
    };
    if (!typed.empty()) {
        for (const Uuid& id : store_.log().search(form, typed, options_max)) {
            if (const auto doc = store_.log().find_record(id)) add(*doc);
        }
        return options;
    }
    for (const Uuid& id : recently_picked(store_, form)) {
        if (const auto doc = store_.log().find_record(id)) add(*doc);
    }
    store_.log().each_record(form, [&](const RecordDoc& doc) {
        add(doc);
        return options.size() < options_max;
    });
    return options;
}

std::vector<Option> FillScreen::options_of(const Field& field, const std::string& typed) const {
    const Language language = kit_.messages().language();
    std::vector<Option> options;
    switch (field.type) {
        case FieldType::boolean:
            options = {{"true", std::string(kit_.say("answer.yes")), ""},
                       {"false", std::string(kit_.say("answer.no")), ""}};
            break;
        case FieldType::choice:
        case FieldType::multi_choice: {
            const auto& lists = store_.log().forms().choice_lists;
            const auto list = lists.find(field.choices);
            if (list == lists.end()) break;
            for (const Choice& choice : list->second) {
                const std::string& label = choice.label.in(language);
                if (holds(label, typed) || holds(choice.code, typed)) {
                    options.push_back({choice.code, label, ""});
                }
            }
            break;
        }
        case FieldType::ref:
        case FieldType::ref_multi:
            return records_for(field.ref, typed);
        case FieldType::user:
        case FieldType::user_multi:
            for (const User& user : store_.bureau().users()) {
                if (!user.disabled && holds(user.name, typed)) {
                    options.push_back({user.name, user.name, ""});
                }
            }
            // Most often it is whoever fills in the form.
            std::stable_partition(options.begin(), options.end(),
                                  [this](const Option& one) { return one.id == shell_.user(); });
            // Somebody without an account on the list is named as typed.
            if (options.empty() && !typed.empty()) options.push_back({typed, typed, ""});
            break;
        default:
            break;
    }
    return options;
}

std::vector<std::string> FillScreen::counted_by(const Field& field) const {
    std::vector<std::string> labels;
    if (store_.bureau().catalog_version("indicators") == 0) return labels;
    const Value catalog = store_.bureau().catalog("indicators");
    const Value* indicators = catalog.find("indicators");
    if (!indicators || !indicators->list()) return labels;
    const std::string language(name_of(kit_.messages().language()));
    for (const Value& indicator : *indicators->list()) {
        const Value* definition = indicator.find("def");
        const Value* label = indicator.find("label");
        const Value* text = label ? label->find(language) : nullptr;
        if (!definition || !text || !text->text()) continue;
        if (reads(*definition, fill_->form().id, field.name)) labels.push_back(*text->text());
        if (labels.size() >= indicators_max) break;
    }
    return labels;
}

std::string FillScreen::definition_of(const Field& field) const {
    const Messages& messages = kit_.messages();
    const Language language = messages.language();
    std::vector<std::string> lines;
    if (!field.check.empty()) lines.emplace_back(messages.text("definition.check." + field.check));
    const auto& units = store_.log().forms().units;
    const auto unit = units.find(field.unit);
    if (unit != units.end()) {
        lines.push_back(messages.text("definition.unit", {{"unit", unit->second.in(language)}}));
    }
    if (field.type == FieldType::decimal) {
        lines.push_back(
            messages.text("definition.places", {{"places", std::to_string(field.decimals)}}));
    }
    if (field.min) {
        lines.push_back(messages.text("definition.min", {{"min", std::to_string(*field.min)}}));
    }
    if (field.max) {
        lines.push_back(messages.text("definition.max", {{"max", std::to_string(*field.max)}}));
    }
    if (field.max_length) {
        lines.push_back(
            messages.text("definition.length", {{"length", std::to_string(*field.max_length)}}));
    }
    if (field.computed) lines.emplace_back(messages.text("definition.computed"));
    if (field.pii) lines.emplace_back(messages.text("definition.personal"));
    for (const Rule& rule : fill_->form().rules) {
        const auto read = fields_read_by(*rule.expression, fill_->form());
        if (std::find(read.begin(), read.end(), field.name) == read.end()) continue;
        lines.push_back(messages.text("definition.rule", {{"rule", rule.message.in(language)}}));
    }
    for (const std::string& indicator : counted_by(field)) {
        lines.push_back(messages.text("definition.indicator", {{"indicator", indicator}}));
    }
    if (lines.empty()) lines.emplace_back(messages.text("definition.free"));
    std::string whole;
    for (const std::string& line : lines) whole += (whole.empty() ? "" : "  ·  ") + line;
    return whole;
}

}  // namespace zf::ui
