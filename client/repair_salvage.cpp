#include <algorithm>
#include <map>
#include <tuple>

#include "client/draft_table.h"
#include "client/repair.h"
#include "common/base/assert.h"
#include "common/base/private_files.h"
#include "common/codec/changeset_codec.h"
#include "common/codec/form_codec.h"
#include "common/codec/json.h"
#include "common/store/identity.h"
#include "common/store/page_salvage.h"
#include "common/store/schema.h"
#include "common/sync/sync.h"

namespace zf {
namespace {

namespace fs = std::filesystem;

constexpr const char* database_files[] = {"device.db", "device.db-wal"};

struct FoundChangeset {
    SignedChangeset signed_changeset;
    Changeset changeset;
    Hash256 hash;
    std::int64_t received_ms = 0;
    bool was_dropped = false;
};

/// Everything of use in the pages of a database. Rows are told apart by their shape (schema.cpp,
/// draft.cpp).
class Findings {
public:
    Result<void> read(const fs::path& file) {
        return salvage_rows(file, [this](const SalvagedRow& row) { return take(row); });
    }

    std::vector<FoundChangeset> changesets;
    std::map<std::int64_t, std::vector<BureauEntry>> entries;  // by number; several: which is it?
    std::map<std::string, std::string> facts;
    std::map<std::string, SalvagedRow> drafts;    // by id, the latest of each
    std::map<std::int64_t, SalvagedRow> formers;  // identities that were left, the latest of each

private:
    bool take(const SalvagedRow& row) {
        switch (row.cells.size()) {
            case 2:
                return take_fact(row);
            case 5:
                return take_entry(row);
            case 7:
                return row.rowid == 0 ? take_draft(row) : take_former(row);
            case 8:
                return take_changeset(row);
            default:
                return true;
        }
    }

    bool take_fact(const SalvagedRow& row) {
        if (row.rowid == 0 && row.cells[0].is_bytes() && row.cells[1].is_bytes()) {
            facts[row.cells[0].bytes] = row.cells[1].bytes;
        }
        return true;
    }

    bool take_entry(const SalvagedRow& row) {
        const auto& cells = row.cells;
        if (!cells[1].is_bytes() || !cells[3].is_bytes() || !cells[4].is_bytes()) return false;
        entries[row.rowid].push_back({row.rowid, cells[3].bytes, cells[4].bytes});
        return true;
    }

    bool take_draft(const SalvagedRow& row) {
        const auto& cells = row.cells;
        constexpr std::size_t id_bytes = 16;
        const bool is_draft = cells[0].bytes.size() == id_bytes &&
                              cells[1].bytes.size() == id_bytes && cells[6].is_integer();
        if (!is_draft || !parse_json(cells[4].bytes) || !parse_json(cells[5].bytes)) return false;
        const auto [entry, is_new] = drafts.try_emplace(cells[0].bytes, row);
        if (!is_new && entry->second.cells[6].integer <= cells[6].integer) entry->second = row;
        return true;
    }

    bool take_former(const SalvagedRow& row) {
        const auto& cells = row.cells;
        constexpr std::size_t id_bytes = 16;
        if (cells[1].bytes.size() != id_bytes || !cells[2].is_integer() || !cells[3].is_bytes() ||
            !cells[4].is_integer()) {
            return false;
        }
        formers[row.rowid] = row;
        return true;
    }

    bool take_changeset(const SalvagedRow& row) {
        const auto& cells = row.cells;
        if (!cells[1].is_bytes() || !cells[2].is_bytes()) return false;
        auto changeset = decode_changeset(cells[1].bytes);
        if (!changeset) return false;
        const Hash256 hash = blake2b(cells[1].bytes);
        changesets.push_back({{cells[1].bytes, cells[2].bytes},
                              std::move(*changeset),
                              hash,
                              cells[4].integer,
                              cells[5].integer == static_cast<int>(Standing::dropped)});
        return true;
    }
};

/// The fresh database and what goes into it.
class FreshDatabase {
public:
    FreshDatabase(const fs::path& home, const fs::path& folder, KeyPair key)
        : home_(home),
          db_(Db::open((folder / "device.db").string())),
          log_(db_, StoreRole::laptop, nullptr),
          bureau_(db_),
          key_(std::move(key)),
          own_(device_id_of(key_.public_key())) {
        open_draft_table(db_);
    }

    /// Leaves the key files alone; only makes its table.
    void open_identity_table(Env& env) { Identity(home_, log_, env); }

