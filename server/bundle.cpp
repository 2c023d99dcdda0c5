#include "server/bundle.h"

#include <algorithm>
#include <set>

#include "common/codec/changeset_codec.h"
#include "common/store/attachments.h"
#include "server/pull_page.h"
#include "server/regain.h"
#include "server/take_push.h"

namespace zf {
namespace {

// ---- export --------------------------------------------------------------------------------

Result<Device> find_receiver(CentralStore& store, const DeviceId& id) {
    auto device = store.bureau().find_device(id);
    if (!device) {
        return fail(ErrorCode::not_found, "There is no such device; see `device list`.", id.hex());
    }
    if (device->revoked) {
        return fail(ErrorCode::device_revoked, "This device was revoked.", id.hex());
    }
    return std::move(*device);
}

/// How far the server has the receiver's own chain.
std::string receipt_for(CentralStore& store, const DeviceId& receiver) {
    const DeviceHead complete = store.log().complete_of(receiver);
    SessionAnswer receipt;
    receipt.epoch = store.epoch();
    receipt.acknowledged_seq = complete.seq;
    if (complete.seq > 0) receipt.acknowledged_hash = complete.hash.hex();
    receipt.server_ms = store.env().now_ms();
    receipt.last_entry = store.bureau().last_entry();
    receipt.ssn = store.log().ssn();
    return encode_session_answer(receipt);
}

/// What a bundle is made from: everything that is read under one lock before its first page.
struct Plan {
    Device receiver;
    PullQuery query;
    BundleHead head;
    BundleTold told;
    std::string receipt;
};

Result<Plan> make_plan(CentralStore& store, const DeviceId& receiver) {
    const auto held = store.lock();
    const ReadSnapshot snapshot(store.db());
    auto device = find_receiver(store, receiver);
    if (!device) return fail(device.error());
    auto scope = pull_scope(store, *device);
    if (!scope) return fail(scope.error());
    Plan plan;
    plan.receiver = std::move(*device);
    plan.query.reader = receiver;
    plan.query.scope = std::move(*scope);
    if (auto told = find_told(store.db(), receiver)) {
        plan.told = std::move(*told);
        // Of another epoch its numbers mean nothing here.
        if (plan.told.head.epoch == store.epoch()) {
            plan.query.after = std::min(plan.told.head.cursor, store.log().ssn());
            plan.query.entries = std::min(plan.told.head.entries, store.bureau().last_entry());
        }
    }
    plan.head.epoch = store.epoch();
    plan.head.cursor = plan.query.after;
    plan.head.entries = plan.query.entries;
    const auto entry = store.bureau().entry_of(device_id_of(store.keys().server.public_key()));
    if (!entry) throw DbError(0, "the entry about this server is missing; run verify");
    plan.head.sender = *entry;
    plan.receipt = receipt_for(store, receiver);
    return plan;
}

/// Returns what the changesets of the pages attach.
Result<std::set<Hash256>> add_pages(CentralStore& store, Plan& plan, BundleWriter& writer,
                                    BundleSummary& summary, const BundleProgress& progress) {
    std::set<Hash256> attached;
    for (bool more = true; more;) {
        PullAnswer page;
        {
            const auto held = store.lock();
            const ReadSnapshot snapshot(store.db());
            page = pull_page(store, plan.query);
            for (const PulledChangeset& one : page.changesets) {
                const auto changeset = decode_changeset(one.signed_changeset.bytes);
                if (!changeset) continue;  // damaged: verify says so
                std::vector<Hash256> hashes;
                collect_attachments(store.log().forms(), *changeset, hashes);
                attached.insert(hashes.begin(), hashes.end());
            }
        }
        ZF_CHECK(writer.add(bundle_kind::page, encode_pull(page)));
        summary.changesets += static_cast<std::int64_t>(page.changesets.size());
        summary.entries += static_cast<std::int64_t>(page.entries.size());
        summary.not_applied = page.trailer.not_applied;
        plan.query.after = page.trailer.cursor;
        plan.query.entries = page.trailer.entries;
        more = page.trailer.more;
        ZF_CHECK(tell_progress(progress, writer.bytes()));
    }
    return attached;
}

Result<void> add_blobs(CentralStore& store, const Plan& plan, std::set<Hash256> hashes,
                       BundleWriter& writer, BundleSummary& summary,
                       const BundleProgress& progress) {
    hashes.insert(plan.told.wanted.begin(), plan.told.wanted.end());
    for (const Hash256& hash : plan.told.offered) hashes.erase(hash);
    for (const Hash256& hash : hashes) {
        if (!store.blobs().has(hash)) continue;
        ZF_CHECK(add_blob(writer, store.blobs(), hash, progress));
        ++summary.attachments;
    }
    return {};
}

// ---- import --------------------------------------------------------------------------------

/// A laptop's bundle on its way in.
class Incoming {
public:
    Incoming(CentralStore& store, const VerifiedBundle& bundle, BundleSummary& summary)
        : store_(store), bundle_(bundle), summary_(summary), sender_(bundle.header.from) {
        told_.head = bundle.head;
    }

