// A sync as the window runs it: one at a time, on a worker of its own, over a store of its own on
// the same folder, so that nobody waits for the network. Says how far it is, can be cut off at any
// moment and goes on from there the next time. Touches no draft. Draws nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "client/app/worker.h"
#include "client/device_store.h"
#include "client/sync_pass.h"
#include "common/sync/sync.h"

namespace zf {

/// A transport, and what ends a request of it from another thread; that may take a few seconds.
struct SyncRoad {
    std::unique_ptr<Transport> transport;
    std::function<void()> cut_off;
};
using OpenRoad = std::function<Result<SyncRoad>(const Membership&)>;
/// HTTP to the bureau's server.
Result<SyncRoad> open_road(const Membership& membership);

/// How far a sync is.
struct SyncLive {
    SyncCause cause = SyncCause::person;
    SyncReport so_far;
    /// As it stood when it began.
    std::int64_t changesets_to_send = 0, blobs_to_send = 0, blob_bytes_to_send = 0;
    double done = -1;                     // of the phase; below 0: not known
    std::optional<std::int64_t> left_ms;  // of the attachments to send, at the pace so far
    bool is_stopping = false;
};

struct SyncOutcome {
    SyncCause cause = SyncCause::person;
    SyncReport report;  // as far as it got
    std::optional<Error> error;
    bool of_this_machine = false;  // the error: the disk here, not the road or the bureau
    bool was_stopped = false;      // by the person
    /// What the pull brought about: records with a new conflict, records of the people at this
    /// laptop that were returned.
    std::int64_t new_conflicts = 0, returned = 0;
    std::int64_t ended_ms = 0;
};

/// What an error comes to for the person: the end of a message key, "unreachable", "pin",
/// "revoked", "not_allowed", "busy", "stopped", "cut", "disk", "damaged", "update", "fork",
/// "not_enrolled"; "other" for the rest.
std::string_view trouble_of(const Error& error, bool of_this_machine, bool was_stopped);

/// At the pace so far; nothing before that tells anything.
std::optional<std::int64_t> time_left_ms(std::int64_t moved, std::int64_t whole,
                                         std::int64_t elapsed_ms);

/// What a test puts its own in place of.
struct SyncSeams {
    OpenRoad open_road = zf::open_road;
    Env* env = nullptr;  // of the jobs; the store's when not given: then one for all threads
};

class SyncRun {
public:
    /// `worker` works off syncs alone, so that nothing else waits behind one; `helper` is another.
    SyncRun(DeviceStore& store, Worker& worker, Worker& helper, SyncSeams seams = {});
    /// Cuts off what is at hand.
    ~SyncRun();
    SyncRun(const SyncRun&) = delete;
    SyncRun& operator=(const SyncRun&) = delete;

    /// False when something is at hand already, or the laptop is not enrolled.
    bool start(SyncCause cause);
    /// Asks what a sync would do. False as above.
    bool rehearse();
    /// Ends what is at hand soon; what was done by then stays.
    void cancel();

    [[nodiscard]] bool is_busy() const;
    /// Nothing when no sync is at hand.
    [[nodiscard]] std::optional<SyncLive> live() const;
    [[nodiscard]] bool is_rehearsing() const;

    // On the screens' thread, after the store there has taken over what is new.
    std::function<void(const SyncOutcome&)> on_done;
    std::function<void(const Result<Rehearsal>&)> on_rehearsed;

private:
    struct Job;
    std::shared_ptr<Job> begin();
    void finish(SyncOutcome outcome);

    DeviceStore& store_;
    Worker& worker_;
    Worker& helper_;
    SyncSeams seams_;
    std::shared_ptr<Job> job_;  // at hand
};

}  // namespace zf
