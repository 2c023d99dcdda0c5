#include "tests/sim/sim_laptop.h"

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

std::optional<SimLaptop::Saved> SimLaptop::write(const RecordDoc& opened, PlannedEdit plan) {
    if (plan.ops.empty()) return std::nullopt;
    Transaction transaction(open_->db);
    auto written = open_->identity.author().write(name_, {{&opened, 1, std::move(plan)}});
    if (!written) return std::nullopt;
    transaction.commit();
    return Saved{{written->device, written->seq}, blake2b(encode_changeset(*written))};
}

std::optional<SimLaptop::Saved> SimLaptop::create(const std::string& form, const Uuid& id,
                                                  const Members& entered) {
    const Form* known = log().forms().find(form);
    if (!known || log().find_record(id)) return std::nullopt;
    RecordDoc fresh;
    fresh.id = id;
    fresh.form = form;
    auto plan = plan_create(log().forms(), *known, entered, [this] { return env_.new_uuid(); });
    if (!plan) return std::nullopt;
    return write(fresh, std::move(*plan));
}

std::optional<SimLaptop::Saved> SimLaptop::edit(const Uuid& id, const Members& entered,
                                                bool resolve) {
    const auto doc = log().find_record(id);
    const Form* form = doc ? log().forms().find(doc->form) : nullptr;
    if (!form) return std::nullopt;
    const auto new_uuid = [this] { return env_.new_uuid(); };
    auto plan = resolve ? plan_resolve(log().forms(), *form, *doc, entered, new_uuid)
                        : plan_edit(log().forms(), *form, *doc, entered, new_uuid);
    if (!plan) return std::nullopt;
    return write(*doc, std::move(*plan));
}

std::optional<SimLaptop::Saved> SimLaptop::submit(const Uuid& id) {
    const auto doc = log().find_record(id);
    if (!doc || shown_void(*doc)) return std::nullopt;
    PlannedEdit plan;
    plan_submit(*doc, plan);
    return write(*doc, std::move(plan));
}

Result<void> SimLaptop::sync(Transport& network) {
    Sync pass({open_->db, open_->log, open_->bureau, open_->blobs, open_->identity.author(),
               open_->identity.key(), bureau_key_, env_, open_->identity},
              network);
    auto report = pass.run();
    if (!report) return fail(report.error());
    return {};
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
    Sync pass({open_->db, open_->log, open_->bureau, open_->blobs, open_->identity.author(),
               open_->identity.key(), bureau_key_, env_, open_->identity},
              network);
    return pass.push();
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
    return log().head_of(device()).seq - log().delivered_of(device());
}

}  // namespace zf::sim