    Result<void> take(BundleFrame&& frame) {
        switch (frame.kind) {
            case bundle_kind::push:
                return take_push_frame(frame.payload);
            case bundle_kind::blob:
                return take_blob(frame.payload);
            case bundle_kind::offered:
            case bundle_kind::wanted:
                return take_told(frame);
            default:
                return fail(ErrorCode::version_unsupported,
                            "This bundle holds something that this program does not know; update "
                            "it.",
                            frame_name(frame.kind));
        }
    }

    /// Also of a bundle whose changesets were refused: what it told says what to answer.
    void keep_what_was_told() {
        const auto held = store_.lock();
        Transaction transaction(store_.db());
        keep_told(store_.db(), sender_, told_);
        transaction.commit();
    }

private:
    /// A bundle goes on from what this server has acknowledged; an earlier one may not be here yet.
    Result<void> check_predecessor(const Changeset& first) {
        std::int64_t have = 0;
        {
            const auto held = store_.lock();
            have = store_.log().complete_of(sender_).seq;
        }
        if (first.seq <= have + 1) return {};
        return fail(ErrorCode::out_of_range,
                    "This bundle goes on with changeset " + std::to_string(first.seq) + " of " +
                        bundle_.sender.name + ", and here are its changesets up to " +
                        std::to_string(have) + " only. Import the bundle with changesets " +
                        std::to_string(have + 1) + " to " + std::to_string(first.seq - 1) +
                        " first, or export one for that laptop here, import it there and ask for a "
                        "new one; nothing was changed.",
                    "changesets");
    }

    Result<void> take_push_frame(const std::string& payload) {
        auto push = decode_push(payload);
        if (!push) return fail(push.error());
        if (push->changesets.empty()) return {};
        const auto first = decode_changeset(push->changesets.front().bytes);
        if (!first) return fail(first.error());
        const bool is_own = first->device == sender_;
        if (is_own) ZF_CHECK(check_predecessor(*first));
        const auto answer = take_push(store_, sender_, std::move(push->changesets));
        if (!answer) {
            if (is_own) return fail(answer.error());
            summary_.errors.push_back(answer.error());
            return {};
        }
        summary_.changesets += answer->received;
        summary_.repeated += answer->repeated;
        summary_.not_applied = answer->not_applied;
        return {};
    }

