// Messages between laptop and server as plain structs, and their bytes. The protocol page
// docs/protocol.md describes them for people who write a client in another language.
//
// Control messages are JSON. A push and a pull answer are text frames in zstd (level 3): lines
// that end in '\n', because canonical JSON never holds a raw line feed.
//   push:  {"_format":1,"epoch":uuid}
//          C <signature> <changeset>                    one line each, ascending per device
//          A <signature> <changeset>                    another's, applied by a former server
//   pull:  {"_format":1,"epoch":uuid}
//          E <signature> <entry>                        bureau entries, ascending n
//          D <uuid>                                     a record that left the reader's scope
//          C <ssn> <signature> <changeset>              ascending ssn
//          T <trailer JSON>                             always last; without it the frame is cut
// Signatures are URL-safe base64 without padding.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/model/changeset.h"

namespace zf {

inline constexpr int protocol_version = 1;

struct WireLimits {
    static constexpr std::size_t push_changesets_max = 1000;
    static constexpr std::size_t frame_bytes_max = 8u << 20;  // decompressed
};

/// POST /v1/enrol
struct EnrolRequest {
    std::string code;
    std::string public_key;  // hex64
    std::string name;        // of the laptop, for people
    std::string signature;   // base64url over "zoufang-enrol/1", NUL, code, NUL, public_key
};
struct EnrolAnswer {
    std::string device;  // hex32
    std::string user;
    std::string bureau_key;  // hex64
    std::string epoch;
};

/// POST /v1/session: who I am and where my chain stands; the answer holds a challenge to sign.
struct SessionRequest {
    std::string device;  // hex32
    std::int64_t head_seq = 0;
    std::string head_hash;  // hex64; zeros when head_seq is 0
    std::int64_t clock_ms = 0;
};
struct SessionAnswer {
    std::string challenge;  // opaque, valid for minutes
    std::string epoch;
    std::int64_t acknowledged_seq = 0;  // of this device, as the server holds it
    std::string acknowledged_hash;
    /// The server's hash for head_seq when it holds that seq, else empty: another value than
    /// head_hash means that this identity lives twice.
    std::string hash_at_head;
    std::int64_t server_ms = 0;
    std::int64_t last_entry = 0, ssn = 0;
};
/// "Zoufang <device>.<challenge>.<signature base64url over "zoufang-session/1", NUL, challenge>"
std::string authorization_header(std::string_view device, std::string_view challenge,
                                 std::string_view signature);

/// POST /v1/renew, with a session of the former identity.
struct RenewRequest {
    std::string public_key;  // hex64, of the new identity
    std::string signature;  // by it, over "zoufang-renew/1", NUL, former device id, NUL, public_key
};

struct PushRequest {
    std::string epoch;
    std::vector<SignedChangeset> changesets;
    /// Indexes of those of others that a server had applied before it was restored or lost.
    std::set<std::size_t> once_applied = {};
};
/// What became of a changeset that was stored but not applied.
struct NotApplied {
    std::int64_t seq = 0;
    std::string standing;  // "held" or "parked"
    std::string code, detail;
};
struct PushAnswer {
    std::int64_t acknowledged_seq = 0;  // of the pushing device
    std::int64_t received = 0, repeated = 0;
    std::vector<NotApplied> not_applied;  // of the pushing device
    std::string acknowledged_hash = {};   // of the changeset acknowledged_seq, as it lies there
};

/// POST /v1/push/rehearse: what a push would do, which is not done.
struct ForeseenConflict {
    std::string record, field, kind;  // kind as in `conflicts`
};
struct RehearsedPush {
    PushAnswer push;
    std::vector<ForeseenConflict> conflicts;  // that are not open yet
};

struct PulledEntry {
    std::string bytes, signature;
};
struct PulledChangeset {
    std::int64_t ssn = 0;
    SignedChangeset signed_changeset;
};
struct PullTrailer {
    std::int64_t cursor = 0;   // highest ssn looked at: ask for what comes after it next time
    bool more = false;         // ask again at once
    std::int64_t entries = 0;  // last entry sent or skipped
    /// Only when more is false: everything in scope of a device up to its seq was delivered.
    std::vector<std::pair<std::string, std::int64_t>> delivered;
    std::vector<NotApplied> not_applied;  // of the pulling device
    /// Attachments that the server lacks, at most 1,000: whoever holds one sends it again.
    std::vector<std::string> lacking;  // hex64
};
struct PullAnswer {
    std::string epoch;
    std::vector<PulledEntry> entries;
    std::vector<std::string> dropped;  // text UUIDs
    std::vector<PulledChangeset> changesets;
    PullTrailer trailer;
};

/// GET /v1/chains: how far the server holds each device's chain without a gap.
struct HeldChain {
    std::string device;  // hex32
    std::int64_t complete_seq = 0;
};
struct ChainsAnswer {
    std::string epoch;
    std::vector<HeldChain> chains;
};

/// Header of a chunk in the answer to GET /v1/blobs/<hash>: bytes of the whole blob.
inline constexpr std::string_view blob_total_header = "zoufang-total";

/// POST /v1/blobs/missing
struct MissingBlob {
    std::string hash;
    std::int64_t received = 0;  // bytes already there
};

std::string encode_enrol_request(const EnrolRequest&);
Result<EnrolRequest> decode_enrol_request(std::string_view);
std::string encode_enrol_answer(const EnrolAnswer&);
Result<EnrolAnswer> decode_enrol_answer(std::string_view);
std::string encode_session_request(const SessionRequest&);
Result<SessionRequest> decode_session_request(std::string_view);
std::string encode_session_answer(const SessionAnswer&);
Result<SessionAnswer> decode_session_answer(std::string_view);
std::string encode_renew_request(const RenewRequest&);
Result<RenewRequest> decode_renew_request(std::string_view);
std::string encode_push(const PushRequest&);  // compressed
Result<PushRequest> decode_push(std::string_view);
std::string encode_push_answer(const PushAnswer&);
Result<PushAnswer> decode_push_answer(std::string_view);
std::string encode_rehearsed_push(const RehearsedPush&);
Result<RehearsedPush> decode_rehearsed_push(std::string_view);
std::string encode_pull(const PullAnswer&);  // compressed
Result<PullAnswer> decode_pull(std::string_view);
std::string encode_chains(const ChainsAnswer&);
Result<ChainsAnswer> decode_chains(std::string_view);
std::string encode_hashes(const std::vector<std::string>&);  // {"hashes":[...]}
Result<std::vector<std::string>> decode_hashes(std::string_view);
std::string encode_missing(const std::vector<MissingBlob>&);  // {"missing":[...]}
Result<std::vector<MissingBlob>> decode_missing(std::string_view);

/// {"error":{"code","message","where"}} and back; `version_unsupported` also says
/// "speaks":{"max","min"}, so that either side can tell which of the two is older.
std::string encode_error(const Error&);
Error decode_error(std::string_view body, int http_status);

}  // namespace zf
