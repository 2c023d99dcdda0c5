#include "common/model/catalog_check.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/model/codes.h"
#include "common/model/rule.h"
#include "common/model/title.h"

namespace zf {
namespace {

// Leaves ten digits before the point (Decimal::digits_max).
constexpr int decimals_max = 9;
constexpr std::size_t name_length_max = 64;

std::string item(std::string_view list, std::size_t index) {
    return std::string(list) + "[" + std::to_string(index) + "]";
}

/// Lower-case letters, digits and '_', a letter first: '_' in front is the envelope's.
bool is_name(const std::string& name) {
    if (name.empty() || name.size() > name_length_max) return false;
    if (name.front() < 'a' || name.front() > 'z') return false;
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

bool is_text_type(FieldType type) {
    return type == FieldType::text || type == FieldType::multiline || type == FieldType::code;
}

class CatalogCheck {
public:
    explicit CatalogCheck(const FormCatalog& catalog) : catalog_(catalog) {}

    std::vector<CatalogProblem> run() {
        for (const auto& [id, label] : catalog_.units) check_text(label, "units." + id);
        check_categories();
        check_choice_lists();
        std::set<std::string> ids;
        for (std::size_t i = 0; i < catalog_.forms.size(); ++i) {
            const Form& form = catalog_.forms[i];
            const std::string place = item("forms", i);
            if (!ids.insert(form.id).second) {
                add(place + ".id", "a second form \"" + form.id + "\"");
            }
            check_form(form, place);
        }
        if (catalog_.forms.empty()) add("forms", "no form; at least one is needed");
        return std::move(problems_);
    }

private:
    void add(std::string place, std::string message) {
        problems_.push_back({std::move(place), std::move(message)});
    }

    void check_text(const LocalText& text, const std::string& place) {
        for (const Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
            if (!text.in(language).empty()) continue;
            add(place + "." + std::string(name_of(language)),
                "missing; a text in this language is needed");
        }
    }

    void check_name(const std::string& name, const std::string& place) {
        if (is_name(name)) return;
        add(place, "\"" + name +
                       "\" is no name; use 1 to 64 lower-case letters, digits and '_', "
                       "a letter first");
    }

    void check_categories() {
        std::set<std::string> ids;
        for (std::size_t i = 0; i < catalog_.categories.size(); ++i) {
            const NamedText& category = catalog_.categories[i];
            const std::string place = item("categories", i);
            check_name(category.id, place + ".id");
            if (!ids.insert(category.id).second) {
                add(place + ".id", "a second category \"" + category.id + "\"");
            }
            check_text(category.label, place + ".label");
        }
    }

    void check_choice_lists() {
        for (const auto& [name, choices] : catalog_.choice_lists) {
            const std::string list = "choice_lists." + name;
            if (choices.empty()) add(list, "no choice; at least one is needed");
            std::set<std::string> codes;
            for (std::size_t i = 0; i < choices.size(); ++i) {
                const std::string place = item(list, i);
                if (choices[i].code.empty()) add(place + ".code", "missing");
                if (!codes.insert(choices[i].code).second) {
                    add(place + ".code", "a second choice \"" + choices[i].code + "\"");
                }
                check_text(choices[i].label, place + ".label");
            }
        }
    }

    void check_form(const Form& form, const std::string& place) {
        check_name(form.id, place + ".id");
        if (form.version < 1) add(place + ".version", "must be 1 or more");
        check_text(form.label, place + ".label");
        const auto& categories = catalog_.categories;
        if (std::none_of(categories.begin(), categories.end(),
                         [&](const NamedText& known) { return known.id == form.category; })) {
            add(place + ".category", "no category \"" + form.category + "\"");
        }
        if (form.fields.empty()) add(place + ".fields", "no field; at least one is needed");
        check_fields(form.fields, place + ".fields");
        for (std::size_t i = 0; i < form.fields.size(); ++i) {
            check_computed(form, form.fields[i], item(place + ".fields", i));
        }
        check_title(form, place + ".title");
        check_natural_key(form, place + ".natural_key");
        check_date_field(form, place + ".date_field");
        check_area(form, place + ".area");
        check_review(form, place + ".review.chain");
        check_rules(form, place);
    }

    void check_fields(const std::vector<Field>& fields, const std::string& list) {
        std::set<std::string> names;
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const std::string place = item(list, i);
            if (!names.insert(fields[i].name).second) {
                add(place + ".name", "a second field \"" + fields[i].name + "\"");
            }
            check_field(fields[i], place);
        }
    }

    void check_field(const Field& field, const std::string& place) {
        check_name(field.name, place + ".name");
        check_text(field.label, place + ".label");
        check_links(field, place);
        check_numbers(field, place);
        if (field.max_length) {
            const std::string where = place + ".constraint.max_length";
            if (!is_text_type(field.type)) add(where, "only text has a length");
            if (*field.max_length < 1) add(where, "must be 1 or more");
        }
        if (!field.check.empty()) {
            const std::string where = place + ".constraint.check";
            if (!is_text_type(field.type)) add(where, "only text and codes can be checked");
            if (find_code_check(field.check) == nullptr) {
                add(where, "no code check \"" + field.check + "\"");
            }
        }
        if (field.type == FieldType::repeat) {
            if (field.fields.empty()) add(place + ".fields", "no field; a row needs at least one");
            check_fields(field.fields, place + ".fields");
            for (std::size_t i = 0; i < field.fields.size(); ++i) {
                if (field.fields[i].type != FieldType::repeat) continue;
                add(item(place + ".fields", i) + ".type", "a row cannot hold rows of its own");
            }
        } else if (!field.fields.empty()) {
            add(place + ".fields", "only fields of type repeat hold fields");
        }
        check_default(field, place + ".default");
    }

    /// Whether a field that has a link to something has the right type and the thing exists.
    void check_link(bool wanted, const std::string& target, bool known, const std::string& place,
                    std::string_view what) {
        if (wanted && target.empty()) {
            add(place, "missing; this type needs a " + std::string(what));
        } else if (!wanted && !target.empty()) {
            add(place, "this type has no " + std::string(what));
        } else if (wanted && !known) {
            add(place, "no " + std::string(what) + " \"" + target + "\"");
        }
    }

    void check_links(const Field& field, const std::string& place) {
        const bool chooses =
            field.type == FieldType::choice || field.type == FieldType::multi_choice;
        const bool refers = field.type == FieldType::ref || field.type == FieldType::ref_multi;
        check_link(chooses, field.choices, catalog_.choice_lists.contains(field.choices),
                   place + ".choices", "choice list");
        check_link(refers, field.ref, catalog_.find(field.ref) != nullptr, place + ".ref", "form");
        if (!field.unit.empty() && !catalog_.units.contains(field.unit)) {
            add(place + ".unit", "no unit \"" + field.unit + "\"");
        }
    }

    void check_numbers(const Field& field, const std::string& place) {
        if (field.decimals != 0 && field.type != FieldType::decimal) {
            add(place + ".decimals", "only the type decimal has decimals");
        } else if (field.decimals < 0 || field.decimals > decimals_max) {
            add(place + ".decimals", "must be 0 to " + std::to_string(decimals_max));
        }
        if (!field.min && !field.max) return;
        if (!is_number(field.type)) {
            add(place + ".constraint", "only integer and decimal have min and max");
        } else if (field.min && field.max && *field.min > *field.max) {
            add(place + ".constraint", "min " + std::to_string(*field.min) +
                                           " is greater than max " + std::to_string(*field.max));
        }
    }

    void check_default(const Field& field, const std::string& place) {
        if (!field.default_value) return;
        if (field.computed != nullptr) return add(place, "a computed field has no default");
        for (const Issue& issue : check_value(catalog_, field, *field.default_value)) {
            add(place, issue.message.en);
        }
    }

    /// A computed field is read without other records and without a clock.
    void check_computed(const Form& form, const Field& field, const std::string& place) {
        if (field.computed == nullptr) return;
        const std::string where = place + ".computed";
        const ValueKind kind = kind_of(field.type);
        if (kind == ValueKind::list || field.computed->yields != kind) {
            add(where, "the expression does not yield a value of type " +
                           std::string(name_of(field.type)));
        }
        if (field.required) add(place + ".required", "nobody can fill in a computed field");
        check_own_fields_only(form, *field.computed, where);
    }

    void check_own_fields_only(const Form& form, const Expression& expression,
                               const std::string& where) {
        if (expression.kind == Expression::Kind::field) {
            const Field* field = form.find(expression.name);
            if (field != nullptr && field->computed != nullptr) {
                add(where, "\"" + expression.name + "\" is computed itself");
            }
        }
        if (expression.kind == Expression::Kind::call) {
            switch (expression.op) {
                case Operator::related:
                case Operator::sum_related:
                case Operator::previous:
                case Operator::today:
                    add(where, "related, sum_related, prev and today are for rules only");
                    break;
                default:
                    break;
            }
        }
        for (const ExpressionPtr& argument : expression.arguments) {
            check_own_fields_only(form, *argument, where);
        }
    }

    void check_title(const Form& form, const std::string& place) {
        if (form.title.empty()) return add(place, "missing; name at least one field in \"{...}\"");
        for (const std::string& name : fields_in_title(form.title)) {
            if (form.find(name) == nullptr) add(place, "no field \"" + name + "\"");
        }
        const auto open = std::count(form.title.begin(), form.title.end(), '{');
        const auto close = std::count(form.title.begin(), form.title.end(), '}');
        const auto named = fields_in_title(form.title).size();
        if (open != close || std::cmp_not_equal(open, named)) {
            add(place, "'{' and '}' do not match");
        }
    }

    void check_natural_key(const Form& form, const std::string& place) {
        std::set<std::string> names;
        for (std::size_t i = 0; i < form.natural_key.size(); ++i) {
            const std::string& name = form.natural_key[i];
            if (form.find(name) == nullptr) add(item(place, i), "no field \"" + name + "\"");
            if (!names.insert(name).second) add(item(place, i), "\"" + name + "\" is named twice");
        }
    }

    void check_date_field(const Form& form, const std::string& place) {
        if (form.date_field.empty()) return;
        const Field* field = form.find(form.date_field);
        if (field == nullptr) return add(place, "no field \"" + form.date_field + "\"");
        if (field->type != FieldType::date && field->type != FieldType::month &&
            field->type != FieldType::datetime) {
            add(place, "\"" + form.date_field + "\" is no date, month or datetime");
        }
    }

    void check_area(const Form& form, const std::string& place) {
        if (form.area.empty()) return;
        const std::size_t dot = form.area.find('.');
        const Form* owner = &form;
        std::string name = form.area;
        if (dot != std::string::npos) {
            const std::string reference = form.area.substr(0, dot);
            const Field* field = form.find(reference);
            if (field == nullptr || field->type != FieldType::ref) {
                return add(place, "no field \"" + reference + "\" of type ref");
            }
            owner = catalog_.find(field->ref);
            if (owner == nullptr) return;
            name = form.area.substr(dot + 1);
        }
        const Field* field = owner->find(name);
        if (field == nullptr || field->type != FieldType::code || field->check != "division") {
            add(place, "no field \"" + name + "\" of type code with the check division in \"" +
                           owner->id + "\"");
        }
    }

    void check_review(const Form& form, const std::string& place) {
        if (form.review_chain.empty()) add(place, "missing; name the roles, the last one approves");
        for (std::size_t i = 0; i < form.review_chain.size(); ++i) {
            const std::string& role = form.review_chain[i];
            if (role == "section_head" || role == "leader") continue;
            add(item(place, i), "no reviewing role \"" + role + "\"; use section_head or leader");
        }
    }

    void check_rules(const Form& form, const std::string& form_place) {
        std::set<std::string> ids;
        for (std::size_t i = 0; i < form.rules.size(); ++i) {
            const Rule& rule = form.rules[i];
            const std::string place = item(form_place + ".rules", i);
            check_name(rule.id, place + ".id");
            if (!ids.insert(rule.id).second) {
                add(place + ".id", "a second rule \"" + rule.id + "\"");
            }
            if (rule.expression == nullptr) add(place + ".expr", "missing");
            check_text(rule.message, place + ".message");
        }
    }

    const FormCatalog& catalog_;
    std::vector<CatalogProblem> problems_;
};

}  // namespace

std::vector<CatalogProblem> find_catalog_problems(const FormCatalog& catalog) {
    return CatalogCheck(catalog).run();
}

}  // namespace zf
