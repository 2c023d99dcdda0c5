// check_value and check_record of rule.h.
#include <algorithm>
#include <set>
#include <utility>

#include "common/base/assert.h"
#include "common/base/date.h"
#include "common/base/decimal.h"
#include "common/base/ids.h"
#include "common/base/text.h"
#include "common/model/check_text.h"
#include "common/model/codes.h"
#include "common/model/rule.h"

namespace zf {
namespace {

// As long as a changeset allows (common/codec/changeset_codec.h).
constexpr std::size_t text_bytes_max = 64u << 10;
constexpr std::size_t choices_named_max = 12;
constexpr std::string_view sample_uuid = "0193a1b2-4c5d-7e6f-8a9b-0c1d2e3f4a5b";

bool is_control(char32_t c) {
    const bool c0 = c < 0x20 && c != U'\n' && c != U'\t';
    return c0 || (c >= 0x7f && c <= 0x9f);
}

/// As much of a refused text as a message can hold.
LocalText quoted(const std::string& text) {
    std::size_t end = 0;
    for (int shown = 0; shown < 40 && end < text.size(); ++shown) next_code_point(text, end);
    return same_in_all(end == text.size() ? text : text.substr(0, end) + "…");
}

std::string hex_name(char32_t c) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    return std::string("U+00") + digits[(c >> 4) & 15] + digits[c & 15];
}

class ValueCheck {
public:
    ValueCheck(const FormCatalog& catalog, std::vector<Issue>& issues)
        : catalog_(catalog), issues_(issues) {}

    void check(const Field& field, const Value& value, const std::string& where) {
        if (value.is_null()) return;
        switch (field.type) {
            case FieldType::integer:
                return check_integer(field, value, where);
            case FieldType::decimal:
                return check_decimal(field, value, where);
            case FieldType::boolean:
                if (value.boolean() == nullptr) add(Finding::not_boolean, where);
                return;
            case FieldType::geopoint:
                return check_geopoint(value, where);
            case FieldType::repeat:
                return check_rows(field, value, where);
            default:
                break;
        }
        if (is_set_typed(field.type)) {
            check_elements(field, value, where);
        } else if (const std::string* text = value.text()) {
            if (!text->empty()) check_text(field, *text, where);
        } else {
            add(Finding::not_text, where, {same_in_all(sample_of(field))});
        }
    }

    /// Required sub-fields of rows: what a saved draft may lack and a submitted record may not.
    void require_in_rows(const Field& field, const Value& value, const std::string& where) {
        const List* rows = value.list();
        if (field.type != FieldType::repeat || rows == nullptr) return;
        for (std::size_t i = 0; i < rows->size(); ++i) {
            for (const Field& part : field.fields) {
                const Value* given = (*rows)[i].find(part.name);
                if (part.required && (given == nullptr || is_empty_value(*given))) {
                    add(Finding::required, element(where, i) + "." + part.name, {part.label});
                }
            }
        }
    }

    void add(Finding finding, const std::string& where, const std::vector<LocalText>& parts = {},
             Level level = Level::error) {
        issues_.push_back({level, std::string(code_of(finding)), where, text_of(finding, parts)});
    }

    static std::string element(const std::string& where, std::size_t index) {
        return where + "[" + std::to_string(index) + "]";
    }

private:
    /// A text that would be right, for messages.
    std::string sample_of(const Field& field) const {
        switch (field.type) {
            case FieldType::choice:
            case FieldType::multi_choice: {
                const auto list = catalog_.choice_lists.find(field.choices);
                if (list == catalog_.choice_lists.end() || list->second.empty()) return "code";
                return list->second.front().code;
            }
            case FieldType::date:
                return "2008-05-12";
            case FieldType::month:
                return "2008-05";
            case FieldType::datetime:
                return "2008-05-12T14:28:00+08:00";
            case FieldType::ref:
            case FieldType::ref_multi:
                return std::string(sample_uuid);
            default:
                return "abc";
        }
    }

