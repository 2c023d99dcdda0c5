#include "common/merge/revert.h"

#include <algorithm>
#include <map>
#include <set>

namespace zf {
namespace {

/// One op on a field, and whether it is to be taken back.
struct Write {
    LiveValue value;  // null when the op only removes
    bool has_value = false, is_taken = false, is_compensating = false;
    std::vector<Dot> supersedes;
    /// Of a compensating write: the earlier ones whose value it repeats.
    std::vector<Dot> sources;
    /// What it stands in place of; what it superseded through taken writes included.
    std::set<Dot> replaces;
};

using FieldWrites = std::map<Dot, Write>;
using Values = std::vector<LiveValue>;

/// The writes of one record by field, from its history.
class Writes {
public:
    Writes(const Uuid& record, std::span<const Changeset> history, const RevertScope& scope)
        : scope_(scope) {
        for (const Changeset& changeset : history) add(record, changeset);
    }

    [[nodiscard]] const std::map<std::string, FieldWrites>& fields() const { return fields_; }
    /// Taken changesets began the record, and nobody else wrote data to it.
    [[nodiscard]] bool is_all_taken() const { return is_begun_ && !has_others_; }
    [[nodiscard]] const std::set<std::string>& kept() const { return kept_; }
    /// Whether the author of `later` had seen `earlier`.
    [[nodiscard]] bool is_before(const ChangesetRef& earlier, const ChangesetRef& later) const {
        std::set<ChangesetRef> seen{later};
        std::vector<ChangesetRef> open{later};
        while (!open.empty()) {
            const auto parents = parents_.find(open.back());
            open.pop_back();
            if (parents == parents_.end()) continue;
            for (const ChangesetRef& parent : parents->second) {
                if (parent == earlier) return true;
                if (seen.insert(parent).second) open.push_back(parent);
            }
        }
        return false;
    }

private:
    void add(const Uuid& record, const Changeset& changeset) {
        const ChangesetRef self{changeset.device, changeset.seq};
        const bool is_taken = scope_.is_taken(self);
        for (const TouchedRecord& touched : changeset.records) {
            if (touched.id != record) continue;
            parents_[self] = touched.parents;
            if (is_taken && touched.parents.empty()) is_begun_ = true;
        }
        for (std::size_t n = 0; n < changeset.ops.size(); ++n) {
            const Op& op = changeset.ops[n];
            const TouchedRecord& touched = changeset.records[static_cast<std::size_t>(op.record)];
            if (touched.id != record) continue;
            if (!is_data_field(op.field)) continue;
            Write write;
            write.value = {{changeset.device, changeset.seq, static_cast<std::int32_t>(n)},
                           changeset.hlc,
                           op.value.value_or(Value()),
                           op.saw};
            write.has_value = op.value.has_value();
            write.is_compensating = scope_.through_copies && scope_.is_server(changeset.device);
            write.supersedes = op.supersedes;
            add_write(op.field, std::move(write), is_taken);
        }
    }

    void add_write(const std::string& field, Write write, bool is_taken) {
        FieldWrites& earlier = fields_[field];
        if (write.is_compensating) find_sources(field, write);
        write.is_taken =
            is_taken || is_taken_copy(earlier, write) || is_removed_again(earlier, write);
        bool is_on_top = false;
        for (const Dot& dot : write.supersedes) {
            write.replaces.insert(dot);
            const auto below = earlier.find(dot);
            if (below == earlier.end() || !below->second.is_taken) continue;
            is_on_top = true;
            write.replaces.insert(below->second.replaces.begin(), below->second.replaces.end());
        }
        if (!write.is_taken && !write.is_compensating) {
            has_others_ = true;
            if (is_on_top) kept_.insert(field);
        }
        gone_[field].insert(write.supersedes.begin(), write.supersedes.end());
        const Dot dot = write.value.dot;
        earlier.emplace(dot, std::move(write));
    }

    /// A value that is brought back supersedes, once more, the write that it repeats; what else it
    /// supersedes was live.
    void find_sources(const std::string& field, Write& write) {
        if (!write.has_value) return;
        const FieldWrites& earlier = fields_[field];
        const std::set<Dot>& gone = gone_[field];
        const std::string text = canonical_text(write.value.value);
        std::vector<Dot> live;
        for (const Dot& dot : write.supersedes) {
            const auto source = earlier.find(dot);
            if (source == earlier.end() || !source->second.has_value) continue;
            if (canonical_text(source->second.value.value) != text) continue;
            (gone.contains(dot) ? write.sources : live).push_back(dot);
        }
        if (write.sources.empty()) write.sources = std::move(live);
    }

