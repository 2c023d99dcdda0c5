// What a laptop was told by the bureau about its own work: how far its chain is stored there with
// the very same bytes, which of its saves wait there without effect and why, since when the bureau
// has an attachment, and which attachments were put away here because it has them. Knows no
// network; whoever hears from the server writes it down here, inside a Transaction of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/codec/wire.h"
#include "common/store/change_log.h"

namespace zf {

/// The server has compared hashes: what it holds of `device` up to `seq` is what lies here.
void set_stored(Db& db, const DeviceId& device, std::int64_t seq);
/// 0 when nothing is known. May lag behind what was acknowledged, never lead before it.
std::int64_t stored_of(Db& db, const DeviceId& device);
/// A new epoch: only what its server says itself counts. That was about `own`.
void forget_stored_but(Db& db, const DeviceId& own);

/// An own changeset that the server has, and that has no effect there yet.
struct WaitingThere {
    NotApplied what;
    std::int64_t since_ms = 0;  // when this laptop first heard of it
};
/// `all`: everything of the own chain that waits now; what waited before and is not in it is over.
void keep_waiting(Db& db, const std::vector<NotApplied>& all, std::int64_t now_ms);
/// By seq.
std::vector<WaitingThere> waiting_there(Db& db);

/// The server has this attachment, checked against its name, and so has this laptop.
void take_attachment_receipt(ChangeLog& log, const Hash256& hash, std::int64_t now_ms);

struct AttachmentReceipt {
    Hash256 hash;
    std::int64_t since_ms = 0;  // the first time that the bureau was known to have it
    bool is_put_away = false;
};
/// Nothing while the bureau is not known to have it, also when it was lost there again.
std::optional<AttachmentReceipt> find_attachment_receipt(Db& db, const Hash256& hash);
/// All that stand, by hash.
std::vector<AttachmentReceipt> attachment_receipts(Db& db);

/// The only way in which an attachment may leave a laptop: refused `not_allowed` without a receipt
/// that stands. Whoever calls removes the file after the commit.
Result<void> put_away(Db& db, const Hash256& hash);
/// Whether it was put away, be its receipt good or not: no sync fetches it by itself.
bool is_put_away(Db& db, const Hash256& hash);
/// It is wanted here again: the next sync fetches it.
void want_back(ChangeLog& log, const Hash256& hash);

}  // namespace zf
