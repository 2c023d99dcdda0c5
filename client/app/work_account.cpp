#include "client/app/work_account.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "common/base/assert.h"

namespace zf {
namespace {

constexpr std::array<std::string_view, 8> step_names{"saved",   "sent",     "stored",  "waiting",
                                                     "checked", "approved", "counted", "returned"};

ReceiptRow row_of(DeviceStore& store, const RecordReceipt& receipt) {
    ReceiptRow row;
    row.record = receipt.record;
    const Form* form = store.log().forms().find(receipt.form);
    row.form = form ? form->label : LocalText{receipt.form, receipt.form, receipt.form};
    row.title = receipt.title.empty() ? receipt.record.text() : receipt.title;
    row.last_ms = receipt.last_ms;
    row.step = step_of(receipt);
    row.files = static_cast<std::int64_t>(receipt.attachments.size());
    for (const AttachmentState& one : receipt.attachments) {
        row.files_away += one.stored_since_ms ? 0 : 1;
    }
    if (receipt.review) row.reviewed_by = receipt.review->by;
    if (!receipt.waiting.empty()) row.waits = receipt.waiting.front().what;
    if (!receipt.counted.empty()) {
        row.counted = *std::max_element(receipt.counted.begin(), receipt.counted.end(),
                                        [](const CountedIn& a, const CountedIn& b) {
                                            return std::tie(a.frozen, a.is_current, a.number) <
                                                   std::tie(b.frozen, b.is_current, b.number);
                                        });
    }
    return row;
}

}  // namespace

std::string_view name_of(ReceiptStep step) {
    const auto index = static_cast<std::size_t>(step);
    ZF_ASSERT(index < step_names.size());
    return step_names[index];
}

ReceiptStep step_of(const RecordReceipt& receipt) {
    const SaveCounts& saves = receipt.saves;
    if (saves.sent < saves.saved) return ReceiptStep::saved;
    if (!receipt.waiting.empty()) return ReceiptStep::waiting;
    if (saves.stored < saves.saved) return ReceiptStep::sent;
    const Status status = receipt.review ? receipt.review->status : Status::saved;
    if (status == Status::checked) return ReceiptStep::checked;
    const bool counts = std::any_of(receipt.counted.begin(), receipt.counted.end(),
                                    [](const CountedIn& one) { return one.is_current; });
    if (status == Status::approved) return counts ? ReceiptStep::counted : ReceiptStep::approved;
    if (status == Status::returned) return ReceiptStep::returned;
    return ReceiptStep::stored;
}

bool is_chosen(const ReceiptRow& row, const ReceiptFilter& filter, Language language) {
    const auto is_one_of = [&](std::initializer_list<ReceiptStep> steps) {
        return std::find(steps.begin(), steps.end(), row.step) != steps.end();
    };
    const bool is_away = row.files_away > 0 || is_one_of({ReceiptStep::saved, ReceiptStep::sent});
    const bool is_in_group =
        filter.group.empty() || (filter.group == "away" && is_away) ||
        (filter.group == "waiting" && row.step == ReceiptStep::waiting) ||
        (filter.group == "there" && !is_away && row.step != ReceiptStep::waiting) ||
        (filter.group == "reviewed" &&
         is_one_of({ReceiptStep::checked, ReceiptStep::approved, ReceiptStep::counted})) ||
        (filter.group == "returned" && row.step == ReceiptStep::returned);
    if (!is_in_group) return false;
    return row.title.find(filter.text) != std::string::npos ||
           row.form.in(language).find(filter.text) != std::string::npos;
}

WorkAccount draw_up_account(DeviceStore& store, const std::optional<Date>& shown, const Date& day) {
    WorkAccount account;
    const auto receipts = receipts_of(store, {std::nullopt, shown, shown});
    ZF_ASSERT(receipts.has_value());  // no record was asked for
    for (const RecordReceipt& one : receipts->records) account.rows.push_back(row_of(store, one));
    std::stable_sort(
        account.rows.begin(), account.rows.end(),
        [](const ReceiptRow& a, const ReceiptRow& b) { return a.last_ms > b.last_ms; });
    account.day = reconcile_day(store, day);
    for (const RecordReceipt& one : account.day.receipts.records) {
        if (!one.waiting.empty()) account.waiting.push_back(row_of(store, one));
    }
    return account;
}

}  // namespace zf
