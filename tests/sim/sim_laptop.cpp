#include "tests/sim/sim_laptop.h"

#include <algorithm>

#include "common/base/assert.h"
#include "common/codec/changeset_codec.h"
#include "common/codec/form_codec.h"
#include "common/merge/edit.h"

namespace zf::sim {

SimLaptop::Open::Open(const std::filesystem::path& folder, Env& env)
    : db(Db::open((folder / "device.db").string())),
      log(db, StoreRole::laptop, nullptr),
      bureau(db),
      blobs(folder / "blobs"),
      identity(folder, log, env) {
    ZF_ASSERT(identity.open().has_value());
    ZF_ASSERT(identity.ensure_key().has_value());
    const Value catalog = bureau.catalog("forms");
    if (catalog.is_null()) return;
    auto forms = decode_forms(catalog);
    ZF_ASSERT(forms.has_value());
    log.use_forms(std::make_shared<const FormCatalog>(std::move(*forms)));
}

SimLaptop::SimLaptop(std::string name, std::filesystem::path folder, PublicKey bureau_key,
                     std::uint64_t seed, std::int64_t start_ms)
    : name_(std::move(name)),
      folder_(std::move(folder)),
      bureau_key_(bureau_key),
      env_(seed, start_ms) {
    std::filesystem::create_directories(folder_);
    restart();
}

void SimLaptop::restart() {
    open_.reset();
    open_ = std::make_unique<Open>(folder_, env_);
}

void SimLaptop::copy_folder(const std::filesystem::path& to) {
    close();
    std::filesystem::remove_all(to);
    std::filesystem::copy(folder_, to, std::filesystem::copy_options::recursive);
    restart();
}

void SimLaptop::put_back(const std::filesystem::path& from, bool database_only) {
    namespace fs = std::filesystem;
    close();
    if (database_only) {
        for (const char* name : {"device.db", "device.db-wal", "device.db-shm"}) {
            fs::remove(folder_ / name);
            if (fs::exists(from / name)) fs::copy_file(from / name, folder_ / name);
        }
    } else {
        fs::remove_all(folder_);
        fs::copy(from, folder_, fs::copy_options::recursive);
    }
    restart();
}

std::optional<SimSave> SimLaptop::write(const RecordDoc& opened, std::int64_t form_version,
                                        PlannedEdit plan) {
    if (plan.ops.empty()) return std::nullopt;
    Transaction transaction(open_->db);
    const DeviceHead head = log().head_of(device());
    auto written =
        open_->identity.author().write(name_, {{&opened, form_version, std::move(plan)}});
    if (!written) return std::nullopt;
    transaction.commit();
    open_->identity.note_head(head);
    return SimSave{
        {written->device, written->seq}, blake2b(encode_changeset(*written)), content_of(*written)};
}

std::optional<SimSave> SimLaptop::create(const std::string& form, const Uuid& id,
                                         const Members& entered) {
    const Form* known = log().forms().find(form);
    if (!known || log().find_record(id)) return std::nullopt;
    RecordDoc fresh;
    fresh.id = id;
    fresh.form = form;
    auto plan = plan_create(log().forms(), *known, entered, new_uuid());
    if (!plan) return std::nullopt;
    return write(fresh, known->version, std::move(*plan));
}

std::optional<SimSave> SimLaptop::edit(const Uuid& id, const Members& entered, bool resolve) {
    const auto doc = log().find_record(id);
    const Form* form = doc ? log().forms().find(doc->form) : nullptr;
    if (!form) return std::nullopt;
    auto plan = resolve ? plan_resolve(log().forms(), *form, *doc, entered, new_uuid())
                        : plan_edit(log().forms(), *form, *doc, entered, new_uuid());
    if (!plan) return std::nullopt;
    return write(*doc, form->version, std::move(*plan));
}

std::optional<SimLaptop::OpenForm> SimLaptop::open_form(const Uuid& record) {
    auto doc = log().find_record(record);
    if (!doc) return std::nullopt;
    return OpenForm{std::move(*doc), open_->identity.moves()};
}

std::optional<SimSave> SimLaptop::save_opened(OpenForm open, const Members& entered) {
    const Form* form = log().forms().find(open.opened.form);
    if (!form) return std::nullopt;
    open_->identity.follow_moves(open.opened, open.moves);
    auto plan = plan_edit(log().forms(), *form, open.opened, entered, new_uuid());
    if (!plan) return std::nullopt;
    return write(open.opened, form->version, std::move(*plan));
}

std::optional<SimSave> SimLaptop::save_as_newer(const Uuid& id, const Members& entered) {
    const auto doc = log().find_record(id);
    const Form* form = doc ? log().forms().find(doc->form) : nullptr;
    if (!form) return std::nullopt;
    auto plan = plan_edit(log().forms(), *form, *doc, entered, new_uuid());
    if (!plan) return std::nullopt;
    return write(*doc, form->version + 1, std::move(*plan));
}

std::optional<SimSave> SimLaptop::submit(const Uuid& id) {
    const auto doc = log().find_record(id);
    if (!doc || shown_void(*doc)) return std::nullopt;
    const Form* form = log().forms().find(doc->form);
    PlannedEdit plan;
    plan_submit(*doc, plan);
    return write(*doc, form ? form->version : 1, std::move(plan));
}

LaptopStores SimLaptop::stores() {
    Open& now = *open_;
    return {now.db,      now.log, now.bureau,  now.blobs, now.identity.author(), now.identity.key(),
            bureau_key_, env_,    now.identity};
}

Result<SyncReport> SimLaptop::sync(Transport& network) {
    return Sync(stores(), network).run();
}

void SimLaptop::create_many(const std::string& form, std::size_t count,
                            const std::function<std::pair<Uuid, Members>(std::size_t)>& row) {
    const Form* known = log().forms().find(form);
    ZF_ASSERT(known != nullptr);
    Transaction transaction(open_->db);
    for (std::size_t n = 0; n < count; ++n) {
        const auto [id, entered] = row(n);
        RecordDoc fresh;
        fresh.id = id;
        fresh.form = form;
        auto plan = plan_create(log().forms(), *known, entered, [this] { return env_.new_uuid(); });
        ZF_ASSERT(plan.has_value());
        auto written =
            open_->identity.author().write(name_, {{&fresh, known->version, std::move(*plan)}});
        ZF_ASSERT(written.has_value());
    }
    transaction.commit();
}

Result<void> SimLaptop::push(Transport& network) {
    return Sync(stores(), network).push();
}

std::vector<Uuid> SimLaptop::records() {
    std::vector<Uuid> ids;
    log().each_record("", [&](const RecordDoc& doc) {
        ids.push_back(doc.id);
        return true;
    });
    return ids;
}

std::int64_t SimLaptop::unsent() {
    std::int64_t unsent = log().head_of(device()).seq - log().delivered_of(device());
    for (const FormerIdentity& former : identity().unsettled()) {
        unsent += std::max<std::int64_t>(0, former.own_seq - log().delivered_of(former.id));
    }
    return unsent;
}

std::vector<SimSave> SimLaptop::all_saves() {
    return saves_in(log());
}

Hash256 content_of(const Changeset& changeset) {
    Blake2b hash;
    hash.add(changeset.user + " " + std::to_string(changeset.at_ms) + " " +
             std::to_string(changeset.hlc.ms) + "." + std::to_string(changeset.hlc.counter));
    for (const Op& op : changeset.ops) {
        hash.add("\n" + changeset.records[static_cast<std::size_t>(op.record)].id.text() + " " +
                 op.field + " " + (op.value ? canonical_text(*op.value) : std::string("-")));
    }
    return hash.finish();
}

std::vector<SimSave> saves_in(ChangeLog& log) {
    std::vector<SimSave> all;
    log.each_changeset([&](const StoredChangeset& stored) {
        const auto changeset = decode_changeset(stored.signed_changeset.bytes);
        ZF_ASSERT(changeset.has_value());
        all.push_back({{changeset->device, changeset->seq},
                       blake2b(stored.signed_changeset.bytes),
                       content_of(*changeset)});
        return true;
    });
    return all;
}

}  // namespace zf::sim
