#include "common/sync/sync.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "common/codec/changeset_codec.h"
#include "common/codec/form_codec.h"
#include "common/codec/json.h"
#include "common/codec/zstd_frame.h"
#include "common/store/arrival.h"
#include "common/store/schema.h"

namespace zf {
namespace {

constexpr std::size_t push_bytes_max = 2u << 20;
constexpr std::int64_t lead_max_ms = 5 * 60 * 1000;
constexpr std::size_t hashes_per_request = 1000;

std::string signed_challenge(const std::string& challenge) {
    std::string message = "zoufang-session/1";
    message.push_back('\0');
    return message + challenge;
}

Request request_of(std::string method, std::string path, std::string body = {}) {
    Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.body = std::move(body);
    return request;
}

std::int64_t total_of(const Response& response) {
    const auto header = response.headers.find(std::string(blob_total_header));
    if (header == response.headers.end()) return -1;
    std::int64_t total = -1;
    const std::string& text = header->second;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), total);
    return code == std::errc() && end == text.data() + text.size() ? total : -1;
}

Unexpected cut_off(std::string where = {}) {
    return fail(ErrorCode::interrupted, "the answer was cut off or changed on its way; sync again",
                std::move(where));
}

/// Whether the server holds another history under this device's identity than this folder: the
/// folder was copied, or restored from a backup.
bool is_forked(ChangeLog& log, const DeviceHead& head, const SessionAnswer& answer) {
    if (answer.acknowledged_seq > head.seq) return true;
    if (!answer.hash_at_head.empty() && answer.hash_at_head != head.hash.hex()) return true;
    if (answer.acknowledged_seq == 0 || answer.acknowledged_hash.empty()) return false;
    const auto own = log.find_changeset(head.device, answer.acknowledged_seq);
    return !own || blake2b(own->signed_changeset.bytes).hex() != answer.acknowledged_hash;
}

}  // namespace

Sync::Sync(LaptopStores stores, Transport& transport) : stores_(stores), transport_(transport) {}

Result<void> Sync::report_progress() {
    if (progress_ && !progress_(report_)) {
        return fail(ErrorCode::interrupted, "stopped by the user; the next sync goes on here");
    }
    return {};
}

/// Sends a request; an answer other than 2xx becomes an Error. A session that has run out is
/// renewed once.
Result<Response> Sync::exchange(Request request, bool authorized) {
    request.headers["zoufang-protocol"] = std::to_string(protocol_version);
    for (int attempt = 0;; ++attempt) {
        if (authorized) {
            if (authorization_.empty()) ZF_CHECK(open_session());
            request.headers["authorization"] = authorization_;
        }
        report_.bytes_up += static_cast<std::int64_t>(request.body.size());
        auto response = transport_.send(request);
        if (!response) return response;
        report_.bytes_down += static_cast<std::int64_t>(response->body.size());
        if (response->status >= 200 && response->status < 300) return response;
        if (response->status == 401 && authorized && attempt == 0) {
            authorization_.clear();
            continue;
        }
        return fail(decode_error(response->body, response->status));
    }
}

Result<void> Sync::open_session() {
    const DeviceHead head = stores_.log.head_of(stores_.author.device());
    const SessionRequest hello{head.device.hex(), head.seq, head.hash.hex(), stores_.env.now_ms()};
    auto response =
        exchange(request_of("POST", "/v1/session", encode_session_request(hello)), false);
    if (!response) return fail(response.error());
    const auto answer = decode_session_answer(response->body);
    if (!answer) return cut_off(answer.error().where);
    if (is_forked(stores_.log, head, *answer)) {
        return fail(ErrorCode::fork,
                    "this laptop's folder was copied or restored from a backup: the server holds "
                    "another history under its identity; nothing was lost or sent, enrol this "
                    "laptop again with a new code from the bureau");
    }
    // The answer to an earlier push may have been lost; a restored server may hold less.
    if (stores_.log.delivered_of(head.device) != answer->acknowledged_seq) {
        Transaction transaction(stores_.db);
        stores_.log.set_acknowledged(head.device, answer->acknowledged_seq);
        transaction.commit();
    }
    epoch_ = answer->epoch;
    acknowledged_seq_ = answer->acknowledged_seq;
    server_ssn_ = answer->ssn;
    report_.clock_off_ms = answer->server_ms - stores_.env.now_ms();
    authorization_ = authorization_header(head.device.hex(), answer->challenge,
                                          stores_.key.sign(signed_challenge(answer->challenge)));
    return {};
}

