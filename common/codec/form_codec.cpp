#include "common/codec/form_codec.h"

#include <algorithm>
#include <set>

#include "common/model/catalog_check.h"
#include "common/model/rule.h"

namespace zf {
namespace {

constexpr std::string_view schema = "field-forms/1";
constexpr std::size_t problems_named_max = 20;

std::string item(const std::string& list, std::size_t index) {
    return list + "[" + std::to_string(index) + "]";
}

/// Reads the tree member by member; a member of the wrong type is noted and read as its default,
/// so that one pass finds every problem.
class FormReader {
public:
    FormCatalog read(const Value& json) {
        const Value* name = json.find("schema");
        const std::string* text = name == nullptr ? nullptr : name->text();
        if (text == nullptr || *text != schema) {
            add("schema", "must be \"" + std::string(schema) + "\"");
        }
        each_member(json, "units",
                    [&](const std::string& id, const Value& label, const std::string&) {
                        catalog_.units[id] = local(label);
                    });
        each_member(json, "choice_lists",
                    [&](const std::string& id, const Value& list, const std::string& place) {
                        read_choices(list, place, catalog_.choice_lists[id]);
                    });
        each_item(json.find("categories"), "categories",
                  [&](const Value& category, const std::string& place) {
                      catalog_.categories.push_back(
                          {read_text(category, "id", place), read_label(category, "label")});
                  });
        each_item(json.find("forms"), "forms", [&](const Value& form, const std::string& place) {
            catalog_.forms.push_back(read_form(form, place));
        });
        read_expressions(json);
        for (const CatalogProblem& problem : find_catalog_problems(catalog_)) {
            add(problem.place, problem.message);
        }
        return std::move(catalog_);
    }

    [[nodiscard]] const std::vector<CatalogProblem>& problems() const { return problems_; }

private:
    /// One place is named once: what follows from a first mistake is no second one.
    void add(const std::string& place, std::string message) {
        if (places_.insert(place).second) problems_.push_back({place, std::move(message)});
    }

    template <class Read>
    void each_item(const Value* list, const std::string& place, const Read& read) {
        if (list == nullptr) return;
        if (list->list() == nullptr) return add(place, "must be a list");
        for (std::size_t i = 0; i < list->list()->size(); ++i) {
            read((*list->list())[i], item(place, i));
        }
    }

    template <class Read>
    void each_member(const Value& object, const std::string& name, const Read& read) {
        const Value* value = object.find(name);
        if (value == nullptr) return;
        if (value->members() == nullptr) return add(name, "must be an object");
        for (const auto& [id, member] : *value->members()) read(id, member, name + "." + id);
    }

    std::string read_text(const Value& object, std::string_view name, const std::string& place) {
        const Value* value = object.find(name);
        if (value == nullptr || value->is_null()) return {};
        if (const std::string* text = value->text()) return *text;
        add(place + "." + std::string(name), "must be text");
        return {};
    }

    bool read_boolean(const Value& object, std::string_view name, const std::string& place) {
        const Value* value = object.find(name);
        if (value == nullptr || value->is_null()) return false;
        if (const bool* boolean = value->boolean()) return *boolean;
        add(place + "." + std::string(name), "must be true or false");
        return false;
    }

    std::optional<std::int64_t> read_integer(const Value& object, std::string_view name,
                                             const std::string& place) {
        const Value* value = object.find(name);
        if (value == nullptr || value->is_null()) return std::nullopt;
        if (const std::int64_t* whole = value->integer()) return *whole;
        add(place + "." + std::string(name), "must be a whole number");
        return std::nullopt;
    }

    /// A label that is missing or no text stays empty; the catalog's check names the language.
    static LocalText local(const Value& value) {
        const auto part = [&](Language language) {
            const Value* found = value.find(name_of(language));
            const std::string* text = found == nullptr ? nullptr : found->text();
            return text == nullptr ? std::string() : *text;
        };
        return {part(Language::zh_hans), part(Language::zh_hant), part(Language::en)};
    }

    static LocalText read_label(const Value& object, std::string_view name) {
        const Value* label = object.find(name);
        return label == nullptr ? LocalText() : local(*label);
    }

    void read_choices(const Value& list, const std::string& place, std::vector<Choice>& choices) {
        each_item(&list, place, [&](const Value& choice, const std::string& where) {
            choices.push_back({read_text(choice, "code", where), read_label(choice, "label")});
        });
    }

    std::vector<std::string> read_names(const Value* list, const std::string& place) {
        std::vector<std::string> names;
        each_item(list, place, [&](const Value& name, const std::string& where) {
            if (const std::string* text = name.text()) {
                names.push_back(*text);
            } else {
                add(where, "must be text");
            }
        });
        return names;
    }

    Form read_form(const Value& json, const std::string& place) {
        Form form;
        if (json.members() == nullptr) add(place, "must be an object");
        form.id = read_text(json, "id", place);
        form.version = read_integer(json, "version", place).value_or(0);
        form.category = read_text(json, "category", place);
        form.role = read_text(json, "role", place);
        form.date_field = read_text(json, "date_field", place);
        form.label = read_label(json, "label");
        form.title = read_text(json, "title", place);
        form.natural_key = read_names(json.find("natural_key"), place + ".natural_key");
        form.area = read_text(json, "area", place);
        if (const Value* review = json.find("review")) {
            form.review_chain = read_names(review->find("chain"), place + ".review.chain");
        }
        each_item(json.find("fields"), place + ".fields",
                  [&](const Value& field, const std::string& where) {
                      form.fields.push_back(read_field(field, where));
                  });
        each_item(json.find("rules"), place + ".rules",
                  [&](const Value& rule, const std::string& where) {
                      form.rules.push_back(read_rule(rule, where));
                  });
        return form;
    }

