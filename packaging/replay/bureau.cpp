#include "packaging/replay/bureau.h"

#include <algorithm>
#include <set>

#include "client/enrol.h"
#include "packaging/replay/timeline.h"
#include "server/administer.h"

namespace zf {
namespace {

namespace fs = std::filesystem;

std::int64_t start_of(const CaseFile& file) {
    std::int64_t first = INT64_MAX;
    for (const CaseOp& op : file.ops) first = std::min(first, op.at_ms);
    for (const CaseReview& review : file.reviews) first = std::min(first, review.at_ms);
    return first == INT64_MAX ? 0 : first;
}

/// Who works with a device: those whose device it is said to be, and those who used it.
std::set<std::string> users_of(const CaseFile& file, const std::string& device) {
    std::set<std::string> users;
    for (const CaseStaff& staff : file.staff) {
        if (staff.device == device) users.insert(staff.id);
    }
    for (const CaseOp& op : file.ops) {
        if (op.device == device) users.insert(op.user);
    }
    return users;
}

}  // namespace

Result<std::unique_ptr<Bureau>> Bureau::open(const CaseFile& file, const fs::path& work) {
    std::unique_ptr<Bureau> bureau(new Bureau(system_env()));
    ZF_CHECK(bureau->start_server(work / "server", start_of(file)));
    ZF_CHECK(bureau->add_people(file));
    ZF_CHECK(bureau->enrol_laptops(file, work));
    return bureau;
}

Bureau::~Bureau() {
    for (auto& [name, laptop] : laptops_) laptop.transport.reset();
    if (listener_) listener_->stop();
}

Result<void> Bureau::start_server(const fs::path& folder, std::int64_t start_ms) {
    env_.set_now_ms(start_ms);
    auto made = CentralStore::create(folder, "admin", env_);
    if (!made) return fail(made.error());
    auto opened = CentralStore::open(folder, env_);
    if (!opened) return fail(opened.error());
    store_ = std::move(*opened);
    api_ = std::make_unique<Api>(*store_);
    listener_ = std::make_unique<Listener>(
        [this](const Request& request) { return api_->handle(request); });
    ListenOptions options;
    options.certificate = store_->keys().certificate;
    auto address = listener_->start(options);
    if (!address) return fail(address.error());
    url_ = address->url();
    return {};
}

Result<void> Bureau::add_people(const CaseFile& file) {
    std::set<std::string> reviewers, everybody;
    for (const CaseReview& review : file.reviews) reviewers.insert(review.user);
    everybody = reviewers;
    for (const CaseStaff& staff : file.staff) everybody.insert(staff.id);
    for (const CaseOp& op : file.ops) everybody.insert(op.user);
    for (const std::string& name : everybody) {
        const Role role = reviewers.contains(name) ? Role::leader : Role::staff;
        // The account exists as far as the bureau's log is concerned; nobody logs in here, so
        // no password is hashed for it.
        const auto held = store_->lock();
        Transaction transaction(store_->db());
        store_->bureau().put_user(store_->keys().bureau, {name, role, {}, false}, env_.now_ms());
        transaction.commit();
    }
    return {};
}

Result<void> Bureau::enrol_laptops(const CaseFile& file, const fs::path& work) {
    const std::string pin = store_->keys().bureau.public_key().hex();
    for (const std::string& name : devices_of(file)) {
        auto store = DeviceStore::open(work / name, env_);
        if (!store) return fail(store.error());
        for (const std::string& user : users_of(file, name)) {
            auto code = make_enrol_code(*store_, user);
            if (!code) return fail(code.error());
            auto enrolled = enrol(**store, {url_, code->code, pin, name});
            if (!enrolled) return fail(enrolled.error());
        }
        auto transport = HttpTransport::open(url_, pin);
        if (!transport) return fail(transport.error());
        laptops_[name] = {name, std::move(*store),
                          std::make_unique<HttpTransport>(std::move(*transport))};
    }
    return {};
}

}  // namespace zf
