// The world of one simulated run. Internal to tests/sim; in several files: world.cpp makes and runs
// it, world_steps.cpp has what people do every day, world_mishaps.cpp what befalls them,
// world_checks.cpp the promises.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/store/bundle_content.h"
#include "common/store/frozen_report.h"
#include "server/api.h"
#include "server/store/central_store.h"
#include "tests/faults/crashing_disk.h"
#include "tests/sim/faulty_network.h"
#include "tests/sim/sim_laptop.h"
#include "tests/sim/sim_world.h"

namespace zf::sim {

inline constexpr std::int64_t start_ms = 1'211'000'000'000;  // May 2008
inline constexpr std::int64_t year_2099_ms = 4'070'908'800'000;
inline constexpr const char* near_area = "511923203";
inline constexpr const char* far_area = "511923101";

/// What may go wrong beside the network. One kind a run, so that what is physically gone is known:
/// whoever loses the server and a laptop's disk on one day has lost what only these two held.
enum class Mishap { none, power, copied_laptops, server_put_back, server_lost };

/// Makes the bureau's log anew, beginning with the catalogs as far as they are used here.
void begin_log_anew(CentralStore& store);

class World {
public:
    World(std::uint64_t seed, const std::filesystem::path& template_folder,
          const std::filesystem::path& folder);
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    RunResult run();

private:
    /// When it was frozen, and the hash of what stands behind it.
    using ReportKey = std::pair<std::int64_t, Hash256>;

    /// As it was handed out.
    struct HandedOut {
        std::string figures;
        std::map<Uuid, Approval> counted;
    };

    struct Person {
        std::unique_ptr<testing::CrashingDisk> disk;  // only where power fails; outlives the laptop
        std::unique_ptr<SimLaptop> laptop;
        std::unique_ptr<FaultyNetwork> network;
        bool only_near = false;      // as the server said last
        bool was_near = false;       // ever
        std::vector<SimSave> saves;  // of which the person was told that they are done
        std::set<Hash256> attached;
        std::optional<SimLaptop::OpenForm> open_form;  // not saved yet
        std::optional<std::vector<SimSave>> copy;      // what a copy of the folder set aside holds
        std::set<std::string> unknown;                 // entries that no program of today can read
        std::set<ReportKey> reports;                   // frozen ones that came here at some time
    };

    /// A bundle file that lies about, and for whom: nothing is the server.
    struct Stick {
        std::filesystem::path file;
        std::optional<std::size_t> receiver;
    };

    // world.cpp
    void open_server();
    void close_server();
    void add_laptop(int number, bool only_near);
    void enrol(Person& person, const std::vector<std::string>& areas);
    void connect(Person& person);
    void step();
    void come_to_rest();
    void sync_everybody();
    bool is_waiting_for_forms();
    std::uint64_t pick(std::uint64_t below) { return dice_.next_u64() % below; }
    void note(const std::string& what) { result_.trace.push_back(what); }
    void count(const char* kind, long by = 1) { result_.counts[kind] += by; }
    void broken(const std::string& what);
    /// Inside the store's lock and one transaction.
    void at_server(const std::function<void()>& work);

    // world_steps.cpp
    void work(Person& person);
    void create(Person& person);
    void edit(Person& person);
    void open_or_save_form(Person& person);
    void save_as_newer(Person& person);
    void attach(Person& person);
    void review();
    void update_forms();
    void write_unknown_entry();
    void freeze();
    void reassign(Person& person);
    void revert(Person& person);
    void sync(Person& person, int trouble);
    void remember(Person& person, const std::optional<SimSave>& saved, const std::string& what);
    void carry(Person& person);
    void arrive();
    void arrive_by_half(const Stick& stick);
    Result<BundleSummary> take_in(const Stick& stick, const std::filesystem::path& file);
    Members some_edit(Person& person, const std::vector<Uuid>& ids);
    std::string some_text() { return "字" + std::to_string(pick(6)); }

    // world_mishaps.cpp
    void befall(Person& person);
    void restart(Person& person);
    void exchange_program(Person& person);
    void set_clock(Person& person);
    void lose_power(Person& person);
    void lose_server_power(Person& person);
    void set_copy_aside(Person& person);
    void put_copy_back(Person& person);
    void clone(Person& person);
    void back_up_server();
    void put_server_back();
    void rebuild_server();

    // world_checks.cpp
    void check_nothing_lost();
    void check_against_model();
    void check_at_rest();
    bool is_ahead(SimLaptop& laptop);
    void check_scope(Person& person);
    void check_blobs();
    void check_rebuild();
    void check_rederived(const std::string& who, Db& db, ChangeLog& log);
    void check_figures();
    void check_verified();
    void check_conflicts();
    void check_unknown_entries();
    void check_reports();
    void check_told(const std::string& who, ChangeLog& log,
                    const std::vector<FrozenReport>& reports);
    static std::set<ReportKey> reports_in(Db& db);
    std::set<std::string> unknown_entries_in(Db& db);
    void check_all_saves();
    bool follow_saves(Person& person);
    bool is_referenced(const Hash256& hash);
    std::set<std::pair<Uuid, std::string>> conflicts_in(ChangeLog& log);

    std::uint64_t seed_;
    ManualEnv dice_;
    ManualEnv server_env_;
    /// Of a later version: its answers have members that no laptop knows.
    bool is_newer_server_;
    std::filesystem::path folder_;
    Mishap mishap_;
    std::unique_ptr<testing::CrashingDisk> server_disk_;
    std::unique_ptr<CentralStore> store_;
    std::unique_ptr<Api> api_;
    std::vector<Person> people_;
    std::vector<SimSave> on_server_only_;  // made on a laptop that was put back since
    std::vector<Stick> sticks_;
    int bundles_ = 0;
    std::vector<std::string> batches_;  // of the server, that took something back
    std::map<ReportKey, HandedOut> reports_;
    bool is_report_in_doubt_ = false;  // power failed while one was frozen
    bool has_backup_ = false;
    RunResult result_;
};

}  // namespace zf::sim
