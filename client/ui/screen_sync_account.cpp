// Receipts: how far each record has got; and the account of a day: what is missing, and what to do.
#include <algorithm>

#include "client/app/typed_value.h"
#include "client/receipt_text.h"
#include "client/ui/screen_sync.h"
#include "client/ui/sync_texts.h"

namespace zf::ui {
namespace {

constexpr float date_width = 220, filter_width = 300;

std::string of(std::int64_t number) {
    return std::to_string(number);
}

Tone tone_of(const ReceiptRow& row) {
    switch (row.step) {
        case ReceiptStep::saved:
        case ReceiptStep::sent:
        case ReceiptStep::waiting:
        case ReceiptStep::returned:
            return Tone::warning;
        default:
            return row.files_away > 0 ? Tone::warning : Tone::good;
    }
}

}  // namespace

/// On the other worker, over a store of its own: a long log takes its time.
void SyncScreen::draw_up() {
    if (is_drawing_up_ || !is_account_old_) return;
    is_account_old_ = false;
    const auto shown = read_typed_date(receipts_day_);
    const Date day = read_typed_date(account_day_).value_or(store_.today());
    is_drawing_up_ = true;
    const auto failed = [this](const std::string& reason) {
        is_drawing_up_ = false;
        kit_.toast(reason, Tone::error);
    };
    helper_.post(
        "sync.account",
        [this, home = store_.home(), &env = job_env_, shown,
         day](Worker::Progress&) -> Worker::Then {
            auto store = DeviceStore::open(home, env);
            if (!store) return [this] { is_drawing_up_ = false; };
            return [this, account = draw_up_account(**store, shown, day)]() mutable {
                is_drawing_up_ = false;
                account_ = std::move(account);
            };
        },
        failed);
}

void SyncScreen::show_receipts() {
    draw_up();
    std::vector<Option> groups;
    for (const char* id : {"all", "away", "waiting", "there", "reviewed", "returned"}) {
        groups.push_back({id, std::string(kit_.say("sync.group." + std::string(id))), ""});
    }
    std::string group = filter_.group.empty() ? "all" : filter_.group;
    if (kit_.tabs("sync.group", groups, group)) filter_.group = group == "all" ? "" : group;
    kit_.align_to_box();
    kit_.label("sync.receipts.day.label", kit_.say("sync.receipts.day"), Tone::quiet,
               kit_.text_width(kit_.say("sync.receipts.day")) + kit_.px(4));
    kit_.same_line();
    TextOptions box;
    box.width = kit_.px(date_width);
    box.hint = kit_.say("sync.receipts.any_day");
    if (kit_.date_box("sync.receipts.day", kit_.say("sync.receipts.day"), receipts_day_, box)
            .changed) {
        is_account_old_ = true;
    }
    kit_.same_line();
    TextOptions search{.hint = std::string(kit_.say("sync.receipts.search"))};
    search.width = kit_.px(filter_width);
    search.search = true;
    kit_.text_box("sync.receipts.search", kit_.say("sync.receipts.search"), filter_.text, search);
    show_rows();
}

void SyncScreen::show_rows() {
    if (!account_) {
        kit_.label("sync.receipts.none", kit_.say("sync.account.drawing_up"), Tone::quiet);
        return;
    }
    const Language language = kit_.messages().language();
    rows_.clear();
    for (std::size_t i = 0; i < account_->rows.size(); ++i) {
        if (is_chosen(account_->rows[i], filter_, language)) rows_.push_back(i);
    }
    const std::int64_t now = store_.env().now_ms();
    kit_.label(
        "sync.receipts.count",
        kit_.messages().text("sync.receipts.count",
                             {{"count", of(static_cast<std::int64_t>(rows_.size()))},
                              {"whole", of(static_cast<std::int64_t>(account_->rows.size()))}}),
        Tone::quiet);
    if (rows_.empty()) return;
    const auto row_at = [&](std::size_t row) -> const ReceiptRow& {
        return account_->rows[rows_[row]];
    };
    TableData table;
    for (const auto& [key, share] : std::initializer_list<std::pair<const char*, float>>{
             {"when", 0}, {"record", 2.7F}, {"step", 0}, {"files", 0}, {"why", 4.8F}}) {
        // Without a share it fits its texts.
        table.columns.push_back({key, std::string(kit_.say("sync.column." + std::string(key))),
                                 share, false, share == 0});
    }
    table.rows = rows_.size();
    table.key = [&](std::size_t row) { return row_at(row).record.text(); };
    table.cell = [&](std::size_t row, std::size_t column) -> std::string {
        const ReceiptRow& one = row_at(row);
        switch (column) {
            case 0:
                return when_text(one.last_ms, now);
            case 1:
                return one.form.in(language) + "  " + one.title;
            case 2:
                return std::string(kit_.say("sync.step." + std::string(name_of(one.step))));
            case 3:
                if (one.files == 0) return "";
                return of(one.files - one.files_away) + "/" + of(one.files);
            default:
                if (one.waits) return words_of(*one.waits).in(language);
                return one.counted ? words_of(*one.counted).in(language) : one.reviewed_by;
        }
    };
    table.tone = [&](std::size_t row, std::size_t column) {
        return column == 2 ? tone_of(row_at(row)) : Tone::normal;
    };
    const auto opened = kit_.table("sync.receipts", table, 0);
    if (opened && ways_.to_record) ways_.to_record(row_at(*opened).record);
}

void SyncScreen::show_day() {
    draw_up();
    TextOptions box;
    box.width = kit_.px(date_width);
    box.hint = store_.today().text();
    if (kit_.date_box("sync.day", kit_.say("sync.receipts.day"), account_day_, box).changed) {
        is_account_old_ = true;
    }
    if (!account_) {
        kit_.label("sync.day.none", kit_.say("sync.account.drawing_up"), Tone::quiet);
        return;
    }
    const Reconciliation& day = account_->day;
    const std::string name = day.day.text();
    const bool is_empty = day.receipts.saves.saved == 0;
    const std::string_view sum = !day.missing.empty() ? "sync.day.incomplete"
                                 : is_empty           ? "sync.day.empty"
                                                      : "sync.day.complete";
    kit_.heading("sync.day.sum", kit_.messages().text(sum, {{"day", name}}));
    show_day_counts(day);
    for (const Missing& one : day.missing) show_missing(one);
}

void SyncScreen::show_day_counts(const Reconciliation& day) {
    const SaveCounts& saves = day.receipts.saves;
    if (saves.saved == 0) return;
    std::int64_t there = 0;
    for (const AttachmentState& one : day.receipts.attachments) {
        there += one.stored_since_ms ? 1 : 0;
    }
    const Messages& messages = kit_.messages();
    kit_.label(
        "sync.day.saves",
        messages.text("sync.day.saves",
                      {{"applied", of(saves.applied)},
                       {"records", of(static_cast<std::int64_t>(day.receipts.records.size()))},
                       {"saves", of(saves.saved)},
                       {"sent", of(saves.sent)},
                       {"stored", of(saves.stored)}}));
    const auto files = static_cast<std::int64_t>(day.receipts.attachments.size());
    if (files > 0) {
        kit_.label("sync.day.files",
                   messages.text("sync.day.files", {{"files", of(files)}, {"there", of(there)}}));
    }
    std::string reviews;
    for (const auto& [status, count] : day.records_by_status) {
        reviews += (reviews.empty() ? "" : "  ") +
                   std::string(kit_.say("status." + std::string(name_of(status)))) + " " +
                   of(count);
    }
    if (!reviews.empty()) kit_.label("sync.day.reviews", reviews, Tone::quiet);
}

void SyncScreen::show_missing(const Missing& missing) {
    struct Remedy {
        Shortfall what;
        const char* name;
        bool is_sync;
    };
    static constexpr Remedy remedies[] = {{Shortfall::drafts, "drafts", false},
                                          {Shortfall::not_sent, "not_sent", true},
                                          {Shortfall::not_compared, "not_compared", true},
                                          {Shortfall::waiting, "waiting", false},
                                          {Shortfall::attachment_not_sent, "files", true},
                                          {Shortfall::attachment_gone, "files_gone", true}};
    const auto* remedy = std::find_if(std::begin(remedies), std::end(remedies),
                                      [&](const Remedy& one) { return one.what == missing.what; });
    const std::string key = "sync.missing." + std::string(remedy->name);
    if (remedy->is_sync && kit_.button(key + ".sync", kit_.say("sync.now"))) {
        part_ = "now";
        run_.start(SyncCause::person);
    }
    if (missing.what == Shortfall::drafts && kit_.button(key + ".open", kit_.say("nav.form"))) {
        shell_.go("form");
    }
    if (missing.what != Shortfall::waiting) kit_.same_line();
    kit_.align_to_box();
    kit_.label(key, kit_.messages().text(key, {{"count", of(missing.count)}}), Tone::warning);
    if (missing.what != Shortfall::waiting) return;
    for (const ReceiptRow& row : account_->waiting) {
        const Language language = kit_.messages().language();
        show_record_row("sync.day.waiting." + row.record.text(), row.record,
                        row.title + "  " + words_of(*row.waits).in(language), Tone::warning);
    }
}

}  // namespace zf::ui
