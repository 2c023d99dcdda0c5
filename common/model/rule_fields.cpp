// fields_read_by of rule.h.
#include <algorithm>

#include "common/model/rule.h"

namespace zf {
namespace {

void collect(const Expression& expression, std::vector<std::string>& out) {
    const bool names_field =
        expression.kind == Expression::Kind::field || expression.op == Operator::related;
    if (expression.kind != Expression::Kind::constant && names_field) {
        out.push_back(expression.name);
    }
    if (!expression.by.empty()) out.push_back(expression.by);
    if (!expression.order.empty()) out.push_back(expression.order);
    for (const ExpressionPtr& argument : expression.arguments) collect(*argument, out);
}

}  // namespace

std::vector<std::string> fields_read_by(const Expression& expression) {
    std::vector<std::string> names;
    collect(expression, names);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

}  // namespace zf
