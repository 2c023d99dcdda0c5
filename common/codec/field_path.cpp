#include "common/codec/field_path.h"

#include <utility>

namespace zf {

namespace {

std::string quoted(std::string_view name) {
    return "'" + std::string(name) + "'";
}

std::vector<std::string_view> steps_of(std::string_view path) {
    std::vector<std::string_view> steps;
    while (true) {
        const std::size_t dot = path.find('.');
        steps.push_back(path.substr(0, dot));
        if (dot == std::string_view::npos) return steps;
        path.remove_prefix(dot + 1);
    }
}

// Where a walk along a path stands: in a form's record or in a row of one of its fields.
struct Place {
    const Form* form = nullptr;
    const Field* repeat = nullptr;

    [[nodiscard]] const Field* find(std::string_view name) const {
        return repeat != nullptr ? repeat->find(name) : form->find(name);
    }
    [[nodiscard]] std::string text() const {
        std::string text = "form " + quoted(form->id);
        return repeat != nullptr ? "the rows of " + quoted(repeat->name) + " in " + text : text;
    }
};

Unexpected no_such_field(const Place& place, std::string_view name) {
    return fail(ErrorCode::unknown_field, place.text() + " has no field " + quoted(name));
}

Result<Place> follow_reference(const Place& place, std::string_view name,
                               const FormCatalog& forms) {
    const Field* field = place.find(name);
    if (field == nullptr) return no_such_field(place, name);
    if (field->type == FieldType::repeat) {
        return fail(ErrorCode::unknown_field,
                    quoted(name) + " of " + place.text() +
                        " holds rows; name it in 'unnest' to look at them one by one");
    }
    if (field->type != FieldType::ref) {
        return fail(ErrorCode::unknown_field,
                    quoted(name) + " of " + place.text() +
                        " is no reference to one record, so nothing can follow it in a path");
    }
    const Form* target = forms.find(field->ref);
    if (target == nullptr) {
        return fail(ErrorCode::unknown_form, quoted(name) + " of " + place.text() +
                                                 " leads to an unknown form " + quoted(field->ref));
    }
    return Place{target, nullptr};
}

}  // namespace

std::optional<FieldType> envelope_type(std::string_view name) {
    static constexpr std::pair<std::string_view, FieldType> types[] = {
        {"_id", FieldType::ref},
        {"_form", FieldType::text},
        {"_form_version", FieldType::integer},
        {"_created_by", FieldType::user},
        {"_created_at", FieldType::datetime},
        {"_device", FieldType::text},
        {"_updated_at", FieldType::datetime},
        {"_status", FieldType::choice},
        {"_review_note", FieldType::multiline},
        {"_void", FieldType::boolean},
        {"_void_reason", FieldType::text},
        {"_alias_of", FieldType::ref},
        {"_amend_reason", FieldType::text},
        {"_synthetic", FieldType::boolean},
    };
    for (const auto& [known, type] : types) {
        if (known == name) return type;
    }
    return std::nullopt;
}

Result<FieldPath> find_field_path(std::string_view path, const Form& form, const FormCatalog& forms,
                                  std::string_view unnest) {
    const std::vector<std::string_view> steps = steps_of(path);
    FieldPath found;
    Place place{&form, nullptr};
    std::size_t at = 0;
    if (steps.size() > 1 && !unnest.empty() && steps[0] == unnest) {
        place.repeat = form.find(unnest);
        if (place.repeat == nullptr) return no_such_field(place, unnest);
        found.in_row = true;
        at = 1;
    }
    for (; at + 1 < steps.size(); ++at) {
        auto next = follow_reference(place, steps[at], forms);
        if (!next) return fail(next.error());
        found.references.emplace_back(steps[at]);
        place = *next;
    }
    found.name = std::string(steps.back());
    found.form = place.form;
    if (place.repeat == nullptr) {
        if (const auto type = envelope_type(found.name)) {
            found.type = *type;
            return found;
        }
    }
    found.field = place.find(found.name);
    if (found.field == nullptr) return no_such_field(place, found.name);
    found.type = found.field->type;
    return found;
}

}  // namespace zf
