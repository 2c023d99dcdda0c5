#include "tests/faults/fault_world.h"

#include <algorithm>
#include <fstream>

#include "client/batch.h"
#include "client/bundle_commands.h"
#include "client/draft.h"
#include "common/codec/changeset_codec.h"
#include "common/codec/form_codec.h"
#include "common/codec/json.h"
#include "common/sync/sync.h"
#include "server/backup.h"
#include "server/bundle.h"
#include "server/verify.h"
#include "tests/faults/failing_calls_posix.h"
#include "tests/unit/client/device_world.h"

namespace zf::testing {
namespace {

namespace fs = std::filesystem;

/// To the server and back in this process.
class Road final : public Transport {
public:
    explicit Road(Api& api) : api_(api) {}
    Result<Response> send(const Request& request) override {
        const FailingCalls::Resumption server_works;
        return api_.handle(request);
    }

private:
    Api& api_;
};

constexpr const char* photo_names[] = {"ann.jpg", "bob.jpg", "later.jpg"};

std::string photo(const std::string& name) {
    return name + std::string(60'000, 'p');
}

/// A batch command that must be answered with ok.
Result<Value> command(DeviceStore& store, const std::string& text) {
    Value answer = answer_command(store, {}, text);
    const Value* ok = answer.find("ok");
    if (ok && ok->boolean() && *ok->boolean()) return answer;
    return fail(ErrorCode::internal, canonical_text(answer));
}

Result<std::string> create(DeviceStore& store, const std::string& form, const std::string& set) {
    auto answer = command(store, R"({"do":"create","form":")" + form + R"(","set":)" + set + "}");
    if (!answer) return fail(answer.error());
    return *answer->find("record")->text();
}

Result<void> attach_photo(DeviceStore& store, const std::string& record, const fs::path& file) {
    auto answer = command(store, R"({"do":"attach","record":")" + record +
                                     R"(","field":"photos","file":")" + file.string() + "\"}");
    if (!answer) return fail(answer.error());
    return {};
}

void must(const Result<void>& result) {
    if (!result) throw std::runtime_error(result.error().message);
}

/// The folders that each world copies.
struct Prepared {
    Prepared() {
        ManualEnv env(1, start_ms);
        for (const char* name : photo_names) {
            std::ofstream out(folder.path / name, std::ios::binary);
            out << photo(name);
        }
        ZF_ASSERT(CentralStore::create(folder.path / "server", "admin", env).has_value());
        auto central = std::move(*CentralStore::open(folder.path / "server", env));
        distribute(*central, env);
        Api api(*central);
        Road road(api);
        const auto laptop = [&](const std::string& name) {
            auto store = std::move(*DeviceStore::open(folder.path / name, env));
            const PublicKey key = (*store->ensure_key())->public_key();
            const auto held = central->lock();
            Transaction transaction(central->db());
            const KeyPair& bureau = central->keys().bureau;
            central->bureau().put_user(bureau, {name, Role::staff, {}, false}, start_ms);
            central->bureau().put_device(bureau, {device_id_of(key), key, name, {name}, false},
                                         start_ms);
            transaction.commit();
            must(store->set_membership({"http://127.0.0.1:9", bureau.public_key(), name}));
            return store;
        };
        auto ann = laptop("ann"), bob = laptop("bob");
        const auto sync = [&](DeviceStore& store) {
            ZF_ASSERT(Sync(store.sync_stores(), road).run().has_value());
        };
        sync(*ann);
        sync(*bob);
        ZF_ASSERT(create(*ann, "shop", R"({"code":"A1","name":"first"})").has_value());
        sync(*ann);
        const auto of_bob = create(*bob, "visit", R"({"note":"of bob"})");
        ZF_ASSERT(attach_photo(*bob, *of_bob, folder.path / "bob.jpg").has_value());
        sync(*bob);
        const auto unsent = create(*ann, "visit", R"({"note":"not sent"})");
        ZF_ASSERT(attach_photo(*ann, *unsent, folder.path / "ann.jpg").has_value());
    }

    static void distribute(CentralStore& central, Env& env) {
        const auto held = central.lock();
        Transaction transaction(central.db());
        const Value catalog = *parse_json(forms_text);
        central.bureau().put_catalog(central.keys().bureau, "forms", catalog, env.now_ms());
        central.log().set_forms(std::make_shared<const FormCatalog>(*decode_forms(catalog)));
        transaction.commit();
    }

