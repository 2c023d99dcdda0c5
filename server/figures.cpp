#include "server/figures.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "common/codec/indicator_codec.h"
#include "common/merge/record_view.h"

namespace zf {
namespace {

ApprovedRecord approved_record(const RecordDoc& doc, const Form* form) {
    ApprovedRecord record{doc.id, doc.form, approved_values(doc, form)};
    FieldValues& values = record.values;
    values.insert_or_assign("_created_at",
                            Value(datetime_text(doc.created.at_ms, bureau_offset_minutes)));
    values.insert_or_assign("_created_by", Value(doc.created.user));
    values.insert_or_assign("_device", Value(doc.created.dot.device.hex()));
    values.insert_or_assign("_form", Value(doc.form));
    values.insert_or_assign("_form_version", Value(doc.form_version));
    values.insert_or_assign("_updated_at",
                            Value(datetime_text(doc.updated.at_ms, bureau_offset_minutes)));
    return record;
}

bool was_approved(const RecordDoc& doc) {
    return doc.reviews.contains(ReviewKind::approved);
}

Approval approval_in(const RecordDoc& doc) {
    const Dot& dot = doc.reviews.at(ReviewKind::approved).dot;
    return {dot.device, dot.seq};
}

}  // namespace

const StoredApprovals::Entry& StoredApprovals::entry(const Uuid& id) const {
    const auto [found, is_new] = entries_.try_emplace(id);
    if (!is_new) return found->second;
    const auto doc = log_.find_record(id);
    if (!doc || !was_approved(*doc)) return found->second;
    found->second.approval = approval_in(*doc);
    found->second.alias = approved_alias(*doc);
    if (!approved_void(*doc)) {
        found->second.record = approved_record(*doc, log_.forms().find(doc->form));
    }
    return found->second;
}

void StoredApprovals::visit(std::string_view form_id, const Visitor& visitor) const {
    const Form* form = log_.forms().find(form_id);
    log_.each_record(form_id, [&](const RecordDoc& doc) {
        if (!was_approved(doc) || approved_void(doc)) return true;
        // In a cycle of joins one record stands for all: it leads back to itself.
        if (approved_alias(doc) && resolve(doc.id).id != doc.id) return true;
        visited_.emplace(doc.id, approval_in(doc));
        visitor(approved_record(doc, form));
        return true;
    });
}

JoinedTarget StoredApprovals::resolve(const Uuid& reference) const {
    std::vector<Uuid> path{reference};
    for (;;) {
        const Entry& now = entry(path.back());
        Uuid end = path.back();
        if (now.alias) {
            const auto seen = std::find(path.begin(), path.end(), *now.alias);
            if (seen == path.end()) {
                path.push_back(*now.alias);
                continue;
            }
            end = *std::min_element(seen, path.end());
        }
        const Entry& last = entry(end);
        return {end, last.record ? &*last.record : nullptr};
    }
}

std::map<Uuid, Approval> StoredApprovals::referred_to() const {
    std::map<Uuid, Approval> all;
    for (const auto& [id, entry] : entries_) {
        if (entry.approval) all.emplace(id, *entry.approval);
    }
    return all;
}

Result<IndicatorCatalog> indicators_in_force(CentralStore& store) {
    auto indicators = decode_indicators(store.bureau().catalog("indicators"), &store.log().forms());
    if (!indicators) {
        return fail(ErrorCode::damaged,
                    "The indicators in force cannot be read: " + indicators.error().message,
                    indicators.error().where);
    }
    return indicators;
}

Result<FigureSet> figures_for(CentralStore& store, const Period& period) {
    const auto indicators = indicators_in_force(store);
    if (!indicators) return fail(indicators.error());
    const StoredApprovals records(store.log());
    return compute_figures(indicators->indicators, period, store.log().forms(), records);
}

}  // namespace zf