    /// Whether it brought back a value that is itself to be taken back.
    static bool is_taken_copy(const FieldWrites& earlier, const Write& write) {
        return !write.sources.empty() &&
               std::all_of(write.sources.begin(), write.sources.end(),
                           [&](const Dot& dot) { return earlier.at(dot).is_taken; });
    }

    /// Whether it brought back a removal that is to be taken back: it removes what was added again
    /// against that one. (A removal for its own sake names the first author's write, too.)
    static bool is_removed_again(const FieldWrites& earlier, const Write& write) {
        if (!write.is_compensating || write.has_value) return false;
        return std::all_of(write.supersedes.begin(), write.supersedes.end(), [&](const Dot& dot) {
            const auto added = earlier.find(dot);
            if (added == earlier.end() || added->second.sources.empty()) return false;
            const std::vector<Dot>& sources = added->second.sources;
            return std::any_of(earlier.begin(), earlier.end(), [&](const auto& entry) {
                const Write& other = entry.second;
                return other.is_taken &&
                       std::any_of(sources.begin(), sources.end(), [&](const Dot& source) {
                           return std::binary_search(other.supersedes.begin(),
                                                     other.supersedes.end(), source);
                       });
            });
        });
    }

    const RevertScope& scope_;
    std::map<std::string, FieldWrites> fields_;
    std::map<std::string, std::set<Dot>> gone_;  // superseded so far
    std::map<ChangesetRef, std::vector<ChangesetRef>> parents_;
    std::set<std::string> kept_;
    bool is_begun_ = false, has_others_ = false;
};

/// What is compared and replaced as one: a plain field, an element of a set, a row.
struct Slot {
    Values taken;  // live, to be superseded
    Values stays;  // live, of others
    Values back;   // live but for the taken writes
};

std::vector<Dot> dots_of(const Values& values) {
    std::vector<Dot> dots;
    for (const LiveValue& value : values) dots.push_back(value.dot);
    return dots;
}

std::map<std::string, Slot> slots_of(const FieldWrites& writes, const Values& live,
                                     const std::function<std::string(const LiveValue&)>& key_of) {
    std::set<Dot> replaced;
    for (const auto& [dot, write] : writes) {
        if (!write.is_taken) replaced.insert(write.replaces.begin(), write.replaces.end());
    }
    const std::vector<Dot> live_dots = dots_of(live);
    std::map<std::string, Slot> slots;
    for (const auto& [dot, write] : writes) {
        if (!write.has_value) continue;
        const bool is_live = std::binary_search(live_dots.begin(), live_dots.end(), dot);
        Slot& slot = slots[key_of(write.value)];
        if (is_live) {
            (write.is_taken ? slot.taken : slot.stays).push_back(write.value);
        } else if (!write.is_taken && !replaced.contains(dot)) {
            slot.back.push_back(write.value);
        }
    }
    return slots;
}

class RevertPlanner {
public:
    RevertPlanner(const Form* form, const RecordDoc& doc, const Writes& writes,
                  const RevertScope& scope)
        : form_(form), doc_(doc), writes_(writes), scope_(scope) {}

    PlannedRevert plan() {
        for (const auto& [name, writes] : writes_.fields()) {
            if (name != field_void) plan_field(name, writes);
        }
        const auto voids = writes_.fields().find(std::string(field_void));
        if (voids != writes_.fields().end()) plan_field(voids->first, voids->second);
        void_again();
        if (plan_.ops.empty()) std::swap(plan_, voiding_);
        return {std::move(plan_), std::move(voiding_), {}, false};
    }

private:
    /// A value of this plan's own and the write that it repeats; seq 0: none.
    struct Repeated {
        Dot dot, source;
    };

    /// A voiding that stands takes in what this plan writes beneath it, or the two would be a
    /// conflict that no person made.
    void void_again() {
        const auto voids = doc_.fields.find(field_void);
        if (repeated_.empty() || voids == doc_.fields.end()) return;
        Values standing;
        for (const LiveValue& voiding : voids->second) {
            if (!gone_.contains(voiding.dot)) standing.push_back(voiding);
        }
        // Whether it is voided at all is disputed: the sides stay as they are.
        const bool is_disputed =
            std::any_of(standing.begin(), standing.end(),
                        [](const LiveValue& one) { return one.value != Value(true); }) ||
            std::any_of(voiding_.ops.begin(), voiding_.ops.end(),
                        [](const Op& op) { return op.value && *op.value != Value(true); });
        if (is_disputed) return;
        std::sort(standing.begin(), standing.end(),
                  [](const LiveValue& a, const LiveValue& b) { return shown_before(b, a); });
        for (const LiveValue& voiding : standing) {
            push(std::string(field_void), {voiding.dot}, voiding);
        }
    }

