#include "tests/sim/model.h"

#include <tuple>

#include "common/base/assert.h"
#include "common/codec/changeset_codec.h"

namespace zf::sim {

Model model_of(const std::vector<Changeset>& applied) {
    Model model;
    std::map<Uuid, std::tuple<Hlc, DeviceId, std::int64_t>> newest_approval;
    for (const Changeset& changeset : applied) {
        for (const TouchedRecord& touched : changeset.records) model[touched.id];
        for (std::size_t n = 0; n < changeset.ops.size(); ++n) {
            const Op& op = changeset.ops[n];
            const Uuid& id = changeset.records[static_cast<std::size_t>(op.record)].id;
            ModelRecord& record = model[id];
            const Dot dot{changeset.device, changeset.seq, static_cast<std::int32_t>(n)};
            if (op.value && is_data_field(op.field)) {
                record.live[op.field][dot] = canonical_text(*op.value);
            }
            if (op.field != field_status || !op.value || !op.value->text()) continue;
            if (*op.value->text() == "submitted") record.submitted = true;
            if (*op.value->text() != "approved") continue;
            const std::tuple order{changeset.hlc, changeset.device, changeset.seq};
            const auto known = newest_approval.find(id);
            if (known != newest_approval.end() && known->second > order) continue;
            newest_approval[id] = order;
            record.approved.clear();
            for (const SeenField& seen : op.saw) {
                record.approved[seen.field].insert(seen.dots.begin(), seen.dots.end());
            }
        }
    }
    for (const Changeset& changeset : applied) {
        for (const Op& op : changeset.ops) {
            const Uuid& id = changeset.records[static_cast<std::size_t>(op.record)].id;
            for (const Dot& dot : op.supersedes) model[id].live[op.field].erase(dot);
        }
    }
    for (auto& [id, record] : model) {
        std::erase_if(record.live, [](const auto& entry) { return entry.second.empty(); });
    }
    return model;
}

Model documents_of(ChangeLog& log) {
    Model model;
    log.each_record("", [&](const RecordDoc& doc) {
        ModelRecord& record = model[doc.id];
        record.submitted = doc.submitted;
        for (const auto& [field, live] : doc.fields) {
            for (const LiveValue& value : live) {
                record.live[field][value.dot] = canonical_text(value.value);
            }
        }
        for (const auto& [field, approved] : doc.approved) {
            for (const LiveValue& value : approved) record.approved[field].insert(value.dot);
        }
        return true;
    });
    return model;
}

std::vector<Changeset> applied_changesets(ChangeLog& log) {
    std::vector<Changeset> applied;
    log.each_changeset([&](const StoredChangeset& stored) {
        if (stored.standing != Standing::applied) return true;
        auto changeset = decode_changeset(stored.signed_changeset.bytes);
        ZF_ASSERT(changeset.has_value());
        applied.push_back(std::move(*changeset));
        return true;
    });
    return applied;
}

std::string difference(const Model& expected, const Model& found) {
    for (const auto& [id, record] : expected) {
        const auto other = found.find(id);
        if (other == found.end()) return "record " + id.text() + " is missing";
        if (record.live != other->second.live) {
            for (const auto& [field, live] : record.live) {
                const auto there = other->second.live.find(field);
                if (there == other->second.live.end() || there->second != live) {
                    return "record " + id.text() + ": live values of " + field + " differ";
                }
            }
            return "record " + id.text() + " has live values too many";
        }
        if (record.approved != other->second.approved) {
            return "record " + id.text() + ": the approved values differ";
        }
        if (record.submitted != other->second.submitted) {
            return "record " + id.text() + ": submitted differs";
        }
    }
    if (found.size() != expected.size()) return "there are records too many";
    return {};
}

}  // namespace zf::sim
