// Attachments of a sync, in chunks, after the text.
#include <charconv>
#include <map>
#include <optional>

#include "common/store/receipts.h"
#include "common/sync/request.h"
#include "common/sync/sync.h"

namespace zf {
namespace {

constexpr std::size_t hashes_per_request = 1000;
/// Breaks in a row after which the server had nothing more. It may not have noticed the last one
/// yet when it is asked.
constexpr int fruitless_max = 4;

std::int64_t total_of(const Response& response) {
    const auto header = response.headers.find(std::string(blob_total_header));
    if (header == response.headers.end()) return -1;
    std::int64_t total = -1;
    const std::string& text = header->second;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), total);
    return code == std::errc() && end == text.data() + text.size() ? total : -1;
}

}  // namespace

/// How much of an attachment the server has; nothing when it has all.
Result<std::optional<std::int64_t>> Sync::received_of(const Hash256& hash) {
    auto response = exchange(request_of("POST", "/v1/blobs/missing", encode_hashes({hash.hex()})));
    if (!response) return fail(response.error());
    const auto answer = decode_missing(response->body);
    if (!answer) return cut_off(answer.error().where);
    if (answer->empty()) return std::optional<std::int64_t>();
    return std::optional(answer->front().received);
}

/// A line that breaks in the middle of a chunk has carried a part of it: that part is not sent
/// again, and as long as parts arrive it goes on. The server looks at the whole when the last byte
/// comes with an answer; when all bytes are there already, an empty chunk makes it do so.
Result<void> Sync::send_blob(const Hash256& hash, std::int64_t received) {
    const std::int64_t total = stores_.blobs.size_of(hash);
    int fruitless = 0;
    for (std::int64_t offset = received;;) {
        auto chunk = stores_.blobs.read(hash, offset, BlobStore::chunk_bytes_max);
        if (!chunk) return fail(chunk.error());
        const auto size = static_cast<std::int64_t>(chunk->size());
        Request request = request_of("PUT", "/v1/blobs/" + hash.hex(), std::move(*chunk));
        request.headers.emplace(partial_header, "keep");
        request.query = {{"offset", std::to_string(offset)}, {"total", std::to_string(total)}};
        auto response = exchange(std::move(request));
        if (response) {
            offset += size;
            ZF_CHECK(report_progress());
            if (offset >= total) break;
            continue;
        }
        // Out of range: what an earlier break cut off has arrived after all.
        const ErrorCode code = response.error().code;
        if (code != ErrorCode::unreachable && code != ErrorCode::out_of_range) {
            return fail(response.error());
        }
        const auto there = received_of(hash);
        if (!there) return fail(there.error());
        if (!*there) break;
        if (**there > offset) {
            fruitless = 0;
        } else if (++fruitless == fruitless_max) {
            return fail(response.error());
        }
        offset = **there;
        ZF_CHECK(report_progress());
    }
    ++report_.blobs_sent;
    return {};
}

Result<void> Sync::fetch_blob(const Hash256& hash) {
    for (bool complete = false; !complete;) {
        const std::int64_t offset = stores_.blobs.partial_size(hash);
        Request request = request_of("GET", "/v1/blobs/" + hash.hex());
        request.headers.emplace(partial_header, "keep");
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

Result<void> Sync::fetch_attachment(const Hash256& hash) {
    ZF_CHECK(fetch_blob(hash));
    Transaction transaction(stores_.db);
    take_attachment_receipt(stores_.log, hash, stores_.env.now_ms());
    transaction.commit();
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
    take_attachment_receipt(stores_.log, hash, stores_.env.now_ms());
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
        if (missing.contains(hash)) continue;
        // What was put away here needs to be known to be there, and no more.
        if (stores_.blobs.has(hash) || is_put_away(stores_.db, hash)) settled.push_back(hash);
    }
    if (!settled.empty()) {
        Transaction transaction(stores_.db);
        for (const Hash256& hash : settled) {
            take_attachment_receipt(stores_.log, hash, stores_.env.now_ms());
        }
        transaction.commit();
    }
    for (const bool sending : {true, false}) {
        for (const Hash256& hash : hashes) {
            const auto lacking = missing.find(hash);
            const bool there = lacking == missing.end(), here = stores_.blobs.has(hash);
            if (there == here || here != sending) continue;
            if (!here && is_put_away(stores_.db, hash)) continue;
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

}  // namespace zf
