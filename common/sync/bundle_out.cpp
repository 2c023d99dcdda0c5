#include <map>
#include <set>

#include "common/codec/changeset_codec.h"
#include "common/store/attachments.h"
#include "common/store/reader_scope.h"
#include "common/store/receipts.h"
#include "common/store/schema.h"
#include "common/sync/bundle.h"

namespace zf {
namespace {

constexpr std::size_t push_page_bytes = 2u << 20;

/// A bundle on its way out.
struct Outgoing {
    LaptopStores& stores;
    BundleWriter& writer;
    BundleSummary& summary;
    const BundleProgress& progress;

    Result<void> add_push(const std::vector<SignedChangeset>& changesets) {
        PushRequest push{find_fact(stores.db, "epoch").value_or(""), changesets};
        ZF_CHECK(writer.add(bundle_kind::push, encode_push(push)));
        summary.changesets += static_cast<std::int64_t>(changesets.size());
        return tell_progress(progress, writer.bytes());
    }
    Result<void> add_push(const std::vector<StoredChangeset>& stored) {
        std::vector<SignedChangeset> changesets;
        for (const StoredChangeset& one : stored) changesets.push_back(one.signed_changeset);
        return add_push(changesets);
    }
    Result<void> add_blobs(const std::set<Hash256>& hashes) {
        for (const Hash256& hash : hashes) {
            if (!stores.blobs.has(hash)) continue;
            ZF_CHECK(add_blob(writer, stores.blobs, hash, progress));
            ++summary.attachments;
        }
        return {};
    }
};

Result<BundleHead> own_head(LaptopStores& stores) {
    auto entry = stores.bureau.entry_of(stores.author.device());
    if (!entry) {
        return fail(ErrorCode::not_enrolled,
                    "this laptop has not fetched the bureau's entries yet; run `zoufang sync` once "
                    "where there is a network");
    }
    BundleHead head;
    head.epoch = find_fact(stores.db, "epoch").value_or("");
    head.cursor = find_fact_integer(stores.db, "cursor").value_or(0);
    head.entries = stores.bureau.last_entry();
    head.sender = std::move(*entry);
    for (const DeliveredUpTo& chain : stores.log.complete_chains()) {
        const std::int64_t seq = stores.log.delivered_of(chain.device);
        if (seq > 0) head.holds.emplace_back(chain.device.hex(), seq);
    }
    return head;
}

// ---- to the server -------------------------------------------------------------------------

/// Where the chains of this laptop stand on the server, as far as it has acknowledged them.
std::vector<DeliveredUpTo> unsent_chains(LaptopStores& stores) {
    const DeviceId own = stores.author.device();
    return {{own, stores.log.delivered_of(own)}};
}

/// Own changesets first, then what others gave this laptop and the server is not known to hold.
Result<void> add_unsent(Outgoing& out) {
    for (DeliveredUpTo& chain : unsent_chains(out.stores)) {
        for (;;) {
            const auto page = out.stores.log.chain_after(
                chain.device, chain.seq, WireLimits::push_changesets_max, push_page_bytes);
            if (page.empty()) break;
            ZF_CHECK(out.add_push(page));
            chain.seq = page.back().seq;
        }
    }
    for (std::int64_t after_key = 0;;) {
        const auto page =
            out.stores.log.unnumbered_of_others(out.stores.author.device(), after_key,
                                                WireLimits::push_changesets_max, push_page_bytes);
        if (page.empty()) return {};
        ZF_CHECK(out.add_push(page));
    }
}

Result<void> fill_for_server(Outgoing& out) {
    std::vector<Hash256> offered, wanted;
    for (const Hash256& hash : out.stores.log.open_attachments()) {
        const bool is_here = out.stores.blobs.has(hash);
        if (is_here || !is_put_away(out.stores.db, hash)) {
            (is_here ? offered : wanted).push_back(hash);
        }
    }
    ZF_CHECK(add_hashes(out.writer, bundle_kind::offered, offered));
    ZF_CHECK(add_hashes(out.writer, bundle_kind::wanted, wanted));
    ZF_CHECK(add_unsent(out));
    return out.add_blobs({offered.begin(), offered.end()});
}

// ---- to another laptop ---------------------------------------------------------------------

Result<void> add_entries(Outgoing& out, std::int64_t after) {
    for (;;) {
        const auto entries = out.stores.bureau.entries_after(after, push_page_bytes);
        if (entries.empty()) return {};
        PullAnswer page;
        page.epoch = find_fact(out.stores.db, "epoch").value_or("");
        for (const BureauEntry& entry : entries) {
            page.entries.push_back({entry.bytes, entry.signature});
            after = entry.n;
        }
        page.trailer.entries = after;
        ZF_CHECK(out.writer.add(bundle_kind::page, encode_pull(page)));
        out.summary.entries += static_cast<std::int64_t>(entries.size());
    }
}

/// Changesets in the receiver's areas that it is not known to hold. Adds what they attach.
Result<void> add_seen_by(Outgoing& out, const Device& receiver, const Scope& scope,
                         const std::map<std::string, std::int64_t>& holds,
                         std::set<Hash256>& attached) {
    std::vector<SignedChangeset> page;
    std::size_t bytes = 0;
    Result<void> done;
    out.stores.log.each_in_scope(scope, [&](StoredChangeset&& stored) {
        const auto author = author_of(stored.signed_changeset.bytes);
        if (!author || *author == receiver.id) return true;
        const auto held = holds.find(author->hex());
        if (held != holds.end() && stored.seq <= held->second) return true;
        if (const auto changeset = decode_changeset(stored.signed_changeset.bytes)) {
            std::vector<Hash256> hashes;
            collect_attachments(out.stores.log.forms(), *changeset, hashes);
            attached.insert(hashes.begin(), hashes.end());
        }
        bytes += stored.signed_changeset.bytes.size();
        page.push_back(std::move(stored.signed_changeset));
        if (page.size() < WireLimits::push_changesets_max && bytes < push_page_bytes) return true;
        done = out.add_push(page);
        page.clear();
        bytes = 0;
        return done.has_value();
    });
    if (done && !page.empty()) done = out.add_push(page);
    return done;
}

Result<void> fill_for_laptop(Outgoing& out, const Device& receiver) {
    const auto scope = reader_scope(out.stores.bureau, receiver);
    if (!scope) {
        return fail(ErrorCode::not_allowed,
                    "nobody who may read records is enrolled on that laptop", receiver.id.hex());
    }
    const auto told = find_told(out.stores.db, receiver.id);
    const bool same_epoch =
        told && told->head.epoch == find_fact(out.stores.db, "epoch").value_or("");
    std::vector<Hash256> here, missing;
    for (const Hash256& hash : out.stores.log.attachments()) {
        const bool is_here = out.stores.blobs.has(hash);
        if (is_here || !is_put_away(out.stores.db, hash)) {
            (is_here ? here : missing).push_back(hash);
        }
    }
    ZF_CHECK(add_hashes(out.writer, bundle_kind::offered, here));
    ZF_CHECK(add_hashes(out.writer, bundle_kind::wanted, missing));
    ZF_CHECK(add_entries(out, same_epoch ? told->head.entries : 0));
    std::map<std::string, std::int64_t> holds;
    std::set<Hash256> attached;
    if (told) {
        holds = {told->head.holds.begin(), told->head.holds.end()};
        attached = {told->wanted.begin(), told->wanted.end()};
    }
    ZF_CHECK(add_seen_by(out, receiver, *scope, holds, attached));
    if (told) {
        for (const Hash256& hash : told->offered) attached.erase(hash);
    }
    return out.add_blobs(attached);
}

Result<PublicKey> receiver_key(LaptopStores& stores, const std::optional<Device>& device) {
    if (!device) {
        const auto server = stores.bureau.server();
        if (server) return server->key;
        return fail(ErrorCode::not_enrolled,
                    "this laptop does not know the server's key yet; run `zoufang sync` once where "
                    "there is a network");
    }
    if (device->id == stores.author.device()) {
        return fail(ErrorCode::not_allowed, "a bundle is for another laptop than this one",
                    device->id.hex());
    }
    if (device->revoked) {
        return fail(ErrorCode::device_revoked, "the bureau has revoked that laptop",
                    device->id.hex());
    }
    return device->key;
}

}  // namespace

Result<BundleSummary> export_bundle(LaptopStores& stores, const std::filesystem::path& file,
                                    const std::optional<DeviceId>& receiver,
                                    const BundleProgress& progress) {
    std::optional<Device> device;
    if (receiver) {
        device = stores.bureau.find_device(*receiver);
        if (!device) {
            return fail(ErrorCode::not_found,
                        "the bureau has no such device, as far as this laptop knows",
                        receiver->hex());
        }
    }
    const auto key = receiver_key(stores, device);
    if (!key) return fail(key.error());
    const auto head = own_head(stores);
    if (!head) return fail(head.error());
    auto writer = BundleWriter::create(file, stores.key, *key, stores.env);
    if (!writer) return fail(writer.error());
    BundleSummary summary;
    summary.from = stores.author.device();
    summary.to = device_id_of(*key);
    ZF_CHECK(writer->add(bundle_kind::head, encode_bundle_head(*head)));
    Outgoing out{stores, *writer, summary, progress};
    ZF_CHECK(device ? fill_for_laptop(out, *device) : fill_for_server(out));
    const auto bytes = writer->finish();
    if (!bytes) return fail(bytes.error());
    summary.bytes = *bytes;
    return summary;
}

}  // namespace zf
