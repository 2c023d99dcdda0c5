#include "tests/sim/world.h"

#include <algorithm>

#include "common/base/assert.h"
#include "common/codec/json.h"

namespace zf::sim {

namespace fs = std::filesystem;

const std::vector<std::string>& all_kinds() {
    static const std::vector<std::string> kinds{
        "saves",           "syncs",           "syncs cut",      "conflicts left",
        "attachments",     "reviews",         "restarts",       "clock jumps",
        "forms updated",   "forms left open", "newer forms",    "parked",
        "power cuts",      "server cuts",     "cut in a save",  "copies made",
        "copies back",     "databases back",  "clones",         "new identities",
        "written anew",    "server back",     "server rebuilt", "given back",
        "area moves",      "restricted",      "taken back",     "given again",
        "reassigned",      "verified",        "bundles out",    "bundles in",
        "bundles early",   "bundles by half", "requests cut",   "other programs",
        "unknown entries", "reports frozen",  "reports kept",   "told of reports"};
    return kinds;
}

World::World(std::uint64_t seed, const fs::path& template_folder, const fs::path& folder)
    : seed_(seed),
      dice_(seed),
      server_env_(seed * 7919 + 1, start_ms),
      is_newer_server_(dice_.next_u64() % 2 == 0),
      folder_(folder),
      mishap_(static_cast<Mishap>(dice_.next_u64() % 5)) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    fs::copy(template_folder / "server", folder_ / "server", fs::copy_options::recursive);
    if (mishap_ == Mishap::power) {
        server_disk_ =
            std::make_unique<testing::CrashingDisk>(folder_ / "server", dice_.next_u64());
    }
    open_server();
    at_server([&] {
        store_->bureau().put_user(store_->keys().bureau, {"chief", Role::leader, {}, false},
                                  server_env_.now_ms());
    });
    const int laptops = 2 + static_cast<int>(pick(3));
    for (int i = 0; i < laptops; ++i) {
        fs::copy(template_folder / "laptop", folder_ / ("staff" + std::to_string(i)));
        add_laptop(i, i > 0 && i == laptops - 1 && pick(2) == 0);
    }
}

World::~World() {
    for (Person& person : people_) person.laptop.reset();
    close_server();
}

RunResult World::run() {
    const int steps = 40 + static_cast<int>(pick(60));
    for (int i = 0; i < steps && result_.ok; ++i) {
        ++result_.steps;
        step();
        if (result_.ok) check_nothing_lost();
        if (result_.ok && pick(8) == 0) check_against_model();
    }
    if (result_.ok) come_to_rest();
    if (result_.ok) check_at_rest();
    return std::move(result_);
}

void World::close_server() {
    api_.reset();
    store_.reset();
}

void World::open_server() {
    close_server();
    auto store = CentralStore::open(folder_ / "server", server_env_);
    ZF_ASSERT(store.has_value());
    store_ = std::move(*store);
    api_ = std::make_unique<Api>(*store_);
}

void World::at_server(const std::function<void()>& work) {
    const auto held = store_->lock();
    Transaction transaction(store_->db());
    work();
    transaction.commit();
}

void World::enrol(Person& person, const std::vector<std::string>& areas) {
    const SimLaptop& laptop = *person.laptop;
    at_server([&] {
        const KeyPair& bureau = store_->keys().bureau;
        store_->bureau().put_user(bureau, {laptop.name(), Role::staff, areas, false},
                                  server_env_.now_ms());
        Device device{
            laptop.device(), laptop.key().public_key(), laptop.name(), {laptop.name()}, {}, {}};
        store_->bureau().put_device(bureau, device, server_env_.now_ms());
    });
}

namespace {

/// What a later version of the server may do to every answer in JSON.
void add_unknown_member(Response& response) {
    const auto type = response.headers.find("content-type");
    if (type == response.headers.end() || type->second != "application/json") return;
    auto answer = parse_json(response.body);
    if (!answer || !answer->members()) return;
    answer->set("of_a_later_version", List{Value(1), Value("?")});
    response.body = canonical_text(*answer);
}

}  // namespace

void World::connect(Person& person) {
    person.network = std::make_unique<FaultyNetwork>(
        [this](const Request& request) {
            Response response = api_->handle(request);
            if (is_newer_server_) add_unknown_member(response);
            return response;
        },
        dice_, 0);
}

void World::add_laptop(int number, bool only_near) {
    // Clocks: right, an hour off, or as wrong as an empty battery makes them.
    const std::vector<std::int64_t> clocks{start_ms, start_ms - 3'600'000, start_ms + 3'600'000, 0,
                                           year_2099_ms};
    Person person;
    const std::string name = "staff" + std::to_string(number);
    person.only_near = person.was_near = only_near;
    if (only_near) count("restricted");
    if (mishap_ == Mishap::power) {
        person.disk = std::make_unique<testing::CrashingDisk>(folder_ / name, dice_.next_u64());
    }
    person.laptop =
        std::make_unique<SimLaptop>(name, folder_ / name, store_->keys().bureau.public_key(),
                                    dice_.next_u64(), clocks[pick(clocks.size())]);
    connect(person);
    std::vector<std::string> areas;
    if (only_near) areas.emplace_back(near_area);
    enrol(person, areas);
    const auto first = person.laptop->sync(*person.network);
    if (!first) broken(name + " cannot sync at all: " + first.error().message);
    people_.push_back(std::move(person));
}

