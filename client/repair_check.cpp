#include <algorithm>
#include <map>

#include "client/repair.h"
#include "common/base/private_files.h"
#include "common/codec/changeset_codec.h"
#include "common/store/receipts.h"

namespace zf {
namespace {

namespace fs = std::filesystem;

class FolderChecker {
public:
    explicit FolderChecker(DeviceStore& store) : store_(store) {}

    Result<FolderCheck> run() {
        check_file();
        check_changesets();
        check_own_chain();
        // What cannot be trusted need not be built upon.
        if (result_.of_database.empty()) check_derived();
        ZF_CHECK(check_blobs());
        return std::move(result_);
    }

private:
    void report(std::string where, std::string what) {
        result_.of_database.push_back({std::move(where), std::move(what)});
    }

    void check_file() {
        const std::string damage = store_.db().integrity_check();
        if (damage != "ok") report("device.db", damage);
    }

    void check_changesets() {
        store_.log().each_changeset([&](const StoredChangeset& stored) {
            ++result_.changesets;
            const auto changeset = decode_changeset(stored.signed_changeset.bytes);
            if (!changeset) {
                const auto author = author_of(stored.signed_changeset.bytes);
                report("changeset " +
                           (author ? author->hex() : std::string("of an unknown device")) + ":" +
                           std::to_string(stored.seq),
                       "its bytes are damaged: " + changeset.error().message);
                return true;
            }
            const auto key = key_of(changeset->device);
            const Hash256 hash = blake2b(stored.signed_changeset.bytes);
            if (!key || changeset->seq != stored.seq ||
                !verify_signature(*key, signing_bytes(hash), stored.signed_changeset.signature)) {
                report("changeset " + changeset->device.hex() + ":" + std::to_string(stored.seq),
                       key ? "its signature does not fit" : "nothing says which key signed it");
            }
            return true;
        });
    }

    std::optional<PublicKey> key_of(const DeviceId& device) {
        if (const auto known = keys_.find(device); known != keys_.end()) return known->second;
        auto key = store_.bureau().find_key(device);
        if (!key && store_.membership() && device == store_.device()) key = store_.public_key();
        keys_.emplace(device, key);
        return key;
    }

    void check_own_chain() {
        if (!store_.membership()) return;
        const DeviceHead head = store_.log().head_of(store_.device());
        DeviceHead last{store_.device(), 0, {}};
        for (;;) {
            const auto chain = store_.log().chain_after(store_.device(), last.seq, 500, 8u << 20);
            if (chain.empty()) break;
            for (const StoredChangeset& stored : chain) {
                const auto changeset = decode_changeset(stored.signed_changeset.bytes);
                if (stored.seq != last.seq + 1 || (changeset && changeset->previous != last.hash)) {
                    report("changeset " + store_.device().hex() + ":" + std::to_string(stored.seq),
                           "it does not continue the one before it");
                }
                last = {store_.device(), stored.seq, blake2b(stored.signed_changeset.bytes)};
            }
        }
        if (last.seq != head.seq || last.hash != head.hash) {
            report("changeset " + store_.device().hex() + ":" + std::to_string(head.seq),
                   "the own chain does not end as noted");
        }
    }

    void check_derived() {
        ChangeLog& log = store_.log();
        Transaction transaction(store_.db());
        const auto before = derived_texts(log);
        log.rebuild();
        if (derived_texts(log) == before) return;
        transaction.commit();
        result_.of_derived.push_back(
            {"derived tables", "they differed from what the log makes of them; derived anew"});
    }

    static std::vector<std::string> derived_texts(ChangeLog& log) {
        std::vector<std::string> texts{log.state().hex()};
        for (const StoredConflict& conflict : log.conflicts()) {
            texts.push_back(conflict.record.text() + " " + conflict.field);
        }
        for (const auto& [one, other] : log.duplicates()) {
            texts.push_back(one.text() + " " + other.text());
        }
        for (const Uuid& id : log.joined_records()) texts.push_back(id.text());
        for (const Uuid& id : log.records_worked_on_apart()) texts.push_back("apart " + id.text());
        const ChangeLog::Counts counts = log.counts();
        texts.push_back(std::to_string(counts.records) + " " + std::to_string(counts.held));
        return texts;
    }

    Result<void> check_blobs() {
        const auto hashes = store_.blobs().list();
        if (!hashes) return fail(hashes.error());
        for (const Hash256& hash : *hashes) {
            ++result_.blobs;
            if (!store_.blobs().is_whole(hash)) result_.damaged_blobs.push_back(hash);
        }
        for (const Hash256& hash : store_.log().settled_attachments()) {
            if (store_.blobs().has(hash) || is_put_away(store_.db(), hash)) continue;
            result_.missing_blobs.push_back(hash);
        }
        return {};
    }

    DeviceStore& store_;
    FolderCheck result_;
    std::map<DeviceId, std::optional<PublicKey>> keys_;
};

}  // namespace

Result<FolderCheck> check_folder(DeviceStore& store) {
    return FolderChecker(store).run();
}

Result<void> reopen_blobs(DeviceStore& store, const FolderCheck& check, const fs::path& aside) {
    if (!check.damaged_blobs.empty()) ZF_CHECK(make_private_folder(aside));
    for (const Hash256& hash : check.damaged_blobs) {
        std::error_code error;
        fs::rename(store.blobs().path_of(hash), aside / hash.hex(), error);
        if (error) {
            return fail(ErrorCode::internal,
                        "a damaged attachment cannot be moved: " + error.message(),
                        store.blobs().path_of(hash).string());
        }
    }
    Transaction transaction(store.db());
    for (const auto* hashes : {&check.damaged_blobs, &check.missing_blobs}) {
        for (const Hash256& hash : *hashes) store.log().reopen_attachment(hash);
    }
    transaction.commit();
    return {};
}

}  // namespace zf
