#include "common/model/title.h"

#include "common/base/date.h"

namespace zf {
namespace {

/// Splits a title into plain text and field names and hands them on in their order.
template <class OnText, class OnField>
void walk_title(std::string_view title, const OnText& on_text, const OnField& on_field) {
    while (!title.empty()) {
        const std::size_t open = title.find('{');
        const std::size_t close = open == std::string_view::npos ? open : title.find('}', open);
        if (close == std::string_view::npos) break;
        on_text(title.substr(0, open));
        on_field(title.substr(open + 1, close - open - 1));
        title.remove_prefix(close + 1);
    }
    on_text(title);
}

std::string text_or_missing(std::string text) {
    return text.empty() ? std::string(missing_text) : text;
}

std::string one_text(const FormCatalog& catalog, const Field& field, const std::string& text,
                     Language language, const TitleOfReference& title_of_reference) {
    switch (field.type) {
        case FieldType::choice:
        case FieldType::multi_choice: {
            const Choice* choice = catalog.find_choice(field.choices, text);
            return choice == nullptr ? text : choice->label.in(language);
        }
        case FieldType::ref:
        case FieldType::ref_multi:
            return text_or_missing(title_of_reference ? title_of_reference(text) : "");
        case FieldType::datetime: {
            const auto instant = parse_datetime(text);
            if (!instant) return text;
            std::string minute = datetime_text(*instant, bureau_offset_minutes).substr(0, 16);
            minute[10] = ' ';
            return minute;
        }
        default:
            return text;
    }
}

/// Whether lists of this type hold something that can be read.
bool is_readable_list(FieldType type) {
    return type == FieldType::multi_choice || type == FieldType::ref_multi ||
           type == FieldType::user_multi;
}

}  // namespace

std::vector<std::string> fields_in_title(std::string_view title) {
    std::vector<std::string> names;
    walk_title(
        title, [](std::string_view) {}, [&](std::string_view name) { names.emplace_back(name); });
    return names;
}

std::string display_text(const FormCatalog& catalog, const Field& field, const Value& value,
                         Language language, const TitleOfReference& title_of_reference) {
    if (is_empty_value(value)) return std::string(missing_text);
    if (const bool* boolean = value.boolean()) {
        if (language == Language::en) return *boolean ? "yes" : "no";
        return *boolean ? "是" : "否";
    }
    if (const std::int64_t* whole = value.integer()) return std::to_string(*whole);
    if (const std::string* text = value.text()) {
        return one_text(catalog, field, *text, language, title_of_reference);
    }
    if (const List* list = value.list()) {
        if (!is_readable_list(field.type)) return std::to_string(list->size());
        std::string joined;
        for (const Value& item : *list) {
            if (!joined.empty()) joined += language == Language::en ? ", " : "、";
            joined += display_text(catalog, field, item, language, title_of_reference);
        }
        return joined;
    }
    if (field.type == FieldType::geopoint) {
        const Value* lat = value.find("lat");
        const Value* lon = value.find("lon");
        if (lat != nullptr && lon != nullptr && lat->text() != nullptr && lon->text() != nullptr) {
            return *lat->text() + ", " + *lon->text();
        }
    }
    return canonical_text(value);
}

std::string title_of(const FormCatalog& catalog, const Form& form, const FieldValues& values,
                     Language language, const TitleOfReference& title_of_reference) {
    std::string title;
    walk_title(
        form.title, [&](std::string_view text) { title += text; },
        [&](std::string_view name) {
            const Field* field = form.find(name);
            const auto found = values.find(name);
            title +=
                field == nullptr || found == values.end()
                    ? std::string(missing_text)
                    : display_text(catalog, *field, found->second, language, title_of_reference);
        });
    return title;
}

}  // namespace zf
