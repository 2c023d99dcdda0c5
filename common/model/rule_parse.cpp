// parse_expression of rule.h: turns the tree of a form file into an Expression and checks types,
// so that evaluation meets no surprise.
#include "common/model/rule.h"
#include "common/model/rule_types.h"

namespace zf {
namespace {

/// An expression on its way, with the field that it reads, for the choice list of literals.
struct Parsed {
    Expression expression;
    const Field* field = nullptr;
};

class ExpressionParser {
public:
    ExpressionParser(const Form& form, const FormCatalog* catalog)
        : form_(form), catalog_(catalog) {}

    Result<Parsed> parse(const Value& source, const std::string& place) const {
        if (source.boolean() != nullptr) return constant(source, ValueKind::boolean);
        if (source.integer() != nullptr) return constant(source, ValueKind::integer);
        if (const std::string* text = source.text()) {
            if (const Field* field = form_.find(*text)) return read_field(*field);
            return constant(source, ValueKind::unknown);
        }
        if (const List* list = source.list()) return parse_call(*list, place);
        if (source.odd_number() != nullptr) {
            return refuse("write a number that is not whole as text, such as \"0.5\"", place);
        }
        if (source.is_null()) {
            return refuse("null cannot be compared; use isnull or notnull", place);
        }
        return refuse("an expression is a list, a text, a whole number, true or false", place);
    }

private:
    static Unexpected refuse(std::string message, const std::string& place) {
        return fail(ErrorCode::malformed, std::move(message), place);
    }

    static std::string item(const std::string& place, std::size_t index) {
        return place + "[" + std::to_string(index) + "]";
    }

    static Parsed constant(const Value& value, ValueKind kind) {
        Parsed parsed;
        parsed.expression.constant = value;
        parsed.expression.yields = kind;
        return parsed;
    }

    static Parsed read_field(const Field& field) {
        Parsed parsed;
        parsed.expression.kind = Expression::Kind::field;
        parsed.expression.yields = kind_of(field.type);
        parsed.expression.name = field.name;
        parsed.field = &field;
        return parsed;
    }

    static bool is_literal_text(const Parsed& parsed) {
        return parsed.expression.kind == Expression::Kind::constant &&
               parsed.expression.constant.text() != nullptr;
    }

    static std::string no_field(const Parsed& parsed) {
        return "no field \"" + *parsed.expression.constant.text() + "\" in this form";
    }

    Result<Parsed> parse_call(const List& list, const std::string& place) const {
        const std::string* name = list.empty() ? nullptr : list.front().text();
        if (name == nullptr) return refuse("a call begins with the name of an operator", place);
        const OperatorFacts* facts = find_operator(*name);
        if (facts == nullptr) return refuse("unknown operator \"" + *name + "\"", place);
        const std::size_t operands = list.size() - 1;
        if (operands < facts->operands_min || operands > facts->operands_max) {
            std::string wanted = std::to_string(facts->operands_min);
            if (facts->operands_max == operands_unlimited) wanted += " or more";
            return refuse(
                "\"" + *name + "\" takes " + wanted + " operands, not " + std::to_string(operands),
                place);
        }
        switch (facts->op) {
            case Operator::related:
                return parse_related(list, place);
            case Operator::sum_related:
                return parse_sum_related(list, place);
            case Operator::previous:
                return parse_previous(list, place);
            case Operator::in:
                return parse_in(list, place);
            default:
                return parse_plain_call(*facts, list, place);
        }
    }

    Result<Parsed> parse_plain_call(const OperatorFacts& facts, const List& list,
                                    const std::string& place) const {
        std::vector<Parsed> operands;
        for (std::size_t i = 1; i < list.size(); ++i) {
            Result<Parsed> operand = parse(list[i], item(place, i));
            if (!operand) return fail(operand.error());
            operands.push_back(std::move(operand.value()));
        }
        Parsed call;
        call.expression.kind = Expression::Kind::call;
        call.expression.op = facts.op;
        ZF_CHECK(check_operands(facts, operands, place, call.expression));
        for (Parsed& operand : operands) {
            call.expression.arguments.push_back(
                std::make_shared<const Expression>(std::move(operand.expression)));
        }
        return call;
    }

