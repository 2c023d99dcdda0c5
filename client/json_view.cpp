#include "client/json_view.h"

#include "client/receipts_view.h"
#include "common/base/date.h"
#include "common/base/private_files.h"
#include "common/codec/changeset_codec.h"
#include "common/store/schema.h"
#include "common/store/set_aside.h"

namespace zf {
namespace {

Value local_text_value(const LocalText& text) {
    return Value(Members{{"zh-Hans", text.zh_hans}, {"zh-Hant", text.zh_hant}, {"en", text.en}});
}

Value values_value(const FieldValues& values) {
    Members members;
    for (const auto& [name, value] : values) members.emplace_back(name, value);
    return Value(std::move(members));
}

Value time_value(std::int64_t ms) {
    return Value(datetime_text(ms, bureau_offset_minutes));
}

Value not_applied_value(const std::vector<NotApplied>& all) {
    List list;
    for (const NotApplied& one : all) {
        list.emplace_back(Members{{"seq", one.seq},
                                  {"standing", one.standing},
                                  {"code", one.code},
                                  {"detail", one.detail}});
    }
    return Value(std::move(list));
}

Value foreseen_value(const std::vector<ForeseenConflict>& conflicts) {
    List list;
    for (const ForeseenConflict& one : conflicts) {
        list.emplace_back(
            Members{{"record", one.record}, {"field", one.field}, {"kind", one.kind}});
    }
    return Value(std::move(list));
}

Value errors_value(const std::vector<Error>& errors) {
    List list;
    for (const Error& error : errors) list.push_back(error_value(error));
    return Value(std::move(list));
}

/// Who wrote a value, and when: stands in the changeset behind its dot.
Value write_value(DeviceStore& store, const LiveValue& live) {
    Members members{{"value", live.value}};
    const auto stored = store.log().find_changeset(live.dot.device, live.dot.seq);
    const auto changeset =
        stored ? std::optional(decode_changeset(stored->signed_changeset.bytes)) : std::nullopt;
    if (changeset && changeset->has_value()) {
        members.emplace_back("user", (*changeset)->user);
        members.emplace_back("at", time_value((*changeset)->at_ms));
    }
    members.emplace_back("device", live.dot.device.hex());
    members.emplace_back("version", dot_text(live.dot));
    return Value(std::move(members));
}

}  // namespace

Value issues_value(const std::vector<Issue>& issues) {
    List list;
    for (const Issue& issue : issues) {
        list.emplace_back(Members{{"level", issue.level == Level::error ? "error" : "warning"},
                                  {"code", issue.code},
                                  {"where", issue.where},
                                  {"message", issue.message.en},
                                  {"messages", local_text_value(issue.message)}});
    }
    return Value(std::move(list));
}

Value conflicts_value(DeviceStore& store, const RecordDoc& doc,
                      const std::vector<Conflict>& conflicts) {
    List list;
    const Form* form = store.log().forms().find(doc.form);
    for (const Conflict& conflict : conflicts) {
        const Field* field = form ? form->find(conflict.field) : nullptr;
        List values;
        for (LiveValue live : conflict.values) {
            const bool is_plain = field && !is_set_typed(field->type);
            if (is_plain) live.value = canonical_value(*field, live.value);
            values.push_back(write_value(store, live));
        }
        list.emplace_back(Members{{"record", doc.id.text()},
                                  {"form", doc.form},
                                  {"field", conflict.field},
                                  {"kind", Value(name_of(conflict.kind))},
                                  {"values", std::move(values)}});
    }
    return Value(std::move(list));
}

Value record_value(DeviceStore& store, const RecordView& view) {
    Members members{{"record", view.doc.id.text()},
                    {"form", view.doc.form},
                    {"values", values_value(view.values)},
                    {"status", Value(name_of(view.status))},
                    {"conflicts", conflicts_value(store, view.doc, view.conflicts)},
                    {"history", view.doc.changesets},
                    {"created_by", view.doc.created.user},
                    {"created_at", time_value(view.doc.created.at_ms)},
                    {"updated_by", view.doc.updated.user},
                    {"updated_at", time_value(view.doc.updated.at_ms)},
                    {"pending_amendment", has_pending_amendment(view.doc)},
                    {"waiting", waiting_value(store, waiting_of_record(store, view.doc.id))}};
    Members notes;
    for (const auto& [name, note] : view.doc.notes) notes.emplace_back(name, note.value);
    if (!notes.empty()) members.emplace_back("notes", Value(std::move(notes)));
    return Value(std::move(members));
}

Value list_value(DeviceStore& store, const ListPage& page) {
    List records;
    for (const RecordView& view : page.records) {
        records.emplace_back(Members{{"record", view.doc.id.text()},
                                     {"title", title_of_record(store, view.doc, Language::zh_hans)},
                                     {"status", Value(name_of(view.status))},
                                     {"conflicts", static_cast<int>(view.conflicts.size())},
                                     {"values", values_value(view.values)}});
    }
    return Value(Members{{"records", std::move(records)}, {"total", page.total}});
}

Value history_value(const std::vector<HistoryEntry>& history) {
    List list;
    for (const HistoryEntry& entry : history) {
        Members members{{"at", time_value(entry.at_ms)},
                        {"user", entry.user},
                        {"device", entry.device.hex()},
                        {"field", entry.field},
                        {"version", dot_text(entry.version)}};
        if (entry.set_aside) members.emplace_back("set_aside", true);
        if (entry.value) {
            members.emplace_back("value", *entry.value);
        } else {
            members.emplace_back("removed", true);
        }
        List supersedes;
        for (const Dot& dot : entry.supersedes) supersedes.emplace_back(dot_text(dot));
        members.emplace_back("supersedes", Value(std::move(supersedes)));
        members.emplace_back("superseded_by",
                             entry.superseded_by ? Value(dot_text(*entry.superseded_by)) : Value());
        list.emplace_back(std::move(members));
    }
    return Value(std::move(list));
}

namespace {

Value new_identity_value(const NewIdentity& change) {
    return Value(Members{{"former", change.former.hex()},
                         {"device", change.current.hex()},
                         {"why", change.reason},
                         {"reissued", change.reissued},
                         {"message", told_of(change)}});
}

/// The name that this laptop goes by, and those that it went by.
Value identity_value(DeviceStore& store) {
    if (!store.identity().is_made()) return Value();
    List formers;
    std::string reason;
    for (const FormerIdentity& former : store.identity().formers()) {
        formers.emplace_back(Members{
            {"device", former.id.hex()},
            {"until", time_value(former.left_ms)},
            {"why", former.reason},
            {"settled", former.fork_seq.has_value()},
            {"reissued", former.reissued},
        });
        reason = former.reason;
    }
    Members members{{"renewed", !formers.empty()},
                    {"enrolled", !store.identity().is_pending()},
                    {"former", std::move(formers)}};
    if (!reason.empty()) members.emplace_back("why", Value(reason));
    return Value(std::move(members));
}

}  // namespace

std::string told_of(const NewIdentity& change) {
    const bool is_database = change.reason == name_of(NewIdentityReason::database_back);
    std::string text = is_database ? "this laptop's database was put back from an older copy"
                                   : "this laptop's folder was copied, or put back from a backup";
    text += "; nothing was lost. It goes on as device " + change.current.hex() + ", no longer as " +
            change.former.hex() + ".";
    if (change.reissued > 0) {
        text += " " + std::to_string(change.reissued) +
                " saves that the server did not have are sent under the new name.";
    }
    return text;
}

Value sync_value(const SyncReport& report) {
    return Value(Members{
        {"pushed", report.pushed},
        {"given_back", report.given_back},
        {"pulled", report.pulled},
        {"attachments_sent", report.blobs_sent},
        {"attachments_fetched", report.blobs_fetched},
        {"bytes_up", report.bytes_up},
        {"bytes_down", report.bytes_down},
        {"records_changed", static_cast<std::int64_t>(report.touched.size())},
        {"forms_changed", report.forms_changed},
        {"clock_off_ms", report.clock_off_ms},
        {"set_aside", report.set_aside},
        {"new_identity", report.new_identity ? new_identity_value(*report.new_identity) : Value()},
        {"waiting_on_server", not_applied_value(report.not_applied)},
        {"attachment_errors", errors_value(report.attachment_errors)}});
}

Value rehearsal_value(const Rehearsal& rehearsal) {
    return Value(Members{{"reachable", rehearsal.reachable},
                         {"changesets_to_send", rehearsal.changesets_to_send},
                         {"records_to_send", rehearsal.records_to_send},
                         {"fields_to_send", rehearsal.fields_to_send},
                         {"bytes_to_send", rehearsal.bytes_to_send},
                         {"attachments_to_send", rehearsal.blobs_to_send},
                         {"attachment_bytes_to_send", rehearsal.blob_bytes_to_send},
                         {"changesets_to_fetch", rehearsal.changesets_to_fetch},
                         {"bytes_to_fetch", rehearsal.bytes_to_fetch},
                         {"attachments_to_fetch", rehearsal.blobs_to_fetch},
                         {"judged", rehearsal.judged},
                         {"would_wait", not_applied_value(rehearsal.would_wait)},
                         {"would_conflict", foreseen_value(rehearsal.would_conflict)},
                         {"new_identity", rehearsal.new_identity}});
}

Value status_value(DeviceStore& store) {
    const auto last_sync = find_fact_integer(store.db(), "last_sync_ms");
    List users;
    for (const std::string& user : store.users()) users.emplace_back(user);
    const auto conflicts = open_conflicts(store.log(), store.today()).size();
    const auto counts = store.log().counts();
    return Value(
        Members{{"device", store.membership() ? Value(store.device().hex()) : Value()},
                {"identity", identity_value(store)},
                {"user", store.membership() ? Value(store.membership()->first_user) : Value()},
                {"users", std::move(users)},
                {"server", store.membership() ? Value(store.membership()->server_url) : Value()},
                {"unsent_changesets", store.unsent_changesets()},
                {"unsent_attachments", store.unsent_attachments()},
                {"last_sync", last_sync ? time_value(*last_sync) : Value()},
                {"conflicts", static_cast<std::int64_t>(conflicts)},
                {"records", counts.records},
                {"changesets", counts.changesets},
                {"held", counts.held},
                {"waiting", waiting_value(store, waiting_there(store.db()))},
                {"set_aside", static_cast<std::int64_t>(changesets_set_aside(store.db()).size())},
                {"disk", static_cast<std::int64_t>(bytes_below(store.home()))},
                {"state", store.log().state().hex()}});
}

Value error_value(const Error& error) {
    return Value(Members{{"code", Value(facts_of(error.code).slug)},
                         {"message", error.message},
                         {"where", error.where}});
}

}  // namespace zf
