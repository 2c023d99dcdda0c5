#include "client/receipts.h"

#include <algorithm>
#include <set>

#include "client/draft.h"
#include "common/base/assert.h"
#include "common/codec/changeset_codec.h"
#include "common/store/attachments.h"
#include "common/store/frozen_report.h"

namespace zf {
namespace {

constexpr std::size_t page_count = 500, page_bytes = 4u << 20;

/// A chain of this laptop, and how far it has got.
struct OwnChain {
    DeviceId device;
    std::int64_t last = 0;  // what comes later under this name is another copy's
    std::int64_t sent = 0, stored = 0;
    bool is_current = false;
};

std::vector<OwnChain> own_chains(DeviceStore& store) {
    std::vector<OwnChain> chains;
    if (!store.identity().is_made()) return chains;
    for (const FormerIdentity& former : store.identity().formers()) {
        const std::int64_t sent = former.fork_seq.value_or(store.log().delivered_of(former.id));
        chains.push_back({former.id, former.fork_seq.value_or(former.own_seq), sent,
                          std::min(sent, stored_of(store.db(), former.id)), false});
    }
    const DeviceId own = store.device();
    const std::int64_t sent = store.log().delivered_of(own);
    chains.push_back({own, store.log().head_of(own).seq, sent,
                      std::min(sent, stored_of(store.db(), own)), true});
    return chains;
}

std::vector<CountedIn> counted_among(Db& db, const std::vector<FrozenReport>& reports,
                                     const RecordDoc& doc) {
    std::vector<CountedIn> counted;
    const auto approved = doc.reviews.find(ReviewKind::approved);
    if (approved == doc.reviews.end()) return counted;
    const Dot& now = approved->second.dot;
    for (const FrozenReport* report : reports_counting(db, reports, doc.id)) {
        counted.push_back({report->period, report->number,
                           date_at(report->at_ms, bureau_offset_minutes), report->by,
                           report->counted.contains({now.device, now.seq})});
    }
    return counted;
}

class Collector {
public:
    Collector(DeviceStore& store, const ReceiptChoice& choice)
        : store_(store), choice_(choice), reports_(store.bureau().reports()) {
        for (WaitingThere& one : waiting_there(store.db())) {
            waiting_.emplace(one.what.seq, std::move(one));
        }
    }

    void add_chain(const OwnChain& chain) {
        for (std::int64_t after = 0; after < chain.last;) {
            const auto page = store_.log().chain_after(chain.device, after, page_count, page_bytes);
            if (page.empty()) return;
            for (const StoredChangeset& stored : page) {
                after = stored.seq;
                if (after > chain.last) return;
                add_own(chain, stored);
            }
        }
    }

    /// What others wrote has its number from the bureau, or came by another laptop.
    void add_others(const Uuid& record, const std::vector<OwnChain>& own) {
        for (const StoredChangeset& stored : store_.log().changesets_of(record)) {
            const auto changeset = decode_changeset(stored.signed_changeset.bytes);
            if (!changeset) continue;
            const bool is_own = std::any_of(own.begin(), own.end(), [&](const OwnChain& chain) {
                return chain.device == changeset->device && stored.seq <= chain.last;
            });
            const std::int64_t is_there = stored.ssn ? 1 : 0;
            if (!is_own && is_chosen(*changeset)) {
                add(*changeset, {1, is_there, is_there, is_there}, nullptr);
            }
        }
    }

    Receipts finish() {
        for (auto& [id, receipt] : records_) {
            describe(receipt);
            for (const Hash256& hash : attachments_of_[id]) {
                receipt.attachments.push_back(state_of(hash));
            }
            result_.records.push_back(std::move(receipt));
        }
        for (const Hash256& hash : all_attachments_) {
            result_.attachments.push_back(state_of(hash));
        }
        return std::move(result_);
    }

private:
    bool is_chosen(const Changeset& changeset) const {
        const Date day = date_at(changeset.at_ms, bureau_offset_minutes);
        if (choice_.from && day < *choice_.from) return false;
        if (choice_.to && day > *choice_.to) return false;
        return !choice_.record ||
               std::any_of(changeset.records.begin(), changeset.records.end(),
                           [&](const TouchedRecord& one) { return one.id == *choice_.record; });
    }

    void add_own(const OwnChain& chain, const StoredChangeset& stored) {
        const auto changeset = decode_changeset(stored.signed_changeset.bytes);
        if (!changeset || !is_chosen(*changeset)) return;  // damaged: `repair` says so
        const bool has_number = stored.ssn.has_value();
        const bool is_sent = has_number || stored.seq <= chain.sent;
        const bool is_stored = has_number || stored.seq <= chain.stored;
        const auto waits = chain.is_current ? waiting_.find(stored.seq) : waiting_.end();
        const bool is_applied = is_sent && waits == waiting_.end();
        add(*changeset, {1, is_sent ? 1 : 0, is_stored ? 1 : 0, is_applied ? 1 : 0},
            waits == waiting_.end() ? nullptr : &waits->second);
    }

    static void add_counts(SaveCounts& to, const SaveCounts& one) {
        to.saved += one.saved;
        to.sent += one.sent;
        to.stored += one.stored;
        to.applied += one.applied;
    }