void World::broken(const std::string& what) {
    if (!result_.ok) return;
    result_.ok = false;
    result_.failure = "step " + std::to_string(result_.steps) + ": " + what;
}

void World::step() {
    server_env_.set_now_ms(server_env_.now_ms() + static_cast<std::int64_t>(pick(600'000)));
    Person& person = people_[pick(people_.size())];
    ManualEnv& clock = person.laptop->env();
    clock.set_now_ms(clock.now_ms() + static_cast<std::int64_t>(pick(600'000)));
    switch (pick(16)) {
        case 0:
        case 1:
        case 2:
        case 3:
        case 4:
        case 5:
        case 6:
            return work(person);
        case 7:
            // What was taken back is given again before the run is over, or never.
            if (!batches_.empty() && pick(4) == 0) return revert(person);
            switch (pick(12)) {
                case 0:
                    return reassign(person);
                case 1:
                    return revert(person);
                case 2:
                case 3:
                    return freeze();
                default:
                    return review();
            }
        case 8:
            switch (pick(6)) {
                case 0:
                    return write_unknown_entry();
                case 1:
                case 2:
                    return update_forms();
                default:
                    return open_or_save_form(person);
            }
        case 9:
            switch (pick(5)) {
                case 0:
                    return exchange_program(person);
                case 1:
                case 2:
                    return set_clock(person);
                default:
                    return restart(person);
            }
        case 10:
            return befall(person);
        default:
            return sync(person, static_cast<int>(pick(4)) * 8);
    }
}

void World::come_to_rest() {
    note("the network is good from now on");
    for (Person& person : people_) {
        person.network->speak(std::nullopt);
        person.laptop->restart();
    }
    // A version of a form that laptops are ahead with is activated in the end.
    for (int i = 0; i < 2; ++i) update_forms();
    for (int round = 0; round < 3 && result_.ok; ++round) sync_everybody();
    // After a backup was put back these may be more than two.
    for (int i = 0; i < 4 && result_.ok && is_waiting_for_forms(); ++i) {
        update_forms();
        for (int round = 0; round < 2 && result_.ok; ++round) sync_everybody();
    }
}

void World::sync_everybody() {
    for (Person& person : people_) sync(person, 0);
}

bool World::is_waiting_for_forms() {
    for (const Device& device : store_->bureau().devices()) {
        for (const WaitingChangeset& waiting : store_->log().waiting_of(device.id)) {
            if (waiting.reason.code == "unknown_form") return true;
        }
    }
    return false;
}

namespace {

/// Leaves of the catalogs what people fill in here: everything in them is read and checked with
/// every opening and every pull, and would take most of the time.
void keep_what_is_used(Value& forms, Value& indicators) {
    std::erase_if(*forms.members(), [](const auto& part) {
        return part.first == "envelope" || part.first == "note" || part.first == "validators";
    });
    std::erase_if(*forms.find("forms")->list(), [](const Value& form) {
        const std::string& id = *form.find("id")->text();
        return id != "enterprise" && id != "article";
    });
    const std::string text = canonical_text(*forms.find("forms"));
    std::erase_if(*forms.find("choice_lists")->members(), [&](const auto& choices) {
        return text.find("\"choices\":\"" + choices.first + "\"") == std::string::npos;
    });
    std::erase_if(*indicators.find("indicators")->list(), [](const Value& indicator) {
        const std::string& id = *indicator.find("id")->text();
        return id != "enterprises_on_register" && id != "articles";
    });
}

}  // namespace

void begin_log_anew(CentralStore& store) {
    BureauLog& bureau = store.bureau();
    const KeyPair& key = store.keys().bureau;
    const std::vector<User> users = bureau.users();
    const auto server = bureau.server();
    Value forms = bureau.catalog("forms");
    Value indicators = bureau.catalog("indicators");
    keep_what_is_used(forms, indicators);
    const auto held = store.lock();
    Transaction transaction(store.db());
    bureau.put_by_entries();
    bureau.forget_former();
    bureau.put_server(key, *server, start_ms);
    for (const User& user : users) bureau.put_user(key, user, start_ms);
    bureau.put_catalog(key, "forms", forms, start_ms);
    bureau.put_catalog(key, "indicators", indicators, start_ms);
    transaction.commit();
}

void make_template(const fs::path& folder) {
    fs::remove_all(folder);
    ManualEnv env(20080512, start_ms);
    const auto made = CentralStore::create(folder / "server", "admin", env);
    ZF_ASSERT(made.has_value());
    const auto store = CentralStore::open(folder / "server", env);
    ZF_ASSERT(store.has_value());
    begin_log_anew(**store);
    fs::create_directories(folder / "laptop");
    Db db = Db::open((folder / "laptop" / "device.db").string());
    ChangeLog(db, StoreRole::laptop, nullptr);
}

RunResult run_seed(std::uint64_t seed, const fs::path& template_folder, const fs::path& folder) {
    RunResult result;
    {
        World world(seed, template_folder, folder);
        result = world.run();
    }
    fs::remove_all(folder);
    return result;
}

}  // namespace zf::sim
