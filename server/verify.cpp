#include "server/verify.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "common/base/assert.h"
#include "common/base/private_files.h"
#include "common/codec/changeset_codec.h"
#include "common/codec/record_codec.h"
#include "server/freeze.h"

namespace zf {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t chunk_count = 500;
constexpr std::size_t chunk_bytes = 8u << 20;

/// Decoded already once, so this cannot fail.
Arrival arrival_of(StoredChangeset&& stored) {
    auto changeset = decode_changeset(stored.signed_changeset.bytes);
    ZF_ASSERT(changeset.has_value());
    const Hash256 hash = blake2b(stored.signed_changeset.bytes);
    Arrival arrival{std::move(stored.signed_changeset), std::move(*changeset), hash, {}, {}, false};
    if (stored.standing == Standing::parked) {
        arrival.park = ParkReason{std::move(stored.park_code), std::move(stored.park_detail)};
    }
    return arrival;
}

/// Feeds a whole log, of sound changesets, into an empty one: what was applied in its order, then
/// what waits.
void copy_log(ChangeLog& from, ChangeLog& into) {
    std::vector<Arrival> batch;
    const auto flush = [&] {
        Transaction transaction(into.db());
        const auto outcome = into.append(batch, 0);
        ZF_ASSERT(outcome.has_value());
        transaction.commit();
        batch.clear();
    };
    from.each_after(0, [&](StoredChangeset&& stored) {
        batch.push_back(arrival_of(std::move(stored)));
        if (batch.size() >= chunk_count) flush();
        return true;
    });
    for (const DeliveredUpTo& device : from.applied_up_to()) {
        for (const WaitingChangeset& waiting : from.waiting_of(device.device)) {
            auto stored = from.find_changeset(device.device, waiting.seq);
            if (stored) batch.push_back(arrival_of(std::move(*stored)));
        }
    }
    flush();
}

class Verifier {
public:
    explicit Verifier(CentralStore& store) : store_(store) {}

    Verification run() {
        const auto held = store_.lock();
        const ReadSnapshot snapshot(store_.db());
        check_file();
        check_entries();
        check_reports();
        check_chains();
        // What cannot be trusted need not be built upon.
        if (result_.findings.empty()) check_derived();
        check_blobs();
        result_.state = store_.log().state().hex();
        return std::move(result_);
    }

private:
    void report(std::string where, std::string what, DamageOf of = DamageOf::log) {
        if (result_.findings.size() < findings_max) {
            result_.findings.push_back({std::move(where), std::move(what), of, {}});
        }
    }
    void report_derived(std::string where, std::string what) {
        report(std::move(where), std::move(what), DamageOf::derived);
    }
    void report_content(std::string where, const FrozenReport& frozen, std::string what) {
        report(std::move(where), std::move(what), DamageOf::report);
        if (!result_.findings.empty()) result_.findings.back().content = frozen.content;
    }
    void report_blob(const Hash256& hash, std::string what) {
        report("blob " + hash.hex(), std::move(what), DamageOf::blob);
        if (!result_.findings.empty()) result_.findings.back().blob = hash;
    }

    void check_file() {
        const std::string damage = store_.db().integrity_check();
        if (damage != "ok") report("central.db", damage);
    }

    void check_entries() {
        std::int64_t last = 0;
        for (;;) {
            const auto entries = store_.bureau().entries_after(last, chunk_bytes);
            if (entries.empty()) break;
            for (const BureauEntry& entry : entries) {
                ++result_.entries;
                const std::string where = "bureau entry " + std::to_string(entry.n);
                if (entry.n != last + 1) report(where, "an entry before this one is missing");
                if (!is_genuine(store_.keys().bureau.public_key(), entry)) {
                    report(where, "the signature of the bureau does not fit the entry");
                }
                last = entry.n;
            }
        }
    }

    /// That the entries are genuine was checked before.
    void check_reports() {
        for (const FrozenReport& frozen : store_.bureau().reports()) {
            ++result_.reports;
            const std::string where = name_of(frozen);
            if (!figures_of(store_, frozen)) report(where, "its figures cannot be opened");
            const auto content = content_of(store_, frozen);
            if (!content) {
                report_content(where, frozen, "which records its figures counted was changed");
            } else if (!*content &&
                       (frozen.is_former || is_given_up(store_.db(), frozen.content))) {
                ++result_.reports_without_records;
            } else if (!*content) {
                report_content(where, frozen, "which records its figures counted is gone");
            } else if (blake2b((*content)->figures) != frozen.figures ||
                       (*content)->approvals() != frozen.counted) {
                report_content(where, frozen, "what is kept of it does not fit its entry");
            }
        }
    }

    void check_chains() {
        for (const DeliveredUpTo& device : store_.log().applied_up_to()) {
            const DeviceHead head = store_.log().head_of(device.device);
            if (head.seq == 0) continue;  // enrolled, nothing sent yet
            ++result_.devices;
            check_chain(head);
        }
    }