    void check_text(const Field& field, const std::string& text, const std::string& where) {
        if (!is_valid_utf8(text)) return add(Finding::not_utf8, where);
        if (text.size() > text_bytes_max) {
            return add(Finding::too_many_bytes, where, {same_in_all(std::to_string(text.size()))});
        }
        for (std::size_t at = 0; at < text.size();) {
            const char32_t c = next_code_point(text, at);
            if (is_control(c)) {
                return add(Finding::control_character, where, {same_in_all(hex_name(c))});
            }
        }
        if (!has_shape(field, text, where)) return;
        if (field.max_length) {
            const auto length = static_cast<std::int64_t>(code_point_count(text));
            if (length > *field.max_length) {
                add(Finding::too_long, where,
                    {same_in_all(std::to_string(*field.max_length)),
                     same_in_all(std::to_string(length))});
            }
        }
        const CodeCheck code_check = find_code_check(field.check);
        if (code_check != nullptr && !code_check(text)) {
            add(Finding::bad_check, where, {text_of_code_check(field.check)});
        }
    }

    /// The part of a text's check that depends on the type alone.
    bool has_shape(const Field& field, const std::string& text, const std::string& where) {
        switch (field.type) {
            case FieldType::date:
                return accept(parse_date(text).has_value(), Finding::not_date, where);
            case FieldType::month:
                return accept(parse_month(text).has_value(), Finding::not_month, where);
            case FieldType::datetime:
                return accept(is_datetime(text), Finding::not_datetime, where);
            case FieldType::choice:
            case FieldType::multi_choice:
                if (catalog_.find_choice(field.choices, text) != nullptr) return true;
                add(Finding::not_choice, where, {quoted(text), choices_of(field)});
                return false;
            case FieldType::ref:
            case FieldType::ref_multi:
                if (is_uuid(text)) return true;
                add(Finding::not_record_id, where, {same_in_all(std::string(sample_uuid))});
                return false;
            case FieldType::photos:
            case FieldType::files:
            case FieldType::signature: {
                const auto hash = parse_hash256(text);
                return accept(hash && hash->hex() == text, Finding::not_blob, where);
            }
            default:
                return true;
        }
    }

    bool accept(bool fits, Finding otherwise, const std::string& where) {
        if (!fits) add(otherwise, where);
        return fits;
    }

    static bool is_uuid(const std::string& text) {
        const auto uuid = parse_uuid(text);
        return uuid && uuid->text() == text;
    }

    /// The first and last hours of the calendar in some zones lie outside it in the bureau's.
    static bool is_datetime(const std::string& text) {
        const auto instant = parse_datetime(text);
        return instant && parse_datetime(datetime_text(*instant, bureau_offset_minutes)) == instant;
    }

    LocalText choices_of(const Field& field) const {
        LocalText names;
        const auto list = catalog_.choice_lists.find(field.choices);
        if (list == catalog_.choice_lists.end()) return names;
        std::size_t named = 0;
        for (const Choice& choice : list->second) {
            if (named == choices_named_max) {
                names = {names.zh_hans + "……", names.zh_hant + "……", names.en + ", ..."};
                break;
            }
            const bool first = named++ == 0;
            names.zh_hans += (first ? "" : "、") + choice.code + "（" + choice.label.zh_hans + "）";
            names.zh_hant += (first ? "" : "、") + choice.code + "（" + choice.label.zh_hant + "）";
            names.en += (first ? "" : ", ") + choice.code + " (" + choice.label.en + ")";
        }
        return names;
    }

    void check_integer(const Field& field, const Value& value, const std::string& where) {
        const std::int64_t* whole = value.integer();
        if (whole == nullptr) return add(Finding::not_integer, where);
        check_bounds(field, Decimal(*whole), where);
    }

