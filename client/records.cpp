#include "client/records.h"

#include <algorithm>

#include "common/base/assert.h"

namespace zf {
namespace {

Result<const Form*> find_form(DeviceStore& store, const std::string& id) {
    const Form* form = store.log().forms().find(id);
    if (form) return form;
    return fail(ErrorCode::unknown_form,
                "there is no form " + id + " on this laptop; sync first, or check its name",
                "form");
}

/// A record about to be written, as it is now.
struct OpenRecord {
    RecordDoc doc;
    const Form* form = nullptr;
};

Result<OpenRecord> open_record(DeviceStore& store, const Uuid& record) {
    auto doc = load_record(store, record);
    if (!doc) return fail(doc.error());
    const auto form = find_form(store, doc->form);
    if (!form) return fail(form.error());
    return OpenRecord{std::move(*doc), *form};
}

Result<PlannedEdit> plan_entry(DeviceStore& store, const Form& form, const Entry& entry) {
    const FormCatalog& forms = store.log().forms();
    const NewUuid new_uuid = [&store] { return store.env().new_uuid(); };
    switch (entry.kind) {
        case EntryKind::create:
            return plan_create(forms, form, entry.entered, new_uuid);
        case EntryKind::edit:
            return plan_edit(forms, form, entry.opened, entry.entered, new_uuid);
        case EntryKind::resolve:
            return plan_resolve(forms, form, entry.opened, entry.entered, new_uuid);
    }
    ZF_ASSERT(false);
}

bool writes(const PlannedEdit& plan, std::string_view field) {
    return std::any_of(plan.ops.begin(), plan.ops.end(),
                       [&](const Op& op) { return op.field == field; });
}

bool writes_data(const PlannedEdit& plan) {
    return std::any_of(plan.ops.begin(), plan.ops.end(),
                       [](const Op& op) { return is_data_field(op.field); });
}

Issue amendment_without_reason() {
    return {Level::warning,
            "amendment_without_reason",
            std::string(field_amend_reason),
            {"此记录已审定，更正应写明原因（_amend_reason）",
             "此記錄已審定，更正應寫明原因（_amend_reason）",
             "This record was approved: an amendment should give its reason (_amend_reason)"}};
}

/// Writes a plan as one changeset and ends the transaction.
Result<Saved> write_plan(DeviceStore& store, const WriteOptions& options, Transaction& transaction,
                         const RecordDoc& opened, const Form& form, PlannedEdit plan,
                         const std::function<void()>& along = {}) {
    Saved saved{opened.id, plan.changed, {}, false};
    if (options.submit_intent) plan_submit(opened, plan);
    saved.written = !plan.ops.empty();
    const bool lacks_reason = writes_data(plan) && !writes(plan, field_amend_reason);
    if (saved.written) {
        auto written =
            store.author().write(options.user, {{&opened, form.version, std::move(plan)}});
        if (!written) return fail(written.error());
    }
    if (along) along();
    const auto doc = options.check ? store.log().find_record(saved.record) : std::nullopt;
    if (doc) {
        saved.issues = issues_for_entry(store, *doc);
        if (lacks_reason && doc->reviews.contains(ReviewKind::approved)) {
            saved.issues.push_back(amendment_without_reason());
        }
    }
    const DeviceHead head = store.log().head_of(store.device());
    // Last, so that whatever fails before it means that nothing was saved.
    transaction.commit();
    if (saved.written) store.identity().note_head(head);
    return saved;
}

Result<Saved> save_record(DeviceStore& store, const WriteOptions& options, const Uuid& record,
                          const Members& entered, EntryKind kind) {
    ZF_CHECK(store.check_enrolled());
    Transaction transaction(store.db());
    ZF_CHECK(store.refresh());
    auto open = open_record(store, record);
    if (!open) return fail(open.error());
    const Form& form = *open->form;
    const Entry entry{std::move(open->doc), entered, kind};
    auto plan = plan_entry(store, form, entry);
    if (!plan) return fail(plan.error());
    return write_plan(store, options, transaction, entry.opened, form, std::move(*plan));
}

/// A version of a row settles that row and leaves the others alone.
Result<PlannedEdit> plan_row_pick(const FormCatalog& forms, const Form& form, const Field& field,
                                  const RecordDoc& doc, const LiveValue& picked) {
    const Value whole = canonical_value(field, Value(List{picked.value}));
    ZF_CHECK(check_entered(forms, form, {{field.name, whole}}));
    const Value* row = picked.value.find("_row");
    Op op;
    op.field = field.name;
    op.value = whole.list()->front();
    for (const LiveValue& version : doc.fields.find(field.name)->second) {
        const Value* other = version.value.find("_row");
        const bool is_same = version.dot == picked.dot || (row && other && *row == *other);
        if (is_same) op.supersedes.push_back(version.dot);
    }
    PlannedEdit plan;
    plan.ops.push_back(std::move(op));
    plan.changed = {field.name};
    return plan;
}

const LiveValue* find_version(const RecordDoc& doc, const std::string& field,
                              const std::string& version) {
    const auto dot = parse_dot(version);
    const auto live = doc.fields.find(field);
    if (!dot || live == doc.fields.end()) return nullptr;
    for (const LiveValue& value : live->second) {
        if (value.dot == *dot) return &value;
    }
    return nullptr;
}

Unexpected is_voided(const std::string& doing) {
    return fail(ErrorCode::voided,
                "this record is voided; take the voiding back (_void false) before " + doing,
                "record");
}

Result<const Field*> find_file_field(const OpenRecord& open, const std::string& name) {
    const Field* field = open.form->find(name);
    if (!field) {
        return fail(ErrorCode::unknown_field,
                    "the form " + open.form->id + " has no field of this name", "field");
    }
    if (field->type == FieldType::photos || field->type == FieldType::files ||
        field->type == FieldType::signature) {
        return field;
    }
    return fail(ErrorCode::wrong_type, "this is no field for photos, files or signatures", "field");
}

}  // namespace

Result<Saved> save_entry(DeviceStore& store, const WriteOptions& options, Entry entry,
                         const std::function<void()>& along) {
    ZF_CHECK(store.check_enrolled());
    Transaction transaction(store.db());
    ZF_CHECK(store.refresh());
    const auto form = find_form(store, entry.opened.form);
    if (!form) return fail(form.error());
    if (entry.moves) store.identity().follow_moves(entry.opened, *entry.moves);
    const bool is_new = entry.kind == EntryKind::create;
    if (is_new && store.log().find_record(entry.opened.id)) {
        return fail(ErrorCode::record_exists, "a record with this id exists already; edit it",
                    "record");
    }
    auto plan = plan_entry(store, **form, entry);
    if (!plan) return fail(plan.error());
    if (is_new && plan->ops.empty()) {
        return fail(ErrorCode::missing_argument, "a new record needs at least one value", "set");
    }
    return write_plan(store, options, transaction, entry.opened, **form, std::move(*plan), along);
}

Result<Saved> create_record(DeviceStore& store, const WriteOptions& options,
                            const std::string& form, const std::optional<Uuid>& id,
                            const Members& entered) {
    Entry entry{{}, entered, EntryKind::create};
    entry.opened.id = id ? *id : store.env().new_uuid();
    entry.opened.form = form;
    return save_entry(store, options, entry);
}

Result<Saved> edit_record(DeviceStore& store, const WriteOptions& options, const Uuid& record,
                          const Members& entered) {
    return save_record(store, options, record, entered, EntryKind::edit);
}

Result<Saved> resolve_record(DeviceStore& store, const WriteOptions& options, const Uuid& record,
                             const Members& entered) {
    return save_record(store, options, record, entered, EntryKind::resolve);
}

Result<Saved> pick_version(DeviceStore& store, const WriteOptions& options, const Uuid& record,
                           const std::string& field, const std::string& version) {
    ZF_CHECK(store.check_enrolled());
    Transaction transaction(store.db());
    ZF_CHECK(store.refresh());
    auto open = open_record(store, record);
    if (!open) return fail(open.error());
    const LiveValue* picked = find_version(open->doc, field, version);
    if (!picked) {
        return fail(ErrorCode::not_found,
                    "this version is no live value of the field; `conflicts` lists those to pick "
                    "from",
                    "pick");
    }
    const Form& form = *open->form;
    const Field* definition = form.find(field);
    const bool is_row = definition && definition->type == FieldType::repeat;
    if (!is_row && definition && is_set_typed(definition->type)) {
        return fail(ErrorCode::no_conflict,
                    "elements of a set stand side by side, there is nothing to pick; edit the list",
                    "field");
    }
    if (is_row && shown_void(open->doc)) return is_voided("settling anything else");
    const Entry entry{open->doc, {{field, picked->value}}, EntryKind::resolve};
    auto plan = is_row ? plan_row_pick(store.log().forms(), form, *definition, open->doc, *picked)
                       : plan_entry(store, form, entry);
    if (!plan) return fail(plan.error());
    return write_plan(store, options, transaction, open->doc, form, std::move(*plan));
}

Result<Saved> submit_record(DeviceStore& store, const WriteOptions& options, const Uuid& record) {
    ZF_CHECK(store.check_enrolled());
    Transaction transaction(store.db());
    ZF_CHECK(store.refresh());
    auto open = open_record(store, record);
    if (!open) return fail(open.error());
    if (shown_void(open->doc)) return is_voided("submitting the record");
    Saved saved{record, {}, issues_for_entry(store, open->doc), false};
    if (has_error(saved.issues)) return saved;
    WriteOptions intent = options;
    intent.submit_intent = true;
    intent.check = false;
    auto written = write_plan(store, intent, transaction, open->doc, *open->form, {});
    if (!written) return fail(written.error());
    saved.written = true;  // a record that was submitted before stays so
    return saved;
}

Result<Attached> attach_file(DeviceStore& store, const WriteOptions& options, const Uuid& record,
                             const std::string& field, const std::filesystem::path& file) {
    ZF_CHECK(store.check_enrolled());
    {
        // What cannot be attached is not copied either.
        const auto open = open_record(store, record);
        if (!open) return fail(open.error());
        const auto definition = find_file_field(*open, field);
        if (!definition) return fail(definition.error());
        if (shown_void(open->doc)) return is_voided("attaching anything");
    }
    // The file first: a record never names what is not here.
    auto hash = store.blobs().add_file(file);
    if (!hash) return fail(hash.error());
    Transaction transaction(store.db());
    ZF_CHECK(store.refresh());
    auto open = open_record(store, record);
    if (!open) return fail(open.error());
    const auto definition = find_file_field(*open, field);
    if (!definition) return fail(definition.error());
    const auto live = open->doc.fields.find(field);
    const Value shown =
        live == open->doc.fields.end() ? Value() : shown_value(*definition, live->second);
    List elements = shown.list() ? *shown.list() : List{};
    elements.emplace_back(hash->hex());
    const Form& form = *open->form;
    const Entry entry{std::move(open->doc), {{field, Value(std::move(elements))}}, EntryKind::edit};
    auto plan = plan_entry(store, form, entry);
    if (!plan) return fail(plan.error());
    auto saved = write_plan(store, options, transaction, entry.opened, form, std::move(*plan));
    if (!saved) return fail(saved.error());
    return Attached{*hash, store.blobs().size_of(*hash)};
}

}  // namespace zf
