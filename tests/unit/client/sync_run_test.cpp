// Syncs of the window on their own thread: progress, stopping at any request and going on, what is
// told of a failure, and an open draft that none of it touches.
#include "client/app/sync_run.h"

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "tests/unit/client/enrolled_folder.h"

namespace zf::testing {
namespace {

/// A road that waits in the middle of a request until somebody cuts it off or lets it through.
class Gate {
public:
    /// On the worker's thread.
    Result<void> pass(const Request& request) {
        std::unique_lock lock(mutex_);
        if (request.path != waits_at_) return {};
        is_waiting_ = true;
        news_.notify_all();
        news_.wait(lock, [this] { return is_open_ || is_cut_; });
        is_waiting_ = false;
        if (!is_cut_) return {};
        return fail(ErrorCode::interrupted, "cut off");
    }
    void wait_at(const std::string& path) {
        const std::lock_guard lock(mutex_);
        waits_at_ = path;
        is_open_ = is_cut_ = false;
    }
    void wait_until_reached() {
        std::unique_lock lock(mutex_);
        news_.wait(lock, [this] { return is_waiting_; });
    }
    void open() { set(is_open_); }
    void cut() { set(is_cut_); }

private:
    void set(bool& what) {
        const std::lock_guard lock(mutex_);
        what = true;
        news_.notify_all();
    }
    std::mutex mutex_;
    std::condition_variable news_;
    std::string waits_at_;
    bool is_waiting_ = false, is_open_ = false, is_cut_ = false;
};

/// Screens' side of a laptop: its store, and syncs on a worker over another one.
struct Window {
    explicit Window(Office& office, const std::string& name, std::uint64_t seed)
        : folder(office, name, seed),
          job_env(seed + 1000, start_ms),
          run(*folder.store, worker, helper,
              {[&](const Membership&) { return road(office); }, &job_env}) {
        run.on_done = [this](const SyncOutcome& outcome) { done = outcome; };
        run.on_rehearsed = [this](const Result<Rehearsal>& told) { rehearsed = told; };
    }
    Result<SyncRoad> road(Office& office) {
        auto transport = std::make_unique<Road>(office);
        transport->before = [this](const Request& request) -> Result<void> {
            ZF_CHECK(gate.pass(request));
            return before ? before(request) : Result<void>();
        };
        return SyncRoad{std::move(transport), [this] { gate.cut(); }};
    }
    SyncOutcome sync() {
        done.reset();
        REQUIRE(run.start(SyncCause::person));
        worker.finish();
        REQUIRE(done.has_value());
        return *done;
    }

