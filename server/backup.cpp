#include "server/backup.h"

#include <algorithm>
#include <iterator>

#include "common/base/private_files.h"

namespace zf {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view readme =
    "This folder is a backup of a Zoufang server: records, attachments, accounts and keys.\n"
    "\n"
    "keys/bureau.key is the key that all laptops trust. Whoever has it can pretend to be the\n"
    "bureau, and without it no server can take the bureau's place: keep this folder as safe as\n"
    "the server itself, and keep more than one copy.\n"
    "\n"
    "To go back to it, stop the server and run\n"
    "    zoufang-server --data DIR restore THIS_FOLDER\n";

Unexpected fail_copy(const fs::path& path, const std::error_code& error) {
    return fail(ErrorCode::internal,
                "Cannot copy: " + error.message() + "; check owner and free space.", path.string());
}

/// Finished attachments only. Returns how many.
Result<std::int64_t> copy_blobs(const fs::path& from, const fs::path& to) {
    ZF_CHECK(make_private_folder(to));
    const auto hashes = blobs_in(from);
    if (!hashes) return fail(hashes.error());
    for (const Hash256& hash : *hashes) {
        const fs::path target = blob_path(to, hash);
        ZF_CHECK(make_private_folder(target.parent_path()));
        ZF_CHECK(copy_private_file(blob_path(from, hash), target));
    }
    return static_cast<std::int64_t>(hashes->size());
}

/// Copies a folder of key files, each with its mode.
Result<void> copy_secrets(const fs::path& from, const fs::path& to) {
    ZF_CHECK(make_private_folder(to));
    const auto names = names_in_folder(from);
    if (!names) return fail(names.error());
    for (const std::string& name : *names) {
        if (name.ends_with(".new")) continue;  // of a write that was cut off
        const auto content = read_whole_file(from / name, 64u << 10);
        if (!content) return fail(content.error());
        ZF_CHECK(write_private_file(to / name, *content));
    }
    return {};
}

/// Opens a copied database, so that a bad copy is noticed now and not on the day it is needed.
Result<std::int64_t> check_copy(const fs::path& folder) {
    Db db = Db::open((folder / "central.db").string());
    const std::string damage = db.integrity_check();
    if (damage != "ok") {
        return fail(ErrorCode::damaged, "The copy of the database is damaged: " + damage,
                    folder.string());
    }
    ChangeLog log(db, StoreRole::server, nullptr);
    return log.counts().changesets;
}

/// The parts of a data folder, in the order in which they are moved.
constexpr const char* parts[] = {"central.db", "central.db-wal", "central.db-shm",
                                 "blobs",      "keys",           "tls"};

Result<void> move_parts(const fs::path& from, const fs::path& to) {
    for (const char* part : parts) {
        std::error_code error;
        if (!fs::exists(from / part, error)) continue;
        fs::rename(from / part, to / part, error);
        if (error) return fail_copy(from / part, error);
    }
    return {};
}

/// A folder of the data folder for one restore.
fs::path restore_folder(const fs::path& data, const char* purpose, Env& env) {
    return data / (std::string(purpose) + "-" + env.new_uuid().text());
}

}  // namespace

Result<BackupSummary> back_up(CentralStore& store, const fs::path& target) {
    std::error_code error;
    if (fs::exists(target, error) && !fs::is_empty(target, error)) {
        return fail(ErrorCode::not_allowed, "The folder for a backup must be new or empty.",
                    target.string());
    }
    ZF_CHECK(make_private_folder(target));
    {
        const auto held = store.lock();
        store.db().copy_to((target / "central.db").string());
    }
    ZF_CHECK(make_private_file(target / "central.db"));
    BackupSummary summary;
    const auto blobs = copy_blobs(store.folder() / "blobs", target / "blobs");
    if (!blobs) return fail(blobs.error());
    summary.blobs = *blobs;
    ZF_CHECK(copy_secrets(store.folder() / "keys", target / "keys"));
    ZF_CHECK(copy_secrets(store.folder() / "tls", target / "tls"));
    ZF_CHECK(write_private_file(target / "README.txt", readme));
    const auto changesets = check_copy(target);
    if (!changesets) return fail(changesets.error());
    summary.changesets = *changesets;
    summary.bytes = bytes_below(target);
    return summary;
}

Result<RestoreSummary> restore(const fs::path& backup, const fs::path& data, Env& env) {
    if (!fs::exists(backup / "central.db") || !fs::exists(backup / "keys" / "bureau.key")) {
        return fail(ErrorCode::not_found, "This is no backup of a server.", backup.string());
    }
    ZF_CHECK(make_private_folder(data));
    auto lock = FolderLock::take(data);
    if (!lock) return fail(lock.error());

    // Everything is made ready beside what is there, then moved into place.
    const fs::path fresh = restore_folder(data, "restoring", env);
    ZF_CHECK(make_private_folder(fresh));
    ZF_CHECK(copy_private_file(backup / "central.db", fresh / "central.db"));
    const auto blobs = copy_blobs(backup / "blobs", fresh / "blobs");
    if (!blobs) return fail(blobs.error());
    ZF_CHECK(copy_secrets(backup / "keys", fresh / "keys"));
    ZF_CHECK(copy_secrets(backup / "tls", fresh / "tls"));
    const auto changesets = check_copy(fresh);
    if (!changesets) return fail(changesets.error());
    ZF_CHECK(renew_server_keys(fresh, env));
    ZF_CHECK(keep_former_keys(fresh, data));
    const auto keys = load_keys(fresh);
    if (!keys) return fail(keys.error());
    RestoreSummary summary;
    {
        Db db = Db::open((fresh / "central.db").string());
        ChangeLog log(db, StoreRole::server, nullptr);
        BureauLog bureau(db);
        Transaction transaction(db);
        begin_epoch(db, bureau, *keys, env);
        transaction.commit();
    }

    // A write-ahead log alone matters too: beside another database it would be replayed into it.
    const bool is_something_there =
        std::any_of(std::begin(parts), std::end(parts),
                    [&](const char* part) { return fs::exists(data / part); });
    if (is_something_there) {
        summary.set_aside = restore_folder(data, "before-restore", env);
        ZF_CHECK(make_private_folder(summary.set_aside));
        ZF_CHECK(move_parts(data, summary.set_aside));
    }
    ZF_CHECK(move_parts(fresh, data));
    std::error_code ignored;  // an empty folder
    fs::remove_all(fresh, ignored);
    const auto store = CentralStore::open(data, env);
    if (!store) return fail(store.error());
    summary.epoch = (*store)->epoch();
    return summary;
}

}  // namespace zf
