// What a sync would send and fetch, without doing it.
#include "common/codec/changeset_codec.h"
#include "common/codec/json.h"
#include "common/store/schema.h"
#include "common/sync/request.h"
#include "common/sync/sync.h"

namespace zf {

Result<void> Sync::rehearse_chain(DeliveredUpTo chain_from, Rehearsal& rehearsal,
                                  std::set<Uuid>& records) {
    PushRequest push{epoch_, {}, {}};
    for (;;) {
        const auto chain = stores_.log.chain_after(chain_from.device, chain_from.seq,
                                                   WireLimits::push_changesets_max, page_bytes_max);
        if (chain.empty()) return {};
        push.changesets.clear();
        for (const StoredChangeset& stored : chain) {
            const auto changeset = decode_changeset(stored.signed_changeset.bytes);
            if (!changeset) return fail(changeset.error());
            for (const TouchedRecord& touched : changeset->records) records.insert(touched.id);
            rehearsal.fields_to_send += static_cast<std::int64_t>(changeset->ops.size());
            push.changesets.push_back(stored.signed_changeset);
            chain_from.seq = changeset->seq;
        }
        rehearsal.changesets_to_send += static_cast<std::int64_t>(chain.size());
        rehearsal.bytes_to_send += static_cast<std::int64_t>(encode_push(push).size());
    }
}

Result<Rehearsal> Sync::rehearse() {
    Rehearsal rehearsal;
    rehearses_ = true;
    const DeviceId own = stores_.author.device();
    auto opened = open_session();
    rehearsal.new_identity = !opened && opened.error().code == ErrorCode::fork;
    rehearsal.reachable = opened || rehearsal.new_identity;
    if (!opened && !rehearsal.new_identity && opened.error().code != ErrorCode::unreachable) {
        return fail(opened.error());
    }
    std::set<Uuid> records;
    ZF_CHECK(rehearse_chain({own, opened ? acknowledged_seq_ : stores_.log.delivered_of(own)},
                            rehearsal, records));
    for (const FormerIdentity& former : stores_.identity.unsettled()) {
        ZF_CHECK(
            rehearse_chain({former.id, stores_.log.delivered_of(former.id)}, rehearsal, records));
    }
    rehearsal.records_to_send = static_cast<std::int64_t>(records.size());
    for (const Hash256& hash : stores_.log.open_attachments()) {
        if (!stores_.blobs.has(hash)) continue;
        ++rehearsal.blobs_to_send;
        rehearsal.blob_bytes_to_send += stores_.blobs.size_of(hash);
    }
    if (!opened) return rehearsal;
    Request request = request_of("GET", "/v1/pull/size");
    const bool new_epoch = find_fact(stores_.db, "epoch") != epoch_;
    request.query = {
        {"after",
         std::to_string(new_epoch ? 0 : find_fact_integer(stores_.db, "cursor").value_or(0))},
        {"entries", std::to_string(new_epoch ? 0 : stores_.bureau.last_entry())},
        {"epoch", epoch_}};
    auto response = exchange(std::move(request));
    if (!response) return fail(response.error());
    const auto size = parse_json(response->body);
    const Value* changesets = size ? size->find("changesets") : nullptr;
    if (changesets && changesets->integer()) rehearsal.changesets_to_fetch = *changesets->integer();
    return rehearsal;
}

}  // namespace zf
