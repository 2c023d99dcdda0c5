// A real server and real laptop stores in one process, joined by a Transport on which a test can
// lay its hands: every request passes a hook, and so does every answer.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/env.h"
#include "common/codec/form_codec.h"
#include "common/merge/edit.h"
#include "common/sync/sync.h"
#include "server/api.h"
#include "server/backup.h"
#include "server/store/central_store.h"
#include "server/store/keys.h"
#include "server/verify.h"
#include "tests/unit/store/scratch_folder.h"

namespace zf::testing {

inline constexpr std::int64_t start_ms = 1'211'000'000'000;  // May 2008

/// The bureau's side.
class Office {
public:
    Office() : env(20080512, start_ms) {
        auto made = CentralStore::create(data(), "admin", env);
        ZF_ASSERT(made.has_value());
        open();
    }

    void open() {
        api_.reset();
        store_.reset();
        auto opened = CentralStore::open(data(), env);
        ZF_ASSERT(opened.has_value());
        store_ = std::move(*opened);
        api_ = std::make_unique<Api>(*store_);
    }

    /// Accounts of this name and a device for it, as `enrol` would make them.
    void enrol(const std::string& name, const PublicKey& key,
               const std::vector<std::string>& areas = {}) {
        const auto held = store_->lock();
        Transaction transaction(store_->db());
        store_->bureau().put_user(store_->keys().bureau, {name, Role::staff, areas, false}, 0);
        store_->bureau().put_device(store_->keys().bureau,
                                    {device_id_of(key), key, name, {name}, false}, 0);
        transaction.commit();
    }

    void make_backup() { ZF_ASSERT(back_up(*store_, folder.path / "backup").has_value()); }

    /// Goes back to the backup: a new epoch begins.
    void go_back() {
        api_.reset();
        store_.reset();
        ZF_ASSERT(restore(folder.path / "backup", data(), env).has_value());
        open();
    }

    /// The folder is gone; the bureau begins anew with a copy of its key.
    void rebuild_from_nothing() {
        namespace fs = std::filesystem;
        fs::copy_file(data() / "keys" / "bureau.key", folder.path / "sheet",
                      fs::copy_options::overwrite_existing);
        api_.reset();
        store_.reset();
        fs::remove_all(data());
        ZF_ASSERT(bring_back_bureau_key(data(), folder.path / "sheet").has_value());
        ZF_ASSERT(CentralStore::create(data(), "admin", env).has_value());
        open();
    }

    /// Somebody copies an old folder over the present one.
    void replace_folder(const std::filesystem::path& with) {
        api_.reset();
        store_.reset();
        std::filesystem::remove_all(data());
        std::filesystem::copy(with, data(), std::filesystem::copy_options::recursive);
        open();
    }

    [[nodiscard]] std::filesystem::path data() const { return folder.path / "server"; }
    CentralStore& store() { return *store_; }
    Response handle(const Request& request) { return api_->handle(request); }

    ScratchFolder folder;
    ManualEnv env;

private:
    std::unique_ptr<CentralStore> store_;
    std::unique_ptr<Api> api_;
};

/// The road between them. Counts requests; the hooks may change what passes, or break it off.
class Road final : public Transport {
public:
    explicit Road(Office& office) : office_(office) {}

    Result<Response> send(const Request& request) override {
        ++requests;
        if (before) ZF_CHECK(before(request));
        Response response = office_.handle(request);
        if (after) ZF_CHECK(after(request, response));
        return response;
    }

    int requests = 0;
    std::function<Result<void>(const Request&)> before;
    std::function<Result<void>(const Request&, Response&)> after;

private:
    Office& office_;
};

inline Unexpected broken_line() {
    return fail(ErrorCode::unreachable, "the line is broken");
}

class Laptop {
public:
    Laptop(Office& office, const std::string& name, std::uint64_t seed,
           const std::vector<std::string>& areas = {})
        : env(seed, start_ms),
          road(office),
          user(name),
          bureau_key_(office.store().keys().bureau.public_key()),
          home_(office.folder.path / name) {
        std::filesystem::create_directories(home_);
        open();
        ZF_ASSERT(identity().ensure_key().has_value());
        office.enrol(name, identity().key().public_key(), areas);
    }

    void close() { open_.reset(); }
    void open() {
        open_.reset();
        open_ = std::make_unique<Open>(*this);
        const Value catalog = open_->bureau.catalog("forms");
        if (catalog.is_null()) return;
        auto forms = decode_forms(catalog);
        ZF_ASSERT(forms.has_value());
        open_->log.use_forms(std::make_shared<const FormCatalog>(std::move(*forms)));
    }

    /// Puts the folder aside, or back from there: what a copy of a laptop's disk does.
    void copy_home(const std::string& from, const std::string& to) {
        namespace fs = std::filesystem;
        open_.reset();
        fs::remove_all(home_.parent_path() / to);
        fs::copy(home_.parent_path() / from, home_.parent_path() / to, fs::copy_options::recursive);
        open();
    }

    LaptopStores stores() {
        return {open_->db,
                open_->log,
                open_->bureau,
                open_->blobs,
                open_->identity.author(),
                open_->identity.key(),
                bureau_key_,
                env,
                open_->identity};
    }

    Result<SyncReport> sync(const SyncProgress& progress = {}) {
        return Sync(stores(), road).run(progress);
    }

    Uuid create(const std::string& form, const Members& entered) {
        RecordDoc fresh;
        fresh.id = env.new_uuid();
        fresh.form = form;
        write(fresh, plan_create(log().forms(), *log().forms().find(form), entered, new_uuid()));
        return fresh.id;
    }
    void edit(const Uuid& id, const Members& entered) {
        const auto doc = log().find_record(id);
        ZF_ASSERT(doc.has_value());
        write(*doc,
              plan_edit(log().forms(), *log().forms().find(doc->form), *doc, entered, new_uuid()));
    }

    ChangeLog& log() { return open_->log; }
    Identity& identity() { return open_->identity; }
    BlobStore& blobs() { return open_->blobs; }
    BureauLog& bureau() { return open_->bureau; }
    Db& db() { return open_->db; }
    [[nodiscard]] DeviceId device() const { return open_->identity.device(); }
    std::int64_t unsent() { return log().head_of(device()).seq - log().delivered_of(device()); }

    ManualEnv env;
    Road road;
    std::string user;  // who saves

private:
    struct Open {
        explicit Open(Laptop& laptop)
            : db(Db::open((laptop.home_ / "device.db").string())),
              log(db, StoreRole::laptop, nullptr),
              bureau(db),
              blobs(laptop.home_ / "blobs"),
              identity(laptop.home_, log, laptop.env) {
            ZF_ASSERT(identity.open().has_value());
        }
        Db db;
        ChangeLog log;
        BureauLog bureau;
        BlobStore blobs;
        Identity identity;
    };

    NewUuid new_uuid() {
        return [this] { return env.new_uuid(); };
    }
    void write(const RecordDoc& opened, Result<PlannedEdit> plan) {
        ZF_ASSERT(plan.has_value());
        env.set_now_ms(env.now_ms() + 1000);
        Transaction transaction(open_->db);
        ZF_ASSERT(
            open_->identity.author().write(user, {{&opened, 1, std::move(*plan)}}).has_value());
        const DeviceHead head = log().head_of(device());
        transaction.commit();
        open_->identity.note_head(head);
    }

    PublicKey bureau_key_;
    std::filesystem::path home_;
    std::unique_ptr<Open> open_;
};

}  // namespace zf::testing