    void plan_field(const std::string& name, const FieldWrites& writes) {
        const bool is_envelope = name.starts_with('_');
        const Field* field = form_ && !is_envelope ? form_->find(name) : nullptr;
        const bool is_rows = field && field->type == FieldType::repeat;
        const bool is_plain = is_envelope || (field && !is_set_typed(field->type));
        const auto live = doc_.fields.find(name);
        const auto slots = slots_of(writes, live == doc_.fields.end() ? Values() : live->second,
                                    [&](const LiveValue& value) {
                                        return is_plain  ? std::string()
                                               : is_rows ? row_key(value)
                                                         : canonical_text(value.value);
                                    });
        for (const auto& [key, slot] : slots) {
            if (slot.taken.empty() && slot.back.empty()) continue;
            if (is_plain || is_rows) {
                plan_value(name, field, slot, is_rows);
            } else {
                plan_element(name, slot);
            }
        }
    }

    static std::string row_key(const LiveValue& version) {
        const Value* id = version.value.find("_row");
        return id && id->text() ? *id->text() : "dot " + dot_text(version.dot);
    }

    /// Removes, and names what the removed values were copied from.
    void remove(const std::string& name, const Values& values) {
        std::vector<Dot> dots = dots_of(values);
        const FieldWrites& writes = writes_.fields().at(name);
        for (std::size_t i = 0; i < dots.size(); ++i) {
            for (const Dot& source : writes.at(dots[i]).sources) {
                if (std::find(dots.begin(), dots.end(), source) == dots.end()) {
                    dots.push_back(source);
                }
            }
        }
        push(name, std::move(dots), std::nullopt);
    }

    void plan_element(const std::string& name, const Slot& slot) {
        if (slot.back.empty()) {
            remove(name, slot.taken);
        } else if (slot.taken.empty() && slot.stays.empty()) {
            push(name, dots_of(slot.back), slot.back.front());
        }
    }

    void plan_value(const std::string& name, const Field* field, const Slot& slot, bool is_row) {
        if (slot.back.empty()) {
            plan_nothing_before(name, slot, is_row);
            return;
        }
        // Two voidings are equal in nothing: each saw what it saw.
        if (name != field_void && is_same(field, slot, is_row)) return;
        Values back = slot.back;
        // What was shown among several is written last, so that it is shown again.
        std::sort(back.begin(), back.end(),
                  [](const LiveValue& a, const LiveValue& b) { return shown_before(b, a); });
        const auto shown = std::min_element(slot.stays.begin(), slot.stays.end(), shown_before);
        if (shown != slot.stays.end() && shown_before(*shown, back.back())) back.push_back(*shown);
        std::vector<Dot> taken = dots_of(slot.taken);
        for (const LiveValue& value : back) {
            taken.push_back(value.dot);
            push(name, std::move(taken), value);
            taken.clear();
        }
    }

    void plan_nothing_before(const std::string& name, const Slot& slot, bool is_row) {
        if (is_row || !slot.stays.empty()) {
            remove(name, slot.taken);
            return;
        }
        LiveValue empty;
        if (name == field_void) empty.value = Value(false);
        const bool is_empty =
            std::all_of(slot.taken.begin(), slot.taken.end(),
                        [&](const LiveValue& value) { return value.value == empty.value; });
        if (!is_empty) push(name, dots_of(slot.taken), empty);
    }

    /// Whether taking back would change nothing that anybody can see.
    static bool is_same(const Field* field, const Slot& slot, bool is_row) {
        if (slot.taken.empty()) return false;
        std::set<std::string> texts;
        for (const Values* values : {&slot.taken, &slot.stays, &slot.back}) {
            for (const LiveValue& value : *values) {
                Value whole = is_row ? Value(List{value.value}) : value.value;
                texts.insert(
                    canonical_text(field ? canonical_value(*field, whole) : std::move(whole)));
            }
        }
        return texts.size() == 1;
    }

