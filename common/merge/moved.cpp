#include "common/merge/moved.h"

#include <algorithm>

namespace zf {

ChangesetRef Moved::of(const ChangesetRef& ref) const {
    for (const MovedChain& chain : chains_) {
        if (ref.device == chain.from && ref.seq > chain.after && ref.seq <= chain.last) {
            return {chain.to, ref.seq - chain.after + chain.to_after};
        }
    }
    return ref;
}

Dot Moved::of(const Dot& dot) const {
    const ChangesetRef place = of(ChangesetRef{dot.device, dot.seq});
    return {place.device, place.seq, dot.n};
}

void Moved::translate(std::vector<Dot>& dots) const {
    for (Dot& dot : dots) dot = of(dot);
    std::sort(dots.begin(), dots.end());
}

void Moved::translate(std::vector<ChangesetRef>& refs) const {
    for (ChangesetRef& ref : refs) ref = of(ref);
    std::sort(refs.begin(), refs.end());
}

void Moved::translate(std::vector<SeenField>& seen) const {
    for (SeenField& field : seen) translate(field.dots);
}

void Moved::translate(std::vector<LiveValue>& live) const {
    for (LiveValue& value : live) {
        value.dot = of(value.dot);
        translate(value.saw);
    }
    std::sort(live.begin(), live.end(),
              [](const LiveValue& a, const LiveValue& b) { return a.dot < b.dot; });
}

void Moved::translate(Changeset& changeset) const {
    const ChangesetRef place = of(ChangesetRef{changeset.device, changeset.seq});
    changeset.device = place.device;
    changeset.seq = place.seq;
    for (TouchedRecord& touched : changeset.records) translate(touched.parents);
    for (Op& op : changeset.ops) {
        translate(op.supersedes);
        translate(op.saw);
    }
}

void Moved::translate(RecordDoc& doc) const {
    doc.created.dot = of(doc.created.dot);
    doc.updated.dot = of(doc.updated.dot);
    translate(doc.heads);
    for (auto& [field, live] : doc.fields) translate(live);
    for (auto& [name, note] : doc.notes) note.dot = of(note.dot);
    for (auto& [kind, review] : doc.reviews) {
        review.dot = of(review.dot);
        translate(review.saw);
    }
    for (auto& [field, live] : doc.approved) translate(live);
}

}  // namespace zf
