#include "client/commands_repair.h"

#include <algorithm>
#include <optional>
#include <ostream>

#include "client/json_view.h"
#include "client/repair.h"
#include "client/sync_pass.h"
#include "common/base/private_files.h"
#include "common/codec/json.h"

namespace zf {
namespace {

namespace fs = std::filesystem;

class Repair {
public:
    Repair(fs::path home, Env& env, std::ostream& messages)
        : home_(std::move(home)), env_(env), messages_(messages) {}

    Result<void> run() {
        if (!fs::exists(home_)) {
            return fail(ErrorCode::not_found, "there is no such folder", home_.string());
        }
        const auto alone = FolderLock::take(home_);
        if (!alone) {
            return fail(alone.error().code, "another program is at work on this folder; close it",
                        home_.string());
        }
        ZF_CHECK(finish_replacement(home_));
        auto store = open_checked();
        if (!store) return fail(store.error());
        if (!check_.of_database.empty()) {
            store->reset();
            messages_ << "zoufang: the database is damaged; reading what can be read of it\n";
            auto salvaged = replace_database(home_, env_);
            if (!salvaged) return fail(salvaged.error());
            salvaged_ = std::move(*salvaged);
            store = DeviceStore::open(home_, env_);
            if (!store) return fail(store.error());
            // Its own findings are those of before; blobs are looked at now.
            auto again = check_folder(**store);
            if (!again) return fail(again.error());
            check_.damaged_blobs = std::move(again->damaged_blobs);
            check_.missing_blobs = std::move(again->missing_blobs);
        }
        store_ = std::move(*store);
        const fs::path aside =
            salvaged_ ? salvaged_->set_aside : home_ / ("damaged-" + env_.new_uuid().text());
        ZF_CHECK(reopen_blobs(*store_, check_, aside));
        if (fs::exists(aside)) set_aside_ = aside;
        synced_ = sync();
        return {};
    }

    [[nodiscard]] bool is_whole() { return lost().empty() && (synced_ || !needs_sync()); }

    Value answer() {
        List found;
        const auto add = [&](const std::string& where, const std::string& what) {
            found.push_back(Value(Members{{"where", where}, {"what", what}}));
        };
        for (const Damage& damage : check_.of_database) add(damage.where, damage.what);
        for (const Damage& damage : check_.of_derived) add(damage.where, damage.what);
        for (const Hash256& hash : check_.damaged_blobs) {
            add("attachment " + hash.hex(), "its content does not fit its name");
        }
        for (const Hash256& hash : check_.missing_blobs) {
            add("attachment " + hash.hex(), "it was here and is not any more");
        }
        const Salvaged salvaged = salvaged_.value_or(Salvaged{});
        const SyncReport fetched = synced_ ? *synced_ : SyncReport{};
        List lost_names;
        for (const std::string& name : lost()) lost_names.emplace_back(name);
        return Value(
            Members{{"found", std::move(found)},
                    {"database_replaced", salvaged_.has_value()},
                    {"set_aside", set_aside_ ? Value(set_aside_->string()) : Value()},
                    {"salvaged", Value(Members{{"own_changesets", salvaged.own_changesets},
                                               {"other_changesets", salvaged.other_changesets},
                                               {"drafts", salvaged.drafts},
                                               {"entries", salvaged.entries},
                                               {"not_genuine", salvaged.not_genuine}})},
                    {"refetched", Value(Members{{"own_changesets", fetched.regained},
                                                {"changesets", fetched.pulled},
                                                {"attachments", fetched.blobs_fetched}})},
                    {"lost", std::move(lost_names)},
                    {"sync", synced_                  ? Value("done")
                             : store_ && needs_sync() ? Value(sync_error_)
                                                      : Value()}});
    }

private:
    /// The opened folder with `check_` filled; nothing in the pointer when the database cannot be
    /// opened.
    Result<std::unique_ptr<DeviceStore>> open_checked() {
        try {
            auto store = DeviceStore::open(home_, env_);
            if (!store) {
                if (store.error().where == (home_ / "device.key").string()) return store;
                check_.of_database.push_back({"device.db", store.error().message});
                return std::unique_ptr<DeviceStore>();
            }
            auto check = check_folder(**store);
            if (!check) return fail(check.error());
            check_ = std::move(*check);
            return store;
        } catch (const DbError& broken) {
            if (!broken.is_damage()) throw;
            check_.of_database.push_back({"device.db", broken.what()});
            return std::unique_ptr<DeviceStore>();
        }
    }

    [[nodiscard]] bool needs_sync() const {
        return salvaged_ || !check_.damaged_blobs.empty() || !check_.missing_blobs.empty();
    }

    std::optional<SyncReport> sync() {
        if (!needs_sync()) return std::nullopt;
        if (!store_->membership()) {
            sync_error_ =
                "nothing readable says to which bureau this laptop belongs; enrol it "
                "again with a new code, its work is kept";
            return std::nullopt;
        }
        auto transport = road_to_bureau(*store_->membership());
        if (!transport) {
            sync_error_ = transport.error().message;
            return std::nullopt;
        }
        const SyncEnd end = sync_once(*store_, *transport, SyncCause::person);
        if (!end.error) return end.report;
        sync_error_ = end.error->message + "; run `zoufang sync` to fetch the rest";
        return std::nullopt;
    }

    /// What is neither here nor came back; known only after a sync.
    std::vector<std::string> lost() {
        std::vector<std::string> names;
        if (!store_ || !store_->membership()) return names;
        const std::string own = "changeset " + store_->device().hex() + ":";
        for (const std::int64_t seq : salvaged_.value_or(Salvaged{}).own_gaps) {
            if (!store_->log().find_changeset(store_->device(), seq)) {
                names.push_back(own + std::to_string(seq));
            }
        }
        if (!synced_) return names;
        for (const Hash256& hash : store_->log().open_attachments()) {
            if (!store_->blobs().has(hash)) names.push_back("attachment " + hash.hex());
        }
        return names;
    }

    fs::path home_;
    Env& env_;
    std::ostream& messages_;
    FolderCheck check_;
    std::optional<Salvaged> salvaged_;
    std::optional<fs::path> set_aside_;
    std::unique_ptr<DeviceStore> store_;
    std::optional<SyncReport> synced_;
    std::string sync_error_;
};

}  // namespace

int run_repair(const fs::path& home, Env& env, std::ostream& out, std::ostream& messages) {
    Repair repair(home, env, messages);
    const auto done = repair.run();
    if (!done) {
        messages << "zoufang: " << done.error().message << " [" << done.error().where << "]\n";
        return 1;
    }
    out << canonical_text(repair.answer()) << "\n";
    return repair.is_whole() ? 0 : 1;
}

}  // namespace zf
