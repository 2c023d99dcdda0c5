#include "client/records.h"

#include <algorithm>

#include "common/codec/changeset_codec.h"
#include "common/model/natural_key.h"
#include "common/model/title.h"

namespace zf {
namespace {

Unexpected no_such_record() {
    return fail(ErrorCode::unknown_record,
                "there is no such record on this laptop; sync first, or check the id", "record");
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

bool names_field(const Members& entered, std::string_view name) {
    return std::any_of(entered.begin(), entered.end(),
                       [&](const auto& member) { return member.first == name; });
}

void warn_of_amendment(const Entry& entry, std::vector<Issue>& issues) {
    const bool was_approved = entry.opened.reviews.contains(ReviewKind::approved);
    if (!was_approved || entry.kind == EntryKind::create ||
        names_field(entry.entered, field_amend_reason)) {
        return;
    }
    issues.push_back({Level::warning,
                      "amendment_without_reason",
                      std::string(field_amend_reason),
                      {"此记录已审定，更正应写明原因（_amend_reason）",
                       "此記錄已審定，更正應寫明原因（_amend_reason）",
                       "This record was approved: an amendment should give its reason "
                       "(_amend_reason)"}});
}

void warn_of_duplicates(DeviceStore& store, const RecordDoc& doc, const Form& form,
                        std::vector<Issue>& issues) {
    const auto key =
        natural_key_of(form, shown_values(doc, &form), [&](std::string_view id) {
            const auto target = parse_uuid(id);
            return target ? store.log().join_target(*target).text() : std::string(id);
        });
    if (!key) return;
    for (const Uuid& other : store.log().same_natural_key(form.id, *key)) {
        if (other == doc.id) continue;
        issues.push_back({Level::warning,
                          "duplicate",
                          form.natural_key.front(),
                          {"与另一条记录相同：" + other.text() + "，请核对是否重复填报",
                           "與另一條記錄相同：" + other.text() + "，請核對是否重複填報",
                           "The record " + other.text() +
                               " has the same key: check whether this was entered twice"}});
    }
}

/// What is shown in place of a conflict when one of its writes is picked.
Result<Members> entry_of_pick(const RecordDoc& doc, const Form& form, const std::string& field,
                              const Value& picked) {
    const Field* definition = form.find(field);
    if (!definition || definition->type != FieldType::repeat) return Members{{field, picked}};
    // A picked row stands among the other rows as they are shown.
    const auto live = doc.fields.find(field);
    const Value shown = live == doc.fields.end() ? Value() : shown_value(definition, live->second);
    const Value* picked_row = picked.find("_row");
    List rows;
    if (shown.list()) {
        for (const Value& row : *shown.list()) {
            const Value* id = row.find("_row");
            const bool same = id && picked_row && *id == *picked_row;
            rows.push_back(same ? picked : row);
        }
    }
    return Members{{field, Value(std::move(rows))}};
}

}  // namespace

std::vector<Issue> issues_for_entry(DeviceStore& store, const RecordDoc& doc) {
    std::vector<Issue> issues = issues_of(store.log(), doc, store.today());
    if (const Form* form = store.log().forms().find(doc.form)) {
        warn_of_duplicates(store, doc, *form, issues);
    }
    return issues;
}

Result<Saved> save_entry(DeviceStore& store, const WriteOptions& options, const Entry& entry,
                         const std::function<void()>& along) {
    ZF_CHECK(store.check_enrolled());
    const Form* form = store.log().forms().find(entry.opened.form);
    if (!form) {
        return fail(ErrorCode::unknown_form,
                    "there is no form " + entry.opened.form + " on this laptop; sync first",
                    "form");
    }
    if (entry.kind == EntryKind::create && store.log().find_record(entry.opened.id)) {
        return fail(ErrorCode::record_exists, "a record with this id exists already; edit it",
                    "record");
    }
    auto plan = plan_entry(store, *form, entry);
    if (!plan) return fail(plan.error());
    Saved saved{entry.opened.id, plan->changed, {}, false};
    if (options.submit_intent) plan_submit(entry.opened, *plan);
    if (plan->ops.empty() && entry.kind == EntryKind::create) {
        return fail(ErrorCode::missing_argument, "a record needs at least one value", "set");
    }
    Transaction transaction(store.db());
    if (!plan->ops.empty()) {
        auto written = store.author().write(
            options.user, {{&entry.opened, form->version, std::move(*plan)}});
        if (!written) return fail(written.error());
        saved.written = true;
    }
    if (along) along();
    transaction.commit();
    if (options.check) {
        if (const auto doc = store.log().find_record(saved.record)) {
            saved.issues = issues_for_entry(store, *doc);
        }
        if (saved.written) warn_of_amendment(entry, saved.issues);
    }
    return saved;
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
    auto doc = store.log().find_record(record);
    if (!doc) return no_such_record();
    return save_entry(store, options, {std::move(*doc), entered, EntryKind::edit});
}

Result<Saved> resolve_record(DeviceStore& store, const WriteOptions& options, const Uuid& record,
                             const Members& entered) {
    auto doc = store.log().find_record(record);
    if (!doc) return no_such_record();
    return save_entry(store, options, {std::move(*doc), entered, EntryKind::resolve});
}

Result<Saved> pick_version(DeviceStore& store, const WriteOptions& options, const Uuid& record,
                           const std::string& field, const std::string& version) {
    const auto doc = store.log().find_record(record);
    if (!doc) return no_such_record();
    const Form* form = store.log().forms().find(doc->form);
    const auto dot = parse_dot(version);
    const auto live = doc->fields.find(field);
    if (form && dot && live != doc->fields.end()) {
        for (const LiveValue& value : live->second) {
            if (value.dot != *dot) continue;
            auto entered = entry_of_pick(*doc, *form, field, value.value);
            if (!entered) return fail(entered.error());
            return resolve_record(store, options, record, *entered);
        }
    }
    return fail(ErrorCode::not_found,
                "this version is no live value of the field; `conflicts` lists those to pick from",
                "pick");
}

Result<Saved> submit_record(DeviceStore& store, const WriteOptions& options, const Uuid& record) {
    ZF_CHECK(store.check_enrolled());
    const auto doc = store.log().find_record(record);
    if (!doc) return no_such_record();
    if (shown_void(*doc)) {
        return fail(ErrorCode::voided,
                    "this record is voided; take the voiding back before submitting it", "record");
    }
    Saved saved{record, {}, issues_for_entry(store, *doc), false};
    if (has_error(saved.issues)) return saved;
    PlannedEdit plan;
    plan_submit(*doc, plan);
    saved.written = true;
    if (plan.ops.empty()) return saved;  // submitted once is submitted
    const Form* form = store.log().forms().find(doc->form);
    Transaction transaction(store.db());
    auto written = store.author().write(
        options.user, {{&*doc, form ? form->version : doc->form_version, std::move(plan)}});
    if (!written) return fail(written.error());
    transaction.commit();
    return saved;
}

Result<Attached> attach_file(DeviceStore& store, const WriteOptions& options, const Uuid& record,
                             const std::string& field, const std::filesystem::path& file) {
    ZF_CHECK(store.check_enrolled());
    const auto doc = store.log().find_record(record);
    if (!doc) return no_such_record();
    const Form* form = store.log().forms().find(doc->form);
    const Field* definition = form ? form->find(field) : nullptr;
    const bool takes_files =
        definition && (definition->type == FieldType::photos ||
                       definition->type == FieldType::files ||
                       definition->type == FieldType::signature);
    if (!takes_files) {
        return fail(ErrorCode::wrong_type, "this is no field for photos, files or signatures",
                    "field");
    }
    // The file first: a record never names what is not here.
    auto hash = store.blobs().add_file(file);
    if (!hash) return fail(hash.error());
    const auto live = doc->fields.find(field);
    Value shown = live == doc->fields.end() ? Value() : shown_value(definition, live->second);
    List elements = shown.list() ? *shown.list() : List{};
    elements.emplace_back(hash->hex());
    auto saved = edit_record(store, options, record, {{field, Value(std::move(elements))}});
    if (!saved) return fail(saved.error());
    return Attached{*hash, store.blobs().size_of(*hash)};
}

namespace {

RecordView make_view(DeviceStore& store, RecordDoc doc) {
    RecordView view;
    const Form* form = store.log().forms().find(doc.form);
    view.values = shown_values(doc, form);
    if (doc.fields.contains(field_void)) {
        view.values.emplace(std::string(field_void), Value(shown_void(doc)));
    }
    if (const auto alias = shown_alias(doc)) {
        view.values.emplace(std::string(field_alias), Value(alias->text()));
    }
    view.status = status_of(store.log(), doc, store.today());
    view.conflicts = conflicts_of(store.log(), doc, store.today());
    view.doc = std::move(doc);
    return view;
}

bool matches(const RecordDoc& doc, const Form& form, const Members& where) {
    if (where.empty()) return true;
    const FieldValues values = shown_values(doc, &form);
    return std::all_of(where.begin(), where.end(), [&](const auto& member) {
        const auto shown = values.find(member.first);
        const Field* field = form.find(member.first);
        const Value wanted = field ? canonical_value(*field, member.second) : member.second;
        return shown == values.end() ? wanted.is_null() : shown->second == wanted;
    });
}

}  // namespace

Result<RecordView> view_record(DeviceStore& store, const Uuid& record) {
    auto doc = store.log().find_record(record);
    if (!doc) return no_such_record();
    return make_view(store, std::move(*doc));
}

Result<std::vector<HistoryEntry>> history_of(DeviceStore& store, const Uuid& record,
                                             const std::string& field) {
    if (!store.log().find_record(record)) return no_such_record();
    std::vector<HistoryEntry> history;
    for (const StoredChangeset& stored : store.log().changesets_of(record)) {
        const auto changeset = decode_changeset(stored.signed_changeset.bytes);
        if (!changeset) return fail(changeset.error());
        for (std::size_t n = 0; n < changeset->ops.size(); ++n) {
            const Op& op = changeset->ops[n];
            if (changeset->records[static_cast<std::size_t>(op.record)].id != record) continue;
            for (HistoryEntry& earlier : history) {
                if (earlier.field == op.field &&
                    std::binary_search(op.supersedes.begin(), op.supersedes.end(),
                                       earlier.version)) {
                    earlier.superseded_by =
                        Dot{changeset->device, changeset->seq, static_cast<std::int32_t>(n)};
                }
            }
            history.push_back({changeset->at_ms, changeset->user, changeset->device, op.field,
                               op.value,
                               {changeset->device, changeset->seq, static_cast<std::int32_t>(n)},
                               op.supersedes,
                               {}});
        }
    }
    if (!field.empty()) {
        std::erase_if(history, [&](const HistoryEntry& entry) { return entry.field != field; });
    }
    return history;
}

Result<ListPage> list_records(DeviceStore& store, const ListQuery& query) {
    const Form* form = store.log().forms().find(query.form);
    if (!form) {
        return fail(ErrorCode::unknown_form, "there is no form " + query.form + " on this laptop",
                    "form");
    }
    for (const auto& [name, value] : query.where) {
        if (!form->find(name)) {
            return fail(ErrorCode::unknown_field, "the form has no field of this name",
                        "where." + name);
        }
    }
    std::vector<Uuid> found;
    if (!query.search.empty()) {
        found = store.log().search(query.form, query.search, SIZE_MAX >> 1);
        std::sort(found.begin(), found.end());
    }
    ListPage page;
    std::vector<RecordDoc> docs;
    store.log().each_record(query.form, [&](const RecordDoc& doc) {
        const bool is_found = query.search.empty() ||
                              std::binary_search(found.begin(), found.end(), doc.id);
        if (!is_found || !matches(doc, *form, query.where)) return true;
        ++page.total;
        if (docs.size() < query.limit && (!query.after || doc.id > *query.after)) {
            docs.push_back(doc);
        }
        return true;
    });
    for (RecordDoc& doc : docs) page.records.push_back(make_view(store, std::move(doc)));
    return page;
}

std::string title_of_record(DeviceStore& store, const RecordDoc& doc,
                            const std::string& language) {
    const FormCatalog& forms = store.log().forms();
    const Form* form = forms.find(doc.form);
    if (!form) return doc.id.text();
    const Language chosen = language == "zh-Hant" ? Language::zh_hant
                            : language == "en"    ? Language::en
                                                  : Language::zh_hans;
    return title_of(forms, *form, shown_values(doc, form), chosen, [&](std::string_view id) {
        const auto target = parse_uuid(id);
        const auto other =
            target ? store.log().find_record(store.log().join_target(*target)) : std::nullopt;
        return other && other->id != doc.id ? title_of_record(store, *other, language)
                                            : std::string();
    });
}

}  // namespace zf