    /// Checks the operands' types and sets what the call yields.
    Result<void> check_operands(const OperatorFacts& facts, std::vector<Parsed>& operands,
                                const std::string& place, Expression& call) const {
        switch (facts.op) {
            case Operator::logical_and:
            case Operator::logical_or:
            case Operator::logical_not:
                call.yields = ValueKind::boolean;
                return check_kinds(operands, place, "true or false",
                                   [](ValueKind kind) { return kind == ValueKind::boolean; });
            case Operator::is_null:
            case Operator::not_null:
                call.yields = ValueKind::boolean;
                if (operands[0].expression.kind == Expression::Kind::constant) {
                    const bool text = is_literal_text(operands[0]);
                    return refuse(text ? no_field(operands[0]) : "a constant is never missing",
                                  item(place, 1));
                }
                return {};
            case Operator::add:
            case Operator::subtract:
            case Operator::or_zero:
            case Operator::abs_change_pct:
                call.yields = kind_of_sum(facts.op, operands);
                return check_kinds(operands, place, "a number", is_number_kind);
            case Operator::year:
                call.yields = ValueKind::integer;
                return check_kinds(operands, place, "a date, month or datetime", is_calendar_kind);
            case Operator::today:
                call.yields = ValueKind::date;
                return {};
            default:
                call.yields = ValueKind::boolean;
                return check_comparison(facts.op, operands, place, call);
        }
    }

    static ValueKind kind_of_sum(Operator op, const std::vector<Parsed>& operands) {
        if (op == Operator::abs_change_pct) return ValueKind::quotient;
        ValueKind kind = ValueKind::integer;
        for (const Parsed& operand : operands) {
            const ValueKind own = operand.expression.yields;
            if (own == ValueKind::quotient) return own;
            if (own != ValueKind::integer) kind = ValueKind::decimal;
        }
        return kind;
    }

    template <class Fits>
    static Result<void> check_kinds(const std::vector<Parsed>& operands, const std::string& place,
                                    std::string_view wanted, const Fits& fits) {
        for (std::size_t i = 0; i < operands.size(); ++i) {
            const Parsed& operand = operands[i];
            if (is_literal_text(operand)) return refuse(no_field(operand), item(place, i + 1));
            const ValueKind kind = operand.expression.yields;
            if (kind != ValueKind::unknown && !fits(kind)) {
                return refuse(
                    "needs " + std::string(wanted) + ", but this is " + std::string(describe(kind)),
                    item(place, i + 1));
            }
        }
        return {};
    }

    /// Beside a choice its own codes are meant, also one that happens to be a field's name: a
    /// visit to a `target_kind` "enterprise" in a form with a reference `enterprise`. A field of
    /// the same choice list is still that field.
    void prefer_choice_code(const Parsed& choice, Parsed& other) const {
        if (catalog_ == nullptr || choice.field == nullptr || other.field == nullptr) return;
        if (choice.field->type != FieldType::choice || other.field->type == FieldType::choice) {
            return;
        }
        const std::string& name = other.field->name;
        if (catalog_->find_choice(choice.field->choices, name) == nullptr) return;
        other = constant(Value(name), ValueKind::unknown);
    }

    Result<void> check_comparison(Operator op, std::vector<Parsed>& operands,
                                  const std::string& place, Expression& call) const {
        prefer_choice_code(operands[0], operands[1]);
        prefer_choice_code(operands[1], operands[0]);
        const Parsed& left = operands[0];
        const Parsed& right = operands[1];
        if (left.expression.kind == Expression::Kind::constant &&
            right.expression.kind == Expression::Kind::constant) {
            return refuse(is_literal_text(left) ? no_field(left) : "compares two constants",
                          item(place, 1));
        }
        if (is_literal_text(left) || is_literal_text(right)) {
            const bool first = is_literal_text(left);
            Result<ValueKind> kind = check_literal(
                first ? right : left, *(first ? left : right).expression.constant.text(),
                item(place, first ? 1 : 2));
            if (!kind) return fail(kind.error());
            call.compared_as = kind.value();
        } else {
            const auto kind = common_kind(left.expression.yields, right.expression.yields);
            if (!kind) {
                return refuse(std::string(describe(left.expression.yields)) +
                                  " cannot be compared with " +
                                  std::string(describe(right.expression.yields)),
                              place);
            }
            call.compared_as = *kind;
        }
        const bool ordering = op != Operator::equal && op != Operator::not_equal;
        if (ordering && call.compared_as == ValueKind::boolean) {
            return refuse("booleans can only be compared with = and !=", place);
        }
        return {};
    }

