// fields_read_by of rule.h.
#include <algorithm>

#include "common/model/rule.h"

namespace zf {
namespace {

void collect(const Expression& expression, const Form& form, std::vector<std::string>& out) {
    if (expression.kind == Expression::Kind::constant) return;
    if (expression.kind == Expression::Kind::field) {
        out.push_back(expression.name);
        const Field* field = form.find(expression.name);
        if (field && field->computed) collect(*field->computed, form, out);
        return;
    }
    if (expression.op == Operator::related) out.push_back(expression.name);
    // A sum over the records of this form counts the one at hand with its own value.
    if (expression.op == Operator::sum_related && expression.form == form.id) {
        out.push_back(expression.target_field);
    }
    if (!expression.by.empty()) out.push_back(expression.by);
    if (!expression.order.empty()) out.push_back(expression.order);
    for (const ExpressionPtr& argument : expression.arguments) collect(*argument, form, out);
}

}  // namespace

std::vector<std::string> fields_read_by(const Expression& expression, const Form& form) {
    std::vector<std::string> names;
    collect(expression, form, names);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

}  // namespace zf
