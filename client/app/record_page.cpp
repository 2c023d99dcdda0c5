#include "client/app/record_page.h"

#include <algorithm>

#include "client/app/fill_box.h"
#include "common/codec/changeset_codec.h"
#include "common/model/changeset.h"
#include "common/model/natural_key.h"

namespace zf {
namespace {

constexpr std::size_t device_digits = 8;

bool counts(const RecordDoc& doc) {
    return !shown_void(doc) && !shown_alias(doc);
}

void fill_sections(RecordPage& page) {
    for (const FillSection& section : sections_of(*page.form)) {
        PageSection shown{section.id, {}};
        for (const FillBox& box : section.boxes) {
            PageField field;
            field.field = page.form->find(box.field->name);
            const auto value = page.view.values.find(box.field->name);
            if (value != page.view.values.end()) field.value = value->second;
            for (const Conflict& conflict : page.view.conflicts) {
                if (conflict.field == box.field->name) field.is_conflict = true;
            }
            if (page.returned) {
                for (const FieldComment& comment : page.returned->comments) {
                    if (comment.field == box.field->name) field.comments.push_back(comment);
                }
            }
            shown.fields.push_back(std::move(field));
        }
        page.sections.push_back(std::move(shown));
    }
}

void find_relatives(DeviceStore& store, RecordPage& page) {
    ChangeLog& log = store.log();
    const RecordDoc& doc = page.view.doc;
    for (const Uuid& id : log.referring_to(doc.id)) {
        const auto child = log.find_record(id);
        if (child && id != doc.id && counts(*child)) page.children.push_back(id);
    }
    Statement joined = store.db().prepare("SELECT id FROM record WHERE alias=?1");
    joined.bind_bytes(1, doc.id.bytes);
    while (joined.step()) page.joined.push_back(joined.id<Uuid>(0));
    if (!page.form || !counts(doc)) return;
    const auto key = natural_key_of(*page.form, page.view.values, [&](std::string_view id) {
        const auto target = parse_uuid(id);
        return target ? log.join_target(*target).text() : std::string(id);
    });
    if (!key) return;
    for (const Uuid& id : log.same_natural_key(doc.form, *key)) {
        const auto other = log.find_record(id);
        if (id != doc.id && other && counts(*other)) page.doubles.push_back(id);
    }
}

/// What others wrote came from the bureau, or has its number from there.
void count_saves(DeviceStore& store, RecordPage& page) {
    if (!store.membership()) return;
    const DeviceId own = store.device();
    const std::int64_t sent = store.log().delivered_of(own), there = stored_of(store.db(), own);
    for (const StoredChangeset& stored : store.log().changesets_of(page.view.doc.id)) {
        const auto changeset = decode_changeset(stored.signed_changeset.bytes);
        if (!changeset) continue;
        const bool is_own = changeset->device == own;
        ++page.saves.saved;
        if (is_own ? stored.seq <= sent : stored.ssn.has_value()) ++page.saves.sent;
        if (is_own ? stored.seq <= there : stored.ssn.has_value()) ++page.saves.stored;
    }
    page.waiting = waiting_of_record(store, page.view.doc.id);
    page.counted = reports_with(store, page.view.doc);
}

void list_files(DeviceStore& store, RecordPage& page) {
    for (const PageSection& section : page.sections) {
        for (const PageField& field : section.fields) {
            const bool has_files = holds_files(field.field->type) && field.value.list();
            if (!has_files) continue;
            for (const Value& one : *field.value.list()) {
                const auto hash = one.text() ? parse_hash256(*one.text()) : std::nullopt;
                if (!hash) continue;
                PageFile file{field.field->name, *hash, 0, store.blobs().has(*hash), false};
                if (file.is_here) file.bytes = store.blobs().size_of(*hash);
                file.is_at_bureau = find_attachment_receipt(store.db(), *hash).has_value();
                page.files.push_back(std::move(file));
            }
        }
    }
}

}  // namespace

Result<RecordPage> load_page(DeviceStore& store, const Uuid& record) {
    auto view = view_record(store, record);
    if (!view) return fail(view.error());
    RecordPage page;
    page.view = std::move(*view);
    const RecordDoc& doc = page.view.doc;
    page.returned = remarks_of_return(store, doc);
    page.is_void = shown_void(doc);
    page.joined_into = shown_alias(doc);
    page.is_pending = doc.reviews.contains(ReviewKind::approved) && has_pending_amendment(doc);
    const auto reason = doc.notes.find(field_void_reason);
    if (reason != doc.notes.end() && reason->second.value.text()) {
        page.void_reason = *reason->second.value.text();
    }
    // A copy: a sync may bring another version while the page is open.
    if (const Form* form = store.log().forms().find(doc.form)) {
        page.form = std::make_shared<Form>(*form);
        fill_sections(page);
    }
    for (const auto& [name, value] : page.view.values) {
        const bool is_known = name.starts_with("_") || (page.form && page.form->find(name));
        if (!is_known) page.unknown.emplace(name, value);
    }
    for (const Issue& issue : issues_for_entry(store, doc)) {
        if (issue.level == Level::error) page.errors.push_back(issue);
    }
    find_relatives(store, page);
    list_files(store, page);
    count_saves(store, page);
    return page;
}

std::string name_of_device(DeviceStore& store, const DeviceId& device) {
    const auto known = store.bureau().find_device(device);
    if (known && !known->name.empty()) return known->name;
    return device.hex().substr(0, device_digits);
}

Result<std::vector<PageWrite>> load_history(DeviceStore& store, const Uuid& record,
                                            const std::string& field) {
    auto history = history_of(store, record, field);
    if (!history) return fail(history.error());
    std::vector<PageWrite> writes;
    for (HistoryEntry& entry : *history) {
        PageWrite write;
        write.device = name_of_device(store, entry.device);
        for (const HistoryEntry& former : *history) {
            const bool is_former = former.field == entry.field && former.value &&
                                   std::binary_search(entry.supersedes.begin(),
                                                      entry.supersedes.end(), former.version);
            if (is_former) write.former.push_back(*former.value);
        }
        write.is_in_force =
            !entry.superseded_by && !entry.set_aside && entry.value && is_data_field(entry.field);
        write.entry = entry;
        writes.push_back(std::move(write));
    }
    std::reverse(writes.begin(), writes.end());
    return writes;
}

std::vector<const Form*> forms_of_children(const FormCatalog& forms, const std::string& form) {
    std::vector<const Form*> found;
    for (const Form& one : forms.forms) {
        const bool refers = std::any_of(one.fields.begin(), one.fields.end(), [&](const Field& f) {
            return f.ref == form && (f.type == FieldType::ref || f.type == FieldType::ref_multi);
        });
        if (refers) found.push_back(&one);
    }
    return found;
}

Members prefilled_from(const RecordPage& page, const Form& child) {
    Members values;
    bool has_reference = false;
    for (const Field& field : child.fields) {
        if (field.computed || holds_files(field.type)) continue;
        const bool refers = !has_reference && field.ref == page.view.doc.form;
        if (refers && field.type == FieldType::ref) {
            values.emplace_back(field.name, Value(page.view.doc.id.text()));
            has_reference = true;
            continue;
        }
        if (refers && field.type == FieldType::ref_multi) {
            values.emplace_back(field.name, Value(List{Value(page.view.doc.id.text())}));
            has_reference = true;
            continue;
        }
        // Where and about whom: what is written about the thing itself is not taken over.
        const bool is_place = field.type == FieldType::ref || field.type == FieldType::geopoint ||
                              (field.type == FieldType::code && field.check == "division");
        const Field* same = page.form ? page.form->find(field.name) : nullptr;
        const bool is_same = same && same->type == field.type && same->ref == field.ref;
        const auto value = page.view.values.find(field.name);
        if (is_place && is_same && value != page.view.values.end()) {
            values.emplace_back(field.name, value->second);
        }
    }
    return values;
}

}  // namespace zf