    ScratchFolder folder;
};

std::vector<StoredChangeset> chain_of(DeviceStore& store) {
    return store.log().chain_after(store.device(), 0, 1000, 1u << 30);
}

bool is_whole(const BlobStore& blobs, const Hash256& hash) {
    const auto content = blobs.read(hash, 0, BlobStore::chunk_bytes_max);
    return content && sha256(*content) == hash;
}

std::string state_of_rebuild(ChangeLog& log) {
    Transaction undone(log.db());
    log.rebuild();
    return log.state().hex();
}

}  // namespace

FaultWorld::FaultWorld() : machine_(7, start_ms + 86'400'000), clock_(machine_) {
    static const Prepared prepared;
    fs::copy(prepared.folder.path, folder_.path, fs::copy_options::recursive);
    open();
    remember();
}

FaultWorld::~FaultWorld() {
    close();
}

void FaultWorld::open() {
    auto central = CentralStore::open(folder_.path / "server", clock_);
    if (!central) throw std::runtime_error(central.error().message);
    central_ = std::move(*central);
    api_ = std::make_unique<Api>(*central_);
    for (auto [store, name] : {std::pair{&ann_, "ann"}, std::pair{&bob_, "bob"}}) {
        auto opened = DeviceStore::open(folder_.path / name, clock_);
        if (!opened) throw std::runtime_error(opened.error().message);
        *store = std::move(*opened);
    }
    statements_ = {};
}

void FaultWorld::close() {
    const FailingCalls::Pause pause;
    statements_.paused = true;
    api_.reset();
    central_.reset();
    ann_.reset();
    bob_.reset();
}

FaultWorld::Statements& FaultWorld::fail_statement(std::int64_t nth, bool for_good) {
    statements_ = {0, nth, for_good, false, false};
    const auto meets = [this] {
        if (statements_.paused) return false;
        ++statements_.seen;
        if (statements_.nth == 0 || statements_.seen < statements_.nth) return false;
        if (statements_.seen > statements_.nth && !statements_.for_good) return false;
        return statements_.failed = true;
    };
    ann_->db().set_fault(meets);
    central_->db().set_fault(meets);
    return statements_;
}

bool FaultWorld::attempt(const std::function<Result<void>()>& action) {
    ++attempts_;
    machine_.set_now_ms(machine_.now_ms() + 1000);
    try {
        auto done = action();
        if (done) return true;
        const FailingCalls::Pause pause;
        last_error = done.error().message;
    } catch (const std::exception& broken) {
        const FailingCalls::Pause pause;
        last_error = broken.what();
    }
    return false;
}

/// Notes all that ann's laptop has acknowledged as saved.
void FaultWorld::remember() {
    const FailingCalls::Pause pause;
    statements_.paused = true;
    for (const StoredChangeset& stored : chain_of(*ann_)) {
        saved_.insert(blake2b(stored.signed_changeset.bytes));
    }
    statements_.paused = false;
}

bool FaultWorld::save_rows_and_draft() {
    return attempt([&]() -> Result<void> {
        auto made = create(*ann_, "visit",
                           R"({"note":"rows","rows":[{"topic":"a","pct":"1.5"},{"topic":"b"}]})");
        if (!made) return fail(made.error());
        remember();
        auto draft = Draft::start(*ann_, "visit");
        if (!draft) return fail(draft.error());
        draft->set("note", Value("typed"));
        draft->autosave();
        {
            const FailingCalls::Pause pause;
            drafts_.insert(draft->id());
        }
        draft->set("rows", Value(List{Value(Members{{"topic", Value("c")}})}));
        draft->autosave();
        auto saved = draft->commit({"ann", false, true});
        if (!saved) return fail(saved.error());
        drafts_.erase(draft->id());
        remember();
        return {};
    });
}

bool FaultWorld::attach() {
    return attempt([&]() -> Result<void> {
        auto made = create(*ann_, "visit", R"({"note":"photo"})");
        if (!made) return fail(made.error());
        remember();
        ZF_CHECK(attach_photo(*ann_, *made, folder_.path / "later.jpg"));
        remember();
        const FailingCalls::Pause pause;
        attached_.insert(sha256(photo("later.jpg")));
        return {};
    });
}

bool FaultWorld::sync() {
    return attempt([&]() -> Result<void> {
        Road road(*api_);
        auto report = Sync(ann_->sync_stores(), road).run();
        if (!report) return fail(report.error());
        for (const Error& error : report->attachment_errors) return fail(error);
        return {};
    });
}

bool FaultWorld::server_push() {
    return attempt([&]() -> Result<void> {
        const FailingCalls::Pause laptop_is_healthy;
        auto made = create(*bob_, "visit", R"({"note":"pushed"})");
        if (!made) return fail(made.error());
        ZF_CHECK(attach_photo(*bob_, *made, folder_.path / "later.jpg"));
        Road road(*api_);
        auto report = Sync(bob_->sync_stores(), road).run();
        if (!report) return fail(report.error());
        for (const Error& error : report->attachment_errors) return fail(error);
        return {};
    });
}

bool FaultWorld::back_up() {
    return attempt([&]() -> Result<void> {
        auto made = zf::back_up(*central_, folder_.path / ("backup" + std::to_string(attempts_)));
        if (!made) return fail(made.error());
        return {};
    });
}

bool FaultWorld::carry_bundles() {
    return attempt([&]() -> Result<void> {
        const std::string stick = "stick" + std::to_string(attempts_);
        const fs::path there = folder_.path / (stick + ".zfb");
        const fs::path back = folder_.path / (stick + ".back.zfb");
        auto done = write_bundle(*ann_, there, {}, nullptr);
        if (done) done = import_bundle(*central_, there);
        if (done) done = export_bundle(*central_, back, ann_->device());
        if (done) done = read_bundle(*ann_, back, nullptr);
        if (!done) return fail(done.error());
        return {};
    });
}

std::string FaultWorld::find_loss_of(DeviceStore& store) {
    const std::string sound = store.db().integrity_check();
    if (sound != "ok") return "integrity: " + sound;
    if (store.log().state().hex() != state_of_rebuild(store.log())) return "derived tables";
    std::set<Hash256> there;
    Hash256 previous;
    for (const StoredChangeset& stored : chain_of(store)) {
        const auto changeset = decode_changeset(stored.signed_changeset.bytes);
        if (!changeset || changeset->previous != previous) return "the own chain is broken";
        previous = blake2b(stored.signed_changeset.bytes);
        there.insert(previous);
    }
    if (store.log().head_of(store.device()).hash != previous) return "the head is wrong";
    return &store == ann_.get() ? find_loss_of_ann(there) : "";
}

std::string FaultWorld::find_loss_of_ann(const std::set<Hash256>& there) {
    for (const Hash256& hash : saved_) {
        if (!there.contains(hash)) return "an acknowledged save is gone";
    }
    std::set<Uuid> left;
    for (const LeftDraft& draft : Draft::list(*ann_)) left.insert(draft.id);
    for (const Uuid& draft : drafts_) {
        // Saved after all, though nobody was told so.
        const bool is_saved = there.size() > saved_.size();
        if (!left.contains(draft) && !is_saved) return "an autosaved draft is gone";
    }
    for (const Hash256& hash : attached_) {
        if (!is_whole(ann_->blobs(), hash)) return "an attachment is gone";
    }
    return {};
}

std::string FaultWorld::find_loss_on_server(DeviceStore& store) {
    const std::int64_t acknowledged = store.log().delivered_of(store.device());
    for (const StoredChangeset& stored : chain_of(store)) {
        const std::int64_t seq = decode_changeset(stored.signed_changeset.bytes)->seq;
        if (seq > acknowledged) break;
        const auto found = central_->log().find_changeset(store.device(), seq);
        if (!found || found->signed_changeset.bytes != stored.signed_changeset.bytes) {
            return "the server lacks what it acknowledged: " + std::to_string(seq);
        }
    }
    Statement settled = store.db().prepare("SELECT hash FROM attachment WHERE settled=1");
    while (settled.step()) {
        const auto hash = settled.id<Hash256>(0);
        if (!is_whole(central_->blobs(), hash)) return "the server lacks a settled attachment";
        if (!is_whole(store.blobs(), hash)) return "the laptop lacks a settled attachment";
    }
    return {};
}

std::size_t FaultWorld::count_lost_saves() {
    std::set<Hash256> there;
    ann_->log().each_changeset([&](const StoredChangeset& stored) {
        there.insert(blake2b(stored.signed_changeset.bytes));
        return true;
    });
    return static_cast<std::size_t>(std::count_if(
        saved_.begin(), saved_.end(), [&](const Hash256& hash) { return !there.contains(hash); }));
}

std::string FaultWorld::find_loss() {
    const Verification verified = verify_store(*central_);
    for (const Discrepancy& finding : verified.findings) {
        return "server: " + finding.where + ": " + finding.what;
    }
    for (DeviceStore* store : {ann_.get(), bob_.get()}) {
        const std::string name = store == ann_.get() ? "ann: " : "bob: ";
        if (const std::string loss = find_loss_of(*store); !loss.empty()) return name + loss;
        if (const std::string loss = find_loss_on_server(*store); !loss.empty()) {
            return name + loss;
        }
    }
    return {};
}

std::string FaultWorld::find_difference() {
    Road road(*api_);
    for (DeviceStore* store : {ann_.get(), bob_.get(), ann_.get()}) {
        const auto report = Sync(store->sync_stores(), road).run();
        if (!report) return "a sync fails: " + report.error().message;
        if (!report->attachment_errors.empty()) return report->attachment_errors[0].message;
    }
    for (DeviceStore* store : {ann_.get(), bob_.get()}) {
        if (store->log().state() != central_->log().state()) return "the states differ";
        if (store->unsent_changesets() != 0) return "something is left to send";
        if (!store->log().open_attachments().empty()) return "an attachment is left to exchange";
    }
    return {};
}

}  // namespace zf::testing
