#include "common/store/store_records.h"

#include <algorithm>
#include <map>

#include "common/base/assert.h"

namespace zf {
namespace {

/// A record as one of the two views shows it.
struct Row {
    Uuid id;
    std::string form;
    FieldValues values;
    bool counts = false;  // neither voided nor joined; for the approved view: approved at all
    std::optional<Uuid> alias;
};

const Value& value_in(const FieldValues& values, std::string_view field) {
    static const Value missing;
    const auto entry = values.find(field);
    return entry == values.end() ? missing : entry->second;
}

std::optional<Decimal> number_of(const Value& value) {
    if (const std::int64_t* integer = value.integer()) return Decimal(*integer);
    if (const std::string* text = value.text()) return Decimal::parse(*text);
    return std::nullopt;
}

/// Order of dates, months, datetimes in canonical form, and of numbers.
bool comes_before(const Value& a, const Value& b) {
    const auto x = number_of(a), y = number_of(b);
    if (x && y) return *x < *y;
    return a.text() && b.text() && *a.text() < *b.text();
}

bool same_year_text(const Value& a, const Value& b) {
    return a.text() && b.text() && a.text()->substr(0, 4) == b.text()->substr(0, 4);
}

}  // namespace

struct StoreRecords::Memory {
    ChangeLog& log;
    ReadValues which;
    mutable std::map<std::pair<Uuid, bool>, std::optional<Row>> rows;
    mutable std::map<std::string, std::vector<Uuid>, std::less<>> ids_by_form;

    const std::optional<Row>& row(const Uuid& id, bool approved) const {
        auto [entry, is_new] = rows.try_emplace({id, approved});
        if (is_new) {
            if (const auto doc = log.find_record(id)) entry->second = make_row(*doc, approved);
        }
        return entry->second;
    }

    Row make_row(const RecordDoc& doc, bool approved) const {
        const Form* form = log.forms().find(doc.form);
        Row row{doc.id, doc.form, {}, false, {}};
        row.values = approved ? approved_values(doc, form) : shown_values(doc, form);
        row.alias = approved ? approved_alias(doc) : shown_alias(doc);
        const bool voided = approved ? approved_void(doc) : shown_void(doc);
        const bool exists = !approved || doc.reviews.contains(ReviewKind::approved);
        row.counts = exists && !voided && !row.alias;
        return row;
    }

    /// End of the joins in this view; in a cycle the smallest id.
    Uuid target_of(const Uuid& id, bool approved) const {
        std::vector<Uuid> path{id};
        for (;;) {
            const auto& now = row(path.back(), approved);
            if (!now || !now->alias) return path.back();
            const auto seen = std::find(path.begin(), path.end(), *now->alias);
            if (seen != path.end()) return *std::min_element(seen, path.end());
            path.push_back(*now->alias);
        }
    }

    /// What two records are compared by: references by where they lead, others as they are.
    std::string group_of(const Value& value, bool is_reference, bool approved) const {
        if (is_reference && value.text()) {
            if (const auto id = parse_uuid(*value.text())) {
                return target_of(*id, approved).text();
            }
        }
        return canonical_text(value);
    }

    /// Ids of records of `form` that may hold `value` in `by`: through the reference index when
    /// it is a reference, else all of the form.
    std::vector<Uuid> candidates(std::string_view form, const Value& value, bool is_reference,
                                 bool approved) const {
        if (is_reference && value.text()) {
            const auto id = parse_uuid(*value.text());
            return id ? referring(target_of(*id, approved), form) : std::vector<Uuid>{};
        }
        auto entry = ids_by_form.find(form);
        if (entry == ids_by_form.end()) {
            std::vector<Uuid> ids;
            log.each_record(form, [&](const RecordDoc& doc) {
                ids.push_back(doc.id);
                return true;
            });
            entry = ids_by_form.emplace(std::string(form), std::move(ids)).first;
        }
        return entry->second;
    }

    std::vector<Uuid> referring(const Uuid& target, std::string_view form) const {
        std::vector<Uuid> found = log.referring_to(target);
        // Few records are joined; those that may lead here bring their own referrers.
        for (const Uuid& joined : joined_anyhow()) {
            if (joined == target) continue;
            if (target_of(joined, true) != target && target_of(joined, false) != target) continue;
            for (const Uuid& id : log.referring_to(joined)) found.push_back(id);
        }
        std::sort(found.begin(), found.end());
        found.erase(std::unique(found.begin(), found.end()), found.end());
        std::erase_if(found, [&](const Uuid& id) {
            const auto& now = row(id, false);
            return !now || now->form != form;
        });
        return found;
    }

    const std::vector<Uuid>& joined_anyhow() const {
        if (!joined_memory) joined_memory = log.joined_records();
        return *joined_memory;
    }
    mutable std::optional<std::vector<Uuid>> joined_memory;