Result<void> Sync::push_pages() {
    const DeviceId own = stores_.author.device();
    for (;;) {
        const auto chain = stores_.log.chain_after(own, acknowledged_seq_,
                                                   WireLimits::push_changesets_max, push_bytes_max);
        if (chain.empty()) return {};
        PushRequest push{epoch_, {}};
        for (const StoredChangeset& stored : chain) {
            push.changesets.push_back(stored.signed_changeset);
        }
        auto response = exchange(request_of("POST", "/v1/push", encode_push(push)));
        if (!response) return fail(response.error());
        const auto answer = decode_push_answer(response->body);
        if (!answer) return cut_off(answer.error().where);
        if (answer->acknowledged_seq <= acknowledged_seq_) {
            return fail(ErrorCode::internal,
                        "the server took the changesets but does not acknowledge them");
        }
        {
            Transaction transaction(stores_.db);
            stores_.log.set_acknowledged(own, answer->acknowledged_seq);
            transaction.commit();
        }
        report_.pushed += answer->acknowledged_seq - acknowledged_seq_;
        acknowledged_seq_ = answer->acknowledged_seq;
        report_.not_applied = answer->not_applied;
        ZF_CHECK(report_progress());
    }
}

Result<void> Sync::push() {
    const DeviceId own = stores_.author.device();
    // Nothing to send needs no conversation; a server that lost something says so on the pull.
    if (stores_.log.head_of(own).seq == stores_.log.delivered_of(own)) return {};
    if (authorization_.empty()) ZF_CHECK(open_session());
    return push_pages();
}

Result<void> Sync::pull() {
    if (authorization_.empty()) ZF_CHECK(open_session());
    if (acknowledged_seq_ < stores_.log.head_of(stores_.author.device()).seq) {
        ZF_CHECK(push_pages());
    }
    for (bool more = true; more;) {
        auto page = pull_page();
        if (!page) return fail(page.error());
        more = *page;
        ZF_CHECK(report_progress());
    }
    return {};
}

Result<bool> Sync::pull_page() {
    const bool new_epoch = find_fact(stores_.db, "epoch") != epoch_;
    const std::int64_t cursor = new_epoch ? 0 : find_fact_integer(stores_.db, "cursor").value_or(0);
    const std::int64_t entries = new_epoch ? 0 : stores_.bureau.last_entry();
    Request request = request_of("GET", "/v1/pull");
    request.query = {
        {"after", std::to_string(cursor)}, {"entries", std::to_string(entries)}, {"epoch", epoch_}};
    auto response = exchange(std::move(request));
    if (!response) return fail(response.error());
    auto page = decode_pull(response->body);
    if (!page) {
        if (page.error().code == ErrorCode::malformed) return cut_off(page.error().where);
        return fail(page.error());
    }
    const bool more = page->trailer.more;
    ZF_CHECK(take_page(std::move(*page)));
    return more;
}

/// The server was restored: its numbers and its bureau's log may have gone another way since the
/// backup, and it may have lost what it once acknowledged.
void Sync::begin_epoch(const std::string& epoch) {
    stores_.bureau.forget_entries();
    stores_.log.reopen_attachments();
    // Numbers of the former epoch would stand in the way of equal ones of this epoch.
    stores_.db.execute("UPDATE changeset SET ssn=NULL WHERE ssn IS NOT NULL");
    set_fact(stores_.db, "ssn", 0);
    set_fact(stores_.db, "cursor", 0);
    set_fact(stores_.db, "epoch", epoch);
}

/// Entries are signed by the bureau, each by itself: they stay even if the rest of the page is
/// refused. One transaction, and the forms in memory change only with it.
Result<void> Sync::take_entries(const PullAnswer& page) {
    const bool new_epoch = find_fact(stores_.db, "epoch") != page.epoch;
    if (!new_epoch && page.entries.empty()) return {};
    Transaction transaction(stores_.db);
    if (new_epoch) begin_epoch(page.epoch);
    const std::int64_t forms_before = stores_.bureau.catalog_version("forms");
    std::vector<BureauEntry> entries;
    for (const PulledEntry& entry : page.entries) {
        entries.push_back({0, entry.bytes, entry.signature});
    }
    ZF_CHECK(stores_.bureau.accept(stores_.bureau_key, entries));
    if (stores_.bureau.catalog_version("forms") != forms_before) {
        auto forms = decode_forms(stores_.bureau.catalog("forms"));
        if (!forms) {
            return fail(ErrorCode::version_unsupported,
                        "the forms in force need a newer program than this one; update it. What "
                        "was saved here has been sent. (" +
                            forms.error().message + ")",
                        forms.error().where);
        }
        stores_.log.set_forms(std::make_shared<const FormCatalog>(std::move(*forms)));
        report_.forms_changed = true;
    }
    transaction.commit();
    return {};
}

