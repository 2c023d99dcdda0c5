#include "client/app/sync_run.h"

#include <algorithm>
#include <mutex>
#include <set>
#include <utility>

#include "client/http/http_transport.h"
#include "common/db/db.h"
#include "common/store/store_records.h"

namespace zf {
namespace {

/// Below these a pace says nothing yet.
constexpr std::int64_t pace_ms_min = 2'000, pace_bytes_min = 32 << 10;

std::set<Uuid> records_in_conflict(DeviceStore& store) {
    std::set<Uuid> records;
    for (const StoredConflict& one : open_conflicts(store.log(), store.today())) {
        records.insert(one.record);
    }
    return records;
}

bool is_of(const std::vector<std::string>& people, const RecordDoc& doc) {
    return std::find(people.begin(), people.end(), doc.created.user) != people.end();
}

/// Counts what of the pull concerns the people here.
void count_news(DeviceStore& store, const std::set<Uuid>& conflicts_before, SyncOutcome& outcome) {
    for (const Uuid& record : records_in_conflict(store)) {
        outcome.new_conflicts += conflicts_before.contains(record) ? 0 : 1;
    }
    const std::set<Uuid> touched(outcome.report.touched.begin(), outcome.report.touched.end());
    const auto people = store.users();
    for (const Uuid& record : touched) {
        const auto doc = store.log().find_record(record);
        if (!doc || !is_of(people, *doc)) continue;
        const bool is_returned = status_of(store.log(), *doc, store.today()) == Status::returned;
        outcome.returned += is_returned ? 1 : 0;
    }
}

}  // namespace

Result<SyncRoad> open_road(const Membership& membership) {
    auto opened = road_to_bureau(membership);
    if (!opened) return fail(opened.error());
    auto transport = std::make_unique<HttpTransport>(std::move(*opened));
    HttpTransport* road = transport.get();
    return SyncRoad{std::move(transport), [road] { road->cancel(); }};
}

std::string_view trouble_of(const Error& error, bool of_this_machine, bool was_stopped) {
    if (was_stopped) return "stopped";
    switch (error.code) {
        case ErrorCode::unreachable:
            return "unreachable";
        case ErrorCode::pin_mismatch:
            return "pin";
        case ErrorCode::device_revoked:
            return "revoked";
        case ErrorCode::not_allowed:
        case ErrorCode::unauthenticated:
            return "not_allowed";
        case ErrorCode::busy:
            return "busy";
        case ErrorCode::interrupted:
            return "cut";
        case ErrorCode::damaged:
            return "damaged";
        case ErrorCode::version_unsupported:
            return "update";
        case ErrorCode::fork:
            return "fork";
        case ErrorCode::not_enrolled:
            return "not_enrolled";
        case ErrorCode::internal:
            return of_this_machine ? "disk" : "other";
        default:
            return "other";
    }
}

std::optional<std::int64_t> time_left_ms(std::int64_t moved, std::int64_t whole,
                                         std::int64_t elapsed_ms) {
    if (moved >= whole || moved < pace_bytes_min || elapsed_ms < pace_ms_min) return std::nullopt;
    return static_cast<std::int64_t>(static_cast<double>(whole - moved) /
                                     static_cast<double>(moved) * static_cast<double>(elapsed_ms));
}

/// What the screens' thread and the worker's share about one job.
struct SyncRun::Job {
    std::filesystem::path home;
    Env* env = nullptr;
    OpenRoad open_road;
    bool rehearses = false;

    mutable std::mutex mutex;  // of what follows
    SyncLive live;

    std::mutex road_mutex;  // held while a request is being cut off, which may take a while
    std::function<void()> cut_off;

    std::int64_t phase_began_ms = 0, phase_bytes = 0;  // of the worker's thread

    /// Nobody cuts off a road that is gone.
    struct OnTheRoad {
        OnTheRoad(Job& job, std::function<void()> cut_off) : job_(job) { job_.set(cut_off); }
        ~OnTheRoad() { job_.set(nullptr); }
        OnTheRoad(const OnTheRoad&) = delete;
        OnTheRoad& operator=(const OnTheRoad&) = delete;
        Job& job_;
    };
    void set(std::function<void()> ends_request) {
        const std::lock_guard lock(road_mutex);
        cut_off = std::move(ends_request);
    }
    void end_request() {
        const std::lock_guard lock(road_mutex);
        if (cut_off) cut_off();
    }
    /// False when that was done before.
    bool stop() {
        const std::lock_guard lock(mutex);
        return !std::exchange(live.is_stopping, true);
    }
    [[nodiscard]] bool is_stopping() const {
        const std::lock_guard lock(mutex);
        return live.is_stopping;
    }

    void begin(DeviceStore& store) {
        std::int64_t blobs = 0, bytes = 0;
        for (const Hash256& hash : store.log().open_attachments()) {
            if (!store.blobs().has(hash)) continue;
            ++blobs;
            bytes += store.blobs().size_of(hash);
        }
        const std::int64_t changesets = store.unsent_changesets();
        const std::lock_guard lock(mutex);
        live.changesets_to_send = changesets;
        live.blobs_to_send = blobs;
        live.blob_bytes_to_send = bytes;
    }

