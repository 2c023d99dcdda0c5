#include "common/model/form.h"

#include <algorithm>
#include <array>

#include "common/base/assert.h"

namespace zf {
namespace {

constexpr std::array<std::string_view, 20> type_names{
    "text",       "multiline", "integer",      "decimal", "date",  "month",     "datetime",
    "boolean",    "choice",    "multi_choice", "code",    "ref",   "ref_multi", "user",
    "user_multi", "repeat",    "geopoint",     "photos",  "files", "signature"};

constexpr std::array<std::string_view, 3> language_names{"zh-Hans", "zh-Hant", "en"};

template <class Items, class Key>
auto find_in(const Items& items, const Key& key) -> decltype(items.data()) {
    const auto found = std::find_if(items.begin(), items.end(), key);
    return found == items.end() ? nullptr : &*found;
}

}  // namespace

std::optional<FieldType> parse_field_type(std::string_view name) {
    const auto found = std::find(type_names.begin(), type_names.end(), name);
    if (found == type_names.end()) return std::nullopt;
    return static_cast<FieldType>(found - type_names.begin());
}

std::string_view name_of(FieldType type) {
    const auto index = static_cast<std::size_t>(type);
    ZF_ASSERT(index < type_names.size());
    return type_names[index];
}

bool is_set_typed(FieldType type) {
    switch (type) {
        case FieldType::multi_choice:
        case FieldType::ref_multi:
        case FieldType::user_multi:
        case FieldType::photos:
        case FieldType::files:
        case FieldType::signature:
        case FieldType::repeat:
            return true;
        default:
            return false;
    }
}

bool is_number(FieldType type) {
    return type == FieldType::integer || type == FieldType::decimal;
}

bool is_empty_value(const Value& value) {
    if (value.is_null()) return true;
    if (const std::string* text = value.text()) return text->empty();
    if (const List* list = value.list()) return list->empty();
    return false;
}

std::optional<Language> parse_language(std::string_view name) {
    const auto found = std::find(language_names.begin(), language_names.end(), name);
    if (found == language_names.end()) return std::nullopt;
    return static_cast<Language>(found - language_names.begin());
}

std::string_view name_of(Language language) {
    const auto index = static_cast<std::size_t>(language);
    ZF_ASSERT(index < language_names.size());
    return language_names[index];
}

const std::string& LocalText::in(Language language) const {
    switch (language) {
        case Language::zh_hans:
            return zh_hans;
        case Language::zh_hant:
            return zh_hant;
        case Language::en:
            return en;
    }
    ZF_ASSERT(false);
}

const Field* Field::find(std::string_view wanted) const {
    return find_in(fields, [&](const Field& field) { return field.name == wanted; });
}

const Form* FormCatalog::find(std::string_view form_id) const {
    return find_in(forms, [&](const Form& form) { return form.id == form_id; });
}

const Field* Form::find(std::string_view wanted) const {
    return find_in(fields, [&](const Field& field) { return field.name == wanted; });
}

const Choice* FormCatalog::find_choice(std::string_view list, std::string_view code) const {
    const auto found = choice_lists.find(list);
    if (found == choice_lists.end()) return nullptr;
    return find_in(found->second, [&](const Choice& choice) { return choice.code == code; });
}

}  // namespace zf
