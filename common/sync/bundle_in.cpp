#include "common/store/receipts.h"
#include "common/store/schema.h"
#include "common/sync/bundle.h"
#include "common/sync/take_page.h"

namespace zf {
namespace {

enum class EpochOrder { same, newer, older };

/// How the sender's epoch stands to the one known here.
EpochOrder compare_epochs(LaptopStores& stores, const VerifiedBundle& bundle) {
    if (find_fact(stores.db, "epoch").value_or("") == bundle.head.epoch) return EpochOrder::same;
    const std::string left = find_fact(stores.db, "epochs_left").value_or("");
    if (left.find(bundle.head.epoch) != left.npos) return EpochOrder::older;
    const auto server = stores.bureau.server();
    const auto entry = server ? stores.bureau.entry_of(server->id) : std::nullopt;
    const auto known = entry ? read_identity(stores.bureau_key, *entry)
                             : Result<SignedIdentity>(fail(ErrorCode::not_found, ""));
    const bool is_older = known && bundle.sender.identity.at_ms < known->at_ms;
    return is_older ? EpochOrder::older : EpochOrder::newer;
}

/// A bundle on its way in.
class Incoming {
public:
    Incoming(LaptopStores& stores, const VerifiedBundle& bundle, BundleSummary& summary)
        : stores_(stores), bundle_(bundle), summary_(summary) {
        from_server_ = bundle.sender.identity.is_server;
        if (from_server_) {
            order_ = compare_epochs(stores, bundle);
        } else if (bundle.head.epoch != find_fact(stores.db, "epoch").value_or("")) {
            order_ = EpochOrder::older;  // another one, at least: its entries are not taken over
        }
        cursor_ = find_fact_integer(stores.db, "cursor").value_or(0);
    }

    /// What this bundle goes on from must be here.
    Result<void> check_predecessor() {
        if (order_ == EpochOrder::older) return {};
        const bool is_new = order_ == EpochOrder::newer;
        const std::int64_t cursor = is_new ? 0 : cursor_;
        const std::int64_t entries = is_new ? 0 : stores_.bureau.last_entry();
        const std::string remedy =
            ". Import the bundle in between first, or bring a new one from this laptop to the "
            "bureau and ask for one in return; nothing was changed";
        if (from_server_ && bundle_.head.cursor > cursor) {
            return fail(ErrorCode::out_of_range,
                        "this bundle goes on behind change " + std::to_string(bundle_.head.cursor) +
                            " of the bureau, and this laptop has the bureau's changes up to " +
                            std::to_string(cursor) + " only" + remedy,
                        "cursor");
        }
        if (from_server_ && bundle_.head.entries > entries) {
            return fail(ErrorCode::out_of_range,
                        "this bundle goes on behind entry " + std::to_string(bundle_.head.entries) +
                            " of the bureau's log, and this laptop has the entries up to " +
                            std::to_string(entries) + " only" + remedy,
                        "entries");
        }
        return {};
    }

    Result<void> take(BundleFrame&& frame) {
        switch (frame.kind) {
            case bundle_kind::receipt:
                if (from_server_) return take_receipt(frame.payload);
                break;
            case bundle_kind::kept:
                if (from_server_) return take_kept(frame.payload);
                break;
            case bundle_kind::page:
                return take_page_frame(frame.payload);
            case bundle_kind::push:
                return take_push_frame(frame.payload);
            case bundle_kind::blob:
                return take_blob(frame.payload);
            case bundle_kind::offered:
            case bundle_kind::wanted:
                return take_told(frame);
            default:
                break;
        }
        return fail(ErrorCode::version_unsupported,
                    "this bundle holds something that this program does not know; update it",
                    frame_name(frame.kind));
    }

