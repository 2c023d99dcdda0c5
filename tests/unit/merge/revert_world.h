// A server that takes changesets back, for tests of plan_revert.
#pragma once

#include "common/codec/changeset_codec.h"
#include "common/merge/revert.h"
#include "tests/unit/merge/merge_world.h"

namespace zf::testing {

inline constexpr int server_number = 9;

struct RevertWorld : World {
    [[nodiscard]] std::set<std::size_t> all() const {
        std::set<std::size_t> past;
        for (std::size_t i = 0; i < changesets.size(); ++i) past.insert(i);
        return past;
    }
    [[nodiscard]] ChangesetRef next() const {
        ChangesetRef next{device_number(server_number), 1};
        for (const Changeset& changeset : changesets) {
            if (changeset.device == next.device) next.seq = changeset.seq + 1;
        }
        return next;
    }

    /// Plans and appends what takes back the changesets of `device` from `since` on.
    PlannedRevert revert(int device, std::int64_t since, bool knows_form = true) {
        return take_back(
            [=](const ChangesetRef& ref) {
                return ref.device == device_number(device) && ref.seq >= since;
            },
            true, knows_form);
    }
    /// The same for what the last one wrote.
    PlannedRevert unrevert() {
        const ChangesetRef first = batch_;
        return take_back(
            [=](const ChangesetRef& ref) {
                return ref.device == first.device && ref.seq >= first.seq;
            },
            false, true);
    }

    [[nodiscard]] Value shown(std::string_view field) const {
        const RecordDoc doc = view_all();
        const auto live = doc.fields.find(field);
        return live == doc.fields.end() ? Value() : shown_value(form().find(field), live->second);
    }
    [[nodiscard]] std::vector<Conflict> conflicts() const {
        return find_conflicts(view_all(), &form());
    }

private:
    PlannedRevert take_back(std::function<bool(const ChangesetRef&)> is_taken, bool through_copies,
                            bool knows_form) {
        const RevertScope scope{
            std::move(is_taken),
            [](const DeviceId& id) { return id == device_number(server_number); }, through_copies,
            next()};
        PlannedRevert plan =
            plan_revert(knows_form ? &form() : nullptr, view_all(), changesets, scope, "why");
        if (plan.edit.ops.empty()) return plan;
        batch_ = scope.next;
        append_sound(plan.edit);
        if (!plan.voiding.ops.empty()) append_sound(plan.voiding);
        return plan;
    }
    /// Each is one that a store can read back.
    void append_sound(const PlannedEdit& edit) {
        append(server_number, all(), edit);
        const auto read = decode_changeset(encode_changeset(changesets.back()));
        CAPTURE((read ? std::string() : read.error().message + " " + read.error().where));
        REQUIRE(read.has_value());
    }

    ChangesetRef batch_;
};

}  // namespace zf::testing
