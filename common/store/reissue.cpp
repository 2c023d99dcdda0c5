#include "common/store/reissue.h"

#include "common/base/assert.h"
#include "common/codec/changeset_codec.h"
#include "common/store/chain_end.h"
#include "common/store/log_batch.h"

namespace zf {
namespace {

struct OwnChangeset {
    std::int64_t key = 0;
    Changeset changeset;
};

std::int64_t number_of(Db& db, const DeviceId& id) {
    Statement add = db.prepare("INSERT OR IGNORE INTO device(id) VALUES(?1)");
    add.bind_bytes(1, id.bytes).run();
    Statement find = db.prepare("SELECT n FROM device WHERE id=?1");
    find.bind_bytes(1, id.bytes);
    find.step();
    return find.integer(0);
}

std::vector<OwnChangeset> tail_of(Db& db, std::int64_t device_n, const ForkPoint& fork) {
    std::vector<OwnChangeset> tail;
    Statement find =
        db.prepare("SELECT key, bytes FROM changeset WHERE key>?1 AND key<=?2 ORDER BY key");
    find.bind(1, changeset_key(device_n, fork.seq)).bind(2, changeset_key(device_n, fork.own_seq));
    while (find.step()) {
        auto changeset = decode_changeset(find.blob(1));
        if (!changeset) {
            throw DbError(0, "a stored changeset of this laptop is damaged: " +
                                 changeset.error().message + "; run verify");
        }
        tail.push_back({find.integer(0), std::move(*changeset)});
    }
    return tail;
}

void move_row(Db& db, std::int64_t from, std::int64_t to, const std::string& bytes,
              const std::string& signature) {
    // No number: the server has not seen it under this name.
    Statement move =
        db.prepare("UPDATE changeset SET key=?2, bytes=?3, signature=?4, ssn=NULL WHERE key=?1");
    move.bind(1, from).bind(2, to).bind_blob(3, bytes).bind_blob(4, signature).run();
    Statement link = db.prepare("UPDATE record_changeset SET changeset=?2 WHERE changeset=?1");
    link.bind(1, from).bind(2, to).run();
}

void set_head(Db& db, const DeviceHead& head) {
    Statement set =
        db.prepare("UPDATE device SET head_seq=?2, head_hash=?3, complete_seq=?2 WHERE id=?1");
    set.bind_bytes(1, head.device.bytes).bind(2, head.seq).bind_bytes(3, head.hash.bytes).run();
}

}  // namespace

Result<std::vector<MovedChain>> reissue(ChangeLog& log, const KeyPair& key,
                                        const std::vector<ForkPoint>& forks) {
    Db& db = log.db();
    ZF_ASSERT(db.in_transaction());
    DeviceHead head = log.head_of(device_id_of(key.public_key()));
    const std::int64_t own_n = number_of(db, head.device);
    std::vector<MovedChain> chains;
    std::vector<OwnChangeset> tails;
    std::int64_t seq = head.seq;
    for (const ForkPoint& fork : forks) {
        ZF_ASSERT(fork.former != head.device);
        auto tail = tail_of(db, number_of(db, fork.former), fork);
        if (tail.empty()) continue;
        chains.push_back({fork.former, fork.seq, fork.own_seq, head.device, seq});
        seq += tail.back().changeset.seq - fork.seq;
        for (OwnChangeset& one : tail) tails.push_back(std::move(one));
    }
    const Moved moved(chains);
    for (OwnChangeset& one : tails) {
        moved.translate(one.changeset);
        ZF_ASSERT(one.changeset.seq == head.seq + 1);
        one.changeset.previous = head.hash;
        const std::string bytes = encode_changeset(one.changeset);
        if (bytes.size() > ChangesetLimits::bytes_max) {
            return fail(ErrorCode::too_large,
                        "this laptop needs a new identity, and one of its saves would become too "
                        "large under it; nothing was changed, ask for help",
                        one.changeset.records.front().id.text());
        }
        const Hash256 hash = blake2b(bytes);
        move_row(db, one.key, changeset_key(own_n, one.changeset.seq), bytes,
                 key.sign(signing_bytes(hash)));
        head.seq = one.changeset.seq;
        head.hash = hash;
    }
    // The former identity is another device from now on: all of it up to the fork is here.
    for (const ForkPoint& fork : forks) end_chain(db, fork.former, fork.seq, fork.seq);
    if (!tails.empty()) {
        set_head(db, head);
        log.rebuild();
    }
    return chains;
}

}  // namespace zf
