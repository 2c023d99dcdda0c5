// repair: what server/repair.h promises, with its JSON.
#include <ostream>

#include "common/base/private_files.h"
#include "server/commands.h"
#include "server/freeze.h"
#include "server/repair.h"
#include "server/repair_salvage.h"

namespace zf {
namespace {

namespace fs = std::filesystem;

constexpr const char* database_files[] = {"central.db", "central.db-wal", "central.db-shm"};

class Repair {
public:
    Repair(const fs::path& data, Env& env) : data_(data), env_(env) {}

    Result<ServerRepair> run() {
        if (!fs::exists(data_ / "central.db")) {
            return fail(ErrorCode::not_found,
                        "There is no bureau in this data folder; name the right one with --data, "
                        "restore a backup, or run `init --recover`.",
                        data_.string());
        }
        const auto alone = FolderLock::take(data_);
        if (!alone) return fail(alone.error());
        const auto keys = load_keys(data_);
        if (!keys) return fail(keys.error());
        if (!is_log_sound()) {
            ZF_CHECK(replace_store());
            // What is left to find: attachments.
            is_log_sound();
        }
        auto store = CentralStore::open(data_, env_);
        if (!store) return fail(store.error());
        ZF_CHECK(mend(**store));
        return std::move(result_);
    }

private:
    /// Adds what `verify` finds. False when the file or the log cannot be trusted.
    bool is_log_sound() {
        std::string unreadable;
        try {
            auto store = CentralStore::open(data_, env_);
            if (store) return take(verify_store(**store));
            unreadable = store.error().message;
        } catch (const DbError& broken) {
            if (!broken.is_damage()) throw;
            unreadable = broken.what();
        }
        result_.found.push_back({"central.db", unreadable, DamageOf::log});
        return false;
    }

    bool take(Verification verification) {
        bool is_sound = true;
        for (Discrepancy& finding : verification.findings) {
            is_sound = is_sound && finding.of != DamageOf::log;
            result_.found.push_back(std::move(finding));
        }
        return is_sound;
    }

    Result<const fs::path*> make_aside() {
        if (result_.set_aside.empty()) {
            result_.set_aside = data_ / ("before-repair-" + env_.new_uuid().text());
            ZF_CHECK(make_private_folder(result_.set_aside));
        }
        return &result_.set_aside;
    }

    Result<void> replace_store() {
        const auto aside = make_aside();
        if (!aside) return fail(aside.error());
        const fs::path fresh = data_ / ("repairing-" + env_.new_uuid().text());
        ZF_CHECK(make_private_folder(fresh));
        for (const char* name : database_files) {
            if (fs::exists(data_ / name)) {
                ZF_CHECK(copy_private_file(data_ / name, **aside / name));
            }
        }
        // Laptops must not take the fresh store's numbers and reviews for those of the old one.
        ZF_CHECK(renew_server_keys(data_, env_));
        const auto keys = load_keys(data_);
        if (!keys) return fail(keys.error());
        const auto salvaged = salvage_store(**aside, fresh, *keys, env_);
        if (!salvaged) return fail(salvaged.error());
        ZF_CHECK(make_private_file(fresh / "central.db"));
        std::error_code error;
        // A log beside another database would be replayed into it; both are kept aside.
        for (const char* name : {"central.db-wal", "central.db-shm"}) fs::remove(data_ / name);
        fs::rename(fresh / "central.db", data_ / "central.db", error);
        if (error) {
            return fail(ErrorCode::internal,
                        "Cannot put the fresh store in place: " + error.message(), fresh.string());
        }
        fs::remove_all(fresh, error);
        result_.store_replaced = true;
        result_.entries = salvaged->entries;
        result_.changesets = salvaged->changesets;
        result_.accounts = salvaged->accounts;
        return {};
    }

    Result<void> mend(CentralStore& store) {
        const auto held = store.lock();
        for (const Discrepancy& finding : result_.found) {
            if (finding.of == DamageOf::derived) result_.derived_anew = true;
            if (finding.blob) ZF_CHECK(set_aside(store, *finding.blob));
        }
        Transaction transaction(store.db());
        if (result_.derived_anew) store.log().rebuild();
        for (const Discrepancy& finding : result_.found) {
            if (finding.blob) store.log().reopen_attachment(*finding.blob);
            if (finding.content) give_up_content(store.db(), *finding.content);
        }
        transaction.commit();
        return {};
    }

    Result<void> set_aside(CentralStore& store, const Hash256& hash) {
        ++result_.blobs_reopened;
        if (!store.blobs().has(hash)) return {};
        const auto aside = make_aside();
        if (!aside) return fail(aside.error());
        std::error_code error;
        fs::rename(store.blobs().path_of(hash), **aside / hash.hex(), error);
        if (error) {
            return fail(ErrorCode::internal,
                        "A damaged attachment cannot be moved: " + error.message(),
                        store.blobs().path_of(hash).string());
        }
        return {};
    }

    fs::path data_;
    Env& env_;
    ServerRepair result_;
};

}  // namespace

Result<ServerRepair> repair_server(const fs::path& data, Env& env) {
    return Repair(data, env).run();
}

Result<int> run_repair(const Invocation& invocation) {
    const auto repaired = repair_server(invocation.line.data, invocation.env);
    if (!repaired) return fail(repaired.error());
    List found;
    for (const Discrepancy& finding : repaired->found) {
        invocation.messages << finding.where << ": " << finding.what << "\n";
        found.push_back(Value(Members{{"where", finding.where}, {"what", finding.what}}));
    }
    Value answer;
    answer.set("found", std::move(found));
    answer.set("derived_anew", repaired->derived_anew);
    answer.set("store_replaced", repaired->store_replaced);
    answer.set("salvaged", Value(Members{{"entries", repaired->entries},
                                         {"changesets", repaired->changesets},
                                         {"accounts", repaired->accounts}}));
    answer.set("attachments_reopened", repaired->blobs_reopened);
    answer.set("set_aside",
               repaired->set_aside.empty() ? Value() : Value(repaired->set_aside.string()));
    print_json(invocation.out, answer);
    if (repaired->store_replaced) {
        invocation.messages << "Start the server: laptops bring what is missing with their next "
                               "sync. `verify` says what is still missing then.\n";
    }
    return 0;
}

}  // namespace zf