    /// What the sender said about itself helps to write the next bundle for it.
    void finish() {
        told_.head = bundle_.head;
        Transaction transaction(stores_.db);
        if (!from_server_) keep_told(stores_.db, bundle_.header.from, told_);
        transaction.commit();
    }

private:
    Result<void> take_receipt(const std::string& payload) {
        if (order_ == EpochOrder::older) return {};
        const auto receipt = decode_session_answer(payload);
        if (!receipt) return fail(receipt.error());
        const DeviceId own = stores_.author.device();
        const std::int64_t seq = receipt->acknowledged_seq;
        if (seq > 0) {
            const auto stored = stores_.log.find_changeset(own, seq);
            if (!stored ||
                blake2b(stored->signed_changeset.bytes).hex() != receipt->acknowledged_hash) {
                return fail(ErrorCode::fork,
                            "the server holds another history under this laptop's identity: its "
                            "folder was copied or restored from a backup; nothing was changed, "
                            "sync this laptop over the network",
                            "receipt");
            }
        }
        const bool is_same = order_ == EpochOrder::same;
        Transaction transaction(stores_.db);
        if (!is_same || seq > stored_of(stores_.db, own)) set_stored(stores_.db, own, seq);
        // A receipt of this epoch only ever says more; after a restore it may say less.
        if (!is_same || seq > stores_.log.delivered_of(own)) {
            stores_.log.set_acknowledged(own, seq);
        }
        // The network's way to a restored server also gives back what others had sent it.
        if (order_ == EpochOrder::newer) set_fact(stores_.db, "give_back_due", 1);
        transaction.commit();
        return {};
    }

    Result<void> take_kept(const std::string& payload) {
        if (order_ == EpochOrder::older) return {};
        const auto hashes = read_hashes(payload);
        if (!hashes) return fail(hashes.error());
        Transaction transaction(stores_.db);
        for (const Hash256& hash : *hashes) {
            if (!stores_.blobs.has(hash) && !is_put_away(stores_.db, hash)) continue;
            take_attachment_receipt(stores_.log, hash, stores_.env.now_ms());
        }
        transaction.commit();
        return {};
    }

    Result<void> take_page_frame(const std::string& payload) {
        auto page = decode_pull(payload);
        if (!page) return fail(page.error());
        summary_.entries += static_cast<std::int64_t>(page->entries.size());
        if (!from_server_) {
            if (order_ != EpochOrder::same) return {};
            const auto taken = take_entries(stores_, *page);
            return taken ? Result<void>() : fail(taken.error());
        }
        if (order_ == EpochOrder::older) return take_without_numbers(std::move(*page));
        return take_from_server(std::move(*page));
    }

    Result<void> take_from_server(PullAnswer page) {
        if (page.epoch != bundle_.head.epoch) {
            return fail(ErrorCode::malformed, "a page of this bundle is of another epoch", "epoch");
        }
        if (order_ == EpochOrder::newer) {
            cursor_ = 0;  // take_page begins the epoch
            order_ = EpochOrder::same;
        }
        // What goes on behind a number helps no more: everything is to come from the first one.
        if (areas_changed_) return {};
        const bool is_news = page.trailer.cursor >= cursor_;
        if (page.trailer.cursor <= cursor_) {
            // Known already, and what left the areas then may be back since.
            summary_.repeated += static_cast<std::int64_t>(page.changesets.size());
            page.changesets.clear();
            page.dropped.clear();
            page.trailer.cursor = cursor_;
        }
        const bool is_last = !page.trailer.more;
        std::vector<NotApplied> not_applied = std::move(page.trailer.not_applied);
        const std::int64_t cursor = page.trailer.cursor;
        const std::int64_t before = stores_.log.counts().changesets;
        // A bundle moves the cursor on without this laptop's own changesets.
        if (find_fact(stores_.db, sweep_fact) == sweep_running) {
            set_fact(stores_.db, sweep_fact, sweep_due);
        }
        auto taken = take_page(stores_, std::move(page), cursor_);
        if (!taken) return fail(taken.error());
        if (taken->areas_changed) {
            areas_changed_ = true;
            summary_.errors.push_back(
                {ErrorCode::out_of_range,
                 "the people of this laptop have other areas now, so everything is to come anew: "
                 "sync, or bring a new bundle from this laptop to the bureau and ask for one in "
                 "return",
                 "areas"});
            return {};
        }
        cursor_ = cursor;
        const std::int64_t added = stores_.log.counts().changesets - before;
        summary_.changesets += added;
        summary_.repeated += taken->pulled - added;
        if (!is_last) return {};
        if (is_news) {
            Transaction transaction(stores_.db);
            keep_waiting(stores_.db, not_applied, stores_.env.now_ms());
            transaction.commit();
        }
        summary_.not_applied = std::move(not_applied);
        return {};
    }

