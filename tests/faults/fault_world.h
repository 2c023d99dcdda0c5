// A bureau and two laptops in folders that were prepared once and are copied for each attempt, and
// what each of them has promised so far. The laptops reach the server without a network.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "client/device_store.h"
#include "server/api.h"
#include "server/store/central_store.h"
#include "tests/unit/store/scratch_folder.h"

namespace zf::testing {

class FaultWorld {
public:
    /// Copies the prepared folders: forms, one record, synced everywhere; on ann's laptop one more
    /// that was not sent, with a photo; on the server a record and a photo of bob's that ann
    /// has not fetched.
    FaultWorld();
    ~FaultWorld();

    /// Programs start, as their `main` would start them; end. What throws, throws.
    void open();
    void close();

    // What a person or a program does. Each returns whether it was answered with success, and
    // notes what was acknowledged; nothing throws.
    bool save_rows_and_draft();
    bool attach();
    bool sync();
    /// Bob's laptop, which is healthy, sends a record and a photo to the server.
    bool server_push();
    bool back_up();
    /// Ann's work goes to the server by a file, and what she lacks comes back by another one.
    bool carry_bundles();

    /// The n-th statement of ann's and the server's databases fails (0: none), once or for good.
    struct Statements {
        std::int64_t seen = 0, nth = 0;
        bool for_good = false, failed = false, paused = false;
    };
    Statements& fail_statement(std::int64_t nth, bool for_good);

    /// What does not hold: integrity, an acknowledged save, draft or attachment that is gone, what
    /// a laptop takes for acknowledged and the server lacks, derived tables that are not what the
    /// log makes of them. Empty when all is well. The programs must be open.
    std::string find_loss();
    /// Both laptops sync until nothing is left; how they differ from the server then.
    std::string find_difference();

    /// Folders, for damage by hand while the programs are closed.
    [[nodiscard]] std::filesystem::path home() const { return folder_.path / "ann"; }
    [[nodiscard]] std::filesystem::path data() const { return folder_.path / "server"; }
    [[nodiscard]] const std::filesystem::path& root() const { return folder_.path; }
    DeviceStore& ann() { return *ann_; }
    CentralStore& central() { return *central_; }
    Env& env() { return clock_; }
    /// Answers a request as the server would now.
    Response ask_server(const Request& request) { return api_->handle(request); }
    /// Of the changesets that ann's laptop has acknowledged as saved, how many are gone.
    std::size_t count_lost_saves();

    std::string last_error;  // of the latest operation that did not succeed

private:
    bool attempt(const std::function<Result<void>()>& action);
    void remember();
    std::string find_loss_of(DeviceStore& store);
    std::string find_loss_of_ann(const std::set<Hash256>& there);
    std::string find_loss_on_server(DeviceStore& store);

    ScratchFolder folder_;
    ManualEnv machine_;
    SettableEnv clock_;
    std::unique_ptr<CentralStore> central_;
    std::unique_ptr<Api> api_;
    std::unique_ptr<DeviceStore> ann_, bob_;
    Statements statements_;
    int attempts_ = 0;
    std::set<Hash256> saved_;  // ann's changesets
    std::set<Uuid> drafts_;
    std::set<Hash256> attached_;
};

}  // namespace zf::testing
