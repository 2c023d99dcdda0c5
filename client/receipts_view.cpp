#include "client/receipts_view.h"

#include <ostream>

#include "client/receipt_text.h"
#include "common/codec/changeset_codec.h"

namespace zf {
namespace {

Value time_value(std::int64_t ms) {
    return Value(datetime_text(ms, bureau_offset_minutes));
}

Value words_value(const LocalText& text) {
    return Value(Members{{"zh-Hans", text.zh_hans}, {"zh-Hant", text.zh_hant}, {"en", text.en}});
}

Value counts_value(const SaveCounts& counts) {
    return Value(Members{{"saved", counts.saved},
                         {"sent", counts.sent},
                         {"stored", counts.stored},
                         {"applied", counts.applied}});
}

std::string_view name_of(const AttachmentState& one) {
    if (one.stored_since_ms) return one.is_put_away ? "put_away" : "stored";
    return one.is_here ? "saved" : "missing";
}

Value attachments_value(const std::vector<AttachmentState>& all) {
    List list;
    for (const AttachmentState& one : all) {
        list.emplace_back(Members{
            {"hash", one.hash.hex()},
            {"state", Value(name_of(one))},
            {"bytes", one.is_here ? Value(one.bytes) : Value()},
            {"stored_since", one.stored_since_ms ? time_value(*one.stored_since_ms) : Value()}});
    }
    return Value(std::move(list));
}

Value review_value(const std::optional<ReviewState>& review) {
    if (!review) return {};
    Members members{{"status", Value(name_of(review->status))}};
    if (!review->by.empty()) {
        members.emplace_back("by", review->by);
        members.emplace_back("at", time_value(review->at_ms));
    }
    return Value(std::move(members));
}

Value counted_value(const std::vector<CountedIn>& counted) {
    List list;
    for (const CountedIn& one : counted) {
        const LocalText words = words_of(one);
        list.emplace_back(Members{{"period", one.period},
                                  {"report", one.number},
                                  {"frozen", one.frozen.text()},
                                  {"by", one.by.empty() ? Value() : Value(one.by)},
                                  {"current", one.is_current},
                                  {"message", words.en},
                                  {"messages", words_value(words)}});
    }
    return Value(std::move(list));
}

Value attachment_counts(const std::vector<AttachmentState>& all) {
    std::int64_t stored = 0, put_away = 0;
    for (const AttachmentState& one : all) {
        stored += one.stored_since_ms ? 1 : 0;
        put_away += one.stored_since_ms && one.is_put_away ? 1 : 0;
    }
    return Value(Members{{"saved", static_cast<std::int64_t>(all.size())},
                         {"stored", stored},
                         {"put_away", put_away}});
}

std::string_view name_of(Shortfall what) {
    switch (what) {
        case Shortfall::drafts:
            return "drafts";
        case Shortfall::not_sent:
            return "not_sent";
        case Shortfall::not_compared:
            return "not_compared";
        case Shortfall::waiting:
            return "waiting";
        case Shortfall::attachment_not_sent:
            return "attachment_not_sent";
        case Shortfall::attachment_gone:
            return "attachment_gone";
    }
    return "";
}

/// Which records an own save is about.
Value records_of(DeviceStore& store, std::int64_t seq) {
    List list;
    const auto stored = store.log().find_changeset(store.device(), seq);
    if (!stored) return Value(std::move(list));
    if (const auto changeset = decode_changeset(stored->signed_changeset.bytes)) {
        for (const TouchedRecord& touched : changeset->records) {
            list.emplace_back(touched.id.text());
        }
    }
    return Value(std::move(list));
}

/// How far all of a record's saves have come.
std::string_view stage_of(const SaveCounts& saves) {
    if (saves.sent < saves.saved) return "saved";
    if (saves.stored < saves.saved) return "sent";
    return saves.applied < saves.saved ? "stored, waiting" : "stored";
}

void print_waiting(const std::vector<WaitingThere>& waiting, std::ostream& out) {
    for (const WaitingThere& one : waiting) {
        out << "    save " << one.what.seq << " waits since "
            << datetime_text(one.since_ms, bureau_offset_minutes) << ": " << words_of(one.what).en
            << "\n";
    }
}

}  // namespace

Value waiting_value(DeviceStore& store, const std::vector<WaitingThere>& waiting) {
    List list;
    for (const WaitingThere& one : waiting) {
        const LocalText words = words_of(one.what);
        list.emplace_back(Members{{"seq", one.what.seq},
                                  {"records", records_of(store, one.what.seq)},
                                  {"standing", one.what.standing},
                                  {"code", one.what.code},
                                  {"detail", one.what.detail},
                                  {"since", time_value(one.since_ms)},
                                  {"message", words.en},
                                  {"messages", words_value(words)}});
    }
    return Value(std::move(list));
}

Value receipts_value(DeviceStore& store, const Receipts& receipts) {
    List records;
    for (const RecordReceipt& one : receipts.records) {
        records.emplace_back(Members{{"record", one.record.text()},
                                     {"form", one.form},
                                     {"title", one.title},
                                     {"saves", counts_value(one.saves)},
                                     {"attachments", attachments_value(one.attachments)},
                                     {"waiting", waiting_value(store, one.waiting)},
                                     {"review", review_value(one.review)},
                                     {"counted", counted_value(one.counted)}});
    }
    return Value(Members{{"records", std::move(records)},
                         {"saves", counts_value(receipts.saves)},
                         {"attachments", attachment_counts(receipts.attachments)}});
}

Value reconciliation_value(DeviceStore& store, const Reconciliation& account) {
    List missing;
    for (const Missing& one : account.missing) {
        const LocalText words = words_of(one);
        missing.emplace_back(Members{{"what", Value(name_of(one.what))},
                                     {"count", one.count},
                                     {"message", words.en},
                                     {"messages", words_value(words)}});
    }
    Members reviewed;
    for (const auto& [status, count] : account.records_by_status) {
        reviewed.emplace_back(std::string(name_of(status)), count);
    }
    const LocalText sum = sum_of(account);
    return Value(Members{{"day", account.day.text()},
                         {"complete", account.missing.empty()},
                         {"message", sum.en},
                         {"messages", words_value(sum)},
                         {"records", static_cast<std::int64_t>(account.receipts.records.size())},
                         {"records_by_status", Value(std::move(reviewed))},
                         {"saves", counts_value(account.receipts.saves)},
                         {"attachments", attachment_counts(account.receipts.attachments)},
                         {"waiting", waiting_value(store, account.receipts.waiting)},
                         {"missing", std::move(missing)}});
}

void print_receipts(const Receipts& receipts, std::ostream& out) {
    for (const RecordReceipt& one : receipts.records) {
        out << one.record.text() << "  " << one.form << "  " << one.title << "\n    "
            << stage_of(one.saves) << ": " << one.saves.saved << " saved, " << one.saves.sent
            << " sent, " << one.saves.stored << " stored, " << one.saves.applied << " in effect";
        if (one.review) {
            out << "; " << name_of(one.review->status);
            if (!one.review->by.empty()) {
                out << " by " << one.review->by << " at "
                    << datetime_text(one.review->at_ms, bureau_offset_minutes);
            }
        }
        out << "\n";
        for (const CountedIn& counted : one.counted) {
            out << "    " << words_of(counted).en << "\n";
        }
        for (const AttachmentState& attachment : one.attachments) {
            out << "    attachment " << attachment.hash.hex() << " " << name_of(attachment) << "\n";
        }
        print_waiting(one.waiting, out);
    }
    out << receipts.records.size() << " records, " << receipts.saves.saved
        << " saves: " << receipts.saves.sent << " sent, " << receipts.saves.stored << " stored, "
        << receipts.saves.applied << " in effect\n";
}

void print_reconciliation(const Reconciliation& account, std::ostream& out) {
    const SaveCounts& saves = account.receipts.saves;
    std::int64_t stored = 0;
    for (const AttachmentState& one : account.receipts.attachments) {
        stored += one.stored_since_ms ? 1 : 0;
    }
    out << account.day.text() << ": " << account.receipts.records.size() << " records, "
        << saves.saved << " saves (" << saves.sent << " sent, " << saves.stored << " stored, "
        << saves.applied << " in effect), " << account.receipts.attachments.size()
        << " attachments (" << stored << " stored)\n";
    for (const auto& [status, count] : account.records_by_status) {
        out << "    " << name_of(status) << ": " << count << "\n";
    }
    print_waiting(account.receipts.waiting, out);
    out << sum_of(account).en << "\n";
}

}  // namespace zf
