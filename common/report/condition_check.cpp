#include "common/report/condition_check.h"

#include <algorithm>
#include <utility>

namespace zf {

namespace {

Cell cell_of(PeriodPoint point, const Period& period) {
    switch (point) {
        case PeriodPoint::year:
            return Cell::of_number(Decimal(period.year()));
        case PeriodPoint::start:
            return Cell::of_date(period.start);
        case PeriodPoint::end:
            return Cell::of_date(period.end);
        case PeriodPoint::year_start:
            return Cell::of_date({period.year(), 1, 1});
        case PeriodPoint::end_month:
            return Cell::of_month(month_of(period.end));
    }
    return {};
}

bool order_fits(Comparison comparison, std::strong_ordering order) {
    switch (comparison) {
        case Comparison::eq:
            return order == 0;
        case Comparison::ne:
            return order != 0;
        case Comparison::lt:
            return order < 0;
        case Comparison::le:
            return order <= 0;
        case Comparison::gt:
        case Comparison::is_null_or_after:
            return order > 0;
        case Comparison::ge:
            return order >= 0;
        default:
            return false;
    }
}

}  // namespace

PeriodCheck::PeriodCheck(const PeriodRule& rule, const Period& period, std::string_view unnest,
                         RecordReader& reader)
    : kind_(rule.kind), last_(Cell::of_date(period.end)) {
    if (kind_ == PeriodRule::Kind::as_of) {
        from_ = reader.want(rule.from, unnest);
        to_ = reader.want(rule.to, unnest);
        return;
    }
    field_ = reader.want(rule.field, unnest);
    const bool whole_year = kind_ == PeriodRule::Kind::year_to_date;
    first_ = Cell::of_date(whole_year ? Date{period.year(), 1, 1} : period.start);
}

bool PeriodCheck::accepts(const RecordReader& reader) const {
    if (kind_ == PeriodRule::Kind::as_of) {
        const auto from = compare_cells(reader.at(from_.at), last_);
        if (!from || *from > 0) return false;
        const Cell& to = reader.at(to_.at);
        if (to.is_missing()) return true;
        const auto after = compare_cells(to, last_);
        return after && *after > 0;
    }
    const Cell& day = reader.at(field_.at);
    const auto to_last = compare_cells(day, last_);
    if (!to_last || *to_last > 0) return false;
    if (kind_ == PeriodRule::Kind::up_to_end) return true;
    const auto to_first = compare_cells(day, first_);
    return to_first && *to_first >= 0;
}

ConditionCheck::ConditionCheck(const Condition& condition, const Period& period,
                               std::string_view unnest, RecordReader& reader,
                               const ApprovedRecords& records)
    : kind_(condition.kind), comparison_(condition.comparison), records_(records) {
    for (const Condition& part : condition.parts) {
        parts_.emplace_back(part, period, unnest, reader, records);
    }
    if (kind_ != Condition::Kind::compare) return;
    field_ = reader.want(condition.field, unnest);
    for (const Operand& operand : condition.operands) {
        if (const auto* point = std::get_if<PeriodPoint>(&operand)) {
            constants_.push_back(cell_of(*point, period));
        } else if (const auto* other = std::get_if<FieldOperand>(&operand)) {
            others_.push_back(reader.want(other->path, unnest));
        } else {
            constants_.push_back(read_constant(std::get<Value>(operand), field_.type, records));
        }
    }
}

bool ConditionCheck::holds(const RecordReader& reader) const {
    const auto part_holds = [&](const ConditionCheck& part) { return part.holds(reader); };
    switch (kind_) {
        case Condition::Kind::any:
            return std::any_of(parts_.begin(), parts_.end(), part_holds);
        case Condition::Kind::all:
            return std::all_of(parts_.begin(), parts_.end(), part_holds);
        case Condition::Kind::compare:
            return compares(reader);
    }
    return false;
}

bool ConditionCheck::equals_any(const RecordReader& reader, const Cell& cell) const {
    const auto equals = [&](const Cell& other) {
        const auto order = compare_cells(cell, other);
        return order && *order == 0;
    };
    return std::any_of(constants_.begin(), constants_.end(), equals) ||
           std::any_of(others_.begin(), others_.end(),
                       [&](const CellPlace& place) { return equals(reader.at(place.at)); });
}

bool ConditionCheck::compares(const RecordReader& reader) const {
    const Cell& cell = reader.at(field_.at);
    if (comparison_ == Comparison::is_null) return cell.is_missing();
    if (cell.is_missing()) return comparison_ == Comparison::is_null_or_after;
    if (comparison_ == Comparison::not_null) return true;
    if (comparison_ == Comparison::in) return equals_any(reader, cell);
    if (comparison_ == Comparison::not_in) {
        return cell.kind != Cell::Kind::unreadable && !equals_any(reader, cell);
    }
    if (constants_.empty() && others_.empty()) return false;
    const Cell& other = others_.empty() ? constants_.front() : reader.at(others_.front().at);
    if (comparison_ == Comparison::contains) return set_contains(cell, other, records_);
    const auto order = compare_cells(cell, other);
    return order && order_fits(comparison_, *order);
}

}  // namespace zf
