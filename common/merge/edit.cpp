#include "common/merge/edit.h"

#include <algorithm>
#include <array>
#include <set>

namespace zf {
namespace {

const std::vector<LiveValue> nothing_live;

const std::vector<LiveValue>& live_of(const RecordDoc& doc, std::string_view field) {
    const auto entry = doc.fields.find(field);
    return entry == doc.fields.end() ? nothing_live : entry->second;
}

std::vector<Dot> dots_of(const std::vector<LiveValue>& live) {
    std::vector<Dot> dots;
    for (const LiveValue& value : live) dots.push_back(value.dot);
    return dots;
}

enum class Mode { edit, resolve };

/// Plans the ops of one save against the document that its author saw.
class Planner {
public:
    Planner(const RecordDoc& opened, Mode mode, const NewUuid& new_uuid)
        : opened_(opened), mode_(mode), new_uuid_(new_uuid) {}

    void plan_field(const Field& field, const Value& entered) {
        const Value wanted = canonical_value(field, entered);
        if (field.type == FieldType::repeat) {
            plan_rows(field, wanted);
        } else if (is_set_typed(field.type)) {
            plan_set(field, wanted);
        } else {
            plan_plain(field, wanted);
        }
    }

    void plan_void(bool value) {
        if (mode_ == Mode::edit && shown_void(opened_) == value) return;
        Op op = write(field_void, dots_of(live_of(opened_, field_void)), value);
        if (value) op.saw = seen_by_reader(opened_);
        push(std::move(op));
    }

    void plan_alias(const Value& target) {
        const auto shown = shown_alias(opened_);
        const Value now = shown ? Value(shown->text()) : Value();
        if (mode_ == Mode::edit && now == target) return;
        push(write(field_alias, dots_of(live_of(opened_, field_alias)), target));
    }

    /// Notes go along with a change; a comment may stand alone.
    void plan_note(std::string_view field, const Value& text) {
        if (text.is_null() || (text.text() && text.text()->empty())) return;
        if (plan_.ops.empty() && field != field_comments) return;
        push(write(field, {}, text));
    }

    PlannedEdit take() {
        for (const Op& op : plan_.ops) plan_.changed.push_back(op.field);
        std::sort(plan_.changed.begin(), plan_.changed.end());
        plan_.changed.erase(std::unique(plan_.changed.begin(), plan_.changed.end()),
                            plan_.changed.end());
        return std::move(plan_);
    }

private:
    static Op write(std::string_view field, std::vector<Dot> supersedes, Value value) {
        Op op;
        op.field = std::string(field);
        op.supersedes = std::move(supersedes);
        op.value = std::move(value);
        return op;
    }

    static Op removal(const std::string& field, std::vector<Dot> supersedes) {
        Op op;
        op.field = field;
        op.supersedes = std::move(supersedes);
        return op;
    }

    void push(Op op) { plan_.ops.push_back(std::move(op)); }

    void plan_plain(const Field& field, const Value& wanted) {
        const auto& live = live_of(opened_, field.name);
        if (mode_ == Mode::edit && shown_value(&field, live) == wanted) return;
        push(write(field.name, dots_of(live), wanted));
    }

    void plan_set(const Field& field, const Value& wanted) {
        std::set<std::string> wanted_texts;
        if (const List* list = wanted.list()) {
            for (const Value& element : *list) wanted_texts.insert(canonical_text(element));
        }
        std::map<std::string, std::vector<Dot>> shown;
        for (const LiveValue& element : live_of(opened_, field.name)) {
            shown[canonical_text(element.value)].push_back(element.dot);
        }
        for (auto& [text, dots] : shown) {
            if (!wanted_texts.contains(text)) push(removal(field.name, dots));
        }
        if (const List* list = wanted.list()) {
            for (const Value& element : *list) {
                if (!shown.contains(canonical_text(element))) {
                    push(write(field.name, {}, element));
                }
            }
        }
    }

    struct ShownRow {
        std::vector<Dot> dots;  // all live versions
        std::string content;    // canonical, without `_row`
        bool claimed = false;
    };

    static std::string content_of(const Value& row) {
        Members members;
        for (const auto& [name, value] : *row.members()) {
            if (name != "_row") members.emplace_back(name, value);
        }
        return canonical_text(Value(std::move(members)));
    }