    Result<Salvaged> fill(Findings& findings) {
        Transaction transaction(db_);
        take_facts(findings.facts);
        take_entries(findings.entries);
        take_changesets(findings.changesets);
        for (const auto& [id, row] : findings.drafts) take_draft(row);
        for (const auto& [n, row] : findings.formers) take_former(row);
        salvaged_.drafts = static_cast<std::int64_t>(findings.drafts.size());
        transaction.commit();
        return std::move(salvaged_);
    }

private:
    void take_facts(std::map<std::string, std::string>& facts) {
        if (const auto noted = read_noted_membership(home_)) {
            facts["bureau_key"] = noted->bureau_key.hex();
            facts["server_url"] = noted->server_url;
            facts["user"] = noted->first_user;
        }
        const auto bureau_key = facts.find("bureau_key");
        const auto url = facts.find("server_url");
        if (bureau_key == facts.end() || url == facts.end()) return;
        bureau_key_ = parse_public_key(bureau_key->second);
        if (!bureau_key_) return;
        for (const char* name : {"bureau_key", "server_url", "user", "identity"}) {
            const auto fact = facts.find(name);
            if (fact != facts.end()) set_fact(db_, name, fact->second);
        }
        salvaged_.knows_bureau = true;
        // The next sync asks the server for what is missing of the own chain before it compares.
        set_fact(db_, own_chain_fact, "incomplete");
    }

    void take_entries(const std::map<std::int64_t, std::vector<BureauEntry>>& entries) {
        if (!bureau_key_) return;
        for (std::int64_t n = 1;; ++n) {
            const auto versions = entries.find(n);
            if (versions == entries.end()) break;
            const bool taken = std::any_of(
                versions->second.begin(), versions->second.end(), [&](const BureauEntry& entry) {
                    return bureau_.accept(*bureau_key_, {entry}).has_value();
                });
            if (!taken || bureau_.last_entry() != n) break;
            ++salvaged_.entries;
        }
        auto forms = decode_forms(bureau_.catalog("forms"));
        if (forms) log_.use_forms(std::make_shared<const FormCatalog>(std::move(*forms)));
    }

    bool is_genuine(const FoundChangeset& found) {
        std::optional<PublicKey> key;
        if (found.changeset.device == own_) {
            key = key_.public_key();
        } else {
            key = bureau_.find_key(found.changeset.device);
        }
        return key &&
               verify_signature(*key, signing_bytes(found.hash), found.signed_changeset.signature);
    }

    void take_changesets(std::vector<FoundChangeset>& all) {
        std::map<DeviceId, std::map<std::int64_t, std::vector<FoundChangeset*>>> chains;
        for (FoundChangeset& found : all) {
            auto& versions = chains[found.changeset.device][found.changeset.seq];
            const bool known = std::any_of(versions.begin(), versions.end(), [&](const auto* one) {
                return one->hash == found.hash;
            });
            if (known) continue;
            if (is_genuine(found)) {
                versions.push_back(&found);
            } else {
                ++salvaged_.not_genuine;
            }
        }
        std::vector<FoundChangeset*> chosen;
        for (auto& [device, chain] : chains) choose(chain, chosen);
        std::sort(chosen.begin(), chosen.end(), [](const auto* a, const auto* b) {
            return std::tuple(a->received_ms, a->changeset.device, a->changeset.seq) <
                   std::tuple(b->received_ms, b->changeset.device, b->changeset.seq);
        });
        for (FoundChangeset* found : chosen) append(*found);
        note_gaps();
    }

    /// Of several under one place (a save that was given up leaves its traces) the one that the
    /// next in the chain names, else the latest.
    static void choose(std::map<std::int64_t, std::vector<FoundChangeset*>>& chain,
                       std::vector<FoundChangeset*>& chosen) {
        const FoundChangeset* next = nullptr;
        for (auto entry = chain.rbegin(); entry != chain.rend(); ++entry) {
            auto& versions = entry->second;
            if (versions.empty()) continue;
            FoundChangeset* best = versions.back();
            for (FoundChangeset* one : versions) {
                if (next && next->changeset.seq == one->changeset.seq + 1 &&
                    next->changeset.previous == one->hash) {
                    best = one;
                }
            }
            chosen.push_back(best);
            next = best;
        }
    }

