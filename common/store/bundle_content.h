// What sealed bundles hold: a head that says who writes and where he stands, then the same frames
// as on the network. Both programs use this; what to put in and what to take over is theirs.
//
//   'H' head, JSON, always first     'R' receipt: the answer to POST /v1/session
//   'A' an answer to GET /v1/pull    'P' a body of POST /v1/push
//   'Q' hashes of attachments that the writer has and the reader may lack
//   'W' hashes of attachments that the writer lacks
//   'K' hashes of attachments that the writer keeps, of those that were asked about
//   'B' part of an attachment: hash (32 bytes), offset and total (8 bytes each, big-endian), then
//       the bytes as a zstd frame
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/result.h"
#include "common/codec/wire.h"
#include "common/store/blob_store.h"
#include "common/store/bundle_file.h"
#include "common/store/bureau_log.h"

namespace zf {

namespace bundle_kind {
inline constexpr char head = 'H', receipt = 'R', page = 'A', push = 'P', offered = 'Q',
                      wanted = 'W', kept = 'K', blob = 'B';
}

/// A frame's kind in messages, whatever byte it is.
std::string frame_name(char kind);

struct BundleHead {
    std::string epoch;  // as the writer knows it; may be empty on a laptop that never synced
    /// A laptop: how far it has the server's changesets and the bureau's entries. The server:
    /// behind which ones this bundle goes on.
    std::int64_t cursor = 0, entries = 0;
    /// A laptop: device and seq up to which it has everything that it may see.
    std::vector<std::pair<std::string, std::int64_t>> holds;
    /// The bureau's entry about the writer, so that who has not heard of him can believe him.
    BureauEntry sender;
};
std::string encode_bundle_head(const BundleHead& head);
Result<BundleHead> decode_bundle_head(std::string_view text);

struct BlobPart {
    Hash256 hash;
    std::int64_t offset = 0, total = 0;
    std::string bytes;
};
std::string encode_blob_part(const BlobPart& part);
Result<BlobPart> decode_blob_part(std::string_view payload);

/// Told now and then while a bundle is written or read: bytes of the file so far. False ends it
/// with `interrupted`.
using BundleProgress = std::function<bool(std::int64_t bytes)>;
Result<void> tell_progress(const BundleProgress& progress, std::int64_t bytes);

/// Writes an attachment in parts. Error: those of BlobStore::read.
Result<void> add_blob(BundleWriter& writer, const BlobStore& blobs, const Hash256& hash,
                      const BundleProgress& progress);
/// Takes over a part; one that is here already is passed over. Whether the attachment is whole now.
/// Errors: those of BlobStore::append_chunk.
Result<bool> take_blob_part(BlobStore& blobs, const BlobPart& part);
/// Lists of hashes, in frames of a bounded size.
Result<void> add_hashes(BundleWriter& writer, char kind, const std::vector<Hash256>& hashes);
Result<std::vector<Hash256>> read_hashes(std::string_view payload);

/// Who a bundle comes from, as the bureau has signed it.
struct BundleSender {
    SignedIdentity identity;
    std::string name;  // for people
};

struct VerifiedBundle {
    BundleHeader header;
    BundleHead head;
    BundleSender sender;
    std::filesystem::path copy;  // sealed, sound and whole
    std::int64_t bytes = 0, bytes_resumed = 0;
};

/// What a reader is and knows.
struct BundleReaderSide {
    std::vector<const KeyPair*> own;  // the first is the one in force
    PublicKey bureau_key;
    BureauLog& bureau;
    std::filesystem::path incoming;  // folder for copies; made when it is not there
};

/// Copies a bundle while checking it to its last byte; nothing of it is taken over yet. A copy that
/// was cut off stays and is gone on with; any other failure removes it. Errors: those of
/// BundleReader; `not_allowed` for somebody else's bundle, naming whose, and for a sender that the
/// bureau has revoked; `unauthenticated` for a sender that the bureau has not signed;
/// `bad_signature`.
Result<VerifiedBundle> verify_bundle(const std::filesystem::path& file,
                                     const BundleReaderSide& side, const BundleProgress& progress);

/// Frame by frame through a verified bundle, without its head.
Result<void> each_frame(const VerifiedBundle& bundle, const BundleReaderSide& side,
                        const std::function<Result<void>(BundleFrame&&)>& visit);

/// What was put into a bundle, or taken over from one.
struct BundleSummary {
    DeviceId from, to;
    std::int64_t changesets = 0, repeated = 0;  // new ones; those that were here already
    std::int64_t entries = 0;                   // of the bureau's log, that the bundle holds
    std::int64_t attachments = 0;               // that are whole now
    std::int64_t bytes = 0, bytes_resumed = 0;  // of the file
    std::vector<NotApplied> not_applied;        // the laptop's changesets that wait on the server
    std::vector<Error> errors;                  // parts that were left out, each with its reason
};
Value bundle_value(const BundleSummary& summary);

/// What another side told about itself in the bundles that it wrote; empty when it wrote none.
/// Convenience only: it saves sending what is there already.
struct BundleTold {
    BundleHead head;
    std::vector<Hash256> offered, wanted;
};
void keep_told(Db& db, const DeviceId& who, const BundleTold& told);
std::optional<BundleTold> find_told(Db& db, const DeviceId& who);

/// "the bureau's server", "laptop of li (<hex32>)", or the id alone.
std::string bundle_party(BureauLog& bureau, const DeviceId& id);

}  // namespace zf
