#include "common/report/record_reader.h"

#include <algorithm>
#include <cstring>

#include "common/codec/field_path.h"
#include "common/model/rule.h"

namespace zf {

namespace {

// References remembered per path; beyond it they are read anew, so that memory stays bounded
// when records lead to as many others.
constexpr std::size_t known_max = 100'000;

const Value* find_in(const Members& row, std::string_view name) {
    for (const auto& [member, value] : row) {
        if (member == name) return &value;
    }
    return nullptr;
}

}  // namespace

RecordReader::RecordReader(const Form& form, const FormCatalog& forms,
                           const ApprovedRecords& records, const Date& today)
    : form_(form), forms_(forms), records_(records), today_(today), cells_(1) {}

RecordReader::Leaf& RecordReader::leaf_in(Source& source, const std::string& name, FieldType type) {
    const auto place =
        std::lower_bound(source.leaves.begin(), source.leaves.end(), name,
                         [](const Leaf& leaf, const std::string& key) { return leaf.name < key; });
    if (place != source.leaves.end() && place->name == name) return *place;
    auto reference = type == FieldType::ref ? std::make_unique<Reference>() : nullptr;
    return *source.leaves.insert(place, Leaf{name, type, 0, std::move(reference)});
}

CellPlace RecordReader::place_of(std::size_t& at, FieldType type) {
    if (at == 0) {
        at = cells_.size();
        cells_.emplace_back();
    }
    return {at, type};
}

CellPlace RecordReader::want(std::string_view path, std::string_view unnest) {
    const auto found = find_field_path(path, form_, forms_, unnest);
    if (!found) return {};
    Source* source = &root_;
    if (found->in_row) {
        auto rows = std::find_if(rows_.begin(), rows_.end(),
                                 [&](const auto& entry) { return entry.first == unnest; });
        if (rows == rows_.end()) {
            rows_.emplace_back(unnest, Source{});
            rows = std::prev(rows_.end());
        }
        source = &rows->second;
    }
    for (const std::string& name : found->references) {
        source = &leaf_in(*source, name, FieldType::ref).reference->target;
    }
    const bool is_computed = found->field != nullptr && found->field->computed != nullptr;
    if (!is_computed && found->name != "_id") {
        return place_of(leaf_in(*source, found->name, found->type).at, found->type);
    }
    for (Derived& derived : source->derived) {
        if (derived.name == found->name) return place_of(derived.at, derived.type);
    }
    source->derived.push_back(
        {found->name, found->type, 0, is_computed ? found->field : nullptr, found->form});
    return place_of(source->derived.back().at, found->type);
}

Cell RecordReader::compute_cell(const Derived& derived, const ApprovedRecord& record) {
    if (derived.computed == nullptr) return Cell::of_record(record.id);
    const RuleContext context{derived.form, record.id.text(), &record.values, nullptr, today_};
    const Value value = compute_value(*derived.computed->computed, context);
    Cell cell = read_cell(&value, derived.type, records_);
    // The value ends here; its text must not.
    if (cell.kind == Cell::Kind::text) cell.text = *computed_texts_.emplace(cell.text).first;
    if (cell.kind == Cell::Kind::set) cell.kind = Cell::Kind::unreadable;
    return cell;
}

// Values and wanted fields are both in the order of their names, so one walk finds all; most
// names differ in length, which spares looking at their letters.
void RecordReader::read_record(const Source& source, const ApprovedRecord& record) {
    auto leaf = source.leaves.begin();
    const auto end = source.leaves.end();
    for (auto value = record.values.begin(); value != record.values.end() && leaf != end; ++value) {
        const auto match = std::find_if(
            leaf, end, [&](const Leaf& wanted) { return wanted.name == value->first; });
        if (match == end) continue;
        for (; leaf != match; ++leaf) read_leaf(*leaf, nullptr);
        read_leaf(*leaf, &value->second);
        ++leaf;
    }
    for (; leaf != end; ++leaf) read_leaf(*leaf, nullptr);
    for (const Derived& derived : source.derived) {
        cells_[derived.at] = compute_cell(derived, record);
    }
}

void RecordReader::read_leaf(const Leaf& leaf, const Value* value) {
    if (leaf.reference != nullptr) return follow(leaf, value);
    cells_[leaf.at] = read_cell(value, leaf.type, records_);
}

void RecordReader::clear(const Source& source) {
    for (const Leaf& leaf : source.leaves) read_leaf(leaf, nullptr);
    for (const Derived& derived : source.derived) cells_[derived.at] = Cell{};
}

void RecordReader::follow(const Leaf& leaf, const Value* value) {
    Reference& reference = *leaf.reference;
    const std::string* text = value != nullptr ? value->text() : nullptr;
    const auto id = text != nullptr ? parse_uuid(*text) : std::nullopt;
    if (!id) {
        if (leaf.at != 0) cells_[leaf.at] = read_cell(value, FieldType::ref, records_);
        return clear(reference.target);
    }
    const auto known = reference.known.find(*id);
    const bool is_known = known != reference.known.end();
    const KnownTarget& target = is_known ? known->second : read_target(*id, reference);
    if (leaf.at != 0) cells_[leaf.at] = Cell::of_record(target.id);
    std::size_t next = 0;
    if (is_known) restore_cells(reference.target, target.cells, next);
}

RecordReader::KnownTarget& RecordReader::read_target(const Uuid& id, Reference& reference) {
    if (reference.known.size() >= known_max) reference.known.clear();
    const JoinedTarget target = records_.resolve(id);
    if (target.record != nullptr) {
        read_record(reference.target, *target.record);
    } else {
        clear(reference.target);
    }
    KnownTarget& known = reference.known[id];
    known.id = target.id;
    save_cells(reference.target, known.cells);
    return known;
}

void RecordReader::save_cells(const Source& source, std::vector<Cell>& cells) const {
    for (const Leaf& leaf : source.leaves) {
        if (leaf.at != 0) cells.push_back(cells_[leaf.at]);
        if (leaf.reference != nullptr) save_cells(leaf.reference->target, cells);
    }
    for (const Derived& derived : source.derived) cells.push_back(cells_[derived.at]);
}

void RecordReader::restore_cells(const Source& source, const std::vector<Cell>& cells,
                                 std::size_t& next) {
    for (const Leaf& leaf : source.leaves) {
        if (leaf.at != 0) cells_[leaf.at] = cells[next++];
        if (leaf.reference != nullptr) restore_cells(leaf.reference->target, cells, next);
    }
    for (const Derived& derived : source.derived) cells_[derived.at] = cells[next++];
}

void RecordReader::read(const ApprovedRecord& record) {
    read_record(root_, record);
}

void RecordReader::read_row(std::string_view unnest, const Members& row) {
    for (const auto& [repeat, source] : rows_) {
        if (repeat != unnest) continue;
        for (const Leaf& leaf : source.leaves) read_leaf(leaf, find_in(row, leaf.name));
    }
}

}  // namespace zf