    void check_decimal(const Field& field, const Value& value, const std::string& where) {
        if (value.integer() != nullptr || value.odd_number() != nullptr) {
            return add(Finding::decimal_as_number, where);
        }
        const std::string* text = value.text();
        if (text == nullptr) return add(Finding::not_decimal, where);
        if (text->empty()) return;
        const std::size_t point = std::min(text->find('.'), text->size());
        const std::size_t whole_digits = point - (text->front() == '-' ? 1 : 0);
        const bool plain = text->find_first_not_of("-.0123456789") == std::string::npos;
        const int whole_digits_max =
            std::min(Decimal::whole_digits_max, Decimal::digits_max - field.decimals);
        if (plain && std::cmp_greater(whole_digits, whole_digits_max)) {
            return add(Finding::too_many_digits, where,
                       {same_in_all(std::to_string(whole_digits_max)),
                        same_in_all(std::to_string(whole_digits))});
        }
        const std::size_t places = text->size() - std::min(text->size(), point + 1);
        if (plain && std::cmp_greater(places, field.decimals)) {
            return add(
                Finding::too_many_places, where,
                {same_in_all(std::to_string(field.decimals)), same_in_all(std::to_string(places))});
        }
        const std::optional<Decimal> decimal = Decimal::parse(*text);
        if (!decimal) return add(Finding::not_decimal, where);
        check_bounds(field, *decimal, where);
    }

    LocalText with_unit(const Field& field, const std::string& number) const {
        const auto unit = catalog_.units.find(field.unit);
        if (unit == catalog_.units.end()) return same_in_all(number);
        const LocalText& name = unit->second;
        return {number + " " + name.zh_hans, number + " " + name.zh_hant, number + " " + name.en};
    }

    void check_bounds(const Field& field, const Decimal& number, const std::string& where) {
        const bool below = field.min && number < Decimal(*field.min);
        const bool above = field.max && number > Decimal(*field.max);
        if (!below && !above) return;
        const LocalText found = with_unit(field, number.text());
        if (field.min && field.max) {
            add(Finding::outside, where,
                {same_in_all(std::to_string(*field.min)),
                 with_unit(field, std::to_string(*field.max)), found});
        } else if (below) {
            add(Finding::below, where, {with_unit(field, std::to_string(*field.min)), found});
        } else {
            add(Finding::above, where, {with_unit(field, std::to_string(*field.max)), found});
        }
    }

    void check_geopoint(const Value& value, const std::string& where) {
        const Members* members = value.members();
        if (members == nullptr) return add(Finding::not_geopoint, where);
        for (const auto& [name, part] : *members) {
            if (name != "lat" && name != "lon" && name != "accuracy_m") {
                return add(Finding::not_geopoint, where + "." + name);
            }
        }
        if (value.find("lat") == nullptr || value.find("lon") == nullptr) {
            return add(Finding::not_geopoint, where);
        }
        if (!is_within(*value.find("lat"), -90, 90)) {
            add(Finding::not_latitude, where + ".lat");
        }
        if (!is_within(*value.find("lon"), -180, 180)) {
            add(Finding::not_longitude, where + ".lon");
        }
        const Value* accuracy = value.find("accuracy_m");
        if (accuracy == nullptr || accuracy->is_null()) return;
        const std::int64_t* metres = accuracy->integer();
        const bool fits = metres != nullptr ? *metres >= 0 : is_within(*accuracy, 0, 100'000'000);
        if (!fits) add(Finding::not_accuracy, where + ".accuracy_m");
    }

    static bool is_within(const Value& value, std::int64_t min, std::int64_t max) {
        const std::string* text = value.text();
        const std::optional<Decimal> decimal =
            text != nullptr ? Decimal::parse(*text) : std::nullopt;
        return decimal && *decimal >= Decimal(min) && *decimal <= Decimal(max);
    }

    void check_elements(const Field& field, const Value& value, const std::string& where) {
        const List* list = value.list();
        if (list == nullptr) {
            const bool blobs = field.type == FieldType::photos || field.type == FieldType::files ||
                               field.type == FieldType::signature;
            return blobs ? add(Finding::not_blob, where)
                         : add(Finding::not_list, where, {same_in_all(sample_of(field))});
        }
        for (std::size_t i = 0; i < list->size(); ++i) {
            const Value& item = (*list)[i];
            const std::string* text = item.text();
            if (is_empty_value(item)) {
                add(Finding::empty_element, element(where, i));
            } else if (text == nullptr) {
                add(Finding::not_text, element(where, i), {same_in_all(sample_of(field))});
            } else {
                check_text(field, *text, element(where, i));
            }
        }
    }

