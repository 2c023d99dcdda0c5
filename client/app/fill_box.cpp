#include "client/app/fill_box.h"

#include <algorithm>
#include <set>

#include "client/app/typed_value.h"

namespace zf {
namespace {

/// Names of fields that belong with what is required: those, and what becomes visible by one.
std::set<std::string> required_group(const Form& form) {
    std::set<std::string> group;
    for (const Field& field : form.fields) {
        if (field.required) group.insert(field.name);
    }
    for (const Field& field : form.fields) {
        if (!field.visible_if) continue;
        for (const std::string& name : fields_read_by(*field.visible_if, form)) {
            if (group.contains(name)) group.insert(field.name);
        }
    }
    return group;
}

std::string section_of(const Field& field, const std::set<std::string>& required) {
    if (field.type == FieldType::repeat) return "rows." + field.name;
    if (required.contains(field.name)) return "required";
    return holds_files(field.type) ? "files" : "more";
}

FillBox box_of(const Field& field, std::string path) {
    FillBox box;
    box.field = &field;
    box.path = std::move(path);
    return box;
}

}  // namespace

bool is_typed(FieldType type) {
    switch (type) {
        case FieldType::text:
        case FieldType::multiline:
        case FieldType::integer:
        case FieldType::decimal:
        case FieldType::date:
        case FieldType::month:
        case FieldType::datetime:
        case FieldType::code:
        case FieldType::geopoint:
            return true;
        default:
            return false;
    }
}

bool holds_files(FieldType type) {
    return type == FieldType::photos || type == FieldType::files || type == FieldType::signature;
}

std::vector<FillSection> sections_of(const Form& form) {
    const auto required = required_group(form);
    std::vector<FillSection> sections;
    for (const Field& field : form.fields) {
        const std::string id = section_of(field, required);
        auto section = std::find_if(sections.begin(), sections.end(),
                                    [&](const FillSection& one) { return one.id == id; });
        if (section == sections.end()) {
            section = sections.insert(sections.end(), FillSection{id, {}});
        }
        section->boxes.push_back(box_of(field, field.name));
    }
    const auto rank = [](const FillSection& section) {
        if (section.id == "required") return 0;
        if (section.id == "more") return 1;
        return section.id == "files" ? 3 : 2;
    };
    std::stable_sort(sections.begin(), sections.end(),
                     [&](const FillSection& a, const FillSection& b) { return rank(a) < rank(b); });
    return sections;
}

FillRow empty_row(const FillBox& box) {
    FillRow row;
    for (const Field& field : box.field->fields) row.boxes.push_back(box_of(field, ""));
    return row;
}

void number_rows(FillBox& box) {
    for (std::size_t i = 0; i < box.rows.size(); ++i) {
        for (FillBox& cell : box.rows[i].boxes) {
            cell.path = box.path + "." + std::to_string(i) + "." + cell.field->name;
        }
    }
}

void show_value(FillBox& box, const Value& value) {
    box.value = value;
    if (box.field->type != FieldType::repeat) {
        if (is_typed(box.field->type)) box.typed = typed_text(*box.field, value);
        return;
    }
    box.rows.clear();
    const List none;
    for (const Value& shown : value.list() ? *value.list() : none) {
        FillRow row = empty_row(box);
        const Value* id = shown.find("_row");
        if (id && id->text()) row.id = *id->text();
        for (FillBox& cell : row.boxes) {
            const Value* member = shown.find(cell.field->name);
            show_value(cell, member ? *member : Value());
        }
        box.rows.push_back(std::move(row));
    }
    number_rows(box);
}

Value value_of_rows(const FillBox& box) {
    List rows;
    for (const FillRow& row : box.rows) {
        Members members;
        for (const FillBox& cell : row.boxes) {
            if (!cell.is_empty()) members.emplace_back(cell.field->name, cell.value);
        }
        if (members.empty() && row.id.empty()) continue;
        if (!row.id.empty()) members.emplace_back("_row", Value(row.id));
        rows.emplace_back(std::move(members));
    }
    return rows.empty() ? Value() : Value(std::move(rows));
}

std::string path_of_issue(std::string_view where) {
    std::string path;
    for (const char c : where) {
        if (c == '[') {
            path += '.';
        } else if (c != ']') {
            path += c;
        }
    }
    return path;
}

}  // namespace zf