    void append(FoundChangeset& found) {
        const bool is_own = found.changeset.device == own_;
        // It had left this person's areas: nobody holds what is out of scope.
        if (found.was_dropped && !is_own) return;
        const std::vector<TouchedRecord> touched = found.changeset.records;
        clock_ = std::max(clock_, found.changeset.hlc);
        Arrival arrival{found.signed_changeset, found.changeset, found.hash, {}, {}};
        const auto appended = log_.append({&arrival, 1}, found.received_ms);
        ZF_ASSERT(appended.has_value());  // one per place
        if (found.was_dropped) {
            for (const TouchedRecord& one : touched) log_.drop_record(one.id);
        }
        ++(is_own ? salvaged_.own_changesets : salvaged_.other_changesets);
    }

    void note_gaps() {
        set_fact(db_, "hlc_ms", clock_.ms);
        set_fact(db_, "hlc_counter", static_cast<std::int64_t>(clock_.counter));
        const std::int64_t head = log_.head_of(own_).seq;
        for (std::int64_t seq = 1; seq <= head; ++seq) {
            if (!log_.find_changeset(own_, seq)) salvaged_.own_gaps.push_back(seq);
        }
    }

    void take_former(const SalvagedRow& row) {
        const auto& cells = row.cells;
        Statement put = db_.prepare(
            "INSERT INTO former_identity(n, id, left_ms, reason, own_seq, fork_seq, reissued) "
            "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        put.bind(1, row.rowid).bind_blob(2, cells[1].bytes).bind(3, cells[2].integer);
        put.bind_text(4, cells[3].bytes).bind(5, cells[4].integer).bind(7, cells[6].integer);
        if (cells[5].is_integer()) put.bind(6, cells[5].integer);
        put.run();
    }

    void take_draft(const SalvagedRow& row) {
        const auto& cells = row.cells;
        Statement put = db_.prepare(
            "INSERT INTO draft(id, record, form, is_new, opened, entered, changed_ms) "
            "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        put.bind_blob(1, cells[0].bytes).bind_blob(2, cells[1].bytes).bind_text(3, cells[2].bytes);
        put.bind(4, cells[3].integer).bind_text(5, cells[4].bytes).bind_text(6, cells[5].bytes);
        put.bind(7, cells[6].integer).run();
    }

    fs::path home_;
    Db db_;
    ChangeLog log_;
    BureauLog bureau_;
    KeyPair key_;
    DeviceId own_;
    std::optional<PublicKey> bureau_key_;
    Hlc clock_;
    Salvaged salvaged_;
};

Result<void> move_if_there(const fs::path& from, const fs::path& to) {
    std::error_code error;
    if (!fs::exists(from, error)) return {};
    fs::rename(from, to, error);
    if (error) {
        return fail(ErrorCode::internal, "cannot be moved: " + error.message(), from.string());
    }
    return {};
}

}  // namespace

Result<Salvaged> replace_database(const fs::path& home, Env& env) {
    ZF_CHECK(finish_replacement(home));
    const auto key = read_device_key(home);
    if (!key) return fail(key.error());
    // A copy first: what lies here now is not touched before the fresh one is whole.
    const fs::path aside = home / ("damaged-" + env.new_uuid().text());
    ZF_CHECK(make_private_folder(aside));
    for (const char* name : database_files) {
        if (fs::exists(home / name)) ZF_CHECK(copy_private_file(home / name, aside / name));
    }
    Findings findings;
    ZF_CHECK(findings.read(aside / "device.db"));
    const fs::path fresh = home / "repair.new";
    std::error_code error;
    fs::remove_all(fresh, error);
    ZF_CHECK(make_private_folder(fresh));
    Result<Salvaged> salvaged = [&] {
        FreshDatabase database(home, fresh, *key);
        database.open_identity_table(env);
        return database.fill(findings);
    }();
    if (!salvaged) return salvaged;
    ZF_CHECK(make_private_file(fresh / "device.db"));
    ZF_CHECK(move_if_there(fresh, home / "repair.ready"));
    ZF_CHECK(finish_replacement(home));
    salvaged->set_aside = aside;
    return salvaged;
}

Result<void> finish_replacement(const fs::path& home) {
    const fs::path ready = home / "repair.ready";
    std::error_code error;
    if (!fs::exists(ready, error)) return {};
    if (fs::exists(ready / "device.db", error)) {
        // A log beside another database would be replayed into it. Both were copied aside before.
        for (const char* name : {"device.db-wal", "device.db-shm"}) fs::remove(home / name, error);
        ZF_CHECK(move_if_there(ready / "device.db", home / "device.db"));
    }
    fs::remove_all(ready, error);
    return {};
}

}  // namespace zf
