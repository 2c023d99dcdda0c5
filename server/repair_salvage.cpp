#include "server/repair_salvage.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "common/codec/changeset_codec.h"
#include "common/codec/form_codec.h"
#include "common/store/page_salvage.h"
#include "server/freeze.h"
#include "server/store/central_store.h"
#include "server/verify.h"

namespace zf {
namespace {

namespace fs = std::filesystem;

struct FoundChangeset {
    Arrival arrival;
    std::int64_t ssn = 0, received_ms = 0;
};

/// Rows are told apart by their shape (schema.cpp, accounts.cpp).
class Findings {
public:
    explicit Findings(const PublicKey& bureau_key) : bureau_key_(bureau_key) {}

    Result<void> read(const fs::path& file) {
        return salvage_rows(file, [this](const SalvagedRow& row) {
            switch (row.cells.size()) {
                case 2:
                    return take_content(row.cells);
                case 3:
                    return take_account(row.cells);
                case 5:
                    return take_entry(row);
                case 8:
                    return take_changeset(row.cells);
                default:
                    return true;
            }
        });
    }

    std::map<std::int64_t, BureauEntry> entries;
    std::map<std::pair<DeviceId, std::int64_t>, std::vector<FoundChangeset>> changesets;
    std::map<std::string, std::pair<std::string, bool>> accounts;  // name: hash, one-time
    std::map<Hash256, std::string> contents;                       // of reports, as frames

private:
    using Cells = std::vector<SalvagedCell>;

    /// Which of them belong to a report is told by the entries.
    bool take_content(const Cells& cells) {
        if (!cells[0].is_bytes() || !cells[1].is_bytes()) return true;  // another table
        const auto hash = parse_hash256(hex_of(cells[0].bytes));
        if (!hash) return true;
        if (!unpack_content(*hash, cells[1].bytes)) return false;
        contents[*hash] = cells[1].bytes;
        return true;
    }

    bool take_account(const Cells& cells) {
        const bool is_account =
            cells[0].is_bytes() && cells[1].bytes.starts_with("$argon2") && cells[2].is_integer();
        if (is_account) accounts[cells[0].bytes] = {cells[1].bytes, cells[2].integer != 0};
        return true;
    }

    bool take_entry(const SalvagedRow& row) {
        if (!row.cells[3].is_bytes() || !row.cells[4].is_bytes()) return false;
        const BureauEntry entry{row.rowid, row.cells[3].bytes, row.cells[4].bytes};
        if (!is_genuine(bureau_key_, entry)) return false;
        entries[row.rowid] = entry;
        return true;
    }

    bool take_changeset(const Cells& cells) {
        if (!cells[1].is_bytes() || !cells[2].is_bytes()) return false;
        auto changeset = decode_changeset(cells[1].bytes);
        if (!changeset) return false;
        const Hash256 hash = blake2b(cells[1].bytes);
        auto& versions = changesets[{changeset->device, changeset->seq}];
        FoundChangeset found{
            {{cells[1].bytes, cells[2].bytes}, std::move(*changeset), hash, {}, {}},
            cells[3].integer,
            cells[4].integer};
        if (cells[5].integer == static_cast<int>(Standing::parked)) {
            found.arrival.park = ParkReason{cells[6].bytes, cells[7].bytes};
        }
        for (FoundChangeset& one : versions) {
            if (one.arrival.hash != hash) continue;
            one = std::move(found);  // the later row knows more
            return true;
        }
        versions.push_back(std::move(found));
        return true;
    }

    PublicKey bureau_key_;
};

class FreshStore {
public:
    FreshStore(const fs::path& folder, const ServerKeys& keys, Env& env)
        : keys_(keys),
          env_(env),
          db_(Db::open((folder / "central.db").string())),
          log_(db_, StoreRole::server, nullptr),
          bureau_(db_),
          accounts_(db_) {}

    Result<SalvagedStore> fill(Findings& findings) {
        Transaction transaction(db_);
        ZF_CHECK(take_entries(findings));
        take_contents(findings);
        take_changesets(findings);
        for (const auto& [name, account] : findings.accounts) {
            accounts_.set_password(name, account.first, account.second);
        }
        salvaged_.accounts = static_cast<std::int64_t>(findings.accounts.size());
        transaction.commit();
        return salvaged_;
    }

private:
    Result<void> take_entries(const Findings& findings) {
        begin_epoch(db_, bureau_, keys_, env_);
        std::vector<BureauEntry> entries;
        for (const auto& [n, entry] : findings.entries) entries.push_back(entry);
        const auto taken = bureau_.regain(keys_.bureau, entries);
        if (!taken) return fail(taken.error());
        salvaged_.entries = static_cast<std::int64_t>(entries.size());
        ZF_CHECK(put_missing_catalogs(bureau_, keys_, env_));
        auto forms = decode_forms(bureau_.catalog("forms"));
        if (!forms) return fail(forms.error());
        log_.use_forms(std::make_shared<const FormCatalog>(std::move(*forms)));
        return {};
    }

    void take_contents(const Findings& findings) {
        for (const FrozenReport& report : bureau_.reports()) {
            const auto found = findings.contents.find(report.content);
            if (found != findings.contents.end()) keep_content(db_, found->first, found->second);
        }
    }

    bool is_signed(const FoundChangeset& found) {
        const auto key = bureau_.find_key(found.arrival.changeset.device);
        return key && verify_signature(*key, signing_bytes(found.arrival.hash),
                                       found.arrival.signed_changeset.signature);
    }

    void take_changesets(Findings& findings) {
        std::vector<FoundChangeset*> all;
        for (auto& [place, versions] : findings.changesets) {
            // Two genuine ones in one place cannot be told apart here: the laptop brings its own.
            std::erase_if(versions, [&](const auto& one) { return !is_signed(one); });
            if (versions.size() == 1) all.push_back(&versions.front());
        }
        // In their former order; those without a number were waiting.
        std::sort(all.begin(), all.end(), [](const auto* a, const auto* b) {
            return std::tuple(a->ssn == 0, a->ssn, a->arrival.changeset.seq) <
                   std::tuple(b->ssn == 0, b->ssn, b->arrival.changeset.seq);
        });
        for (FoundChangeset* found : all) {
            const auto appended = log_.append({&found->arrival, 1}, found->received_ms);
            if (appended) ++salvaged_.changesets;
        }
    }

    const ServerKeys& keys_;
    Env& env_;
    Db db_;
    ChangeLog log_;
    BureauLog bureau_;
    Accounts accounts_;
    SalvagedStore salvaged_;
};

}  // namespace

Result<SalvagedStore> salvage_store(const fs::path& damaged, const fs::path& fresh,
                                    const ServerKeys& keys, Env& env) {
    Findings findings(keys.bureau.public_key());
    ZF_CHECK(findings.read(damaged / "central.db"));
    return FreshStore(fresh, keys, env).fill(findings);
}

}  // namespace zf