/// The changesets of a page are taken over whole or not at all.
Result<void> Sync::take_page(PullAnswer page) {
    ZF_CHECK(take_entries(page));

    std::vector<SignedChangeset> batch;
    for (PulledChangeset& pulled : page.changesets) {
        batch.push_back(std::move(pulled.signed_changeset));
    }
    auto arrivals = authenticate(
        std::move(batch), [this](const DeviceId& id) { return stores_.bureau.find_key(id); });
    if (!arrivals) return fail(arrivals.error());
    Hlc greatest;
    const std::int64_t lead_limit = stores_.env.now_ms() + lead_max_ms;
    for (std::size_t i = 0; i < arrivals->size(); ++i) {
        Arrival& arrival = (*arrivals)[i];
        arrival.ssn = page.changesets[i].ssn;
        if (arrival.changeset.hlc.ms <= lead_limit) {
            greatest = std::max(greatest, arrival.changeset.hlc);
        }
    }
    Transaction transaction(stores_.db);
    auto outcome = stores_.log.append(*arrivals, stores_.env.now_ms());
    if (!outcome) return fail(outcome.error());
    stores_.author.saw(greatest);
    for (const auto& [device, seq] : page.trailer.delivered) {
        const auto id = parse_device_id(device);
        if (!id) {
            return fail(ErrorCode::malformed, "device ids are 32 hex digits", "delivered");
        }
        // What the server has of the own chain is said by the session and by each push.
        if (*id != stores_.author.device()) stores_.log.set_delivered({*id, seq});
    }
    // Last: what the changesets, or held ones that they released, wrote about it goes with it.
    for (const std::string& record : page.dropped) {
        stores_.log.drop_record(*parse_uuid(record));
    }
    set_fact(stores_.db, "cursor", page.trailer.cursor);
    set_fact(stores_.db, "last_sync_ms", stores_.env.now_ms());
    transaction.commit();

    report_.pulled += static_cast<std::int64_t>(page.changesets.size());
    report_.touched.insert(report_.touched.end(), outcome->touched.begin(), outcome->touched.end());
    if (!page.trailer.more) report_.not_applied = page.trailer.not_applied;
    return {};
}

Result<void> Sync::send_blob(const Hash256& hash, std::int64_t received) {
    const std::int64_t total = stores_.blobs.size_of(hash);
    for (std::int64_t offset = received;;) {
        auto chunk = stores_.blobs.read(hash, offset, BlobStore::chunk_bytes_max);
        if (!chunk) return fail(chunk.error());
        const auto size = static_cast<std::int64_t>(chunk->size());
        Request request = request_of("PUT", "/v1/blobs/" + hash.hex(), std::move(*chunk));
        request.query = {{"offset", std::to_string(offset)}, {"total", std::to_string(total)}};
        auto response = exchange(std::move(request));
        if (!response) return fail(response.error());
        offset += size;
        ZF_CHECK(report_progress());
        if (offset >= total) break;
    }
    ++report_.blobs_sent;
    return {};
}

Result<void> Sync::fetch_blob(const Hash256& hash) {
    for (bool complete = false; !complete;) {
        const std::int64_t offset = stores_.blobs.partial_size(hash);
        Request request = request_of("GET", "/v1/blobs/" + hash.hex());
        request.query = {{"offset", std::to_string(offset)}};
        auto response = exchange(std::move(request));
        if (!response) return fail(response.error());
        const std::int64_t total = total_of(*response);
        if (total < 0) {
            return fail(ErrorCode::malformed, "the answer does not say how long the attachment is",
                        std::string(blob_total_header));
        }
        auto done = stores_.blobs.append_chunk(hash, offset, total, response->body);
        if (!done) return fail(done.error());
        ZF_CHECK(report_progress());
        complete = *done;
    }
    ++report_.blobs_fetched;
    return {};
}

/// What concerns one attachment alone must not keep the others waiting.
Result<bool> Sync::settle(const Hash256& hash, const Result<void>& moved) {
    if (!moved) {
        const ErrorCode code = moved.error().code;
        const bool of_this_one = code == ErrorCode::damaged || code == ErrorCode::not_found ||
                                 code == ErrorCode::out_of_range || code == ErrorCode::malformed ||
                                 code == ErrorCode::too_large;
        if (!of_this_one) return fail(moved.error());
        Error error = moved.error();
        error.where = "attachment " + hash.hex();
        report_.attachment_errors.push_back(std::move(error));
        return false;
    }
    Transaction transaction(stores_.db);
    stores_.log.settle_attachment(hash);
    transaction.commit();
    return true;
}