    void add(const Changeset& changeset, const SaveCounts& one, const WaitingThere* waits) {
        add_counts(result_.saves, one);
        if (waits) result_.waiting.push_back(*waits);
        std::vector<Hash256> hashes;
        collect_attachments(store_.log().forms(), changeset, hashes);
        all_attachments_.insert(hashes.begin(), hashes.end());
        for (const TouchedRecord& touched : changeset.records) {
            if (choice_.record && touched.id != *choice_.record) continue;
            RecordReceipt& receipt = records_[touched.id];
            receipt.record = touched.id;
            receipt.form = touched.form;
            receipt.last_ms = std::max(receipt.last_ms, changeset.at_ms);
            add_counts(receipt.saves, one);
            if (waits) receipt.waiting.push_back(*waits);
            attachments_of_[touched.id].insert(hashes.begin(), hashes.end());
        }
    }

    void describe(RecordReceipt& receipt) {
        const auto doc = store_.log().find_record(receipt.record);
        if (!doc) return;
        receipt.form = doc->form;
        receipt.title = title_of_record(store_, *doc, Language::zh_hans);
        ReviewState state{status_of(store_.log(), *doc, store_.today()), {}, 0};
        for (const auto& [kind, review] : doc->reviews) {
            if (name_of(kind) != name_of(state.status)) continue;
            state.by = review.user;
            state.at_ms = review.at_ms;
        }
        receipt.review = std::move(state);
        receipt.counted = counted_among(store_.db(), reports_, *doc);
    }

    AttachmentState state_of(const Hash256& hash) {
        AttachmentState state;
        state.hash = hash;
        state.is_here = store_.blobs().has(hash);
        if (state.is_here) state.bytes = store_.blobs().size_of(hash);
        state.is_put_away = !state.is_here && is_put_away(store_.db(), hash);
        if (const auto receipt = find_attachment_receipt(store_.db(), hash)) {
            state.stored_since_ms = receipt->since_ms;
        }
        return state;
    }

    DeviceStore& store_;
    const ReceiptChoice& choice_;
    std::vector<FrozenReport> reports_;
    std::map<std::int64_t, WaitingThere> waiting_;
    std::map<Uuid, RecordReceipt> records_;
    std::map<Uuid, std::set<Hash256>> attachments_of_;
    std::set<Hash256> all_attachments_;
    Receipts result_;
};

void note(std::vector<Missing>& missing, Shortfall what, std::int64_t count) {
    if (count > 0) missing.push_back({what, count});
}

}  // namespace

Result<Receipts> receipts_of(DeviceStore& store, const ReceiptChoice& choice) {
    Collector collector(store, choice);
    const std::vector<OwnChain> chains = own_chains(store);
    for (const OwnChain& chain : chains) collector.add_chain(chain);
    if (choice.record) collector.add_others(*choice.record, chains);
    Receipts receipts = collector.finish();
    const bool is_known = !choice.record || !receipts.records.empty() || choice.from ||
                          store.log().find_record(*choice.record);
    if (!is_known) {
        return fail(ErrorCode::unknown_record, "there is no such record on this laptop",
                    choice.record->text());
    }
    return receipts;
}

std::vector<WaitingThere> waiting_of_record(DeviceStore& store, const Uuid& record) {
    std::vector<WaitingThere> found;
    std::vector<WaitingThere> all = waiting_there(store.db());
    if (all.empty()) return found;
    std::set<std::int64_t> own;
    for (const StoredChangeset& stored : store.log().changesets_of(record)) {
        if (author_of(stored.signed_changeset.bytes) == store.device()) own.insert(stored.seq);
    }
    for (WaitingThere& one : all) {
        if (own.contains(one.what.seq)) found.push_back(std::move(one));
    }
    return found;
}

std::vector<CountedIn> reports_with(DeviceStore& store, const RecordDoc& doc) {
    return counted_among(store.db(), store.bureau().reports(), doc);
}

Reconciliation reconcile_day(DeviceStore& store, const Date& day) {
    auto receipts = receipts_of(store, {std::nullopt, day, day});
    ZF_ASSERT(receipts.has_value());  // no record was asked for
    Reconciliation account{day, std::move(*receipts), {}, {}};
    for (const RecordReceipt& one : account.receipts.records) {
        if (one.review) ++account.records_by_status[one.review->status];
    }
    std::int64_t drafts = 0, unsent = 0, gone = 0;
    for (const LeftDraft& draft : Draft::list(store)) {
        drafts += date_at(draft.changed_ms, bureau_offset_minutes) == day ? 1 : 0;
    }
    for (const AttachmentState& one : account.receipts.attachments) {
        if (one.stored_since_ms) continue;
        ++(one.is_here ? unsent : gone);
    }
    const SaveCounts& saves = account.receipts.saves;
    note(account.missing, Shortfall::drafts, drafts);
    note(account.missing, Shortfall::not_sent, saves.saved - saves.sent);
    note(account.missing, Shortfall::not_compared, saves.sent - saves.stored);
    note(account.missing, Shortfall::waiting,
         static_cast<std::int64_t>(account.receipts.waiting.size()));
    note(account.missing, Shortfall::attachment_not_sent, unsent);
    note(account.missing, Shortfall::attachment_gone, gone);
    return account;
}

}  // namespace zf