    Result<void> take_blob(const std::string& payload) {
        const auto part = decode_blob_part(payload);
        if (!part) return fail(part.error());
        const auto held = store_.lock_blob(part->hash);
        const bool was_here = store_.blobs().has(part->hash);
        const auto whole = take_blob_part(store_.blobs(), *part);
        if (!whole) {
            if (whole.error().code == ErrorCode::internal) return fail(whole.error());
            summary_.errors.push_back(whole.error());
            return {};
        }
        if (!*whole) return {};
        if (!was_here) ++summary_.attachments;
        // As when it comes by the network: from now on verify knows that it was here.
        const auto store_held = store_.lock();
        Transaction transaction(store_.db());
        store_.log().settle_attachment(part->hash);
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

    CentralStore& store_;
    const VerifiedBundle& bundle_;
    BundleSummary& summary_;
    DeviceId sender_;
    BundleTold told_;
};

Result<void> take_bundle(CentralStore& store, const VerifiedBundle& bundle,
                         const BundleReaderSide& side, BundleSummary& summary) {
    if (bundle.sender.identity.is_server) {
        return fail(ErrorCode::not_allowed, "This bundle was written by a server, for a laptop.",
                    "sender");
    }
    bool is_known = false;
    {
        const auto held = store.lock();
        is_known = store.bureau().find_device(bundle.header.from).has_value();
    }
    if (!is_known) {
        // Enrolled after the backup that this server went back to: the bureau has signed it.
        const auto taken = regain_entries(store, {bundle.head.sender});
        if (!taken) return fail(taken.error());
    }
    Incoming taking(store, bundle, summary);
    const auto done = each_frame(
        bundle, side, [&](BundleFrame&& frame) { return taking.take(std::move(frame)); });
    taking.keep_what_was_told();
    return done;
}

}  // namespace

Result<BundleSummary> export_bundle(CentralStore& store, const std::filesystem::path& file,
                                    const DeviceId& receiver, const BundleProgress& progress) {
    auto plan = make_plan(store, receiver);
    if (!plan) return fail(plan.error());
    const KeyPair& own = store.keys().server;
    auto writer = BundleWriter::create(file, own, plan->receiver.key, store.env());
    if (!writer) return fail(writer.error());
    BundleSummary summary;
    summary.from = device_id_of(own.public_key());
    summary.to = receiver;
    ZF_CHECK(writer->add(bundle_kind::head, encode_bundle_head(plan->head)));
    ZF_CHECK(writer->add(bundle_kind::receipt, plan->receipt));
    std::vector<Hash256> kept;
    for (const Hash256& hash : plan->told.offered) {
        if (store.blobs().has(hash)) kept.push_back(hash);
    }
    ZF_CHECK(add_hashes(*writer, bundle_kind::kept, kept));
    auto attached = add_pages(store, *plan, *writer, summary, progress);
    if (!attached) return fail(attached.error());
    ZF_CHECK(add_blobs(store, *plan, std::move(*attached), *writer, summary, progress));
    const auto bytes = writer->finish();
    if (!bytes) return fail(bytes.error());
    summary.bytes = *bytes;
    return summary;
}

Result<BundleSummary> import_bundle(CentralStore& store, const std::filesystem::path& file,
                                    const BundleProgress& progress) {
    const ServerKeys& keys = store.keys();
    BundleReaderSide side{
        {&keys.server}, keys.bureau.public_key(), store.bureau(), store.folder() / "incoming"};
    for (const KeyPair& former : keys.former) side.own.push_back(&former);
    Result<VerifiedBundle> bundle = fail(ErrorCode::internal, "");
    {
        const auto held = store.lock();
        bundle = verify_bundle(file, side, progress);
    }
    if (!bundle) return fail(bundle.error());
    BundleSummary summary;
    summary.from = bundle->header.from;
    summary.to = bundle->header.to;
    summary.bytes = bundle->bytes;
    summary.bytes_resumed = bundle->bytes_resumed;
    const auto done = take_bundle(store, *bundle, side, summary);
    std::error_code ignored;  // a copy that stays is overwritten or read again
    std::filesystem::remove(bundle->copy, ignored);
    if (!done) return fail(done.error());
    return summary;
}

}  // namespace zf