    /// What `literal` and `operand` are compared as.
    Result<ValueKind> check_literal(const Parsed& operand, const std::string& literal,
                                    const std::string& place) const {
        const ValueKind kind = operand.expression.yields;
        const std::optional<ValueKind> own = kind_of_literal(literal, kind);
        const std::optional<ValueKind> common = own ? common_kind(kind, *own) : std::nullopt;
        if (!common) {
            return refuse("\"" + literal + "\" is neither a field of this form nor " +
                              std::string(describe(kind)),
                          place);
        }
        const Field* field = operand.field;
        if (catalog_ != nullptr && field != nullptr && field->type == FieldType::choice &&
            catalog_->find_choice(field->choices, literal) == nullptr) {
            return refuse("\"" + literal +
                              "\" is neither a field of this form nor in the choice "
                              "list \"" +
                              field->choices + "\"",
                          place);
        }
        return *common;
    }

    Result<Parsed> parse_in(const List& list, const std::string& place) const {
        Result<Parsed> operand = parse(list[1], item(place, 1));
        if (!operand) return fail(operand.error());
        if (operand->expression.kind == Expression::Kind::constant) {
            return refuse(is_literal_text(*operand) ? no_field(*operand) : "compares two constants",
                          item(place, 1));
        }
        const List* elements = list[2].list();
        if (elements == nullptr || elements->empty()) {
            return refuse("the second operand of \"in\" is a list of literals", item(place, 2));
        }
        Parsed call;
        call.expression.kind = Expression::Kind::call;
        call.expression.op = Operator::in;
        call.expression.yields = ValueKind::boolean;
        call.expression.constant = list[2];
        call.expression.compared_as = operand->expression.yields;
        for (std::size_t i = 0; i < elements->size(); ++i) {
            Result<ValueKind> kind =
                check_element(*operand, (*elements)[i], item(item(place, 2), i));
            if (!kind) return fail(kind.error());
            call.expression.compared_as =
                common_kind(call.expression.compared_as, kind.value()).value_or(kind.value());
        }
        call.expression.arguments.push_back(
            std::make_shared<const Expression>(std::move(operand->expression)));
        return call;
    }

    Result<ValueKind> check_element(const Parsed& operand, const Value& element,
                                    const std::string& place) const {
        if (const std::string* text = element.text()) return check_literal(operand, *text, place);
        const ValueKind kind = element.integer() != nullptr   ? ValueKind::integer
                               : element.boolean() != nullptr ? ValueKind::boolean
                                                              : ValueKind::list;
        const auto common = common_kind(operand.expression.yields, kind);
        if (!common) {
            return refuse("a literal that " + std::string(describe(operand.expression.yields)) +
                              " can be compared with is wanted here",
                          place);
        }
        return *common;
    }

    /// A text that names something of another form or of this one.
    static Result<std::string> name_at(const List& list, std::size_t index,
                                       const std::string& place) {
        const std::string* name = list[index].text();
        if (name == nullptr) return refuse("a name as text is wanted here", item(place, index));
        return *name;
    }

    /// The field `name` of a form; nothing (and no error) when forms are not known here.
    Result<const Field*> field_of(const Form* form, const std::string& name,
                                  const std::string& place) const {
        if (form == nullptr) return static_cast<const Field*>(nullptr);
        const Field* field = form->find(name);
        if (field == nullptr) {
            return refuse("no field \"" + name + "\" in form \"" + form->id + "\"", place);
        }
        return field;
    }

    static void yield_field(Parsed& call, const Field* field) {
        call.field = field;
        call.expression.yields = field == nullptr ? ValueKind::unknown : kind_of(field->type);
    }

    Result<Parsed> parse_related(const List& list, const std::string& place) const {
        Result<std::string> reference = name_at(list, 1, place);
        if (!reference) return fail(reference.error());
        Result<std::string> target = name_at(list, 2, place);
        if (!target) return fail(target.error());
        const Field* field = form_.find(*reference);
        if (field == nullptr || field->type != FieldType::ref) {
            return refuse("no field \"" + *reference + "\" of type ref in this form",
                          item(place, 1));
        }
        const Form* form = catalog_ == nullptr ? nullptr : catalog_->find(field->ref);
        Result<const Field*> target_field = field_of(form, *target, item(place, 2));
        if (!target_field) return fail(target_field.error());
        Parsed call;
        call.expression.kind = Expression::Kind::call;
        call.expression.op = Operator::related;
        call.expression.name = *reference;
        call.expression.target_field = *target;
        yield_field(call, *target_field);
        return call;
    }