    void check_rows(const Field& field, const Value& value, const std::string& where) {
        const LocalText sample = same_in_all(field.fields.empty() ? "" : field.fields[0].name);
        const List* list = value.list();
        if (list == nullptr) return add(Finding::not_rows, where, {sample});
        std::set<std::string> seen_rows;
        for (std::size_t i = 0; i < list->size(); ++i) {
            const std::string place = element(where, i);
            const Members* row = (*list)[i].members();
            if (row == nullptr) {
                add(Finding::not_row, place, {sample});
                continue;
            }
            for (const auto& [name, part] : *row) {
                if (name == "_row") {
                    check_row_id(part, place, seen_rows);
                } else if (const Field* known = field.find(name)) {
                    check(*known, part, place + "." + name);
                } else {
                    add(Finding::unknown_member, place + "." + name,
                        {is_valid_utf8(name) ? quoted(name) : same_in_all("?"), names_of(field)});
                }
            }
        }
    }

    void check_row_id(const Value& value, const std::string& place, std::set<std::string>& seen) {
        if (is_empty_value(value)) return;
        const std::string* id = value.text();
        if (id == nullptr || !is_uuid(*id)) {
            add(Finding::not_record_id, place + "._row", {same_in_all(std::string(sample_uuid))});
        } else if (!seen.insert(*id).second) {
            add(Finding::row_twice, place + "._row", {same_in_all(*id)});
        }
    }

    static LocalText names_of(const Field& field) {
        std::string names;
        for (const Field& part : field.fields) names += (names.empty() ? "" : ", ") + part.name;
        return same_in_all(names);
    }

    const FormCatalog& catalog_;
    std::vector<Issue>& issues_;
};

/// A warning for each reference to a record that the source lacks.
void check_references(const Field& field, const Value& value, const std::string& where,
                      const RecordSource& source, ValueCheck& check) {
    const auto look_up = [&](const Value& reference, const std::string& place) {
        const std::string* id = reference.text();
        if (id == nullptr || id->empty() || source.has_record(*id)) return;
        check.add(Finding::unknown_reference, place, {}, Level::warning);
    };
    if (field.type == FieldType::ref) return look_up(value, where);
    const List* list = value.list();
    if (list == nullptr) return;
    for (std::size_t i = 0; i < list->size(); ++i) {
        const std::string place = ValueCheck::element(where, i);
        if (field.type == FieldType::ref_multi) look_up((*list)[i], place);
        if (field.type != FieldType::repeat) continue;
        for (const Field& part : field.fields) {
            const Value* given = (*list)[i].find(part.name);
            if (given == nullptr) continue;
            check_references(part, *given, place + "." + part.name, source, check);
        }
    }
}

}  // namespace

std::vector<Issue> check_value(const FormCatalog& catalog, const Field& field, const Value& value) {
    std::vector<Issue> issues;
    ValueCheck check(catalog, issues);
    if (field.computed != nullptr) {
        check.add(Finding::computed, field.name);
    } else {
        check.check(field, value, field.name);
    }
    return issues;
}

std::vector<Issue> check_record(const FormCatalog& catalog, const RuleContext& context) {
    ZF_ASSERT(context.form != nullptr && context.values != nullptr);
    std::vector<Issue> issues;
    ValueCheck check(catalog, issues);
    const Value missing;
    for (const Field& field : context.form->fields) {
        if (field.computed != nullptr || !is_visible(field, context)) continue;
        const auto found = context.values->find(field.name);
        const Value& value = found == context.values->end() ? missing : found->second;
        if (is_empty_value(value)) {
            if (field.required) check.add(Finding::required, field.name, {field.label});
            continue;
        }
        check.check(field, value, field.name);
        check.require_in_rows(field, value, field.name);
        if (context.source != nullptr) {
            check_references(field, value, field.name, *context.source, check);
        }
    }
    for (const Rule& rule : context.form->rules) {
        if (rule_holds(*rule.expression, context)) continue;
        issues.push_back({rule.level, "rule", rule.id, rule.message});
    }
    return issues;
}

bool has_error(const std::vector<Issue>& issues) {
    return std::any_of(issues.begin(), issues.end(),
                       [](const Issue& issue) { return issue.level == Level::error; });
}

}  // namespace zf