/// Asks once for all of them: what the server lacks and is here is sent, what it has and is not
/// here is fetched, what both have is settled, what neither has comes later.
Result<void> Sync::exchange_some_blobs(std::span<const Hash256> hashes) {
    std::vector<std::string> names;
    for (const Hash256& hash : hashes) names.push_back(hash.hex());
    auto response = exchange(request_of("POST", "/v1/blobs/missing", encode_hashes(names)));
    if (!response) return fail(response.error());
    const auto answer = decode_missing(response->body);
    if (!answer) return cut_off(answer.error().where);
    std::map<Hash256, std::int64_t> missing;
    for (const MissingBlob& blob : *answer) {
        if (const auto hash = parse_hash256(blob.hash)) missing[*hash] = blob.received;
    }
    std::vector<Hash256> settled;
    for (const Hash256& hash : hashes) {
        if (missing.contains(hash) || !stores_.blobs.has(hash)) continue;
        settled.push_back(hash);
    }
    if (!settled.empty()) {
        Transaction transaction(stores_.db);
        for (const Hash256& hash : settled) stores_.log.settle_attachment(hash);
        transaction.commit();
    }
    for (const bool sending : {true, false}) {
        for (const Hash256& hash : hashes) {
            const auto lacking = missing.find(hash);
            const bool there = lacking == missing.end(), here = stores_.blobs.has(hash);
            if (there == here || here != sending) continue;
            auto moved = sending ? send_blob(hash, lacking->second) : fetch_blob(hash);
            const auto done = settle(hash, moved);
            if (!done) return fail(done.error());
        }
    }
    return {};
}

Result<void> Sync::exchange_blobs() {
    const std::vector<Hash256> open = stores_.log.open_attachments();
    for (std::size_t at = 0; at < open.size(); at += hashes_per_request) {
        const std::size_t count = std::min(hashes_per_request, open.size() - at);
        ZF_CHECK(exchange_some_blobs(std::span(open).subspan(at, count)));
    }
    return {};
}

Result<void> Sync::pass() {
    ZF_CHECK(push());
    ZF_CHECK(pull());
    return exchange_blobs();
}

Result<SyncReport> Sync::run(const SyncProgress& progress) {
    progress_ = progress;
    auto done = pass();
    if (!done && done.error().code == ErrorCode::wrong_epoch) {
        // Restored between two requests: a new session says how things stand now.
        authorization_.clear();
        done = pass();
    }
    if (!done) return fail(done.error());
    return report_;
}

Result<Rehearsal> Sync::rehearse() {
    Rehearsal rehearsal;
    const DeviceId own = stores_.author.device();
    auto opened = open_session();
    rehearsal.reachable = opened.has_value();
    if (!opened && opened.error().code != ErrorCode::unreachable) return fail(opened.error());
    std::int64_t after = rehearsal.reachable ? acknowledged_seq_ : stores_.log.delivered_of(own);
    std::set<Uuid> records;
    PushRequest push{epoch_, {}};
    for (;;) {
        const auto chain =
            stores_.log.chain_after(own, after, WireLimits::push_changesets_max, push_bytes_max);
        if (chain.empty()) break;
        push.changesets.clear();
        for (const StoredChangeset& stored : chain) {
            const auto changeset = decode_changeset(stored.signed_changeset.bytes);
            if (!changeset) return fail(changeset.error());
            for (const TouchedRecord& touched : changeset->records) records.insert(touched.id);
            rehearsal.fields_to_send += static_cast<std::int64_t>(changeset->ops.size());
            push.changesets.push_back(stored.signed_changeset);
            after = changeset->seq;
        }
        rehearsal.changesets_to_send += static_cast<std::int64_t>(chain.size());
        rehearsal.bytes_to_send += static_cast<std::int64_t>(encode_push(push).size());
    }
    rehearsal.records_to_send = static_cast<std::int64_t>(records.size());
    for (const Hash256& hash : stores_.log.open_attachments()) {
        if (!stores_.blobs.has(hash)) continue;
        ++rehearsal.blobs_to_send;
        rehearsal.blob_bytes_to_send += stores_.blobs.size_of(hash);
    }
    if (!rehearsal.reachable) return rehearsal;
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