    Folder folder;
    ManualEnv job_env;
    Gate gate;
    std::function<Result<void>(const Request&)> before;
    Worker worker{nullptr}, helper{nullptr};
    SyncRun run;
    std::optional<SyncOutcome> done;
    std::optional<Result<Rehearsal>> rehearsed;
};

std::string trouble(const SyncOutcome& outcome) {
    return outcome.error ? std::string(trouble_of(*outcome.error, outcome.of_this_machine,
                                                  outcome.was_stopped))
                         : "";
}

}  // namespace

TEST_CASE("a sync on its own thread sends, fetches and is noted; the screens' store sees it") {
    Office office;
    Window li(office, "li", 1), wang(office, "wang", 2);
    const Uuid record = li.folder.create();
    CHECK(trouble(li.sync()) == "");
    CHECK(li.done->report.pushed == 1);
    CHECK(li.folder.store->unsent_changesets() == 0);
    CHECK_FALSE(li.run.is_busy());
    CHECK(trouble(wang.sync()) == "");
    CHECK(wang.done->report.pulled == 1);
    CHECK(wang.folder.store->log().find_record(record).has_value());
    const auto notes = sync_notes(wang.folder.store->db());
    REQUIRE_FALSE(notes.empty());
    CHECK(notes.front().outcome == "done");
    CHECK(notes.front().fetched == 1);
    CHECK(notes.front().cause == SyncCause::person);
    CHECK(unreached_since(notes) == std::nullopt);
}

TEST_CASE("one at a time; a rehearsal changes nothing") {
    Office office;
    Window li(office, "li", 1);
    li.folder.create();
    li.gate.wait_at("/v1/session");
    REQUIRE(li.run.rehearse());
    li.gate.wait_until_reached();
    CHECK(li.run.is_rehearsing());
    CHECK_FALSE(li.run.live().has_value());
    CHECK_FALSE(li.run.start(SyncCause::person));
    CHECK_FALSE(li.run.rehearse());
    li.gate.open();
    li.worker.finish();
    REQUIRE(li.rehearsed.has_value());
    REQUIRE(li.rehearsed->has_value());
    CHECK((*li.rehearsed)->changesets_to_send == 1);
    CHECK(li.folder.store->unsent_changesets() == 1);
}

TEST_CASE(
    "stopped in the middle of a request it ends, keeps what was done, and goes on next time") {
    Office office;
    Window li(office, "li", 1);
    const Uuid record = li.folder.create();
    const Hash256 photo = li.folder.attach(record, std::string(3'000'000, 'x'));
    li.gate.wait_at("/v1/blobs/" + photo.hex());
    REQUIRE(li.run.start(SyncCause::person));
    li.gate.wait_until_reached();
    const auto live = li.run.live();
    REQUIRE(live.has_value());
    CHECK(live->so_far.phase == SyncPhase::attachments);
    CHECK(live->so_far.pushed == 2);
    CHECK(live->changesets_to_send == 2);
    CHECK(live->blob_bytes_to_send == 3'000'000);
    li.run.cancel();
    CHECK(li.run.live()->is_stopping);
    li.run.cancel();  // once more does nothing
    li.worker.finish();
    REQUIRE(li.done.has_value());
    CHECK(trouble(*li.done) == "stopped");
    CHECK(li.folder.store->unsent_changesets() == 0);
    CHECK(li.folder.store->unsent_attachments() == 1);
    li.gate.wait_at("nowhere");
    CHECK(trouble(li.sync()) == "");
    CHECK(li.done->report.blobs_sent == 1);
    CHECK(li.folder.store->unsent_attachments() == 0);
}

TEST_CASE("a window that closes ends a sync at hand") {
    Office office;
    {
        Window li(office, "li", 1);
        li.folder.create();
        li.gate.wait_at("/v1/push");
        REQUIRE(li.run.start(SyncCause::person));
        li.gate.wait_until_reached();
    }
    // Nobody waited for the network, and nothing went out after the cut.
    CHECK(office.store().log().counts().changesets == 0);
}

TEST_CASE("the server away: told, noted once however often, and over when it is back") {
    Office office;
    Window li(office, "li", 1);
    li.folder.create();
    li.before = [](const Request&) { return Result<void>(broken_line()); };
    CHECK(trouble(li.sync()) == "unreachable");
    li.job_env.set_now_ms(start_ms + 60'000);
    CHECK(trouble(li.sync()) == "unreachable");
    auto notes = sync_notes(li.folder.store->db());
    REQUIRE_FALSE(notes.empty());
    CHECK(notes.front().times == 2);
    CHECK(unreached_since(notes) == start_ms);
    li.before = {};
    CHECK(trouble(li.sync()) == "");
    notes = sync_notes(li.folder.store->db());
    CHECK(unreached_since(notes) == std::nullopt);
    CHECK(notes[1].times == 2);
}

TEST_CASE("each failure has its own words") {
    const auto of = [](ErrorCode code, bool of_this_machine = false) {
        return std::string(trouble_of({code, "", ""}, of_this_machine, false));
    };
    CHECK(of(ErrorCode::unreachable) == "unreachable");
    CHECK(of(ErrorCode::pin_mismatch) == "pin");
    CHECK(of(ErrorCode::device_revoked) == "revoked");
    CHECK(of(ErrorCode::not_allowed) == "not_allowed");
    CHECK(of(ErrorCode::busy) == "busy");
    CHECK(of(ErrorCode::interrupted) == "cut");
    CHECK(of(ErrorCode::internal, true) == "disk");
    CHECK(of(ErrorCode::internal) == "other");
    CHECK(of(ErrorCode::version_unsupported) == "update");
    CHECK(trouble_of({ErrorCode::unreachable, "", ""}, false, true) == "stopped");
}

TEST_CASE("a revoked laptop and a full disk are told as such") {
    Office office;
    Window li(office, "li", 1);
    li.folder.create();
    li.before = [](const Request&) -> Result<void> {
        return fail(ErrorCode::device_revoked, "revoked");
    };
    CHECK(trouble(li.sync()) == "revoked");
    li.before = [](const Request&) -> Result<void> {
        throw DbError(13, "database or disk is full");  // SQLITE_FULL, as the database throws it
    };
    CHECK(trouble(li.sync()) == "disk");
    CHECK_FALSE(li.run.is_busy());
    li.before = {};
    CHECK(trouble(li.sync()) == "");
}

TEST_CASE("what a pull brings is counted when it concerns the people here") {
    Office office;
    Window li(office, "li", 1), wang(office, "wang", 2);
    const Uuid record = li.folder.create();
    li.sync();
    wang.sync();
    li.folder.edit(record, {{"description", "一"}});
    wang.folder.edit(record, {{"description", "二"}});
    CHECK(wang.sync().new_conflicts == 0);
    CHECK(li.sync().new_conflicts == 1);
    CHECK(wang.sync().new_conflicts == 1);
    CHECK(wang.sync().new_conflicts == 0);
}

TEST_CASE("a pull under an open draft changes nothing that is typed, and nothing it supersedes") {
    Office office;
    Window li(office, "li", 1), wang(office, "wang", 2);
    const Uuid record = li.folder.create();
    li.sync();
    wang.sync();
    auto draft = Draft::open(*wang.folder.store, record);
    REQUIRE(draft.has_value());
    draft->set("description", "写到一半");
    draft->autosave();
    const RecordDoc opened = draft->opened();
    li.folder.edit(record, {{"description", "别人改的"}});
    li.sync();
    // It goes on being typed while the sync is at hand.
    wang.gate.wait_at("/v1/pull");
    REQUIRE(wang.run.start(SyncCause::night));
    wang.gate.wait_until_reached();
    draft->set("description", "写到一半，又写");
    draft->autosave();
    wang.gate.open();
    wang.worker.finish();
    REQUIRE(wang.done.has_value());
    CHECK(trouble(*wang.done) == "");
    CHECK(wang.done->report.pulled == 1);
    CHECK(draft->opened() == opened);
    CHECK(*Value(draft->entered()).find("description")->text() == "写到一半，又写");
    wang.folder.env.set_now_ms(start_ms + 5000);
    REQUIRE(draft->commit({"wang"}).has_value());
    // Two people wrote without having seen each other: both stand.
    const auto view = view_record(*wang.folder.store, record);
    REQUIRE(view.has_value());
    REQUIRE(view->conflicts.size() == 1);
    CHECK(view->conflicts[0].field == "description");
    CHECK(view->conflicts[0].values.size() == 2);
}

TEST_CASE("time left is told when there is a pace to tell it by") {
    CHECK(time_left_ms(0, 1'000'000, 10'000) == std::nullopt);
    CHECK(time_left_ms(100'000, 1'000'000, 500) == std::nullopt);
    CHECK(time_left_ms(250'000, 1'000'000, 10'000) == 30'000);
    CHECK(time_left_ms(1'000'000, 1'000'000, 10'000) == std::nullopt);
}

}  // namespace zf::testing