    static std::string row_id(const Value& row) {
        const Value* id = row.find("_row");
        return id && id->text() ? *id->text() : std::string();
    }

    std::map<std::string, ShownRow> shown_rows(const Field& field) const {
        std::map<std::string, ShownRow> rows;
        const auto& live = live_of(opened_, field.name);
        for (const LiveValue& version : live) {
            std::string id = row_id(version.value);
            if (id.empty()) id = "dot " + dot_text(version.dot);
            rows[id].dots.push_back(version.dot);
        }
        for (auto& [id, row] : rows) {
            const LiveValue* shown = nullptr;
            for (const LiveValue& version : live) {
                const bool same = std::binary_search(row.dots.begin(), row.dots.end(), version.dot);
                if (same && (!shown || shown_before(version, *shown))) shown = &version;
            }
            const Value whole = canonical_value(field, Value(List{shown->value}));
            const List* list = whole.list();
            if (list && !list->empty() && list->front().members()) {
                row.content = content_of(list->front());
            }
        }
        return rows;
    }

    /// Rows with `_row` stand for that row; others are matched by content, as a multiset.
    void plan_rows(const Field& field, const Value& wanted) {
        auto shown = shown_rows(field);
        std::vector<const Value*> unnamed;
        const List empty;
        const List& rows = wanted.list() ? *wanted.list() : empty;
        for (const Value& row : rows) {
            const std::string id = row_id(row);
            if (id.empty()) {
                unnamed.push_back(&row);
                continue;
            }
            ShownRow& now = shown[id];
            now.claimed = true;
            const bool settles = mode_ == Mode::resolve && now.dots.size() > 1;
            if (!now.dots.empty() && now.content == content_of(row) && !settles) continue;
            push(write(field.name, now.dots, row));
        }
        for (const Value* row : unnamed) plan_unnamed_row(field, *row, shown);
        for (const auto& [id, row] : shown) {
            if (!row.claimed) push(removal(field.name, row.dots));
        }
    }

    void plan_unnamed_row(const Field& field, const Value& row,
                          std::map<std::string, ShownRow>& shown) {
        const std::string content = content_of(row);
        for (auto& [id, now] : shown) {
            if (now.claimed || now.content != content) continue;
            now.claimed = true;
            if (mode_ == Mode::resolve && now.dots.size() > 1) {
                Value named = row;
                named.set("_row", Value(id));
                push(write(field.name, now.dots, std::move(named)));
            }
            return;
        }
        Value fresh = row;
        fresh.set("_row", Value(new_uuid_().text()));
        push(write(field.name, {}, std::move(fresh)));
    }

