#include "common/merge/record_doc.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "common/base/assert.h"

namespace zf {
namespace {

constexpr std::array<std::string_view, 3> review_names{"checked", "approved", "returned"};

auto display_order(const Hlc& hlc, const Dot& dot) {
    return std::tuple(hlc, dot.device, dot.seq, dot.n);
}

void supersede(std::vector<LiveValue>& live, const std::vector<Dot>& dots) {
    std::erase_if(live, [&](const LiveValue& value) {
        return std::binary_search(dots.begin(), dots.end(), value.dot);
    });
}

void insert_by_dot(std::vector<LiveValue>& live, LiveValue value) {
    const auto place =
        std::lower_bound(live.begin(), live.end(), value.dot,
                         [](const LiveValue& a, const Dot& dot) { return a.dot < dot; });
    live.insert(place, std::move(value));
}

const LiveValue* find_live(const RecordDoc& doc, std::string_view field, const Dot& dot) {
    const auto entry = doc.fields.find(field);
    if (entry == doc.fields.end()) return nullptr;
    for (const LiveValue& value : entry->second) {
        if (value.dot == dot) return &value;
    }
    return nullptr;
}

/// The values behind the dots that an approval names. A dot that a later edit has superseded
/// here already is looked up in the log.
void take_approved(RecordDoc& doc, const std::vector<SeenField>& saw, const FindWrite& find_write) {
    doc.approved.clear();
    for (const SeenField& seen : saw) {
        std::vector<LiveValue> values;
        for (const Dot& dot : seen.dots) {
            if (const LiveValue* live = find_live(doc, seen.field, dot)) {
                values.push_back(*live);
            } else if (auto written = find_write(dot)) {
                values.push_back(std::move(*written));
            }
        }
        if (!values.empty()) doc.approved.emplace(seen.field, std::move(values));
    }
}

class Application {
public:
    Application(RecordDoc& doc, const Changeset& changeset, const FindWrite& find_write)
        : doc_(doc), changeset_(changeset), find_write_(find_write) {}

    void apply_op(const Op& op, std::int32_t n) {
        const Dot dot{changeset_.device, changeset_.seq, n};
        if (op.field == field_status) {
            apply_status(op, dot);
        } else if (is_note_field(op.field)) {
            apply_note(op, dot);
        } else {
            apply_data(op, dot);
        }
    }

    void apply_envelope(const TouchedRecord& touched) {
        const Authorship author{changeset_.hlc,
                                {changeset_.device, changeset_.seq, 0},
                                changeset_.user,
                                changeset_.at_ms};
        const bool first = doc_.changesets == 0;
        const auto order = display_order(author.hlc, author.dot);
        if (first || order < display_order(doc_.created.hlc, doc_.created.dot)) {
            doc_.created = author;
            doc_.form = touched.form;
        }
        if (first || order > display_order(doc_.updated.hlc, doc_.updated.dot)) {
            doc_.updated = author;
        }
        doc_.form_version = std::max(doc_.form_version, touched.form_version);
        ++doc_.changesets;

        std::erase_if(doc_.heads, [&](const ChangesetRef& head) {
            return std::binary_search(touched.parents.begin(), touched.parents.end(), head);
        });
        const ChangesetRef self{changeset_.device, changeset_.seq};
        doc_.heads.insert(std::lower_bound(doc_.heads.begin(), doc_.heads.end(), self), self);
    }

private:
    void apply_status(const Op& op, const Dot& dot) {
        const std::string* name = op.value ? op.value->text() : nullptr;
        if (!name) return;  // shown raw in the history, means nothing here
        if (*name == "submitted") doc_.submitted = true;
        const auto kind = parse_review_kind(*name);
        if (!kind) return;
        const auto known = doc_.reviews.find(*kind);
        if (known != doc_.reviews.end() && display_order(known->second.hlc, known->second.dot) >
                                               display_order(changeset_.hlc, dot)) {
            return;
        }
        doc_.reviews.insert_or_assign(
            *kind, Review{dot, changeset_.hlc, changeset_.user, changeset_.at_ms, op.saw});
        if (*kind == ReviewKind::approved) take_approved(doc_, op.saw, find_write_);
    }

    void apply_note(const Op& op, const Dot& dot) {
        if (!op.value) return;
        const auto known = doc_.notes.find(op.field);
        if (known != doc_.notes.end() && display_order(known->second.hlc, known->second.dot) >
                                             display_order(changeset_.hlc, dot)) {
            return;
        }
        doc_.notes.insert_or_assign(op.field, Note{dot, changeset_.hlc, *op.value});
    }

    void apply_data(const Op& op, const Dot& dot) {
        const auto found = doc_.fields.find(op.field);
        if (found != doc_.fields.end() && !op.supersedes.empty()) {
            supersede(found->second, op.supersedes);
        }
        if (op.value) {
            insert_by_dot(doc_.fields[op.field], {dot, changeset_.hlc, *op.value, op.saw});
        } else if (found != doc_.fields.end() && found->second.empty()) {
            doc_.fields.erase(found);
        }
    }

    RecordDoc& doc_;
    const Changeset& changeset_;
    const FindWrite& find_write_;
};

}  // namespace

bool shown_before(const LiveValue& a, const LiveValue& b) {
    return display_order(a.hlc, a.dot) > display_order(b.hlc, b.dot);
}

std::optional<ReviewKind> parse_review_kind(std::string_view name) {
    for (std::size_t i = 0; i < review_names.size(); ++i) {
        if (review_names[i] == name) return static_cast<ReviewKind>(i);
    }
    return std::nullopt;
}

std::string_view name_of(ReviewKind kind) {
    return review_names.at(static_cast<std::size_t>(kind));
}

void apply_changeset(RecordDoc& doc, const Changeset& changeset, const FindWrite& find_write) {
    std::int32_t record = 0;
    const auto count = static_cast<std::int32_t>(changeset.records.size());
    while (record < count && changeset.records[static_cast<std::size_t>(record)].id != doc.id) {
        ++record;
    }
    ZF_ASSERT(record < count);

    Application application(doc, changeset, find_write);
    application.apply_envelope(changeset.records[static_cast<std::size_t>(record)]);
    for (std::size_t n = 0; n < changeset.ops.size(); ++n) {
        if (changeset.ops[n].record == record) {
            application.apply_op(changeset.ops[n], static_cast<std::int32_t>(n));
        }
    }
}

std::vector<SeenField> seen_by_reader(const RecordDoc& doc) {
    std::vector<SeenField> seen;
    for (const auto& [field, live] : doc.fields) {
        if (!is_data_field(field)) continue;
        SeenField entry{field, {}};
        for (const LiveValue& value : live) entry.dots.push_back(value.dot);
        seen.push_back(std::move(entry));
    }
    return seen;
}

}  // namespace zf
