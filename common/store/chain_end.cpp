#include "common/store/chain_end.h"

#include <optional>

#include "common/store/log_batch.h"

namespace zf {

void end_chain(Db& db, const DeviceId& device, std::int64_t complete_seq,
               std::int64_t delivered_seq) {
    std::int64_t last_seq = 0;
    std::optional<Hash256> hash;
    {
        Statement find = db.prepare(
            "SELECT key, bytes FROM changeset JOIN device ON device.id=?1 "
            "WHERE key>(device.n << 40) AND key<((device.n + 1) << 40) ORDER BY key DESC LIMIT 1");
        find.bind_bytes(1, device.bytes);
        if (find.step()) {
            last_seq = seq_of(find.integer(0));
            hash = blake2b(find.blob(1));
        }
    }
    Statement set = db.prepare(
        "UPDATE device SET head_seq=?2, head_hash=?3, delivered_seq=?4, "
        "complete_seq=MIN(complete_seq, ?5) WHERE id=?1");
    set.bind_bytes(1, device.bytes).bind(2, last_seq).bind(4, delivered_seq).bind(5, complete_seq);
    if (hash) set.bind_bytes(3, hash->bytes);
    set.run();
}

}  // namespace zf
