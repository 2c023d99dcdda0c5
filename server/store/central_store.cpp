#include "server/store/central_store.h"

#include "common/base/assert.h"
#include "common/base/private_files.h"
#include "common/codec/form_codec.h"
#include "common/codec/indicator_codec.h"
#include "common/codec/json.h"
#include "common/store/schema.h"
#include "server/store/embedded_data.h"
#include "server/store/secret_text.h"

namespace zf {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view epoch_fact = "epoch";
constexpr int password_groups = 4;

struct Catalogs {
    Value forms, indicators;
};

/// What the program brings along, checked as if it came from outside.
Result<Catalogs> read_embedded_catalogs() {
    auto forms_json = parse_json(embedded_forms());
    if (!forms_json) return fail(forms_json.error());
    const auto forms = decode_forms(*forms_json);
    if (!forms) return fail(forms.error());
    auto indicators_json = parse_json(embedded_indicators());
    if (!indicators_json) return fail(indicators_json.error());
    const auto indicators = decode_indicators(*indicators_json, &*forms);
    if (!indicators) return fail(indicators.error());
    return Catalogs{std::move(*forms_json), std::move(*indicators_json)};
}

}  // namespace

void begin_epoch(Db& db, BureauLog& bureau, const ServerKeys& keys, Env& env) {
    const std::string epoch = env.new_uuid().text();
    set_fact(db, epoch_fact, epoch);
    const PublicKey& key = keys.server.public_key();
    bureau.put_server(keys.bureau, {device_id_of(key), key, epoch}, env.now_ms());
}

Result<void> put_missing_catalogs(BureauLog& bureau, const ServerKeys& keys, Env& env) {
    const auto catalogs = read_embedded_catalogs();
    if (!catalogs) return fail(catalogs.error());
    for (const auto& [kind, catalog] :
         {std::pair{"forms", &catalogs->forms}, std::pair{"indicators", &catalogs->indicators}}) {
        if (bureau.catalog_version(kind) > 0) continue;
        bureau.put_catalog(keys.bureau, kind, *catalog, env.now_ms());
    }
    return {};
}

Result<CentralStore::Made> CentralStore::create(const fs::path& folder, const std::string& admin,
                                                Env& env) {
    ZF_CHECK(make_private_folder(folder));
    ZF_CHECK(make_missing_keys(folder, env));
    const auto catalogs = read_embedded_catalogs();
    if (!catalogs) return fail(catalogs.error());
    const auto keys = load_keys(folder);
    if (!keys) return fail(keys.error());
    Made made{admin, new_secret_text(env, password_groups), keys->bureau.public_key().hex()};
    const std::string hash = hash_password(plain_secret(made.password));

    Db db = Db::open((folder / "central.db").string());
    const ChangeLog log(db, StoreRole::server, nullptr);
    BureauLog bureau(db);
    Accounts accounts(db);
    Transaction transaction(db);
    if (find_fact(db, epoch_fact)) {
        return fail(ErrorCode::not_allowed,
                    "There is a bureau in this data folder already; serve it, or name another "
                    "folder with --data.",
                    folder.string());
    }
    begin_epoch(db, bureau, *keys, env);
    bureau.put_catalog(keys->bureau, "forms", catalogs->forms, env.now_ms());
    bureau.put_catalog(keys->bureau, "indicators", catalogs->indicators, env.now_ms());
    bureau.put_user(keys->bureau, {admin, Role::admin, {}, false}, env.now_ms());
    accounts.set_password(admin, hash, true);
    transaction.commit();
    return made;
}

Result<std::unique_ptr<CentralStore>> CentralStore::open(const fs::path& folder, Env& env) {
    if (!fs::exists(folder / "central.db")) {
        return fail(ErrorCode::not_found,
                    "There is no bureau in this data folder; run `init` first, or name the right "
                    "folder with --data.",
                    folder.string());
    }
    auto keys = load_keys(folder);
    if (!keys) return fail(keys.error());
    std::unique_ptr<CentralStore> store(new CentralStore(
        folder, std::move(*keys), Db::open((folder / "central.db").string()), env));
    if (store->epoch_.empty()) {
        return fail(ErrorCode::not_found,
                    "The `init` of this data folder was cut off; run `init` again.",
                    folder.string());
    }
    return store;
}

CentralStore::CentralStore(fs::path folder, ServerKeys keys, Db db, Env& env)
    : folder_(std::move(folder)),
      keys_(std::move(keys)),
      env_(env),
      db_(std::move(db)),
      blobs_(folder_ / "blobs") {
    log_ = std::make_unique<ChangeLog>(db_, StoreRole::server, nullptr);
    bureau_ = std::make_unique<BureauLog>(db_);
    accounts_ = std::make_unique<Accounts>(db_);
    author_ = std::make_unique<Author>(*log_, keys_.server, env_);
    epoch_ = find_fact(db_, epoch_fact).value_or("");
    take_over_forms();
}

std::unique_lock<std::mutex> CentralStore::lock() {
    std::unique_lock<std::mutex> held(mutex_);
    take_over_forms();
    return held;
}

std::unique_lock<std::mutex> CentralStore::lock_blob(const Hash256& hash) {
    return std::unique_lock(blob_mutexes_[hash.bytes[0] % blob_mutexes_.size()]);
}

void CentralStore::take_over_forms() {
    const std::int64_t last = bureau_->last_entry();
    if (last == seen_entry_) return;
    const std::int64_t version = bureau_->catalog_version("forms");
    if (version != forms_version_ && version > 0) {
        auto forms = decode_forms(bureau_->catalog("forms"));
        // Nothing unsound is ever distributed, so the stored entry must have been damaged.
        if (!forms) throw DbError(0, "the forms in force are damaged; run verify");
        // Whoever distributed them has derived anew already.
        log_->use_forms(std::make_shared<const FormCatalog>(std::move(*forms)));
        forms_version_ = version;
    }
    seen_entry_ = last;
}

}  // namespace zf