    const RecordDoc& opened_;
    Mode mode_;
    const NewUuid& new_uuid_;
    PlannedEdit plan_;
};

const Value* find_entered(const Members& entered, std::string_view name) {
    for (const auto& [key, value] : entered) {
        if (key == name) return &value;
    }
    return nullptr;
}

/// Findings that bar submitting but not saving: a person may save half-checked work.
bool may_be_saved(const Issue& issue) {
    static constexpr std::array<std::string_view, 4> saved_anyway{"required", "out_of_range",
                                                                  "too_long", "bad_code"};
    return issue.level == Level::warning ||
           std::find(saved_anyway.begin(), saved_anyway.end(), issue.code) != saved_anyway.end();
}

ErrorCode error_code_of_issue(const Issue& issue) {
    if (issue.code == "unknown_choice") return ErrorCode::unknown_choice;
    if (issue.code == "computed_field") return ErrorCode::computed_field;
    if (issue.code == "unknown_field") return ErrorCode::unknown_field;
    if (issue.code == "too_large") return ErrorCode::too_large;
    return ErrorCode::wrong_type;
}

Result<void> check_envelope(const std::string& name, const Value& value) {
    if (name == field_void) {
        if (value.boolean()) return {};
        return fail(ErrorCode::wrong_type, "_void is true or false", name);
    }
    if (name == field_alias) {
        if (value.is_null() || (value.text() && parse_uuid(*value.text()))) return {};
        return fail(ErrorCode::wrong_type, "_alias_of is the id of a record, or null", name);
    }
    if (!is_note_field(name)) {
        return fail(ErrorCode::unknown_field, "this field cannot be set by hand", name);
    }
    if (value.is_null() || value.text()) return {};
    return fail(ErrorCode::wrong_type, "a note is a text", name);
}

/// A voided record takes writing `_void`, with the notes that go along, and nothing else.
Result<void> check_only_voiding(const Members& entered) {
    for (const auto& [name, value] : entered) {
        const bool goes_along = is_note_field(name) && find_entered(entered, field_void);
        if (name == field_void || name == field_void_reason || goes_along) continue;
        return fail(ErrorCode::voided,
                    "this record is voided; take the voiding back (_void false) before anything "
                    "else",
                    name);
    }
    return {};
}

Result<PlannedEdit> plan_against(const FormCatalog& forms, const Form& form,
                                 const RecordDoc& opened, const Members& entered, Mode mode,
                                 const NewUuid& new_uuid) {
    ZF_CHECK(check_entered(forms, form, entered));
    if (shown_void(opened)) ZF_CHECK(check_only_voiding(entered));
    Planner planner(opened, mode, new_uuid);
    for (const Field& field : form.fields) {
        if (const Value* value = find_entered(entered, field.name)) {
            planner.plan_field(field, *value);
        }
    }
    if (const Value* value = find_entered(entered, field_void)) {
        planner.plan_void(*value->boolean());
    }
    if (const Value* value = find_entered(entered, field_alias)) {
        if (value->text() && parse_uuid(*value->text()) == opened.id) {
            return fail(ErrorCode::out_of_range, "a record cannot be joined into itself",
                        std::string(field_alias));
        }
        planner.plan_alias(*value);
    }
    for (const auto& [name, value] : entered) {
        if (is_note_field(name)) planner.plan_note(name, value);
    }
    return planner.take();
}

}  // namespace

Result<void> check_entered(const FormCatalog& forms, const Form& form, const Members& entered) {
    for (const auto& [name, value] : entered) {
        if (name.starts_with("_")) {
            ZF_CHECK(check_envelope(name, value));
            continue;
        }
        const Field* field = form.find(name);
        if (!field) {
            return fail(ErrorCode::unknown_field,
                        "the form " + form.id + " has no field of this name", name);
        }
        if (field->computed) {
            return fail(ErrorCode::computed_field,
                        "this field is calculated from others and cannot be set", name);
        }
        for (const Issue& issue : check_value(forms, *field, value)) {
            if (may_be_saved(issue)) continue;
            return fail(error_code_of_issue(issue), issue.message.en, issue.where);
        }
    }
    return {};
}

Result<PlannedEdit> plan_create(const FormCatalog& forms, const Form& form, const Members& entered,
                                const NewUuid& new_uuid) {
    Members all = entered;
    for (const Field& field : form.fields) {
        if (field.default_value && !find_entered(entered, field.name)) {
            all.emplace_back(field.name, *field.default_value);
        }
    }
    // Against an empty document every non-null value differs from what is shown.
    return plan_against(forms, form, RecordDoc{}, all, Mode::edit, new_uuid);
}

Result<PlannedEdit> plan_edit(const FormCatalog& forms, const Form& form, const RecordDoc& opened,
                              const Members& entered, const NewUuid& new_uuid) {
    return plan_against(forms, form, opened, entered, Mode::edit, new_uuid);
}

Result<PlannedEdit> plan_resolve(const FormCatalog& forms, const Form& form,
                                 const RecordDoc& opened, const Members& entered,
                                 const NewUuid& new_uuid) {
    return plan_against(forms, form, opened, entered, Mode::resolve, new_uuid);
}

void plan_submit(const RecordDoc& opened, PlannedEdit& edit) {
    if (opened.submitted) return;
    Op op;
    op.field = std::string(field_status);
    op.value = Value("submitted");
    edit.ops.push_back(std::move(op));
}

PlannedEdit plan_review(const RecordDoc& seen, ReviewKind kind, const Value& note,
                        const Value& comments) {
    PlannedEdit plan;
    Op op;
    op.field = std::string(field_status);
    op.value = Value(name_of(kind));
    op.saw = seen_by_reader(seen);
    plan.ops.push_back(std::move(op));
    if (note.text() && !note.text()->empty()) {
        Op noting;
        noting.field = std::string(field_review_note);
        noting.value = note;
        plan.ops.push_back(std::move(noting));
    }
    if (comments.list() && !comments.list()->empty()) {
        Op commenting;
        commenting.field = std::string(field_comments);
        commenting.value = comments;
        plan.ops.push_back(std::move(commenting));
    }
    return plan;
}

}  // namespace zf
