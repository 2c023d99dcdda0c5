#include "common/store/identity.h"

#include <algorithm>
#include <charconv>

#include "common/base/assert.h"
#include "common/base/private_files.h"
#include "common/store/schema.h"

namespace zf {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view key_name = "device.key";
constexpr std::string_view next_name = "device.key.next";
constexpr std::string_view former_name = "device.key.former";
constexpr std::string_view head_name = "device.head";
constexpr std::size_t file_bytes_max = 1024;

Result<KeyPair> read_key(const fs::path& file) {
    auto text = read_whole_file(file, file_bytes_max);
    if (!text) return fail(text.error());
    while (!text->empty() && text->back() == '\n') text->pop_back();
    const auto bytes = bytes_of_hex(*text);
    std::array<std::uint8_t, 32> seed{};
    if (!bytes || bytes->size() != seed.size()) {
        return fail(ErrorCode::damaged,
                    "the key file is not 64 hex digits; put it back from a copy, or enrol this "
                    "laptop anew in an empty folder",
                    file.string());
    }
    std::copy(bytes->begin(), bytes->end(), seed.begin());
    return KeyPair::from_seed(seed);
}

Result<void> write_key(const fs::path& file, const KeyPair& key) {
    const std::string seed(reinterpret_cast<const char*>(key.seed().data()), key.seed().size());
    return write_private_file(file, hex_of(seed) + "\n");
}

DeviceId id_of(const KeyPair& key) {
    return device_id_of(key.public_key());
}

std::optional<DeviceId> named_in(Db& db) {
    return parse_device_id(find_fact(db, "identity").value_or(""));
}

/// A hint that two processes wrote at once, or that a power cut left half, is no hint.
std::string checked_line(const DeviceHead& head) {
    const std::string line =
        head.device.hex() + " " + std::to_string(head.seq) + " " + head.hash.hex();
    return line + " " + blake2b(line).hex().substr(0, 16) + "\n";
}

}  // namespace

std::string_view name_of(NewIdentityReason reason) {
    switch (reason) {
        case NewIdentityReason::folder_copied:
            return "folder_copied";
        case NewIdentityReason::database_back:
            return "database_back";
        case NewIdentityReason::key_back:
            return "key_back";
    }
    ZF_ASSERT(false);
}

Result<KeyPair> read_device_key(const fs::path& home) {
    return read_key(home / key_name);
}

Identity::Identity(fs::path home, ChangeLog& log, Env& env)
    : home_(std::move(home)), log_(log), db_(log.db()), env_(env) {
    db_.execute(
        "CREATE TABLE IF NOT EXISTS former_identity(n INTEGER PRIMARY KEY, id BLOB NOT NULL "
        "UNIQUE, left_ms INTEGER NOT NULL, reason TEXT NOT NULL, own_seq INTEGER NOT NULL, "
        "fork_seq INTEGER, reissued INTEGER NOT NULL DEFAULT 0)");
    db_.execute(
        "CREATE TABLE IF NOT EXISTS moved_chain(n INTEGER PRIMARY KEY, from_id BLOB NOT NULL, "
        "after_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, to_id BLOB NOT NULL, "
        "to_after INTEGER NOT NULL)");
}

std::int64_t Identity::moves() const {
    Statement last = db_.prepare("SELECT COALESCE(MAX(n), 0) FROM moved_chain");
    last.step();
    return last.integer(0);
}

void Identity::follow_moves(RecordDoc& doc, std::int64_t& moves) const {
    Statement find = db_.prepare(
        "SELECT n, from_id, after_seq, last_seq, to_id, to_after FROM moved_chain WHERE n>?1 "
        "ORDER BY n");
    find.bind(1, moves);
    while (find.step()) {
        moves = find.integer(0);
        // One after the other: what was moved once may have been moved again.
        Moved({{find.id<DeviceId>(1), find.integer(2), find.integer(3), find.id<DeviceId>(4),
                find.integer(5)}})
            .translate(doc);
    }
}

const KeyPair& Identity::key() const {
    ZF_ASSERT(key_.has_value());
    return *key_;
}

Author& Identity::author() {
    ZF_ASSERT(author_ != nullptr);
    return *author_;
}

