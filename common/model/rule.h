// Rules: prefix expressions of the form files, parsed once and evaluated over the values of a
// record and, through RecordSource, over other records. Pure; arithmetic is exact.
//
//   expr = [op, expr...] | "field" | "literal text" | integer | true | false
//   ops  = and or not  = != < <= > >=  in isnull notnull  + - or0 year today
//          related REF FIELD | sum_related FORM FIELD {by} | prev FIELD {by, order, same_year}
//          abs_change_pct
//
// A text that names a field of the form is that field, except beside a choice that has a code of
// that name; any other text is a literal, which takes the type of what it is compared with. `in`
// has a list of literals as its second operand. A field value that does not fit its type (it came
// by sync) reads as missing.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/base/date.h"
#include "common/base/result.h"
#include "common/model/form.h"

namespace zf {

enum class Operator {
    logical_and,
    logical_or,
    logical_not,
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    in,
    is_null,
    not_null,
    add,
    subtract,
    or_zero,
    year,
    today,
    related,
    sum_related,
    previous,
    abs_change_pct,
};

/// What an expression yields, or how two operands are compared. A quotient (abs_change_pct) has
/// no exact decimal: it can be compared, not stored.
enum class ValueKind {
    unknown,
    boolean,
    integer,
    decimal,
    quotient,
    date,
    month,
    datetime,
    text,
    list,
};
ValueKind kind_of(FieldType type);

struct Expression {
    enum class Kind { constant, field, call };
    Kind kind = Kind::constant;
    ValueKind yields = ValueKind::unknown;
    Value constant;                              // Kind::constant; the list of `in`
    std::string name;                            // Kind::field
    Operator op = Operator::today;               // Kind::call
    ValueKind compared_as = ValueKind::unknown;  // comparisons and `in`
    std::vector<ExpressionPtr> arguments;
    // related (name = the reference), prev, sum_related:
    std::string form, target_field, by, order;
    bool same_year = false;
};

/// Parses and checks an expression against the fields of its form. Refused as `malformed`, with
/// the place inside the expression in `where` ("[2][1]"): unknown operator, wrong number or type
/// of operands, unknown field, a literal that what it is compared with can never hold. With a
/// catalog the fields of other forms and choice codes are checked too.
Result<ExpressionPtr> parse_expression(const Value& source, const Form& form,
                                       const FormCatalog* catalog = nullptr);

/// The values of one record, by field; absent and null mean missing.
using FieldValues = std::map<std::string, Value, std::less<>>;

/// How rules look at other records. Voided records are not shown, joined ones are replaced by
/// their target. What values are shown (shown or approved) is the source's choice.
class RecordSource {
public:
    virtual ~RecordSource() = default;
    /// Values of the record that a reference leads to; nothing when unknown or voided.
    virtual std::optional<FieldValues> find_record(std::string_view id) const = 0;
    /// Whether find_record would find it; a source may know that without reading the values.
    virtual bool has_record(std::string_view id) const { return find_record(id).has_value(); }
    /// `field` of the record of `form` with the same `by` whose `order` is the greatest below
    /// that of the record at hand (`same_year`: in the same calendar year); ties: the greater
    /// record id. Null when there is none.
    virtual Value find_previous(std::string_view form, std::string_view field, std::string_view by,
                                std::string_view order, bool same_year, std::string_view own_id,
                                const FieldValues& own) const = 0;
    /// Sum of `field` over the approved records of `form` with the same `by`, the record at
    /// hand counted once with its own values when it is of that form.
    virtual Value sum_related(std::string_view form, std::string_view field, std::string_view by,
                              std::string_view own_form, std::string_view own_id,
                              const FieldValues& own) const = 0;
};

struct RuleContext {
    const Form* form = nullptr;
    std::string record_id;  // text UUID
    const FieldValues* values = nullptr;
    const RecordSource* source = nullptr;  // may be null: other records read as missing
    Date today;
};

/// Whether a rule holds. A comparison with a missing operand holds, `in` with one does not, a
/// missing boolean is false; see docs/data-model.md.
bool rule_holds(const Expression& expression, const RuleContext& context);
/// As above for visible_if, where a missing operand makes every comparison false, `!=` too.
bool condition_holds(const Expression& expression, const RuleContext& context);
/// A computed field's value; null when an operand is missing (`or0`, `isnull` and `notnull`
/// accept one). Decimals as text.
Value compute_value(const Expression& expression, const RuleContext& context);
/// Whether a field is shown and checked: no condition, or one that holds.
bool is_visible(const Field& field, const RuleContext& context);

/// The fields of the record at hand, one of `form`, that an expression reads, ascending; also those
/// that a computed field among them is made of.
std::vector<std::string> fields_read_by(const Expression& expression, const Form& form);

/// One finding about a record: in `where` the field (or "field[2].sub", counted from 0), or the
/// rule's id.
struct Issue {
    Level level = Level::error;
    std::string code;  // "required", "wrong_type", "out_of_range", "unknown_choice", "bad_code",
                       // "too_long", "computed_field", "unknown_field", "unknown_reference",
                       // "rule", "duplicate", "amendment_without_reason", ...
    std::string where;
    LocalText message;
};

/// Type, bounds, choice, check digit of one entered value: what `set` would refuse. Null (and
/// empty text in fields of text, the empty list in sets) is always well-formed, except in a
/// computed field, which nobody sets. Empty when all is well.
std::vector<Issue> check_value(const FormCatalog& catalog, const Field& field, const Value& value);

/// Everything that bars or should be looked at before submitting: required and visible fields,
/// each visible value, all rules. Hidden fields are neither required nor checked. With a source,
/// references to records that it lacks give a warning. `context.form` and `values` must be set.
std::vector<Issue> check_record(const FormCatalog& catalog, const RuleContext& context);

bool has_error(const std::vector<Issue>& issues);

}  // namespace zf