    bool is_reference(std::string_view form, std::string_view field) const {
        const Form* known = log.forms().find(form);
        const Field* definition = known ? known->find(field) : nullptr;
        return definition && definition->type == FieldType::ref;
    }
};

StoreRecords::StoreRecords(ChangeLog& log, ReadValues which)
    : memory_(std::make_unique<Memory>(Memory{log, which, {}, {}, {}})) {}
StoreRecords::~StoreRecords() = default;

std::optional<FieldValues> StoreRecords::find_record(std::string_view id) const {
    const bool approved = memory_->which == ReadValues::approved;
    const auto parsed = parse_uuid(id);
    if (!parsed) return std::nullopt;
    const auto& row = memory_->row(memory_->target_of(*parsed, approved), approved);
    // In a cycle of joins the smallest id stands for all, though it is joined itself.
    if (!row || (!row->counts && !row->alias)) return std::nullopt;
    return row->values;
}

Value StoreRecords::find_previous(std::string_view form, std::string_view field,
                                  std::string_view by, std::string_view order, bool same_year,
                                  std::string_view own_id, const FieldValues& own) const {
    const bool approved = memory_->which == ReadValues::approved;
    const Value& own_by = value_in(own, by);
    const Value& own_order = value_in(own, order);
    if (own_by.is_null() || own_order.is_null()) return {};
    const bool is_reference = memory_->is_reference(form, by);
    const std::string group = memory_->group_of(own_by, is_reference, approved);

    const Row* best = nullptr;
    for (const Uuid& id : memory_->candidates(form, own_by, is_reference, approved)) {
        const auto& row = memory_->row(id, approved);
        if (!row || !row->counts || row->id.text() == own_id) continue;
        const Value& row_order = value_in(row->values, order);
        if (!comes_before(row_order, own_order)) continue;
        if (same_year && !same_year_text(row_order, own_order)) continue;
        if (memory_->group_of(value_in(row->values, by), is_reference, approved) != group) {
            continue;
        }
        // Candidates ascend by id, so a tie goes to the greater one.
        if (!best || !comes_before(row_order, value_in(best->values, order))) best = &*row;
    }
    return best ? value_in(best->values, field) : Value();
}

Value StoreRecords::sum_related(std::string_view form, std::string_view field, std::string_view by,
                                std::string_view own_form, std::string_view own_id,
                                const FieldValues& own) const {
    const Value& own_by = value_in(own, by);
    if (own_by.is_null()) return {};
    const bool is_reference = memory_->is_reference(form, by);
    const std::string group = memory_->group_of(own_by, is_reference, true);
    Decimal sum;
    for (const Uuid& id : memory_->candidates(form, own_by, is_reference, true)) {
        const auto& row = memory_->row(id, true);
        if (!row || !row->counts || row->id.text() == own_id) continue;
        if (memory_->group_of(value_in(row->values, by), is_reference, true) != group) continue;
        if (const auto number = number_of(value_in(row->values, field))) sum = sum + *number;
    }
    if (own_form == form) {
        if (const auto number = number_of(value_in(own, field))) sum = sum + *number;
    }
    return Value(sum.text());
}

std::vector<Issue> issues_of(ChangeLog& log, const RecordDoc& doc, const Date& today,
                             const StoreRecords& source) {
    const Form* form = log.forms().find(doc.form);
    if (!form) return {};
    const FieldValues values = shown_values(doc, form);
    return check_record(log.forms(), {form, doc.id.text(), &values, &source, today});
}

std::vector<Issue> issues_of(ChangeLog& log, const RecordDoc& doc, const Date& today) {
    return issues_of(log, doc, today, StoreRecords(log, ReadValues::shown));
}

Status status_of(ChangeLog& log, const RecordDoc& doc, const Date& today) {
    // Checking is the dear part, and a record that was never submitted or is voided needs none.
    if (!doc.submitted || shown_void(doc)) return status_of(doc, false);
    return status_of(doc, has_error(issues_of(log, doc, today)));
}

std::vector<BrokenRule> broken_rules(ChangeLog& log, const Date& today) {
    std::vector<BrokenRule> broken;
    const StoreRecords source(log, ReadValues::approved);
    for (const Form& form : log.forms().forms) {
        if (form.rules.empty()) continue;
        std::vector<RecordDoc> docs;
        log.each_record(form.id, [&](const RecordDoc& doc) {
            const bool counts = doc.reviews.contains(ReviewKind::approved) && !approved_void(doc) &&
                                !approved_alias(doc);
            if (counts) docs.push_back(doc);
            return true;
        });
        for (const RecordDoc& doc : docs) {
            const FieldValues values = approved_values(doc, &form);
            const RuleContext context{&form, doc.id.text(), &values, &source, today};
            for (const Rule& rule : form.rules) {
                if (!rule_holds(*rule.expression, context)) {
                    broken.push_back({doc.id, rule.id, rule.level});
                }
            }
        }
    }
    std::sort(broken.begin(), broken.end(), [](const BrokenRule& a, const BrokenRule& b) {
        return std::pair(a.record, a.rule) < std::pair(b.record, b.rule);
    });
    return broken;
}

}  // namespace zf
