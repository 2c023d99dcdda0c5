#include "common/model/natural_key.h"

namespace zf {
namespace {

Value resolved(const Value& value, const ResolveReference& resolve_reference) {
    const std::string* id = value.text();
    return id == nullptr || id->empty() ? value : Value(resolve_reference(*id));
}

Value key_part(const Field& field, const Value& value, const ResolveReference& resolve_reference) {
    if (!resolve_reference) return canonical_value(field, value);
    if (field.type == FieldType::ref) {
        return canonical_value(field, resolved(value, resolve_reference));
    }
    const List* list = value.list();
    if (field.type != FieldType::ref_multi || list == nullptr) {
        return canonical_value(field, value);
    }
    List targets;
    for (const Value& item : *list) targets.push_back(resolved(item, resolve_reference));
    return canonical_value(field, targets);
}

}  // namespace

std::optional<std::string> natural_key_of(const Form& form, const FieldValues& values,
                                          const ResolveReference& resolve_reference) {
    if (form.natural_key.empty()) return std::nullopt;
    List parts;
    for (const std::string& name : form.natural_key) {
        const Field* field = form.find(name);
        const auto found = values.find(name);
        if (field == nullptr || found == values.end()) return std::nullopt;
        Value part = key_part(*field, found->second, resolve_reference);
        if (is_empty_value(part)) return std::nullopt;
        parts.push_back(std::move(part));
    }
    return canonical_text(parts);
}

}  // namespace zf
