#include "client/app/last_time.h"

#include <algorithm>

#include "client/records.h"
#include "common/store/schema.h"

namespace zf {
namespace {

constexpr std::size_t looked_at_max = 200;
constexpr std::size_t picked_max = 8;

bool counts(const RecordDoc& doc) {
    return !shown_void(doc) && !shown_alias(doc);
}

std::string date_in(const Form& form, const FieldValues& values) {
    const auto date = values.find(form.date_field);
    return date != values.end() && date->second.text() ? *date->second.text() : std::string();
}

FieldValues latest_about(DeviceStore& store, const Form& form, const std::string& subject) {
    FieldValues latest;
    const auto id = parse_uuid(subject);
    if (!id) return latest;
    std::string latest_date;
    std::size_t looked_at = 0;
    for (const Uuid& record : store.log().referring_to(*id)) {
        if (++looked_at > looked_at_max) break;
        const auto doc = store.log().find_record(record);
        if (!doc || doc->form != form.id || !counts(*doc)) continue;
        FieldValues values = shown_values(*doc, &form);
        const std::string date = date_in(form, values);
        if (!latest.empty() && date <= latest_date) continue;
        latest = std::move(values);
        latest_date = date;
    }
    return latest;
}

}  // namespace

std::string subject_of(const Form& form, const FieldValues& values) {
    for (const Field& field : form.fields) {
        if (field.type != FieldType::ref || !field.required) continue;
        const auto value = values.find(field.name);
        if (value != values.end() && value->second.text()) return *value->second.text();
    }
    return "";
}

FieldValues values_of_last_time(DeviceStore& store, const Form& form, const std::string& subject) {
    FieldValues about = latest_about(store, form, subject);
    if (!about.empty()) return about;
    const auto noted = parse_uuid(find_fact(store.db(), "fill.last." + form.id).value_or(""));
    if (noted) {
        const auto doc = store.log().find_record(*noted);
        if (doc && doc->form == form.id && counts(*doc)) return shown_values(*doc, &form);
    }
    // Nothing was saved here yet: the latest of some that came by sync.
    std::optional<RecordDoc> latest;
    std::size_t looked_at = 0;
    store.log().each_record(form.id, [&](const RecordDoc& doc) {
        if (counts(doc) && (!latest || latest->updated.hlc < doc.updated.hlc)) latest = doc;
        return ++looked_at < looked_at_max;
    });
    return latest ? shown_values(*latest, &form) : FieldValues{};
}

void remember_last_time(DeviceStore& store, const std::string& form, const Uuid& record) {
    set_fact(store.db(), "fill.last." + form, record.text());
}

std::vector<Uuid> recently_picked(DeviceStore& store, const std::string& form) {
    std::vector<Uuid> picked;
    const std::string noted = find_fact(store.db(), "fill.picked." + form).value_or("");
    for (std::size_t at = 0; at < noted.size();) {
        const std::size_t end = std::min(noted.find(' ', at), noted.size());
        if (const auto id = parse_uuid(noted.substr(at, end - at))) picked.push_back(*id);
        at = end + 1;
    }
    return picked;
}

void remember_picked(DeviceStore& store, const std::string& form, const Uuid& record) {
    std::vector<Uuid> picked = recently_picked(store, form);
    std::erase(picked, record);
    picked.insert(picked.begin(), record);
    if (picked.size() > picked_max) picked.resize(picked_max);
    std::string noted;
    for (const Uuid& id : picked) noted += (noted.empty() ? "" : " ") + id.text();
    set_fact(store.db(), "fill.picked." + form, noted);
}

}  // namespace zf