    void check_chain(const DeviceHead& head) {
        const std::string of_device = "changeset " + head.device.hex() + ":";
        const auto key = store_.bureau().find_key(head.device);
        if (!key) report("device " + head.device.hex(), "nothing says which key it has");
        const std::int64_t complete = store_.log().complete_of(head.device).seq;
        std::int64_t seq = 0;
        Hash256 previous;
        bool previous_is_sound = true;
        for (;;) {
            const auto chunk = store_.log().chain_after(head.device, seq, chunk_count, chunk_bytes);
            if (chunk.empty()) break;
            for (const StoredChangeset& stored : chunk) {
                if (stored.seq != ++seq) {
                    // After a rebuild from laptops that may not see everything, gaps are known.
                    if (seq <= complete) report(of_device + std::to_string(seq), "it is missing");
                    result_.gaps += stored.seq - seq;
                    seq = stored.seq;
                    previous_is_sound = false;
                }
                ++result_.changesets;
                const std::string where = of_device + std::to_string(seq);
                const Hash256 hash = blake2b(stored.signed_changeset.bytes);
                const auto changeset = decode_changeset(stored.signed_changeset.bytes);
                const std::string damage =
                    find_damage(stored, changeset, hash, head.device, seq, key);
                if (!damage.empty()) {
                    report(where, damage);
                } else if (previous_is_sound && changeset->previous != previous) {
                    report(where, "it does not continue the changeset before it");
                }
                // A damaged one is named once, not once more by its successor.
                previous_is_sound = damage.empty();
                previous = hash;
            }
        }
        if (seq != head.seq) {
            report(of_device + std::to_string(seq + 1),
                   "it is missing: the chain should reach " + std::to_string(head.seq));
        } else if (previous_is_sound && previous != head.hash) {
            report("device " + head.device.hex(), "the noted hash of its last changeset differs");
        }
    }

    static std::string find_damage(const StoredChangeset& stored,
                                   const Result<Changeset>& changeset, const Hash256& hash,
                                   const DeviceId& device, std::int64_t seq,
                                   const std::optional<PublicKey>& key) {
        if (!changeset) return "its bytes are damaged: " + changeset.error().message;
        if (changeset->device != device || changeset->seq != seq) {
            return "another changeset, " + changeset->device.hex() + ":" +
                   std::to_string(changeset->seq) + ", lies in its place";
        }
        if (key &&
            !verify_signature(*key, signing_bytes(hash), stored.signed_changeset.signature)) {
            return "its signature does not fit its bytes: one of them was changed";
        }
        return {};
    }

    void check_derived() {
        const fs::path folder = store_.folder() / ("verify-" + store_.env().new_uuid().text());
        const auto made = make_private_folder(folder);
        if (!made) {
            report(folder.string(), made.error().message);
            return;
        }
        {
            Db db = Db::open((folder / "rebuilt.db").string());
            // Nobody needs it after a crash.
            db.execute("PRAGMA synchronous=OFF");
            ChangeLog rebuilt(db, StoreRole::server,
                              std::make_shared<const FormCatalog>(store_.log().forms()));
            copy_log(store_.log(), rebuilt);
            compare_records(rebuilt);
            compare_lists(rebuilt);
        }
        std::error_code ignored;  // what stays is harmless and named verify-...
        fs::remove_all(folder, ignored);
    }

    void compare_records(ChangeLog& rebuilt) {
        store_.log().each_record("", [&](const RecordDoc& doc) {
            ++result_.records;
            const auto again = rebuilt.find_record(doc.id);
            const std::string where = "record " + doc.id.text();
            if (!again) {
                report_derived(where, "the log holds nothing about it");
            } else if (encode_record(*again) != encode_record(doc)) {
                report_derived(where, "it differs from what the log makes of it");
            }
            return true;
        });
        rebuilt.each_record("", [&](const RecordDoc& doc) {
            if (!store_.log().find_record(doc.id)) {
                report_derived("record " + doc.id.text(),
                               "the log holds it, but the store lacks it");
            }
            return true;
        });
    }

    void compare_lists(ChangeLog& rebuilt) {
        ChangeLog& log = store_.log();
        const ChangeLog::Counts have = log.counts(), should = rebuilt.counts();
        if (have.held != should.held || have.parked != should.parked) {
            report_derived("waiting changesets", "others wait than should");
        }
        if (conflict_texts(log) != conflict_texts(rebuilt)) {
            report_derived("conflicts", "the list differs from what the log makes of it");
        }
        if (log.duplicates() != rebuilt.duplicates()) {
            report_derived("duplicates", "the list differs from what the log makes of it");
        }
        if (log.joined_records() != rebuilt.joined_records()) {
            report_derived("joins", "the list differs from what the log makes of it");
        }
        if (log.records_worked_on_apart() != rebuilt.records_worked_on_apart()) {
            report_derived("heads", "the list differs from what the log makes of it");
        }
    }

    static std::vector<std::string> conflict_texts(ChangeLog& log) {
        std::vector<std::string> texts;
        for (const StoredConflict& conflict : log.conflicts()) {
            texts.push_back(conflict.record.text() + " " + conflict.field + " " +
                            std::string(name_of(conflict.kind)));
        }
        std::sort(texts.begin(), texts.end());
        return texts;
    }

    void check_blobs() {
        const auto hashes = store_.blobs().list();
        if (!hashes) return report("blobs", hashes.error().message, DamageOf::blob);
        for (const Hash256& hash : *hashes) {
            ++result_.blobs;
            if (!store_.blobs().is_whole(hash)) {
                report_blob(hash, "its content does not fit its name");
            }
        }
        for (const Hash256& hash : store_.log().settled_attachments()) {
            if (!store_.blobs().has(hash)) report_blob(hash, "it was here and is not any more");
        }
    }

    CentralStore& store_;
    Verification result_;
};

}  // namespace

bool is_genuine(const PublicKey& bureau_key, const BureauEntry& entry) {
    const Hash256 hash = blake2b(entry.bytes);
    std::string message = "zoufang-bureau/1";
    message.push_back('\0');
    message.append(reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size());
    return verify_signature(bureau_key, message, entry.signature);
}

Verification verify_store(CentralStore& store) {
    return Verifier(store).run();
}

}  // namespace zf