    void note(const SyncReport& report, std::int64_t now_ms) {
        const std::lock_guard lock(mutex);
        if (report.phase != live.so_far.phase || phase_began_ms == 0) {
            phase_began_ms = now_ms;
            phase_bytes = report.bytes_up;
        }
        live.so_far = report;
        live.so_far.touched.clear();
        live.done = -1;
        live.left_ms.reset();
        if (report.phase == SyncPhase::sending && live.changesets_to_send > 0) {
            live.done = std::min(1.0, static_cast<double>(report.pushed) /
                                          static_cast<double>(live.changesets_to_send));
        } else if (report.phase == SyncPhase::attachments && live.blob_bytes_to_send > 0) {
            const std::int64_t moved = report.bytes_up - phase_bytes;
            live.done = std::min(
                1.0, static_cast<double>(moved) / static_cast<double>(live.blob_bytes_to_send));
            live.left_ms = time_left_ms(moved, live.blob_bytes_to_send, now_ms - phase_began_ms);
        }
    }

    /// Runs `work` over a store and a road of its own; what is wrong with the disk is told as the
    /// others are.
    template <class Work>
    std::optional<Error> run(bool& of_this_machine, const Work& work) {
        try {
            auto store = DeviceStore::open(home, *env);
            of_this_machine = !store;
            if (!store) return store.error();
            if (auto enrolled = (*store)->check_enrolled(); !enrolled) return enrolled.error();
            auto road = open_road(*(*store)->membership());
            if (!road) return road.error();
            const OnTheRoad on_the_road(*this, road->cut_off);
            if (is_stopping()) return Error{ErrorCode::interrupted, "stopped by the user", ""};
            return work(**store, *road->transport);
        } catch (const DbError& broken) {
            of_this_machine = true;
            return error_of(broken, home);
        }
    }

    SyncOutcome sync(Worker::Progress& progress) {
        SyncOutcome outcome;
        outcome.cause = live.cause;
        outcome.error = run(outcome.of_this_machine, [&](DeviceStore& store, Transport& transport) {
            begin(store);
            const std::set<Uuid> before = records_in_conflict(store);
            SyncEnd end = sync_once(store, transport, outcome.cause, [&](const SyncReport& report) {
                note(report, env->now_ms());
                return progress.report(live.done) && !is_stopping();
            });
            outcome.report = std::move(end.report);
            count_news(store, before, outcome);
            return end.error;
        });
        outcome.was_stopped = outcome.error && is_stopping();
        outcome.ended_ms = env->now_ms();
        return outcome;
    }

    Result<Rehearsal> rehearse() {
        std::optional<Rehearsal> rehearsal;
        bool of_this_machine = false;
        auto error = run(of_this_machine, [&](DeviceStore& store, Transport& transport) {
            auto done = Sync(store.sync_stores(), transport).rehearse();
            if (!done) return std::optional(done.error());
            rehearsal = std::move(*done);
            return std::optional<Error>();
        });
        if (error) return fail(std::move(*error));
        return std::move(*rehearsal);
    }
};

SyncRun::SyncRun(DeviceStore& store, Worker& worker, Worker& helper, SyncSeams seams)
    : store_(store), worker_(worker), helper_(helper), seams_(std::move(seams)) {
    if (!seams_.env) seams_.env = &store.env();
}

SyncRun::~SyncRun() {
    if (job_ && job_->stop()) job_->end_request();
}

std::shared_ptr<SyncRun::Job> SyncRun::begin() {
    if (job_ || !store_.membership()) return nullptr;
    job_ = std::make_shared<Job>();
    job_->home = store_.home();
    job_->env = seams_.env;
    job_->open_road = seams_.open_road;
    return job_;
}

bool SyncRun::start(SyncCause cause) {
    const auto job = begin();
    if (!job) return false;
    job->live.cause = cause;
    const auto run = [this, job](Worker::Progress& progress) -> Worker::Then {
        return [this, outcome = job->sync(progress)] { finish(outcome); };
    };
    worker_.post("sync", run, [this, cause](const std::string& broken) {
        SyncOutcome outcome;
        outcome.cause = cause;
        outcome.error = Error{ErrorCode::internal, broken, ""};
        outcome.of_this_machine = true;
        finish(std::move(outcome));
    });
    return true;
}

void SyncRun::finish(SyncOutcome outcome) {
    job_.reset();
    if (auto taken = store_.refresh(); !taken && !outcome.error) {
        outcome.error = taken.error();
        outcome.of_this_machine = true;
    }
    if (on_done) on_done(outcome);
}

bool SyncRun::rehearse() {
    const auto job = begin();
    if (!job) return false;
    job->rehearses = true;
    const auto told = [this](const Result<Rehearsal>& rehearsed) {
        job_.reset();
        if (on_rehearsed) on_rehearsed(rehearsed);
    };
    const auto run = [told, job](Worker::Progress&) -> Worker::Then {
        return [told, rehearsed = job->rehearse()] { told(rehearsed); };
    };
    worker_.post("sync.rehearse", run,
                 [told](const std::string& broken) { told(fail(ErrorCode::internal, broken)); });
    return true;
}

void SyncRun::cancel() {
    if (!job_ || !job_->stop()) return;
    helper_.post("sync.cut_off", [job = job_](Worker::Progress&) -> Worker::Then {
        job->end_request();
        return {};
    });
}

bool SyncRun::is_busy() const {
    return job_ != nullptr;
}

bool SyncRun::is_rehearsing() const {
    return job_ && job_->rehearses;
}

std::optional<SyncLive> SyncRun::live() const {
    if (!job_ || job_->rehearses) return std::nullopt;
    const std::lock_guard lock(job_->mutex);
    return job_->live;
}

}  // namespace zf