    Rule read_rule(const Value& json, const std::string& place) {
        Rule rule;
        rule.id = read_text(json, "id", place);
        rule.message = read_label(json, "message");
        const std::string level = read_text(json, "level", place);
        if (level != "error" && level != "warning") {
            add(place + ".level", "must be \"error\" or \"warning\"");
        }
        rule.level = level == "warning" ? Level::warning : Level::error;
        return rule;
    }

    Field read_field(const Value& json, const std::string& place) {
        Field field;
        if (json.members() == nullptr) add(place, "must be an object");
        field.name = read_text(json, "name", place);
        field.label = read_label(json, "label");
        const std::string type = read_text(json, "type", place);
        const std::optional<FieldType> known = parse_field_type(type);
        if (!known) add(place + ".type", "no field type \"" + type + "\"");
        field.type = known.value_or(FieldType::text);
        field.required = read_boolean(json, "required", place);
        field.pii = read_boolean(json, "pii", place);
        field.unit = read_text(json, "unit", place);
        field.choices = read_text(json, "choices", place);
        field.ref = read_text(json, "ref", place);
        read_decimals(json, place, field);
        read_constraint(json, place + ".constraint", field);
        const Value* default_value = json.find("default");
        if (default_value != nullptr && !default_value->is_null()) {
            field.default_value = *default_value;
        }
        each_item(json.find("fields"), place + ".fields",
                  [&](const Value& part, const std::string& where) {
                      field.fields.push_back(read_row_field(part, where));
                  });
        return field;
    }

    Field read_row_field(const Value& json, const std::string& place) {
        for (const char* name : {"visible_if", "computed"}) {
            if (json.find(name) != nullptr) {
                add(place + "." + name, "not possible within rows; leave it out");
            }
        }
        return read_field(json, place);
    }

    void read_decimals(const Value& json, const std::string& place, Field& field) {
        const std::optional<std::int64_t> decimals = read_integer(json, "decimals", place);
        if (!decimals && field.type == FieldType::decimal) {
            add(place + ".decimals", "missing; say how many places are allowed");
        }
        field.decimals = static_cast<int>(std::clamp<std::int64_t>(decimals.value_or(0), -1, 100));
    }

    void read_constraint(const Value& json, const std::string& place, Field& field) {
        const Value* constraint = json.find("constraint");
        if (constraint == nullptr || constraint->is_null()) return;
        if (constraint->members() == nullptr) return add(place, "must be an object");
        field.min = read_integer(*constraint, "min", place);
        field.max = read_integer(*constraint, "max", place);
        field.max_length = read_integer(*constraint, "max_length", place);
        field.check = read_text(*constraint, "check", place);
    }

    /// Expressions name other fields and forms, so they come when all of those are read. The
    /// lists in `json` are as long as those of the catalog: each_item read every item.
    void read_expressions(const Value& json) {
        for (std::size_t i = 0; i < catalog_.forms.size(); ++i) {
            Form& form = catalog_.forms[i];
            const Value& source = (*json.find("forms")->list())[i];
            const std::string place = item("forms", i);
            for (std::size_t n = 0; n < form.fields.size(); ++n) {
                const Value& field = (*source.find("fields")->list())[n];
                const std::string where = item(place + ".fields", n);
                form.fields[n].visible_if =
                    read_condition(field.find("visible_if"), form, where + ".visible_if");
                form.fields[n].computed =
                    read_expression(field.find("computed"), form, where + ".computed");
            }
            for (std::size_t n = 0; n < form.rules.size(); ++n) {
                const Value& rule = (*source.find("rules")->list())[n];
                form.rules[n].expression =
                    read_condition(rule.find("expr"), form, item(place + ".rules", n) + ".expr");
            }
        }
    }

    ExpressionPtr read_expression(const Value* source, const Form& form, const std::string& place) {
        if (source == nullptr || source->is_null()) return nullptr;
        Result<ExpressionPtr> expression = parse_expression(*source, form, &catalog_);
        if (expression) return std::move(expression.value());
        add(place + expression.error().where, expression.error().message);
        places_.insert(place);
        return nullptr;
    }

    ExpressionPtr read_condition(const Value* source, const Form& form, const std::string& place) {
        ExpressionPtr expression = read_expression(source, form, place);
        if (expression == nullptr || expression->yields == ValueKind::boolean) return expression;
        add(place, "must be a comparison or another expression that is true or false");
        return nullptr;
    }

    FormCatalog catalog_;
    std::vector<CatalogProblem> problems_;
    std::set<std::string> places_;
};

}  // namespace

Result<FormCatalog> decode_forms(const Value& json) {
    if (json.members() == nullptr) {
        return fail(ErrorCode::malformed, "a form file must be a JSON object", "");
    }
    FormReader reader;
    FormCatalog catalog = reader.read(json);
    const std::vector<CatalogProblem>& problems = reader.problems();
    if (problems.empty()) return catalog;
    std::string message;
    for (std::size_t i = 0; i < std::min(problems.size(), problems_named_max); ++i) {
        if (i > 0) message += "; ";
        message += problems[i].place + ": " + problems[i].message;
    }
    if (problems.size() > problems_named_max) {
        message += "; and " + std::to_string(problems.size() - problems_named_max) + " more";
    }
    return fail(ErrorCode::malformed, std::move(message), problems.front().place);
}

}  // namespace zf
