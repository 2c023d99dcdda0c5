// What a sync has done, and what one would do.
#include <algorithm>

#include "client/receipt_text.h"
#include "client/ui/screen_sync.h"
#include "client/ui/sync_texts.h"
#include "common/codec/changeset_codec.h"

namespace zf::ui {
namespace {

constexpr std::size_t rows_max = 8;

std::string of(std::int64_t number) {
    return std::to_string(number);
}

}  // namespace

std::string SyncScreen::title_of(const Uuid& record) const {
    const auto doc = store_.log().find_record(record);
    if (!doc) return record.text();
    const Language language = kit_.messages().language();
    const Form* form = store_.log().forms().find(doc->form);
    const std::string title = title_of_record(store_, *doc, language);
    return form ? form->label.in(language) + "  " + title : title;
}

void SyncScreen::show_record_row(const std::string& key, const Uuid& record,
                                 const std::string& text, Tone tone) {
    ButtonOptions look;
    look.enabled = ways_.to_record != nullptr;
    if (kit_.button(key + ".open", kit_.say("action.open"), look)) ways_.to_record(record);
    kit_.same_line();
    kit_.align_to_box();
    kit_.label(key, text, tone);
}

void SyncScreen::show_amounts(const SyncReport& report) {
    const Messages& messages = kit_.messages();
    if (report.pushed + report.blobs_sent > 0) {
        kit_.label("sync.sent", messages.text("sync.sent", {{"bytes", bytes_text(report.bytes_up)},
                                                            {"files", of(report.blobs_sent)},
                                                            {"saves", of(report.pushed)}}));
    }
    if (report.pulled + report.blobs_fetched > 0) {
        kit_.label("sync.fetched",
                   messages.text("sync.fetched", {{"bytes", bytes_text(report.bytes_down)},
                                                  {"files", of(report.blobs_fetched)},
                                                  {"saves", of(report.pulled)}}));
    }
    if (report.forms_changed) kit_.label("sync.forms", kit_.say("sync.forms"));
    if (report.new_identity) {
        kit_.label("sync.identity", kit_.say("sync.identity"), Tone::warning);
    }
    if (report.set_aside > 0) {
        kit_.label("sync.set_aside",
                   messages.text("sync.set_aside", {{"count", of(report.set_aside)}}),
                   Tone::warning);
    }
    if (!report.attachment_errors.empty()) {
        const auto count = static_cast<std::int64_t>(report.attachment_errors.size());
        kit_.label("sync.files_left", messages.text("sync.files_left", {{"count", of(count)}}),
                   Tone::warning);
    }
}

void SyncScreen::show_outcome(const SyncOutcome& outcome) {
    const Messages& messages = kit_.messages();
    const SyncReport& report = outcome.report;
    if (outcome.error) {
        kit_.label("sync.outcome", failure_text(messages, outcome),
                   outcome.was_stopped ? Tone::warning : Tone::error);
    } else {
        const bool is_empty =
            report.pushed + report.pulled + report.blobs_sent + report.blobs_fetched == 0;
        kit_.label("sync.outcome", kit_.say(is_empty ? "sync.done.nothing" : "sync.done.all"),
                   Tone::good);
    }
    show_amounts(report);
    if (outcome.new_conflicts > 0) {
        if (kit_.button("sync.to_conflicts", kit_.say("nav.conflicts"))) shell_.go("conflicts");
        kit_.same_line();
        kit_.align_to_box();
        kit_.label("sync.conflicts",
                   messages.text("sync.news.conflicts", {{"count", of(outcome.new_conflicts)}}),
                   Tone::warning);
    }
    if (outcome.returned > 0) {
        if (kit_.button("sync.to_today", kit_.say("nav.today"))) shell_.go("today");
        kit_.same_line();
        kit_.align_to_box();
        kit_.label("sync.returned",
                   messages.text("sync.news.returned", {{"count", of(outcome.returned)}}),
                   Tone::warning);
    }
    show_waiting(report.not_applied, "sync.waiting.title");
}

/// What the bureau keeps back, why, and what ends that; each with the record that it is about.
void SyncScreen::show_waiting(const std::vector<NotApplied>& waiting, std::string_view title) {
    if (waiting.empty()) return;
    const auto count = static_cast<std::int64_t>(waiting.size());
    kit_.label("sync.waiting", kit_.messages().text(title, {{"count", of(count)}}), Tone::warning);
    const Language language = kit_.messages().language();
    for (std::size_t i = 0; i < std::min(waiting.size(), rows_max); ++i) {
        const std::string key = "sync.waiting." + of(waiting[i].seq);
        const std::string reason = words_of(waiting[i]).in(language);
        const auto stored = store_.log().find_changeset(store_.device(), waiting[i].seq);
        const auto changeset = stored ? decode_changeset(stored->signed_changeset.bytes)
                                      : Result<Changeset>(fail(ErrorCode::not_found, ""));
        if (!changeset || changeset->records.empty()) {
            kit_.label(key, reason, Tone::warning);
            continue;
        }
        const Uuid record = changeset->records.front().id;
        show_record_row(key, record, title_of(record) + "  " + reason, Tone::warning);
    }
    if (waiting.size() > rows_max)
        kit_.label("sync.waiting.more", kit_.say("sync.more_in_receipts"));
}

void SyncScreen::show_rehearsal(const Result<Rehearsal>& rehearsed) {
    const Messages& messages = kit_.messages();
    if (!rehearsed) {
        SyncOutcome outcome;
        outcome.error = rehearsed.error();
        outcome.was_stopped = rehearsed.error().code == ErrorCode::interrupted;
        kit_.label("sync.outcome", failure_text(messages, outcome), Tone::error);
        return;
    }
    const Rehearsal& plan = *rehearsed;
    kit_.heading("sync.plan", kit_.say("sync.plan.title"));
    if (!plan.reachable) {
        kit_.label("sync.plan.unreachable", kit_.say("sync.plan.unreachable"), Tone::warning);
    }
    if (plan.new_identity) kit_.label("sync.plan.identity", kit_.say("sync.plan.identity"));
    if (plan.changesets_to_send + plan.blobs_to_send == 0) {
        kit_.label("sync.plan.send", kit_.say("sync.plan.send_nothing"), Tone::quiet);
    } else {
        kit_.label(
            "sync.plan.send",
            messages.text("sync.plan.send", {{"bytes", bytes_text(plan.bytes_to_send)},
                                             {"fields", of(plan.fields_to_send)},
                                             {"file_bytes", bytes_text(plan.blob_bytes_to_send)},
                                             {"files", of(plan.blobs_to_send)},
                                             {"records", of(plan.records_to_send)},
                                             {"saves", of(plan.changesets_to_send)}}));
    }
    if (plan.reachable && !plan.new_identity) {
        const bool is_empty = plan.changesets_to_fetch + plan.blobs_to_fetch == 0;
        kit_.label(
            "sync.plan.fetch",
            is_empty ? std::string(kit_.say("sync.plan.fetch_nothing"))
                     : messages.text("sync.plan.fetch", {{"bytes", bytes_text(plan.bytes_to_fetch)},
                                                         {"files", of(plan.blobs_to_fetch)},
                                                         {"saves", of(plan.changesets_to_fetch)}}),
            is_empty ? Tone::quiet : Tone::normal);
    }
    if (plan.judged > 0 && plan.judged < plan.changesets_to_send) {
        kit_.label("sync.plan.judged",
                   messages.text("sync.plan.judged", {{"count", of(plan.judged)}}), Tone::quiet);
    }
    show_foreseen(plan.would_conflict);
    show_waiting(plan.would_wait, "sync.plan.waiting");
}

void SyncScreen::show_foreseen(const std::vector<ForeseenConflict>& conflicts) {
    if (conflicts.empty()) return;
    const auto count = static_cast<std::int64_t>(conflicts.size());
    kit_.label("sync.plan.conflicts",
               kit_.messages().text("sync.plan.conflicts", {{"count", of(count)}}), Tone::warning);
    const Language language = kit_.messages().language();
    for (std::size_t i = 0; i < std::min(conflicts.size(), rows_max); ++i) {
        const auto record = parse_uuid(conflicts[i].record);
        if (!record) continue;
        const auto doc = store_.log().find_record(*record);
        const Form* form = doc ? store_.log().forms().find(doc->form) : nullptr;
        const Field* field = form ? form->find(conflicts[i].field) : nullptr;
        show_record_row("sync.plan.conflict." + of(static_cast<std::int64_t>(i)), *record,
                        title_of(*record) + "  " + (field ? field->label.in(language) : ""),
                        Tone::warning);
    }
}

}  // namespace zf::ui
