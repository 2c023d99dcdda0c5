#include "server/review.h"

#include "common/base/date.h"
#include "common/merge/edit.h"
#include "common/store/store_records.h"
#include "server/authorize.h"

namespace zf {
namespace {

Verb verb_of(ReviewKind kind) {
    switch (kind) {
        case ReviewKind::checked:
            return Verb::check;
        case ReviewKind::approved:
            return Verb::approve;
        case ReviewKind::returned:
            return Verb::give_back;
    }
    return Verb::approve;
}

/// Where a record lies that is here already.
std::string area_of(ChangeLog& log, const RecordDoc& doc) {
    Changeset probe;
    probe.records.push_back({doc.id, doc.form, doc.form_version, {}});
    const std::vector<std::string> areas = log.areas_touched(probe);
    return areas.empty() ? std::string() : areas.front();
}

Result<void> check_permission(ChangeLog& log, const User& user, const RecordDoc& doc,
                              ReviewKind kind) {
    const Form* form = log.forms().find(doc.form);
    const bool has_chain = form && !form->review_chain.empty();
    const std::string area = area_of(log, doc);
    const std::string last = has_chain ? form->review_chain.back() : std::string();
    if (can(user, verb_of(kind), {area, last})) return {};
    return fail(ErrorCode::not_allowed,
                user.name + " may not set this record to " + std::string(name_of(kind)) +
                    ": the role " + std::string(name_of(user.role)) +
                    ", the account's areas or the form's review chain do not permit it.",
                doc.id.text());
}

Result<void> check_ready(ChangeLog& log, const RecordDoc& doc, const Date& today) {
    const std::vector<Conflict> conflicts = conflicts_of(log, doc, today);
    if (!conflicts.empty()) {
        return fail(
            ErrorCode::in_conflict,
            "The record is in conflict in " + conflicts.front().field + "; settle that first.",
            doc.id.text());
    }
    if (status_of(log, doc, today) == Status::saved) {
        return fail(ErrorCode::not_submittable,
                    "The record is saved only: it was not submitted, or breaks a rule of its "
                    "form; only what was submitted without error can be decided on.",
                    doc.id.text());
    }
    return {};
}

Result<Value> comments_value(ChangeLog& log, const RecordDoc& doc,
                             const std::vector<ReviewComment>& comments) {
    const Form* form = log.forms().find(doc.form);
    List list;
    for (const ReviewComment& comment : comments) {
        if (!form || !form->find(comment.field)) {
            return fail(ErrorCode::unknown_field,
                        "The form " + doc.form + " has no field " + comment.field +
                            "; a comment stands at a field of the record.",
                        comment.field);
        }
        if (comment.text.empty()) {
            return fail(ErrorCode::missing_argument, "A comment needs a text.", comment.field);
        }
        list.emplace_back(Members{{"field", comment.field}, {"text", comment.text}});
    }
    return Value(std::move(list));
}

}  // namespace

Result<void> review_record(CentralStore& store, const User& user, const Uuid& record,
                           ReviewKind kind, const std::string& note,
                           const std::vector<ReviewComment>& comments) {
    const auto held = store.lock();
    ChangeLog& log = store.log();
    Transaction transaction(store.db());
    const auto doc = log.find_record(record);
    if (!doc) {
        return fail(ErrorCode::unknown_record, "There is no such record here.", record.text());
    }
    ZF_CHECK(check_permission(log, user, *doc, kind));
    if (kind != ReviewKind::returned) {
        ZF_CHECK(check_ready(log, *doc, date_at(store.env().now_ms(), bureau_offset_minutes)));
    }
    const auto at_fields = comments_value(log, *doc, comments);
    if (!at_fields) return fail(at_fields.error());
    const Value note_value = note.empty() ? Value() : Value(note);
    const RecordEdit edit{&*doc, doc->form_version,
                          plan_review(*doc, kind, note_value, *at_fields)};
    const auto written = store.author().write(user.name, {edit});
    if (!written) return fail(written.error());
    transaction.commit();
    return {};
}

}  // namespace zf