void Identity::adopt(const KeyPair& key) {
    if (key_) {
        *key_ = key;
    } else {
        key_ = key;
        author_ = std::make_unique<Author>(log_, *key_, env_);
    }
}

Result<Identity::Files> Identity::read_files() const {
    Files files;
    if (fs::exists(file(key_name))) {
        auto key = read_key(file(key_name));
        if (!key) return fail(key.error());
        files.key = *key;
    }
    if (fs::exists(file(next_name))) {
        auto next = read_key(file(next_name));
        if (!next) return fail(next.error());
        files.next = *next;
    }
    return files;
}

Result<void> Identity::open() {
    // The hint first: another process may save between the two looks.
    const auto hint = read_hint();
    const auto files = read_files();
    if (!files) return fail(files.error());
    const bool in_order = files->key && !files->next && named_in(db_) == id_of(*files->key) &&
                          !is_older_than_hint(hint);
    if (!in_order) return put_in_order();
    adopt(*files->key);
    return {};
}

/// Every step of a change leaves one of the states that this finds.
Result<void> Identity::put_in_order() {
    Transaction alone(db_);
    const auto hint = read_hint();
    auto files = read_files();
    if (!files) return fail(files.error());
    const auto named = named_in(db_);
    if (files->next && named == id_of(*files->next)) {
        // The database has changed already, the key file not yet.
        ZF_CHECK(write_key(file(key_name), *files->next));
        files->key = files->next;
    }
    ZF_CHECK(remove_private_file(file(next_name)));
    if (!files->key) {
        alone.commit();
        return {};
    }
    adopt(*files->key);
    if (named && *named != device()) {
        alone.commit();
        return change(NewIdentityReason::key_back, {*named, device()});
    }
    if (!named) set_fact(db_, "identity", device().hex());
    const bool is_older = is_older_than_hint(hint);
    alone.commit();
    if (is_older) return change(NewIdentityReason::database_back, {device()});
    return {};
}

Result<void> Identity::refresh() {
    const auto named = named_in(db_);
    if (key_ && (!named || *named == device())) return {};
    const auto files = read_files();
    if (!files) return fail(files.error());
    for (const auto& key : {files->next, files->key}) {
        if (!key || (named && *named != id_of(*key))) continue;
        adopt(*key);
        return {};
    }
    if (!named) return {};
    return fail(ErrorCode::damaged,
                "this folder's key file was changed under the running program; start it again",
                file(key_name).string());
}

Result<void> Identity::ensure_key() {
    ZF_CHECK(refresh());
    if (key_) return {};
    const KeyPair made = KeyPair::generate(env_);
    ZF_CHECK(write_key(file(key_name), made));
    set_fact(db_, "identity", id_of(made).hex());
    adopt(made);
    return {};
}

Result<void> Identity::take_new(NewIdentityReason reason) {
    return change(reason, {device()});
}

Result<void> Identity::change(NewIdentityReason reason, const std::vector<DeviceId>& left) {
    const KeyPair made = KeyPair::generate(env_);
    Transaction transaction(db_);
    if (named_in(db_) != left.front()) {
        return fail(ErrorCode::busy, "another program is changing this laptop's identity; repeat");
    }
    ZF_CHECK(write_key(file(next_name), made));
    // A key that the bureau does not know yet cannot speak for the next one.
    if (!is_pending()) ZF_CHECK(write_key(file(former_name), *key_));
    for (const DeviceId& id : left) {
        Statement add = db_.prepare(
            "INSERT OR IGNORE INTO former_identity(id, left_ms, reason, own_seq) "
            "VALUES(?1, ?2, ?3, ?4)");
        add.bind_bytes(1, id.bytes).bind(2, env_.now_ms()).bind_text(3, name_of(reason));
        add.bind(4, log_.head_of(id).seq).run();
    }
    set_fact(db_, "identity", id_of(made).hex());
    transaction.commit();
    ZF_CHECK(write_key(file(key_name), made));
    ZF_CHECK(remove_private_file(file(next_name)));
    adopt(made);
    // On disk at once: the former hint would speak of a database that was put back for ever.
    return write_private_file(file(head_name), checked_line({device(), 0, {}}));
}

