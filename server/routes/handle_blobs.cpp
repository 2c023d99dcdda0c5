// Attachments: which ones are missing here, and their content in chunks that can be resumed at the
// byte. A blob is named by the 64 hex digits of its SHA-256 and by nothing else.
#include "common/codec/wire.h"
#include "server/routes/route.h"

namespace zf {
namespace {

constexpr std::size_t hashes_max = 10'000;

Result<Hash256> hash_in_path(const RouteCall& call) {
    const auto hash = parse_hash256(call.tail);
    if (hash) return *hash;
    return fail(ErrorCode::malformed, "A blob is named by 64 hex digits.", "path");
}

/// Whose disk is full must not be guessed by somebody who sits before another one.
Error of_this_server(Error error) {
    if (error.code == ErrorCode::internal) {
        error.message = "The server's store failed: " + error.message;
    }
    return error;
}

}  // namespace

Result<Response> handle_blobs_missing(RouteCall& call) {
    const auto hashes = decode_hashes(call.request.body);
    if (!hashes) return fail(hashes.error());
    if (hashes->size() > hashes_max) {
        return fail(ErrorCode::too_large, "Ask for at most 10000 blobs at a time.", "hashes");
    }
    std::vector<MissingBlob> missing;
    for (std::size_t i = 0; i < hashes->size(); ++i) {
        const auto hash = parse_hash256((*hashes)[i]);
        if (!hash) {
            return fail(ErrorCode::malformed, "A blob is named by 64 hex digits.",
                        "hashes[" + std::to_string(i) + "]");
        }
        if (call.store.blobs().has(*hash)) continue;
        missing.push_back({hash->hex(), call.store.blobs().partial_size(*hash)});
    }
    return json_response(encode_missing(missing));
}

Result<Response> handle_blob_get(RouteCall& call) {
    const auto hash = hash_in_path(call);
    if (!hash) return fail(hash.error());
    const auto offset = query_number(call.request, "offset", 0);
    if (!offset) return fail(offset.error());
    auto chunk = call.store.blobs().read(*hash, *offset, BlobStore::chunk_bytes_max);
    if (!chunk) return fail(of_this_server(chunk.error()));
    Response response = binary_response(std::move(*chunk));
    response.headers["zoufang-total"] = std::to_string(call.store.blobs().size_of(*hash));
    return response;
}

Result<Response> handle_blob_put(RouteCall& call) {
    const auto hash = hash_in_path(call);
    if (!hash) return fail(hash.error());
    const auto offset = query_number(call.request, "offset", 0);
    if (!offset) return fail(offset.error());
    const auto total = query_number(call.request, "total");
    if (!total) return fail(total.error());
    const std::string& chunk = call.request.body;
    if (chunk.size() > BlobStore::chunk_bytes_max || *total > BlobStore::blob_bytes_max) {
        return fail(ErrorCode::too_large, "A chunk has at most 1 MiB and a blob at most 64 MiB.",
                    "body");
    }
    const auto held = call.store.lock_blob(*hash);
    BlobStore& blobs = call.store.blobs();
    const bool is_here = blobs.has(*hash);
    bool complete = is_here;
    if (!is_here) {
        const auto appended = blobs.append_chunk(*hash, *offset, *total, chunk);
        if (!appended) return fail(of_this_server(appended.error()));
        complete = *appended;
    }
    if (complete && !is_here) {
        // From now on verify knows that it was here.
        const auto store_held = call.store.lock();
        Transaction transaction(call.store.db());
        call.store.log().settle_attachment(*hash);
        transaction.commit();
    }
    Value answer;
    answer.set("complete", complete);
    answer.set("received", complete ? blobs.size_of(*hash) : blobs.partial_size(*hash));
    return json_response(canonical_text(answer));
}

}  // namespace zf
