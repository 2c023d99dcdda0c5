// What a sync would send and fetch, without doing it.
#include <algorithm>

#include "common/codec/changeset_codec.h"
#include "common/codec/json.h"
#include "common/store/receipts.h"
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
    if (opened) {
        ZF_CHECK(rehearse_push(rehearsal));
        ZF_CHECK(rehearse_pull(rehearsal));
    }
    ZF_CHECK(rehearse_blobs(rehearsal));
    return rehearsal;
}

/// The server judges the first page: for a later one it would have to keep this one.
Result<void> Sync::rehearse_push(Rehearsal& rehearsal) {
    PushRequest push{epoch_, {}, {}};
    for (const StoredChangeset& stored :
         stores_.log.chain_after(stores_.author.device(), acknowledged_seq_,
                                 WireLimits::push_changesets_max, page_bytes_max)) {
        push.changesets.push_back(stored.signed_changeset);
    }
    if (push.changesets.empty()) return {};
    auto response = exchange(request_of("POST", "/v1/push/rehearse", encode_push(push)));
    // An older server does not know how.
    if (!response && response.error().code == ErrorCode::not_found) return {};
    if (!response) return fail(response.error());
    auto answer = decode_rehearsed_push(response->body);
    if (!answer) return cut_off(answer.error().where);
    rehearsal.judged = static_cast<std::int64_t>(push.changesets.size());
    rehearsal.would_wait = std::move(answer->push.not_applied);
    rehearsal.would_conflict = std::move(answer->conflicts);
    return {};
}

Result<void> Sync::rehearse_pull(Rehearsal& rehearsal) {
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
    const auto number = [&](std::string_view name) -> std::int64_t {
        const Value* part = size ? size->find(name) : nullptr;
        return part && part->integer() ? *part->integer() : 0;
    };
    rehearsal.changesets_to_fetch = number("changesets");
    rehearsal.bytes_to_fetch = number("bytes");
    return {};
}

Result<void> Sync::rehearse_blobs(Rehearsal& rehearsal) {
    constexpr std::size_t hashes_max = 1000;
    std::vector<std::string> wanted;
    for (const Hash256& hash : stores_.log.open_attachments()) {
        if (!stores_.blobs.has(hash)) {
            if (!is_put_away(stores_.db, hash)) wanted.push_back(hash.hex());
            continue;
        }
        ++rehearsal.blobs_to_send;
        rehearsal.blob_bytes_to_send += stores_.blobs.size_of(hash);
    }
    if (!rehearsal.reachable || rehearsal.new_identity) return {};
    for (std::size_t at = 0; at < wanted.size(); at += hashes_max) {
        const auto first = wanted.begin() + static_cast<std::ptrdiff_t>(at);
        const std::size_t count = std::min(hashes_max, wanted.size() - at);
        const std::vector<std::string> some(first, first + static_cast<std::ptrdiff_t>(count));
        auto response = exchange(request_of("POST", "/v1/blobs/missing", encode_hashes(some)));
        if (!response) return fail(response.error());
        const auto answer = decode_missing(response->body);
        if (!answer) return cut_off(answer.error().where);
        rehearsal.blobs_to_fetch += static_cast<std::int64_t>(count - answer->size());
    }
    return {};
}

}  // namespace zf