    /// Reads the object of options into `expression`.
    static Result<void> parse_options(const Value& source, const std::string& place,
                                      Expression& expression) {
        const Members* options = source.members();
        if (options == nullptr) return refuse("an object of options is wanted here", place);
        for (const auto& [name, value] : *options) {
            const bool previous = expression.op == Operator::previous;
            if (name == "by" && value.text() != nullptr) {
                expression.by = *value.text();
            } else if (previous && name == "order" && value.text() != nullptr) {
                expression.order = *value.text();
            } else if (previous && name == "same_year" && value.boolean() != nullptr) {
                expression.same_year = *value.boolean();
            } else {
                return refuse("unknown option \"" + name + "\" or a value of the wrong type",
                              place);
            }
        }
        return {};
    }

    Result<Parsed> parse_sum_related(const List& list, const std::string& place) const {
        Result<std::string> form_id = name_at(list, 1, place);
        if (!form_id) return fail(form_id.error());
        Result<std::string> target = name_at(list, 2, place);
        if (!target) return fail(target.error());
        Parsed call;
        Expression& expression = call.expression;
        expression.kind = Expression::Kind::call;
        expression.op = Operator::sum_related;
        expression.form = *form_id;
        expression.target_field = *target;
        ZF_CHECK(parse_options(list[3], item(place, 3), expression));
        const Form* form = *form_id == form_.id  ? &form_
                           : catalog_ != nullptr ? catalog_->find(*form_id)
                                                 : nullptr;
        if (form == nullptr && catalog_ != nullptr) {
            return refuse("no form \"" + *form_id + "\"", item(place, 1));
        }
        Result<const Field*> field = field_of(form, *target, item(place, 2));
        if (!field) return fail(field.error());
        if (*field != nullptr && !is_number((*field)->type)) {
            return refuse("only integer and decimal fields can be summed", item(place, 2));
        }
        Result<const Field*> by = field_of(form, expression.by, item(place, 3));
        if (!by) return fail(by.error());
        by = field_of(&form_, expression.by, item(place, 3));
        if (!by) return fail(by.error());
        expression.yields = *field == nullptr ? ValueKind::decimal : kind_of((*field)->type);
        return call;
    }

    Result<Parsed> parse_previous(const List& list, const std::string& place) const {
        Result<std::string> target = name_at(list, 1, place);
        if (!target) return fail(target.error());
        Parsed call;
        Expression& expression = call.expression;
        expression.kind = Expression::Kind::call;
        expression.op = Operator::previous;
        expression.form = form_.id;
        expression.target_field = *target;
        ZF_CHECK(parse_options(list[2], item(place, 2), expression));
        Result<const Field*> field = field_of(&form_, *target, item(place, 1));
        if (!field) return fail(field.error());
        Result<const Field*> by = field_of(&form_, expression.by, item(place, 2));
        if (!by) return fail(by.error());
        Result<const Field*> order = field_of(&form_, expression.order, item(place, 2));
        if (!order) return fail(order.error());
        const ValueKind order_kind = kind_of((*order)->type);
        const bool has_year = is_calendar_kind(order_kind);
        if (!has_year && (expression.same_year || !is_number_kind(order_kind))) {
            return refuse(
                "\"order\" names a date, month or datetime field (or, without "
                "\"same_year\", a number)",
                item(place, 2));
        }
        yield_field(call, *field);
        return call;
    }

    const Form& form_;
    const FormCatalog* catalog_;
};

}  // namespace

Result<ExpressionPtr> parse_expression(const Value& source, const Form& form,
                                       const FormCatalog* catalog) {
    Result<Parsed> parsed = ExpressionParser(form, catalog).parse(source, "");
    if (!parsed) return fail(parsed.error());
    return ExpressionPtr(std::make_shared<const Expression>(std::move(parsed->expression)));
}

}  // namespace zf
