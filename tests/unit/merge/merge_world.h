// A small world for merge tests: writes with explicit causal pasts, made without any store.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "common/merge/edit.h"
#include "common/merge/record_doc.h"
#include "common/merge/record_view.h"

namespace zf::testing {

inline DeviceId device_number(int n) {
    DeviceId id;
    id.bytes[0] = static_cast<std::uint8_t>(n + 1);
    return id;
}

inline Uuid record_number(int n) {
    Uuid id;
    id.bytes[15] = static_cast<std::uint8_t>(n + 1);
    return id;
}

inline Form plain_form() {
    Form form;
    form.id = "sheet";
    const auto add = [&](const char* name, FieldType type) {
        Field field;
        field.name = name;
        field.type = type;
        field.decimals = 4;
        form.fields.push_back(field);
    };
    add("count", FieldType::integer);
    add("amount", FieldType::decimal);
    add("note", FieldType::text);
    add("people", FieldType::user_multi);
    add("rows", FieldType::repeat);
    Field sub;
    sub.name = "outlet";
    form.fields.back().fields.push_back(sub);
    return form;
}

/// A set of changesets about one record, each with the set of those that its author had seen.
class World {
public:
    World() { catalog_.forms.push_back(plain_form()); }

    [[nodiscard]] const Form& form() const { return catalog_.forms.front(); }
    [[nodiscard]] const FormCatalog& catalog() const { return catalog_; }

    /// The document that somebody sees who has these changesets (by number).
    RecordDoc view(const std::set<std::size_t>& past) const {
        return fold(std::vector<std::size_t>(past.begin(), past.end()));
    }
    RecordDoc view_all() const {
        std::vector<std::size_t> order;
        for (std::size_t i = 0; i < changesets.size(); ++i) order.push_back(i);
        return fold(order);
    }

    RecordDoc fold(const std::vector<std::size_t>& order) const {
        RecordDoc doc;
        doc.id = record_number(0);
        for (const std::size_t i : order) {
            apply_changeset(doc, changesets[i], [this](const Dot& dot) { return find(dot); });
        }
        return doc;
    }

    /// Appends a changeset by `device` that has seen `past` (own earlier ones included by the
    /// caller). An edit that writes nothing is not appended; returns whether it was.
    bool append(int device, const std::set<std::size_t>& past, const PlannedEdit& edit) {
        if (edit.ops.empty()) return false;
        Changeset changeset;
        changeset.device = device_number(device);
        changeset.seq = ++seqs_[device];
        changeset.hlc = {static_cast<std::int64_t>(1000 + changesets.size()), 0};
        changeset.at_ms = changeset.hlc.ms;
        changeset.user = "user" + std::to_string(device);
        RecordDoc seen = view(past);
        changeset.records.push_back({record_number(0), "sheet", 1, seen.heads});
        changeset.ops = edit.ops;
        changesets.push_back(std::move(changeset));
        pasts.push_back(past);
        return true;
    }

    PlannedEdit planned(const std::set<std::size_t>& past, const Members& entered) {
        auto plan = plan_edit(catalog_, form(), view(past), entered, [this] { return new_id(); });
        return plan ? *plan : PlannedEdit{};
    }

    bool edit(int device, const std::set<std::size_t>& past, const Members& entered) {
        return append(device, past, planned(past, entered));
    }
    bool resolve(int device, const std::set<std::size_t>& past, const Members& entered) {
        auto plan =
            plan_resolve(catalog_, form(), view(past), entered, [this] { return new_id(); });
        return plan && append(device, past, *plan);
    }
    bool review(int device, const std::set<std::size_t>& past, ReviewKind kind) {
        return append(device, past, plan_review(view(past), kind, {}));
    }
    bool submit(int device, const std::set<std::size_t>& past) {
        PlannedEdit plan;
        plan_submit(view(past), plan);
        return append(device, past, plan);
    }

    std::optional<LiveValue> find(const Dot& dot) const {
        for (const Changeset& changeset : changesets) {
            if (changeset.device != dot.device || changeset.seq != dot.seq) continue;
            const Op& op = changeset.ops.at(static_cast<std::size_t>(dot.n));
            if (!op.value) return std::nullopt;
            return LiveValue{dot, changeset.hlc, *op.value, op.saw};
        }
        return std::nullopt;
    }

    std::vector<Changeset> changesets;
    std::vector<std::set<std::size_t>> pasts;

private:
    Uuid new_id() {
        Uuid id;
        id.bytes[0] = 0xaa;
        id.bytes[15] = static_cast<std::uint8_t>(++ids_);
        return id;
    }

    FormCatalog catalog_;
    std::map<int, std::int64_t> seqs_;
    int ids_ = 0;
};

}  // namespace zf::testing
