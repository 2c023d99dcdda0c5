// The reading half of records.h.
#include <algorithm>

#include "client/records.h"
#include "common/base/text.h"
#include "common/codec/changeset_codec.h"
#include "common/model/natural_key.h"
#include "common/model/title.h"
#include "common/store/set_aside.h"

namespace zf {
namespace {

constexpr int title_depth_max = 4;  // references may lead in a circle

/// Whether a record stands for itself, so that it can be somebody's double.
bool counts(const RecordDoc& doc) {
    return !shown_void(doc) && !shown_alias(doc);
}

void warn_of_duplicates(DeviceStore& store, const RecordDoc& doc, const Form& form,
                        std::vector<Issue>& issues) {
    if (!counts(doc)) return;
    const auto key = natural_key_of(form, shown_values(doc, &form), [&](std::string_view id) {
        const auto target = parse_uuid(id);
        return target ? store.log().join_target(*target).text() : std::string(id);
    });
    if (!key) return;
    for (const Uuid& id : store.log().same_natural_key(form.id, *key)) {
        if (id == doc.id) continue;
        const auto other = store.log().find_record(id);
        if (!other || !counts(*other)) continue;
        issues.push_back({Level::warning,
                          "duplicate",
                          form.natural_key.front(),
                          {"与另一条记录相同：" + id.text() + "，请核对是否重复填报",
                           "與另一條記錄相同：" + id.text() + "，請核對是否重複填報",
                           "The record " + id.text() +
                               " has the same key: check whether this was entered twice"}});
    }
}

/// Shown values with `_void` and `_alias_of` when they are set.
FieldValues values_with_envelope(const RecordDoc& doc, const Form* form) {
    FieldValues values = shown_values(doc, form);
    if (doc.fields.contains(field_void)) {
        values.emplace(std::string(field_void), Value(shown_void(doc)));
    }
    if (const auto alias = shown_alias(doc)) {
        values.emplace(std::string(field_alias), Value(alias->text()));
    }
    return values;
}

RecordView make_view(DeviceStore& store, RecordDoc doc) {
    RecordView view;
    view.values = values_with_envelope(doc, store.log().forms().find(doc.form));
    view.status = status_of(store.log(), doc, store.today());
    view.conflicts = conflicts_of(store.log(), doc, store.today());
    view.doc = std::move(doc);
    return view;
}

/// Adds the ops of one changeset about `record`, and tells earlier writes that they are replaced.
void add_to_history(const Changeset& changeset, const Uuid& record,
                    std::vector<HistoryEntry>& history) {
    for (std::size_t n = 0; n < changeset.ops.size(); ++n) {
        const Op& op = changeset.ops[n];
        if (changeset.records[static_cast<std::size_t>(op.record)].id != record) continue;
        const Dot version{changeset.device, changeset.seq, static_cast<std::int32_t>(n)};
        for (HistoryEntry& earlier : history) {
            const bool replaced =
                earlier.field == op.field &&
                std::binary_search(op.supersedes.begin(), op.supersedes.end(), earlier.version);
            if (replaced) earlier.superseded_by = version;
        }
        history.push_back({changeset.at_ms, changeset.user, changeset.device, op.field, op.value,
                           version, op.supersedes, std::nullopt});
    }
}

/// Writes without effect, which stand beside the history and replace nothing in it.
Result<void> add_set_aside(DeviceStore& store, const Uuid& record,
                           std::vector<HistoryEntry>& history) {
    for (const SignedChangeset& stored : changesets_set_aside(store.db())) {
        const auto changeset = decode_changeset(stored.bytes);
        if (!changeset) return fail(changeset.error());
        std::vector<HistoryEntry> beside;
        add_to_history(*changeset, record, beside);
        for (HistoryEntry& entry : beside) {
            entry.set_aside = true;
            history.push_back(std::move(entry));
        }
    }
    return {};
}

void mask_personal(const Form& form, FieldValues& values) {
    for (const Field& field : form.fields) {
        if (!field.pii) continue;
        const auto value = values.find(field.name);
        if (value != values.end() && value->second.text()) {
            value->second = Value(masked_text(*value->second.text()));
        }
    }
}

std::string title_to_depth(DeviceStore& store, const RecordDoc& doc, Language language, bool masks,
                           int depth) {
    const FormCatalog& forms = store.log().forms();
    const Form* form = forms.find(doc.form);
    if (!form) return doc.id.text();
    FieldValues values = shown_values(doc, form);
    if (masks) mask_personal(*form, values);
    return title_of(forms, *form, values, language, [&](std::string_view id) {
        const auto target = parse_uuid(id);
        if (!target || depth == 0) return std::string();
        const auto other = store.log().find_record(store.log().join_target(*target));
        return other ? title_to_depth(store, *other, language, masks, depth - 1) : std::string();
    });
}

}  // namespace

Result<RecordDoc> load_record(DeviceStore& store, const Uuid& record) {
    auto doc = store.log().find_record(record);
    if (doc) return std::move(*doc);
    return fail(ErrorCode::unknown_record,
                "there is no such record on this laptop; sync first, or check the id", "record");
}

std::vector<Issue> issues_for_entry(DeviceStore& store, const RecordDoc& doc) {
    if (shown_void(doc)) return {};
    std::vector<Issue> issues = issues_of(store.log(), doc, store.today());
    if (const Form* form = store.log().forms().find(doc.form)) {
        warn_of_duplicates(store, doc, *form, issues);
    }
    return issues;
}

Result<RecordView> view_record(DeviceStore& store, const Uuid& record) {
    auto doc = load_record(store, record);
    if (!doc) return fail(doc.error());
    return make_view(store, std::move(*doc));
}

Result<std::vector<HistoryEntry>> history_of(DeviceStore& store, const Uuid& record,
                                             const std::string& field) {
    const auto doc = load_record(store, record);
    if (!doc) return fail(doc.error());
    std::vector<HistoryEntry> history;
    for (const StoredChangeset& stored : store.log().changesets_of(record)) {
        const auto changeset = decode_changeset(stored.signed_changeset.bytes);
        if (!changeset) return fail(changeset.error());
        add_to_history(*changeset, record, history);
    }
    if (auto added = add_set_aside(store, record, history); !added) return fail(added.error());
    if (field.empty()) return history;
    std::erase_if(history, [&](const HistoryEntry& entry) { return entry.field != field; });
    const Form* form = store.log().forms().find(doc->form);
    if (history.empty() && form && !form->find(field) && !field.starts_with("_")) {
        return fail(ErrorCode::unknown_field, "the form " + form->id + " has no field of this name",
                    "field");
    }
    return history;
}

Result<ListPage> list_records(DeviceStore& store, const ListQuery& query) {
    const Form* form = store.log().forms().find(query.form);
    ZF_CHECK(check_conditions(store.log().forms(), form, query.where));
    ListPage page;
    std::vector<RecordDoc> docs;
    bool is_known = form != nullptr;
    const auto take = [&](const RecordDoc& doc) {
        is_known = true;
        const bool is_wanted = query.where.empty() ||
                               meets_conditions(form, values_with_envelope(doc, form), query.where);
        if (!is_wanted) return true;
        ++page.total;
        if (docs.size() < query.limit && (!query.after || doc.id > *query.after)) {
            docs.push_back(doc);
        }
        return true;
    };
    if (query.search.empty()) {
        store.log().each_record(query.form, take);
    } else {
        auto found = store.log().search(query.form, query.search, SIZE_MAX >> 1);
        std::sort(found.begin(), found.end());
        for (const Uuid& id : found) {
            if (const auto doc = store.log().find_record(id)) take(*doc);
        }
    }
    if (!is_known || query.form.empty()) {
        return fail(ErrorCode::unknown_form,
                    "there is no form " + query.form + " on this laptop; check its name", "form");
    }
    for (RecordDoc& doc : docs) page.records.push_back(make_view(store, std::move(doc)));
    return page;
}

std::string title_of_record(DeviceStore& store, const RecordDoc& doc, Language language) {
    return title_to_depth(store, doc, language, false, title_depth_max);
}

std::string list_title_of_record(DeviceStore& store, const RecordDoc& doc, Language language) {
    return title_to_depth(store, doc, language, true, title_depth_max);
}

std::string masked_text(std::string_view text) {
    std::size_t end = 0;
    if (!text.empty()) next_code_point(text, end);
    return std::string(text.substr(0, end)) + "**";
}

}  // namespace zf
