#include "common/store/attachments.h"

namespace zf {

bool holds_attachments(FieldType type) {
    return type == FieldType::photos || type == FieldType::files || type == FieldType::signature;
}

void collect_attachments(const Field& field, const Value& value, std::vector<Hash256>& out) {
    if (const List* list = value.list()) {
        for (const Value& element : *list) collect_attachments(field, element, out);
    } else if (field.type == FieldType::repeat) {
        for (const Field& sub : field.fields) {
            if (const Value* part = value.find(sub.name)) collect_attachments(sub, *part, out);
        }
    } else if (holds_attachments(field.type) && value.text()) {
        if (const auto hash = parse_hash256(*value.text())) out.push_back(*hash);
    }
}

void collect_attachments(const FormCatalog& forms, const Changeset& changeset,
                         std::vector<Hash256>& out) {
    for (const Op& op : changeset.ops) {
        const TouchedRecord& touched = changeset.records[static_cast<std::size_t>(op.record)];
        const Form* form = op.value ? forms.find(touched.form) : nullptr;
        const Field* field = form ? form->find(op.field) : nullptr;
        if (field) collect_attachments(*field, *op.value, out);
    }
}

}  // namespace zf