    void push(const std::string& field, std::vector<Dot> supersedes,
              const std::optional<LiveValue>& value) {
        std::sort(supersedes.begin(), supersedes.end());
        Op op;
        op.field = field;
        op.supersedes = std::move(supersedes);
        if (value) {
            op.value = value->value;
            const bool* flag = value->value.boolean();
            if (field == field_void && flag && *flag) op.saw = seen_again(*value);
            const auto n = static_cast<std::int32_t>(plan_.ops.size());
            if (field != field_void) {
                repeated_[field].push_back({{scope_.next.device, scope_.next.seq, n}, value->dot});
            }
        }
        gone_.insert(op.supersedes.begin(), op.supersedes.end());
        PlannedEdit& plan = field == field_void ? voiding_ : plan_;
        if (plan.changed.empty() || plan.changed.back() != field) plan.changed.push_back(field);
        plan.ops.push_back(std::move(op));
    }

    /// What a voiding that is written anew saw: the same, and those of this plan's own values that
    /// it would have seen but for the taken writes.
    [[nodiscard]] std::vector<SeenField> seen_again(const LiveValue& voiding) const {
        std::map<std::string, std::vector<Dot>> again;
        std::set<Dot> seen;
        for (const SeenField& field : voiding.saw) {
            again[field.field] = field.dots;
            seen.insert(field.dots.begin(), field.dots.end());
        }
        for (const auto& [field, own] : repeated_) {
            for (const Repeated& one : own) {
                if (one.source.seq == 0 || would_see(voiding.dot, seen, field, one.source)) {
                    again[field].push_back(one.dot);
                }
            }
        }
        std::vector<SeenField> list;
        for (auto& [field, dots] : again) {
            std::sort(dots.begin(), dots.end());
            list.push_back({field, std::move(dots)});
        }
        return list;
    }

    /// It saw the value itself, or a person wrote it after a taken write in its place.
    [[nodiscard]] bool would_see(const Dot& voiding, const std::set<Dot>& seen,
                                 const std::string& field, const Dot& source) const {
        if (seen.contains(source)) return true;
        const ChangesetRef author = first_author(voiding);
        const FieldWrites& writes = writes_.fields().at(field);
        return std::any_of(writes.begin(), writes.end(), [&](const auto& entry) {
            const auto& [dot, write] = entry;
            return write.is_taken && write.replaces.contains(source) &&
                   writes_.is_before({dot.device, dot.seq}, author);
        });
    }

    /// Of a voiding that a server wrote anew: what it wrote beside it nobody had seen.
    [[nodiscard]] ChangesetRef first_author(Dot voiding) const {
        const FieldWrites& writes = writes_.fields().at(std::string(field_void));
        while (scope_.is_server(voiding.device)) {
            const std::vector<Dot>& former = writes.at(voiding).supersedes;
            const auto repeated = std::find_if(former.begin(), former.end(), [&](const Dot& dot) {
                const auto write = writes.find(dot);
                return write != writes.end() && write->second.value.value == Value(true);
            });
            if (repeated == former.end()) break;
            voiding = *repeated;
        }
        return {voiding.device, voiding.seq};
    }

    const Form* form_;
    const RecordDoc& doc_;
    const Writes& writes_;
    const RevertScope& scope_;
    PlannedEdit plan_, voiding_;
    std::set<Dot> gone_;
    std::map<std::string, std::vector<Repeated>> repeated_;
};

PlannedEdit plan_voiding(const RecordDoc& doc) {
    PlannedEdit plan;
    if (shown_void(doc)) return plan;
    Op op;
    op.field = std::string(field_void);
    const auto live = doc.fields.find(field_void);
    if (live != doc.fields.end()) op.supersedes = dots_of(live->second);
    op.value = Value(true);
    op.saw = seen_by_reader(doc);
    plan.ops.push_back(std::move(op));
    plan.changed.emplace_back(field_void);
    return plan;
}

}  // namespace

PlannedRevert plan_revert(const Form* form, const RecordDoc& doc,
                          std::span<const Changeset> history, const RevertScope& scope,
                          const std::string& reason) {
    const Writes writes(doc.id, history, scope);
    PlannedRevert plan;
    if (writes.is_all_taken()) {
        plan.edit = plan_voiding(doc);
        plan.voids = !plan.edit.ops.empty();
    } else {
        plan = RevertPlanner(form, doc, writes, scope).plan();
        plan.kept.assign(writes.kept().begin(), writes.kept().end());
    }
    if (plan.edit.ops.empty() || reason.empty()) return plan;
    Op noting;
    noting.field = std::string(plan.voids ? field_void_reason : field_amend_reason);
    noting.value = Value(reason);
    plan.edit.ops.push_back(std::move(noting));
    return plan;
}

}  // namespace zf
