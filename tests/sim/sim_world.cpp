#include "tests/sim/sim_world.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "common/codec/changeset_codec.h"
#include "common/codec/record_codec.h"
#include "common/store/arrival.h"
#include "common/store/store_records.h"
#include "server/api.h"
#include "server/store/central_store.h"
#include "tests/sim/faulty_network.h"
#include "tests/sim/model.h"
#include "tests/sim/sim_laptop.h"

namespace zf::sim {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t start_ms = 1'211'000'000'000;  // May 2008
constexpr const char* near_area = "511923203";
constexpr const char* far_area = "511923101";

class World {
public:
    World(std::uint64_t seed, const fs::path& template_folder, const fs::path& folder)
        : dice_(seed), server_env_(seed * 7919 + 1, start_ms), folder_(folder) {
        fs::remove_all(folder_);
        fs::create_directories(folder_);
        fs::copy(template_folder, folder_ / "server", fs::copy_options::recursive);
        open_server();
        const int count = 2 + static_cast<int>(pick(3));
        for (int i = 0; i < count; ++i) add_laptop(i, i > 0 && i == count - 1 && pick(2) == 0);
    }

    RunResult run() {
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

private:
    struct Person {
        std::unique_ptr<SimLaptop> laptop;
        std::unique_ptr<FaultyNetwork> network;
        bool only_near = false;
        std::map<std::int64_t, Hash256> saved;  // by seq
        std::set<Hash256> attached;
    };

    std::uint64_t pick(std::uint64_t below) { return dice_.next_u64() % below; }

    void open_server() {
        api_.reset();
        store_.reset();
        auto store = CentralStore::open(folder_ / "server", server_env_);
        ZF_ASSERT(store.has_value());
        store_ = std::move(*store);
        api_ = std::make_unique<Api>(*store_);
    }

    void add_laptop(int number, bool only_near) {
        // Clocks: right, an hour off, or as wrong as an empty battery makes them.
        const std::vector<std::int64_t> clocks{start_ms, start_ms - 3'600'000, start_ms + 3'600'000,
                                               0, 4'070'908'800'000};
        Person person;
        const std::string name = "staff" + std::to_string(number);
        person.only_near = only_near;
        person.laptop =
            std::make_unique<SimLaptop>(name, folder_ / name, store_->keys().bureau.public_key(),
                                        dice_.next_u64(), clocks[pick(clocks.size())]);
        person.network = std::make_unique<FaultyNetwork>(
            [this](const Request& request) { return api_->handle(request); }, dice_, 0);
        {
            auto held = store_->lock();
            Transaction transaction(store_->db());
            std::vector<std::string> areas;
            if (only_near) areas.emplace_back(near_area);
            store_->bureau().put_user(store_->keys().bureau, {name, Role::staff, areas, false}, 0);
            store_->bureau().put_device(
                store_->keys().bureau,
                {person.laptop->device(), person.laptop->key().public_key(), name, {name}, false},
                0);
            transaction.commit();
        }
        const auto first = person.laptop->sync(*person.network);
        if (!first) broken(name + " cannot sync at all: " + first.error().message);
        people_.push_back(std::move(person));
    }

    void note(const std::string& what) { result_.trace.push_back(what); }
    void broken(const std::string& what) {
        if (!result_.ok) return;
        result_.ok = false;
        result_.failure = "step " + std::to_string(result_.steps) + ": " + what;
    }

    void remember(Person& person, const std::optional<SimLaptop::Saved>& saved,
                  const std::string& what) {
        if (!saved) return;
        ++result_.saves;
        person.saved[saved->ref.seq] = saved->hash;
        note(person.laptop->name() + " #" + std::to_string(saved->ref.seq) + " " + what);
    }

    void step() {
        server_env_.set_now_ms(server_env_.now_ms() + static_cast<std::int64_t>(pick(600'000)));
        Person& person = people_[pick(people_.size())];
        ManualEnv& clock = person.laptop->env();
        clock.set_now_ms(clock.now_ms() + static_cast<std::int64_t>(pick(600'000)));
        switch (pick(12)) {
            case 0:
            case 1:
                return create(person);
            case 2:
            case 3:
            case 4:
            case 5:
                return edit(person);
            case 6:
                return attach(person);
            case 7:
                return review();
            case 8:
                if (pick(3) == 0) return restart(person);
                [[fallthrough]];
            default:
                return sync(person, static_cast<int>(pick(4)) * 8);
        }
    }

    std::string some_text() { return "字" + std::to_string(pick(6)); }

    void create(Person& person) {
        const Uuid id = dice_.new_uuid();
        if (pick(3) == 0) {
            Members rows{{"title", some_text()},
                         {"submitted_on", "2008-05-12"},
                         {"adoptions", List{Value(Members{{"outlet", some_text()}})}}};
            remember(person, person.laptop->create("article", id, rows), "creates an article");
        } else {
            Members entered{{"name", some_text()},
                            {"reg_no", "99999900000" + std::to_string(1000 + pick(3))}};
            if (person.only_near || pick(2) == 0) entered.emplace_back("division", near_area);
            remember(person, person.laptop->create("enterprise", id, entered),
                     "creates an enterprise");
        }
    }

    Members some_edit(Person& person, const std::vector<Uuid>& ids) {
        switch (pick(9)) {
            case 0:
                return {{"name", some_text()}};
            case 1:
                return {{"remark", pick(3) == 0 ? Value() : Value(some_text())}};
            case 2:
                return {{"registered_capital", std::to_string(pick(4)) + ".50"}};
            case 3:
                return {{"_void", pick(3) != 0}, {"_void_reason", "why"}};
            case 4:
                return {
                    {"_alias_of", pick(3) == 0 ? Value() : Value(ids[pick(ids.size())].text())}};
            case 5:
                // Moving a record out of one's own area is not for everybody.
                if (person.only_near) return {{"name", some_text()}};
                return {{"division", pick(2) == 0 ? near_area : far_area}};
            case 6:
                return {{"title", some_text()}};
            case 7:
                return {{"adoptions", List{Value(Members{{"outlet", some_text()}}),
                                           Value(Members{{"outlet", some_text()}})}}};
            default:
                return {{"operating_status", pick(2) == 0 ? "producing" : "stopped"}};
        }
    }

    void edit(Person& person) {
        const std::vector<Uuid> ids = person.laptop->records();
        if (ids.empty()) return create(person);
        const Uuid id = ids[pick(ids.size())];
        if (pick(10) == 0) {
            return remember(person, person.laptop->submit(id), "submits " + id.text());
        }
        const bool resolve = pick(6) == 0;
        remember(person, person.laptop->edit(id, some_edit(person, ids), resolve),
                 (resolve ? "resolves " : "edits ") + id.text());
    }

    void attach(Person& person) {
        const std::vector<Uuid> ids = person.laptop->records();
        if (ids.empty()) return;
        const std::string content = some_text() + std::string(pick(3000), 'p');
        auto hash = person.laptop->blobs().add_bytes(content);
        if (!hash) return broken("a picture cannot be stored: " + hash.error().message);
        const Uuid id = ids[pick(ids.size())];
        const auto saved = person.laptop->edit(id, {{"body", List{Value(hash->hex())}}});
        if (saved) person.attached.insert(*hash);
        remember(person, saved, "attaches to " + id.text());
    }

    void review() {
        auto held = store_->lock();
        std::vector<RecordDoc> docs;
        store_->log().each_record("", [&](const RecordDoc& doc) {
            docs.push_back(doc);
            return true;
        });
        if (docs.empty()) return;
        const RecordDoc& doc = docs[pick(docs.size())];
        const auto kind = static_cast<ReviewKind>(pick(3));
        Transaction transaction(store_->db());
        const auto written =
            store_->author().write("chief", {{&doc, 1, plan_review(doc, kind, Value())}});
        if (!written) return broken("a review cannot be written: " + written.error().message);
        transaction.commit();
        note("the server reviews " + doc.id.text() + ": " + std::string(name_of(kind)));
    }

    void restart(Person& person) {
        if (pick(3) == 0) {
            open_server();
            note("the server restarts");
        } else {
            person.laptop->restart();
            note(person.laptop->name() + " restarts");
        }
    }

    void sync(Person& person, int trouble) {
        person.network->set_trouble(trouble);
        const auto done = person.laptop->sync(*person.network);
        if (done) return note(person.laptop->name() + " syncs");
        ++result_.syncs_cut;
        note(person.laptop->name() + " is cut off: " + done.error().message);
        if (trouble == 0) {
            broken(person.laptop->name() + " cannot sync over a good network: " +
                   std::string(facts_of(done.error().code).slug) + ": " + done.error().message +
                   " " + done.error().where);
        }
    }

    /// Promise 1: what was saved is there; what was acknowledged is on the server, unchanged.
    void check_nothing_lost() {
        for (Person& person : people_) {
            ChangeLog& log = person.laptop->log();
            const DeviceId device = person.laptop->device();
            const std::int64_t acknowledged = log.delivered_of(device);
            for (const auto& [seq, hash] : person.saved) {
                const auto here = log.find_changeset(device, seq);
                if (!here || blake2b(here->signed_changeset.bytes) != hash) {
                    return broken(person.laptop->name() + " lost its save " + std::to_string(seq));
                }
                if (seq > acknowledged) continue;
                const auto there = store_->log().find_changeset(device, seq);
                if (!there || blake2b(there->signed_changeset.bytes) != hash) {
                    return broken("the server lost " + person.laptop->name() + "'s save " +
                                  std::to_string(seq));
                }
            }
        }
    }

    /// Promise 2, half of it: documents are what the set of changesets means.
    void check_against_model() {
        const auto check = [&](const std::string& who, ChangeLog& log) {
            const std::string found =
                difference(model_of(applied_changesets(log)), documents_of(log));
            if (!found.empty()) broken(who + ": " + found);
        };
        check("the server", store_->log());
        for (Person& person : people_) {
            if (!person.only_near) check(person.laptop->name(), person.laptop->log());
        }
    }

    void come_to_rest() {
        note("the network is good from now on");
        for (int round = 0; round < 3 && result_.ok; ++round) {
            for (Person& person : people_) {
                person.laptop->restart();
                sync(person, 0);
            }
        }
    }

    std::set<std::pair<Uuid, std::string>> conflicts_in(ChangeLog& log) {
        std::set<std::pair<Uuid, std::string>> found;
        for (const StoredConflict& conflict : open_conflicts(log, {2008, 6, 30})) {
            found.emplace(conflict.record, conflict.field);
        }
        return found;
    }

    void check_at_rest() {
        check_nothing_lost();
        check_against_model();
        ChangeLog& server = store_->log();
        const auto conflicts = conflicts_in(server);
        result_.conflicts = static_cast<int>(conflicts.size());
        bool someone_restricted = false;
        for (Person& person : people_) {
            SimLaptop& laptop = *person.laptop;
            if (laptop.unsent() != 0) broken(laptop.name() + " still has something to send");
            if (person.only_near) {
                someone_restricted = true;
                check_scope(person);
                continue;
            }
            if (laptop.log().state() != server.state()) {
                broken(laptop.name() + " and the server differ: " +
                       difference(documents_of(server), documents_of(laptop.log())));
            }
            if (laptop.log().duplicates() != server.duplicates()) {
                broken(laptop.name() + " sees other duplicates than the server");
            }
            if (conflicts_in(laptop.log()) != conflicts) {
                broken(laptop.name() + " sees other conflicts than the server");
            }
            if (laptop.log().counts().held != 0) broken(laptop.name() + " still holds changesets");
        }
        // Whoever may not see everything can work on what has just left their area: that is
        // parked, and kept.
        if (!someone_restricted && server.counts().held + server.counts().parked != 0) {
            broken("changesets wait on the server for no reason");
        }
        check_blobs();
        check_rebuild();
    }

    /// Nobody holds what is out of their areas, and everything in them is there.
    void check_scope(Person& person) {
        const Scope scope{{near_area}};
        std::set<Uuid> expected;
        store_->log().each_record("", [&](const RecordDoc& doc) {
            const Form* form = store_->log().forms().find(doc.form);
            const FieldValues values = shown_values(doc, form);
            const auto division = values.find("division");
            const bool placed = doc.form == "enterprise" && division != values.end();
            if (!placed || scope.covers(*division->second.text())) expected.insert(doc.id);
            return true;
        });
        const std::vector<Uuid> held = person.laptop->records();
        const std::set<Uuid> found(held.begin(), held.end());
        for (const Uuid& id : found) {
            if (!expected.contains(id) && store_->log().find_record(id)) {
                broken(person.laptop->name() + " holds " + id.text() + " from another area");
            }
        }
        for (const Uuid& id : expected) {
            if (!found.contains(id)) broken(person.laptop->name() + " lacks " + id.text());
        }
    }

    void check_blobs() {
        for (const Person& person : people_) {
            for (const Hash256& hash : person.attached) {
                if (!is_referenced(hash)) continue;
                if (!store_->blobs().has(hash)) broken("the server lacks a picture");
                for (Person& other : people_) {
                    if (!other.only_near && !other.laptop->blobs().has(hash)) {
                        broken(other.laptop->name() + " lacks a picture");
                    }
                }
            }
        }
    }

    bool is_referenced(const Hash256& hash) {
        bool found = false;
        store_->log().each_record("article", [&](const RecordDoc& doc) {
            const auto live = doc.fields.find("body");
            if (live == doc.fields.end()) return true;
            for (const LiveValue& value : live->second) {
                found |= value.value.text() && *value.value.text() == hash.hex();
            }
            return !found;
        });
        return found;
    }

    /// The derived state is a function of the set: rebuilt in a shuffled order it is the same.
    void check_rebuild() {
        std::vector<SignedChangeset> all;
        store_->log().each_changeset([&](const StoredChangeset& stored) {
            if (stored.standing == Standing::applied) all.push_back(stored.signed_changeset);
            return true;
        });
        for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[pick(i)]);
        Db db = Db::open(":memory:");
        ChangeLog rebuilt(db, StoreRole::laptop,
                          std::make_shared<const FormCatalog>(store_->log().forms()));
        auto arrivals = authenticate(
            std::move(all), [&](const DeviceId& id) { return store_->bureau().find_key(id); });
        if (!arrivals) return broken("a stored changeset is not authentic");
        Transaction transaction(db);
        const auto outcome = rebuilt.append(*arrivals, 0);
        if (!outcome) return broken("the log cannot be replayed: " + outcome.error().message);
        if (rebuilt.state() != store_->log().state()) broken("a rebuild gives another state");
    }

    ManualEnv dice_;
    ManualEnv server_env_;
    fs::path folder_;
    std::unique_ptr<CentralStore> store_;
    std::unique_ptr<Api> api_;
    std::vector<Person> people_;
    RunResult result_;
};

}  // namespace

void make_template(const fs::path& folder) {
    fs::remove_all(folder);
    ManualEnv env(20080512, start_ms);
    const auto made = CentralStore::create(folder, "admin", env);
    ZF_ASSERT(made.has_value());
}

RunResult run_seed(std::uint64_t seed, const fs::path& template_folder, const fs::path& folder) {
    RunResult result = World(seed, template_folder, folder).run();
    fs::remove_all(folder);
    return result;
}

}  // namespace zf::sim