bool Identity::is_pending() const {
    return fs::exists(file(former_name));
}

Result<KeyPair> Identity::enrolled_key() const {
    return is_pending() ? read_key(file(former_name)) : Result<KeyPair>(key());
}

Result<void> Identity::set_enrolled() {
    return remove_private_file(file(former_name));
}

std::vector<FormerIdentity> Identity::formers() const {
    std::vector<FormerIdentity> all;
    Statement find = db_.prepare(
        "SELECT id, left_ms, reason, own_seq, fork_seq, reissued FROM former_identity ORDER BY n");
    while (find.step()) {
        all.push_back({find.id<DeviceId>(0),
                       find.integer(1),
                       std::string(find.text(2)),
                       find.integer(3),
                       {},
                       find.integer(5)});
        if (!find.is_null(4)) all.back().fork_seq = find.integer(4);
    }
    return all;
}

std::vector<FormerIdentity> Identity::unsettled() const {
    auto all = formers();
    std::erase_if(all, [](const FormerIdentity& one) { return one.fork_seq.has_value(); });
    return all;
}

Result<std::int64_t> Identity::settle(const std::vector<ForkPoint>& forks) {
    Transaction transaction(db_);
    if (named_in(db_) != device()) {
        return fail(ErrorCode::busy, "another program is changing this laptop's identity; repeat");
    }
    const auto chains = reissue(log_, key(), forks);
    if (!chains) return fail(chains.error());
    std::int64_t reissued = 0;
    for (const ForkPoint& fork : forks) {
        std::int64_t moved = 0;
        for (const MovedChain& chain : *chains) {
            if (chain.from == fork.former) moved = chain.last - chain.after;
        }
        Statement set =
            db_.prepare("UPDATE former_identity SET fork_seq=?2, reissued=?3 WHERE id=?1");
        set.bind_bytes(1, fork.former.bytes).bind(2, fork.seq).bind(3, moved).run();
        reissued += moved;
    }
    for (const MovedChain& chain : *chains) {
        Statement note = db_.prepare(
            "INSERT INTO moved_chain(from_id, after_seq, last_seq, to_id, to_after) "
            "VALUES(?1, ?2, ?3, ?4, ?5)");
        note.bind_bytes(1, chain.from.bytes).bind(2, chain.after).bind(3, chain.last);
        note.bind_bytes(4, chain.to.bytes).bind(5, chain.to_after).run();
    }
    if (!chains->empty() && on_moved) on_moved(Moved(*chains));
    // Changesets of an own identity are never sent to it; those of a former one now are.
    set_fact(db_, "cursor", std::int64_t{0});
    const DeviceHead head = log_.head_of(device());
    transaction.commit();
    note_head(head);
    return reissued;
}

void Identity::note_head(const DeviceHead& head) {
    // Where even this cannot be written the next save says so itself.
    (void)write_hint_file(file(head_name), checked_line(head));
}

std::optional<DeviceHead> Identity::read_hint() const {
    const auto text = read_whole_file(file(head_name), file_bytes_max);
    if (!text) return std::nullopt;
    const std::size_t first = text->find(' ');
    const std::size_t second = first == text->npos ? first : text->find(' ', first + 1);
    if (second == text->npos) return std::nullopt;
    const auto device = parse_device_id(std::string_view(*text).substr(0, first));
    const auto hash = parse_hash256(std::string_view(*text).substr(second + 1, 64));
    std::int64_t seq = 0;
    std::from_chars(text->data() + first + 1, text->data() + second, seq);
    if (!device || !hash) return std::nullopt;
    const DeviceHead head{*device, seq, *hash};
    return checked_line(head) == *text ? std::optional(head) : std::nullopt;
}

bool Identity::is_older_than_hint(const std::optional<DeviceHead>& hint) const {
    if (!hint || hint->seq == 0) return false;
    const auto own = log_.find_changeset(hint->device, hint->seq);
    if (own && blake2b(own->signed_changeset.bytes) == hint->hash) return false;
    // The database knows that this identity was left: it is the hint that is behind.
    const auto left = formers();
    return std::none_of(left.begin(), left.end(),
                        [&](const FormerIdentity& former) { return former.id == hint->device; });
}

}  // namespace zf
