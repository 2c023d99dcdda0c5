// Forms as data: what a record of each kind holds, how it is checked, named and approved.
// Knows neither JSON (common/codec/form_codec.h) nor storage.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/decimal.h"
#include "common/model/value.h"

namespace zf {

enum class Language { zh_hans, zh_hant, en };  // by name: "zh-Hans", "zh-Hant", "en"
std::optional<Language> parse_language(std::string_view name);
std::string_view name_of(Language language);

/// A text in the three languages of the screens.
struct LocalText {
    std::string zh_hans, zh_hant, en;
    [[nodiscard]] const std::string& in(Language language) const;
    bool operator==(const LocalText&) const = default;
};

/// Stored in form files by name, never renumbered.
enum class FieldType {
    text,
    multiline,
    integer,
    decimal,
    date,
    month,
    datetime,
    boolean,
    choice,
    multi_choice,
    code,
    ref,
    ref_multi,
    user,
    user_multi,
    repeat,
    geopoint,
    photos,
    files,
    signature,
};

std::optional<FieldType> parse_field_type(std::string_view name);
std::string_view name_of(FieldType type);

/// Fields whose elements are added and removed one by one and that are never in conflict
/// (a repeat is a set of rows).
bool is_set_typed(FieldType type);
/// Integer and decimal.
bool is_number(FieldType type);
/// Null, empty text and the empty list: what `required` does not accept.
bool is_empty_value(const Value& value);

/// A rule or condition as prefix expression, parsed: see rule.h.
struct Expression;
using ExpressionPtr = std::shared_ptr<const Expression>;

enum class Level { warning, error };  // stored by name

struct Field {
    std::string name;
    FieldType type = FieldType::text;
    LocalText label;
    bool required = false;
    bool pii = false;                        // personal: masked in lists, left out of exports
    std::string unit;                        // key of FormCatalog::units, or empty
    int decimals = 0;                        // places allowed, type decimal
    std::optional<std::int64_t> min, max;    // integer and decimal
    std::optional<std::int64_t> max_length;  // code points
    std::string check;                       // code checks: see codes.h
    std::string choices;                     // key of FormCatalog::choice_lists
    std::string ref;                         // form that references lead to
    std::optional<Value> default_value;
    ExpressionPtr visible_if;   // nothing: always visible
    ExpressionPtr computed;     // nothing: entered by hand
    std::vector<Field> fields;  // of a row, type repeat

    [[nodiscard]] const Field* find(std::string_view name) const;
};

struct Rule {
    std::string id;
    ExpressionPtr expression;
    Level level = Level::error;
    LocalText message;
};

struct Form {
    std::string id;
    std::int64_t version = 1;
    std::string category, role, date_field;
    LocalText label;
    std::string title;                      // "{project} {arrival_date}"
    std::vector<std::string> natural_key;   // field names; empty: no key
    std::vector<std::string> review_chain;  // roles, last one approves
    std::string area;  // field with the division code, or "ref_field.field"; empty: whole bureau
    std::vector<Field> fields;
    std::vector<Rule> rules;

    [[nodiscard]] const Field* find(std::string_view name) const;
};

struct Choice {
    std::string code;
    LocalText label;
};

struct NamedText {
    std::string id;
    LocalText label;
};

/// All forms of a bureau, with what they share. A catalog from a file is sound: see
/// find_catalog_problems (catalog_check.h).
struct FormCatalog {
    std::vector<Form> forms;
    std::map<std::string, std::vector<Choice>, std::less<>> choice_lists;
    std::map<std::string, LocalText, std::less<>> units;
    std::vector<NamedText> categories;

    [[nodiscard]] const Form* find(std::string_view form_id) const;
    [[nodiscard]] const Choice* find_choice(std::string_view list, std::string_view code) const;
};

/// The canonical form of a value of this type: empty text and the empty list as null, decimals
/// without trailing zeros, datetimes by instant (RFC 3339 at +08:00), geopoint parts as decimals,
/// rows member by member with empty members left out, members in byte order, sets sorted and
/// without repetition (equal rows without `_row` stay two). Values that do not fit the type come
/// back unchanged. Two values are equal exactly when their canonical forms are.
Value canonical_value(const Field& field, const Value& value);

}  // namespace zf
