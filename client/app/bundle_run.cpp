#include "client/app/bundle_run.h"

#include <atomic>
#include <system_error>

#include "client/app/file_listing.h"
#include "client/bundle_commands.h"
#include "common/base/private_files.h"
#include "common/store/bundle_file.h"

namespace zf {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t digits_shown = 8;  // of a device's id

BundlePlace look_in(const fs::path& folder) {
    BundlePlace place{folder, {}};
    const auto names = names_in_folder(folder);
    for (const std::string& name : names ? *names : std::vector<std::string>()) {
        if (name.ends_with(bundle_suffix) && read_bundle_header(folder / name)) {
            place.bundles.push_back(folder / name);
        }
    }
    return place;
}

}  // namespace

std::string_view bundle_trouble_of(const Error& error, bool was_stopped) {
    if (was_stopped) return "stopped";
    switch (error.code) {
        case ErrorCode::not_found:
            return "no_file";
        case ErrorCode::malformed:
            return "no_bundle";
        case ErrorCode::damaged:
            return "damaged";
        case ErrorCode::interrupted:
            return "cut_short";
        case ErrorCode::not_allowed:
            return "foreign";
        case ErrorCode::unauthenticated:
            return "unknown_sender";
        case ErrorCode::bad_signature:
            return "forged";
        case ErrorCode::device_revoked:
            return "revoked";
        case ErrorCode::out_of_range:
            return "early";
        case ErrorCode::version_unsupported:
            return "update";
        case ErrorCode::fork:
            return "fork";
        case ErrorCode::not_enrolled:
            return "never_synced";
        case ErrorCode::internal:
            return "medium";
        default:
            return "other";
    }
}

std::string bundle_name(DeviceStore& store, const std::optional<DeviceId>& receiver) {
    std::string day = store.today().text();
    std::erase(day, '-');
    const std::string to = receiver ? receiver->hex().substr(0, digits_shown) : "server";
    return store.device().hex().substr(0, digits_shown) + "-" + to + "-" + day +
           std::string(bundle_suffix);
}

std::vector<BundlePlace> bundle_places(const std::vector<fs::path>& drive_roots) {
    std::vector<BundlePlace> places;
    for (const FilePlace& place : find_places({}, drive_roots)) {
        if (place.kind == "drive") places.push_back(look_in(place.path));
    }
    return places;
}

struct BundleRun::Job {
    BundleOrder order;
    fs::path home;
    std::atomic<std::int64_t> bytes = 0, whole = 0;
    std::atomic<bool> is_stopping = false;

    BundleOutcome run(Env& env, Worker::Progress& progress) {
        BundleOutcome outcome;
        outcome.order = order;
        const auto done = summary(env, progress);
        if (done) {
            outcome.summary = *done;
        } else {
            outcome.error = done.error();
            outcome.was_stopped = is_stopping;
        }
        return outcome;
    }

    Result<BundleSummary> summary(Env& env, Worker::Progress& progress) {
        auto store = DeviceStore::open(home, env);
        if (!store) return fail(store.error());
        if (order.is_import) {
            std::error_code error;
            const auto size = fs::file_size(order.file, error);
            if (!error) whole = static_cast<std::int64_t>(size);
        }
        const BundleProgress tell = [&](std::int64_t so_far) {
            bytes = so_far;
            return progress.report(-1) && !is_stopping;
        };
        if (order.is_import) return read_bundle(**store, order.file, tell);
        return write_bundle(**store, order.file, order.receiver, tell);
    }
};

BundleRun::BundleRun(DeviceStore& store, Worker& worker, Env& env)
    : store_(store), worker_(worker), env_(env) {}

BundleRun::~BundleRun() {
    cancel();
}

bool BundleRun::start(BundleOrder order) {
    if (job_) return false;
    job_ = std::make_shared<Job>();
    job_->order = std::move(order);
    job_->home = store_.home();
    const auto run = [this, job = job_](Worker::Progress& progress) -> Worker::Then {
        return [this, outcome = job->run(env_, progress)] { finish(outcome); };
    };
    worker_.post("bundle", run, [this, job = job_](const std::string& broken) {
        BundleOutcome outcome;
        outcome.order = job->order;
        outcome.error = Error{ErrorCode::internal, broken, ""};
        finish(std::move(outcome));
    });
    return true;
}

void BundleRun::finish(BundleOutcome outcome) {
    job_.reset();
    if (auto taken = store_.refresh(); !taken && !outcome.error) outcome.error = taken.error();
    if (on_done) on_done(outcome);
}

void BundleRun::cancel() {
    if (job_) job_->is_stopping = true;
}

std::optional<BundleRun::Live> BundleRun::live() const {
    if (!job_) return std::nullopt;
    return Live{job_->order.is_import, job_->is_stopping, job_->bytes, job_->whole};
}

}  // namespace zf
