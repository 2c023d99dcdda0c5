// Sealed bundles as the window writes and takes over them: on the worker that syncs, so that the
// two never meet, over a store of its own. Says how far it is, and can be stopped. Draws nothing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/app/worker.h"
#include "client/device_store.h"
#include "common/sync/bundle.h"

namespace zf {

struct BundleOrder {
    bool is_import = false;
    std::filesystem::path file;
    std::optional<DeviceId> receiver;  // of an export; nothing: the server
};

struct BundleOutcome {
    BundleOrder order;
    BundleSummary summary;
    std::optional<Error> error;
    bool was_stopped = false;
};

/// What an error comes to for the person: the end of a message key, "no_file", "no_bundle",
/// "damaged", "cut_short", "stopped", "foreign", "unknown_sender", "forged", "revoked", "early",
/// "update", "fork", "never_synced", "medium"; "other" for the rest.
std::string_view bundle_trouble_of(const Error& error, bool was_stopped);

inline constexpr std::string_view bundle_suffix = ".zoufang";
/// A name for a new bundle that tells from whom, for whom and of which day it is.
std::string bundle_name(DeviceStore& store, const std::optional<DeviceId>& receiver);

/// A place outside this machine's own disk, such as a USB stick, and the bundles that lie in it.
struct BundlePlace {
    std::filesystem::path folder;
    std::vector<std::filesystem::path> bundles;
};
/// Of the drives in `drive_roots`, see find_places.
std::vector<BundlePlace> bundle_places(const std::vector<std::filesystem::path>& drive_roots);

class BundleRun {
public:
    /// `env`: of the jobs.
    BundleRun(DeviceStore& store, Worker& worker, Env& env);
    ~BundleRun();
    BundleRun(const BundleRun&) = delete;
    BundleRun& operator=(const BundleRun&) = delete;

    /// False when one is at hand already.
    bool start(BundleOrder order);
    void cancel();
    [[nodiscard]] bool is_busy() const { return job_ != nullptr; }
    /// Bytes so far, and the whole where it is known (0: not); nothing when none is at hand.
    struct Live {
        bool is_import = false, is_stopping = false;
        std::int64_t bytes = 0, whole = 0;
    };
    [[nodiscard]] std::optional<Live> live() const;

    /// On the screens' thread, after the store there has taken over what is new.
    std::function<void(const BundleOutcome&)> on_done;

private:
    struct Job;
    void finish(BundleOutcome outcome);

    DeviceStore& store_;
    Worker& worker_;
    Env& env_;
    std::shared_ptr<Job> job_;
};

}  // namespace zf
