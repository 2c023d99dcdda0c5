#include "client/app/review_remarks.h"

#include <algorithm>

#include "common/codec/changeset_codec.h"

namespace zf {
namespace {

std::string text_of(const Value& value, const char* member) {
    const Value* part = value.find(member);
    return part && part->text() ? *part->text() : std::string();
}

/// Whether the field holds exactly what the reviewer saw in it.
bool is_as_seen(const RecordDoc& doc, const Review& review, const std::string& field) {
    const auto seen = std::find_if(review.saw.begin(), review.saw.end(),
                                   [&](const SeenField& one) { return one.field == field; });
    std::vector<Dot> now;
    const auto live = doc.fields.find(field);
    if (live != doc.fields.end()) {
        for (const LiveValue& value : live->second) now.push_back(value.dot);
    }
    return seen == review.saw.end() ? now.empty() : now == seen->dots;
}

}  // namespace

std::optional<ReturnRemarks> remarks_of_return(DeviceStore& store, const RecordDoc& doc) {
    const auto found = doc.reviews.find(ReviewKind::returned);
    if (found == doc.reviews.end()) return std::nullopt;
    const Review& review = found->second;
    for (const auto& [kind, other] : doc.reviews) {
        if (other.hlc > review.hlc) return std::nullopt;
    }
    ReturnRemarks remarks{review.user, review.at_ms, {}, {}};
    const auto stored = store.log().find_changeset(review.dot.device, review.dot.seq);
    if (!stored) return remarks;
    const auto changeset = decode_changeset(stored->signed_changeset.bytes);
    if (!changeset) return remarks;
    for (const Op& op : changeset->ops) {
        const bool is_here = changeset->records[static_cast<std::size_t>(op.record)].id == doc.id;
        if (!is_here || !op.value) continue;
        if (op.field == field_review_note && op.value->text()) remarks.note = *op.value->text();
        if (op.field != field_comments || !op.value->list()) continue;
        for (const Value& comment : *op.value->list()) {
            const std::string field = text_of(comment, "field"), text = text_of(comment, "text");
            if (text.empty()) continue;
            remarks.comments.push_back({field, text, !is_as_seen(doc, review, field)});
        }
    }
    return remarks;
}

}  // namespace zf
