#include "client/ui/words.h"

#include "client/records.h"
#include "common/model/changeset.h"
#include "common/model/title.h"

namespace zf::ui {

std::string Words::form(const std::string& id) const {
    const Form* form = store_.log().forms().find(id);
    return form ? form->label.in(language()) : id;
}

std::string Words::field(const std::string& form, const std::string& name) const {
    if (name.starts_with("_")) {
        for (const std::string_view known :
             {field_void, field_alias, field_status, field_review_note, field_comments,
              field_void_reason, field_amend_reason}) {
            if (name == known) return std::string(kit_.say("field." + name.substr(1)));
        }
        return name;
    }
    const Form* known = store_.log().forms().find(form);
    const Field* field = known ? known->find(name) : nullptr;
    return field ? field->label.in(language()) : name;
}

std::string Words::status(Status status) const {
    return std::string(kit_.say("status." + std::string(name_of(status))));
}

std::string Words::state(const RecordLine& line) const {
    if (line.state & line_voided) return std::string(kit_.say("state.voided"));
    if (line.state & line_joined) return std::string(kit_.say("state.joined"));
    std::string text = status(line.status);
    if (line.state & line_conflict) text += " · " + std::string(kit_.say("state.conflict"));
    if (line.state & line_pending) text += " · " + std::string(kit_.say("state.pending"));
    return text;
}

std::string Words::minute(std::int64_t at_ms) {
    std::string text = datetime_text(at_ms, bureau_offset_minutes).substr(0, 16);
    text[10] = ' ';
    return text;
}

std::string Words::title(const std::string& record) const {
    const auto id = parse_uuid(record);
    if (!id) return record;
    const auto doc = store_.log().find_record(store_.log().join_target(*id));
    if (!doc) return std::string(kit_.say("fill.record_not_here"));
    return title_of_record(store_, *doc, language());
}

std::string Words::value(const Field& field, const Value& value) const {
    const FormCatalog& forms = store_.log().forms();
    std::string text = display_text(forms, field, value, language(),
                                    [this](std::string_view id) { return title(std::string(id)); });
    const auto unit = forms.units.find(field.unit);
    if (unit != forms.units.end() && !is_empty_value(value)) {
        text += " " + unit->second.in(language());
    }
    return with_division_name(divisions_, field, value, std::move(text));
}

std::string Words::value(const std::string& form, const std::string& name,
                         const Value& value) const {
    if (name == field_alias && value.text()) return title(*value.text());
    if (name == field_void && value.boolean()) {
        return std::string(kit_.say(*value.boolean() ? "answer.yes" : "answer.no"));
    }
    if (name == field_status && value.text()) {
        return std::string(kit_.say("status." + *value.text()));
    }
    const Form* known = store_.log().forms().find(form);
    const Field* field = known ? known->find(name) : nullptr;
    // One live value of a set is one of its elements.
    if (field && field->type != FieldType::repeat) return this->value(*field, value);
    if (value.is_null()) return std::string(missing_text);
    if (field && value.members()) {
        std::string text;
        for (const Field& sub : field->fields) {
            const Value* part = value.find(sub.name);
            if (!part || part->is_null()) continue;
            text += (text.empty() ? "" : "  ·  ") + sub.label.in(language()) + " " +
                    this->value(sub, *part);
        }
        return text;
    }
    return value.text() ? *value.text() : canonical_text(value);
}

std::string Words::error(const Error& error) const {
    const std::string_view slug = facts_of(error.code).slug;
    return kit_.messages().text("fill.refused", {{"code", slug}, {"reason", error.message}});
}

std::string with_division_name(const Divisions& divisions, const Field& field, const Value& value,
                               std::string text) {
    if (field.check != division_check || !value.text()) return text;
    const std::string name = divisions.name_of(*value.text());
    return name.empty() ? text : text + " " + name;
}

Tone tone_of(Status status) {
    switch (status) {
        case Status::saved:
            return Tone::quiet;
        case Status::submitted:
            return Tone::normal;
        case Status::checked:
            return Tone::accent;
        case Status::approved:
            return Tone::good;
        case Status::returned:
            return Tone::warning;
    }
    return Tone::normal;
}

Tone tone_of(const RecordLine& line) {
    if (line.state & (line_voided | line_joined)) return Tone::quiet;
    if (line.state & line_conflict) return Tone::error;
    return tone_of(line.status);
}

}  // namespace zf::ui
