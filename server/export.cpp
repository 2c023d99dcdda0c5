#include "server/export.h"

#include <algorithm>
#include <functional>
#include <set>

#include "common/merge/record_view.h"
#include "common/store/store_records.h"

namespace zf {
namespace {

struct ShownRecord {
    const RecordDoc& doc;
    const Form* form;  // nothing: unknown here
    FieldValues values;
};

bool in_period(const Form* form, const FieldValues& values, const Period& period) {
    if (!form) return false;
    const Field* field = form->find(form->date_field);
    const auto entry = values.find(form->date_field);
    if (!field || entry == values.end() || !entry->second.text()) return false;
    const std::string& text = *entry->second.text();
    if (field->type == FieldType::month) {
        const auto month = parse_month(text);
        return month && *month >= month_of(period.start) && *month <= month_of(period.end);
    }
    std::optional<Date> day = parse_date(text);
    if (const auto instant = parse_datetime(text)) day = date_at(*instant, bureau_offset_minutes);
    return day && *day >= period.start && *day <= period.end;
}

/// Takes personal parts out of a row of a repeat field.
void remove_personal(const std::vector<Field>& fields, Members& members) {
    std::erase_if(members, [&](const auto& member) {
        return std::any_of(fields.begin(), fields.end(), [&](const Field& field) {
            return field.pii && field.name == member.first;
        });
    });
}

void remove_personal(const Form& form, FieldValues& values) {
    for (const Field& field : form.fields) {
        const auto entry = values.find(field.name);
        if (entry == values.end()) continue;
        if (field.pii) {
            values.erase(entry);
            continue;
        }
        List* rows = entry->second.list();
        if (!rows || field.type != FieldType::repeat) continue;
        for (Value& row : *rows) {
            if (Members* members = row.members()) remove_personal(field.fields, *members);
        }
    }
}

void visit_form(ChangeLog& log, const std::string& form_id, const ExportChoice& choice,
                const std::function<void(const ShownRecord&)>& visit) {
    const Form* form = log.forms().find(form_id);
    log.each_record(form_id, [&](const RecordDoc& doc) {
        if (shown_void(doc)) return true;
        // In a cycle of joins one record stands for all: it leads back to itself.
        if (shown_alias(doc) && log.join_target(doc.id) != doc.id) return true;
        ShownRecord record{doc, form, shown_values(doc, form)};
        if (choice.period && !in_period(form, record.values, *choice.period)) return true;
        if (!choice.personal && form) remove_personal(*form, record.values);
        visit(record);
        return true;
    });
}

/// Forms to be exported, in catalog order; those of records whose form is unknown here at the end.
Result<std::vector<std::string>> forms_of(ChangeLog& log, const ExportChoice& choice) {
    if (!choice.form.empty()) {
        if (!log.forms().find(choice.form)) {
            return fail(ErrorCode::unknown_form, "There is no form of this name.", choice.form);
        }
        return std::vector<std::string>{choice.form};
    }
    std::vector<std::string> forms;
    for (const Form& form : log.forms().forms) forms.push_back(form.id);
    std::vector<std::string> unknown;
    log.each_record("", [&](const RecordDoc& doc) {
        if (!log.forms().find(doc.form)) unknown.push_back(doc.form);
        return true;
    });
    std::sort(unknown.begin(), unknown.end());
    unknown.erase(std::unique(unknown.begin(), unknown.end()), unknown.end());
    forms.insert(forms.end(), unknown.begin(), unknown.end());
    return forms;
}

/// As status_of of the store, with a source that serves all records of the export.
std::string_view status_text(ChangeLog& log, const RecordDoc& doc, const Date& today,
                             const StoreRecords& source) {
    const bool is_checked = doc.submitted && !shown_void(doc);
    const bool errors = is_checked && has_error(issues_of(log, doc, today, source));
    return name_of(status_of(doc, errors));
}

/// Field names in the order of the forms, each once.
std::vector<std::string> columns_of(const FormCatalog& catalog,
                                    const std::vector<std::string>& forms, bool personal) {
    std::vector<std::string> columns;
    std::set<std::string_view> seen;
    for (const std::string& id : forms) {
        const Form* form = catalog.find(id);
        if (!form) continue;
        for (const Field& field : form->fields) {
            if (field.pii && !personal) continue;
            if (seen.insert(field.name).second) columns.push_back(field.name);
        }
    }
    return columns;
}

std::string cell_text(const Value& value) {
    if (value.is_null()) return {};
    if (const std::string* text = value.text()) return *text;
    const List* list = value.list();
    const auto is_text = [](const Value& element) { return element.text() != nullptr; };
    if (!list || !std::all_of(list->begin(), list->end(), is_text)) return canonical_text(value);
    std::string joined;
    for (const Value& element : *list) {
        if (!joined.empty()) joined += "; ";
        joined += *element.text();
    }
    return joined;
}

/// Numbers stay numbers, so that a negative one can be added up.
std::string defused(std::string text, bool is_numeric) {
    if (text.empty() || std::string_view("=+-@\t\r").find(text.front()) == std::string_view::npos) {
        return text;
    }
    if (is_numeric && Decimal::parse(text)) return text;
    return "'" + text;
}

void append_cell(std::string& out, const std::string& text) {
    if (text.find_first_of(",\"\r\n") == text.npos) {
        out += text;
        return;
    }
    out.push_back('"');
    for (const char c : text) {
        if (c == '"') out.push_back('"');
        out.push_back(c);
    }
    out.push_back('"');
}

}  // namespace

Result<Value> export_json(ChangeLog& log, const ExportChoice& choice) {
    const auto forms = forms_of(log, choice);
    if (!forms) return fail(forms.error());
    const StoreRecords source(log, ReadValues::shown);
    List records;
    for (const std::string& form : *forms) {
        visit_form(log, form, choice, [&](const ShownRecord& shown) {
            Members values;
            for (const auto& [name, value] : shown.values) values.emplace_back(name, value);
            Value record;
            record.set("record", shown.doc.id.text());
            record.set("form", shown.doc.form);
            record.set("status", status_text(log, shown.doc, choice.today, source));
            record.set("values", std::move(values));
            records.push_back(std::move(record));
        });
    }
    return Value(std::move(records));
}

Result<std::string> export_csv(ChangeLog& log, const ExportChoice& choice) {
    const auto forms = forms_of(log, choice);
    if (!forms) return fail(forms.error());
    const std::vector<std::string> columns = columns_of(log.forms(), *forms, choice.personal);
    const StoreRecords source(log, ReadValues::shown);
    std::string out = "\xef\xbb\xbfrecord,form,status";
    for (const std::string& column : columns) out += "," + column;
    out += "\r\n";
    for (const std::string& form : *forms) {
        visit_form(log, form, choice, [&](const ShownRecord& shown) {
            out += shown.doc.id.text() + ",";
            append_cell(out, shown.doc.form);
            out += ",";
            out += status_text(log, shown.doc, choice.today, source);
            for (const std::string& column : columns) {
                out += ",";
                const auto entry = shown.values.find(column);
                if (entry == shown.values.end()) continue;
                const Field* field = shown.form ? shown.form->find(column) : nullptr;
                const bool is_numeric = field && is_number(field->type);
                append_cell(out, defused(cell_text(entry->second), is_numeric));
            }
            out += "\r\n";
        });
    }
    return out;
}

}  // namespace zf
