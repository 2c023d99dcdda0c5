#include "common/report/tally.h"

#include <algorithm>
#include <utility>

namespace zf {

namespace {

// Orders are kept after their record is gone, so they must not point into it.
Cell kept_order(const Cell& cell) {
    const bool points = cell.kind == Cell::Kind::text || cell.kind == Cell::Kind::set;
    return points ? Cell{} : cell;
}

void sort_distinct(std::vector<Uuid>& ids) {
    if (!std::is_sorted(ids.begin(), ids.end())) std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

}  // namespace

Tally::Tally(const AggregateDefinition& definition, const Period& period, RecordReader& reader,
             const ApprovedRecords& records)
    : definition_(definition) {
    const std::string& unnest = definition.unnest;
    if (definition.period) period_.emplace(*definition.period, period, unnest, reader);
    for (const Condition& condition : definition.where) {
        where_.emplace_back(condition, period, unnest, reader, records);
    }
    if (!definition.field.empty()) field_ = reader.want(definition.field, unnest);
    if (!definition.order.empty()) order_ = reader.want(definition.order, unnest);
    if (!definition.latest_per) return;
    group_order_ = reader.want(definition.latest_per->order, unnest);
    for (const std::string& path : definition.latest_per->by) {
        group_by_.push_back(reader.want(path, unnest));
    }
}

bool Tally::accepts(const RecordReader& reader) const {
    if (period_ && !period_->accepts(reader)) return false;
    return std::all_of(where_.begin(), where_.end(),
                       [&](const ConditionCheck& check) { return check.holds(reader); });
}

Tally::Entry Tally::entry_of(const Uuid& id, const RecordReader& reader, const Value* row) const {
    Entry entry;
    entry.id = id;
    entry.group_order = kept_order(reader.at(group_order_.at));
    entry.latest_order = kept_order(reader.at(order_.at));
    const bool may_tie =
        definition_.latest_per.has_value() || definition_.kind == AggregateDefinition::Kind::latest;
    if (row != nullptr && may_tie) entry.row_text = canonical_text(*row);
    const Cell& operand = reader.at(field_.at);
    if (operand.kind == Cell::Kind::number) {
        entry.number = operand.number;
        entry.has_number = true;
    }
    const bool is_countable = !operand.is_missing() && operand.kind != Cell::Kind::unreadable;
    if (definition_.kind == AggregateDefinition::Kind::count_distinct && is_countable) {
        append_key(entry.distinct_key, operand);
    }
    return entry;
}

// A missing order comes before every other. Equal orders: the greater record id, then, for two
// rows of one record, the greater text (rows are a set, their order means nothing).
bool Tally::is_later(const Cell& order, const Cell& other_order, const Entry& entry,
                     const Entry& other) {
    if (order.is_missing() != other_order.is_missing()) return other_order.is_missing();
    const auto compared = compare_cells(order, other_order);
    if (compared && *compared != 0) return *compared > 0;
    if (entry.id != other.id) return entry.id > other.id;
    return entry.row_text > other.row_text;
}

void Tally::offer(const Uuid& id, const RecordReader& reader, const Value* row) {
    if (!accepts(reader)) return;
    if (definition_.latest_per) {
        keep_latest(id, reader, row);
    } else {
        add(entry_of(id, reader, row));
    }
}

void Tally::keep_latest(const Uuid& id, const RecordReader& reader, const Value* row) {
    group_key_.clear();
    for (const CellPlace& place : group_by_) append_key(group_key_, reader.at(place.at));
    const auto [group, is_new] = groups_.try_emplace(group_key_);
    Entry& kept = group->second;
    if (!is_new) {
        // Most records lose by their order alone, before anything is copied.
        const auto compared = compare_cells(reader.at(group_order_.at), kept.group_order);
        if (compared && *compared < 0) return;
    }
    Entry entry = entry_of(id, reader, row);
    if (is_new || is_later(entry.group_order, kept.group_order, entry, kept)) {
        kept = std::move(entry);
    }
}

void Tally::add(const Entry& entry) {
    if (records_.empty() || records_.back() != entry.id) records_.push_back(entry.id);
    switch (definition_.kind) {
        case AggregateDefinition::Kind::count:
            ++count_;
            return;
        case AggregateDefinition::Kind::sum:
            if (entry.has_number) sum_ = sum_ + entry.number;
            return;
        case AggregateDefinition::Kind::count_distinct:
            if (!entry.distinct_key.empty()) distinct_.insert(entry.distinct_key);
            return;
        case AggregateDefinition::Kind::latest:
            if (!latest_ || is_later(entry.latest_order, latest_->latest_order, entry, *latest_)) {
                latest_ = entry;
            }
            return;
    }
}

std::optional<Exact> Tally::value() const {
    switch (definition_.kind) {
        case AggregateDefinition::Kind::count:
            return Exact{Decimal(count_)};
        case AggregateDefinition::Kind::sum:
            return Exact{sum_};
        case AggregateDefinition::Kind::count_distinct:
            return Exact{Decimal(static_cast<std::int64_t>(distinct_.size()))};
        case AggregateDefinition::Kind::latest:
            if (!latest_ || !latest_->has_number) return std::nullopt;
            return Exact{latest_->number};
    }
    return std::nullopt;
}

TallyResult Tally::finish() {
    for (const auto& [key, entry] : groups_) add(entry);
    sort_distinct(records_);
    return {value(), std::move(records_)};
}

}  // namespace zf