    Result<void> take_without_numbers(PullAnswer page) {
        std::vector<SignedChangeset> changesets;
        for (PulledChangeset& one : page.changesets) {
            changesets.push_back(std::move(one.signed_changeset));
        }
        return add(std::move(changesets));
    }

    Result<void> take_push_frame(const std::string& payload) {
        auto push = decode_push(payload);
        if (!push) return fail(push.error());
        return add(std::move(push->changesets));
    }

    Result<void> add(std::vector<SignedChangeset> changesets) {
        const auto count = static_cast<std::int64_t>(changesets.size());
        const auto added = take_changesets(stores_, std::move(changesets));
        if (!added) {
            if (added.error().code == ErrorCode::unauthenticated) {
                return fail(added.error().code,
                            added.error().message +
                                ", as far as this laptop knows; sync, or import a bundle from the "
                                "server first",
                            added.error().where);
            }
            return fail(added.error());
        }
        summary_.changesets += *added;
        summary_.repeated += count - *added;
        return {};
    }

    Result<void> take_blob(const std::string& payload) {
        const auto part = decode_blob_part(payload);
        if (!part) return fail(part.error());
        const bool was_here = stores_.blobs.has(part->hash);
        const auto whole = take_blob_part(stores_.blobs, *part);
        if (!whole) {
            if (whole.error().code == ErrorCode::internal) return fail(whole.error());
            summary_.errors.push_back(whole.error());
            return {};
        }
        if (!*whole) return {};
        if (!was_here) ++summary_.attachments;
        if (!from_server_ || order_ == EpochOrder::older) return {};
        Transaction transaction(stores_.db);
        take_attachment_receipt(stores_.log, part->hash, stores_.env.now_ms());
        transaction.commit();
        return {};
    }

    Result<void> take_told(const BundleFrame& frame) {
        const auto hashes = read_hashes(frame.payload);
        if (!hashes) return fail(hashes.error());
        auto& list = frame.kind == bundle_kind::offered ? told_.offered : told_.wanted;
        list.insert(list.end(), hashes->begin(), hashes->end());
        return {};
    }

    LaptopStores& stores_;
    const VerifiedBundle& bundle_;
    BundleSummary& summary_;
    BundleTold told_;
    EpochOrder order_ = EpochOrder::same;
    bool from_server_ = false, areas_changed_ = false;
    std::int64_t cursor_ = 0;
};

}  // namespace

Result<BundleSummary> import_bundle(LaptopStores& stores, const std::filesystem::path& file,
                                    const std::filesystem::path& incoming,
                                    const BundleProgress& progress) {
    const BundleReaderSide side{{&stores.key}, stores.bureau_key, stores.bureau, incoming};
    const auto bundle = verify_bundle(file, side, progress);
    if (!bundle) return fail(bundle.error());
    BundleSummary summary;
    summary.from = bundle->header.from;
    summary.to = bundle->header.to;
    summary.bytes = bundle->bytes;
    summary.bytes_resumed = bundle->bytes_resumed;
    Incoming taking(stores, *bundle, summary);
    Result<void> done = taking.check_predecessor();
    if (done) {
        done = each_frame(*bundle, side, [&](BundleFrame&& frame) -> Result<void> {
            ZF_CHECK(tell_progress(progress, summary.bytes));
            return taking.take(std::move(frame));
        });
    }
    std::error_code ignored;  // a copy that stays is overwritten or read again
    std::filesystem::remove(bundle->copy, ignored);
    if (!done) return fail(done.error());
    taking.finish();
    return summary;
}

}  // namespace zf
