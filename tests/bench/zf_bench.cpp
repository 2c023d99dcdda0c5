// zf_bench: what the product does with the workloads of gen_workload.py, beside the limits of the
// machine measured in the same run. Ratios count; absolute figures drift with the machine.
//   zf_bench --data DIR [--only W1|W2|W3|W4|growth|protections]
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>

#include "client/http/http_transport.h"
#include "common/codec/changeset_codec.h"
#include "common/codec/record_codec.h"
#include "common/codec/wire.h"
#include "common/store/arrival.h"
#include "server/api.h"
#include "server/http/listener.h"
#include "server/store/central_store.h"
#include "tests/bench/growth.h"
#include "tests/bench/machine.h"
#include "tests/bench/protections.h"
#include "tests/bench/workload.h"
#include "tests/sim/sim_laptop.h"

namespace zf::bench {
namespace {

namespace fs = std::filesystem;

void print(const std::string& what, double value, const char* unit, double machine = 0,
           const char* of = "") {
    if (machine > 0) {
        std::printf("  %-46s %12.0f %-10s %6.2f of %s\n", what.c_str(), value, unit,
                    value / machine, of);
    } else {
        std::printf("  %-46s %12.1f %s\n", what.c_str(), value, unit);
    }
    std::fflush(stdout);
}

[[noreturn]] void give_up(const Error& error) {
    std::fprintf(stderr, "zf_bench: %s [%s]\n", error.message.c_str(), error.where.c_str());
    std::exit(1);
}

/// Counts what would go over the wire, with the lines and headers of HTTP/1.1.
class CountingTransport final : public Transport {
public:
    explicit CountingTransport(Transport& inner) : inner_(inner) {}
    Result<Response> send(const Request& request) override {
        up += request.method.size() + request.path.size() + 12 + request.body.size();
        for (const auto& [name, value] : request.query) up += name.size() + value.size() + 2;
        for (const auto& [name, value] : request.headers) up += name.size() + value.size() + 4;
        up += 80;  // Host, Content-Length, Content-Type, the empty line
        auto response = inner_.send(request);
        if (response) {
            down += 120 + response->body.size();
            ++requests;
        }
        return response;
    }
    std::size_t up = 0, down = 0, requests = 0;

private:
    Transport& inner_;
};

/// A bureau with the survey form, behind a real listener.
class BenchServer {
public:
    explicit BenchServer(const fs::path& folder) {
        auto made = CentralStore::create(folder, "admin", system_env());
        if (!made) give_up(made.error());
        auto opened = CentralStore::open(folder, system_env());
        if (!opened) give_up(opened.error());
        store = std::move(*opened);
        {
            Transaction transaction(store->db());
            store->bureau().put_catalog(store->keys().bureau, "forms", survey_catalog(), 0);
            transaction.commit();
        }
        (void)store->lock();  // takes the form over
        api = std::make_unique<Api>(*store);
        listener = std::make_unique<Listener>(
            [this](const Request& request) { return api->handle(request); });
        ListenOptions options;
        options.certificate = store->keys().certificate;
        auto address = listener->start(options);
        if (!address) give_up(address.error());
        url = address->url();
        pin = store->keys().bureau.public_key().hex();
    }

    std::unique_ptr<sim::SimLaptop> add_laptop(const fs::path& folder, const std::string& name) {
        auto laptop = std::make_unique<sim::SimLaptop>(
            name, folder / name, store->keys().bureau.public_key(), seed_++, system_env().now_ms());
        enrol(laptop->key(), name);
        auto transport = connect();
        if (auto done = laptop->sync(transport); !done) give_up(done.error());
        return laptop;
    }

    void enrol(const KeyPair& key, const std::string& name) {
        Transaction transaction(store->db());
        store->bureau().put_user(store->keys().bureau, {name, Role::staff, {}, false}, 0);
        store->bureau().put_device(
            store->keys().bureau,
            {device_id_of(key.public_key()), key.public_key(), name, {name}, false}, 0);
        transaction.commit();
    }

    HttpTransport connect() {
        auto transport = HttpTransport::open(url, pin);
        if (!transport) give_up(transport.error());
        return std::move(*transport);
    }

    std::unique_ptr<CentralStore> store;
    std::unique_ptr<Api> api;
    std::unique_ptr<Listener> listener;
    std::string url, pin;

private:
    std::uint64_t seed_ = 100;
};

/// A device's chain of changesets, each creating one row, made ahead of the clock.
std::vector<SignedChangeset> chain_of(const KeyPair& key, const std::string& user,
                                      const FormCatalog& forms, const std::vector<Row>& rows) {
    std::vector<SignedChangeset> chain;
    Hash256 previous;
    for (const Row& row : rows) {
        Changeset changeset;
        changeset.device = device_id_of(key.public_key());
        changeset.seq = static_cast<std::int64_t>(chain.size()) + 1;
        changeset.previous = previous;
        changeset.hlc = {1'700'000'000'000 + changeset.seq, 0};
        changeset.at_ms = changeset.hlc.ms;
        changeset.user = user;
        changeset.records.push_back({row.id, "survey", 1, {}});
        changeset.ops = creation_of(forms, row).ops;
        SignedChangeset made{encode_changeset(changeset), {}};
        previous = blake2b(made.bytes);
        made.signature = key.sign(signing_bytes(previous));
        chain.push_back(std::move(made));
    }
    return chain;
}

/// "c07.jsonl"
std::string numbered_file(const std::string& stem, int number) {
    return stem + (number < 10 ? "0" : "") + std::to_string(number) + ".jsonl";
}

struct Loaded {
    std::vector<std::vector<Row>> clients;
    std::size_t records = 0;
};

Loaded load_w1(const fs::path& data) {
    Loaded loaded;
    for (int i = 0;; ++i) {
        const std::string name = numbered_file("c", i);
        if (!fs::exists(data / "w1" / name)) break;
        loaded.clients.push_back(load_rows(data / "w1" / name));
        loaded.records += loaded.clients.back().size();
    }
    return loaded;
}

/// W1 in process: what the store can apply, with authentication, the merge and the self-check.
MachineLimits run_apply(const Loaded& loaded, const fs::path& folder) {
    const auto forms = survey_forms();
    ManualEnv env(7);
    std::vector<KeyPair> keys;
    std::vector<std::vector<SignedChangeset>> pushes;
    for (const auto& rows : loaded.clients) {
        keys.push_back(KeyPair::generate(env));
        pushes.push_back(chain_of(keys.back(), "a", *forms, rows));
    }
    std::map<DeviceId, PublicKey> known;
    for (const KeyPair& key : keys) known[device_id_of(key.public_key())] = key.public_key();
    const FindKey find_key = [&](const DeviceId& id) { return std::optional(known.at(id)); };

    Db db = Db::open((folder / "apply.db").string());
    ChangeLog log(db, StoreRole::server, forms);
    std::vector<std::string> changesets;
    for (const auto& push : pushes) {
        for (const SignedChangeset& one : push) changesets.push_back(one.bytes);
    }
    const Stopwatch watch;
    for (auto& push : pushes) {
        auto arrivals = authenticate(push, find_key);
        if (!arrivals) give_up(arrivals.error());
        Transaction transaction(db);
        auto outcome = log.append(*arrivals, 1);
        if (!outcome) give_up(outcome.error());
        transaction.commit();
    }
    const double rate = static_cast<double>(loaded.records) / watch.seconds();
    std::vector<std::string> documents;
    log.each_record("", [&](const RecordDoc& doc) {
        documents.push_back(encode_record(doc));
        return true;
    });
    const MachineLimits machine = measure_machine(folder, documents, changesets);
    std::printf("The machine, in this run\n");
    print("SQLite, one document per record", machine.document_inserts, "records/s");
    print("SQLite, one row per field", machine.cell_inserts, "records/s");
    print("one fsync per record", machine.fsyncs, "/s");
    print("JSON parsed", machine.json_mb, "MB/s");
    print("BLAKE2b", machine.hash_mb, "MB/s");
    print("Ed25519 signed", machine.signs, "/s");
    print("Ed25519 verified", machine.verifies, "/s");
    std::printf("W1: %zu clients x 500 new records of 20 fields\n", loaded.clients.size());
    print("applied in process", rate, "records/s", machine.document_inserts, "raw documents");
    print("applied in process", rate, "records/s", machine.cell_inserts, "raw cells");
    return machine;
}

void run_w1(const Loaded& loaded, const fs::path& folder, const MachineLimits& machine) {
    const auto forms = survey_forms();
    BenchServer server(folder / "w1_server");
    std::vector<std::unique_ptr<sim::SimLaptop>> laptops;
    for (std::size_t i = 0; i < loaded.clients.size(); ++i) {
        laptops.push_back(server.add_laptop(folder, "w1_" + std::to_string(i)));
        laptops.back()->create_many("survey", loaded.clients[i].size(), [&](std::size_t n) {
            return std::pair(loaded.clients[i][n].id, loaded.clients[i][n].values);
        });
    }
    std::size_t up = 0;
    const Stopwatch pushing;
    for (auto& laptop : laptops) {
        auto transport = server.connect();
        CountingTransport counting(transport);
        if (auto done = laptop->push(counting); !done) give_up(done.error());
        up += counting.up;
    }
    print("pushed over TLS", static_cast<double>(loaded.records) / pushing.seconds(), "records/s",
          machine.document_inserts, "raw documents");
    print("bytes up", static_cast<double>(up) / 1e6, "MB");
    const std::size_t pulled = loaded.records * (loaded.clients.size() - 1);
    const Stopwatch pulling;
    for (auto& laptop : laptops) {
        auto transport = server.connect();
        if (auto done = laptop->sync(transport); !done) give_up(done.error());
    }
    print("pulled over TLS and applied", static_cast<double>(pulled) / pulling.seconds(),
          "records/s", machine.document_inserts, "raw documents");
    bool same = true;
    for (auto& laptop : laptops) same &= laptop->log().state() == server.store->log().state();
    std::printf("  all states equal: %s\n", same ? "yes" : "NO");
}

void run_w2(const fs::path& data, const fs::path& folder) {
    BenchServer server(folder / "w2_server");
    const std::vector<Row> base = load_rows(data / "w2" / "base.jsonl");
    std::vector<std::unique_ptr<sim::SimLaptop>> laptops;
    std::vector<HttpTransport> transports;
    for (int i = 0; i < 20; ++i) {
        laptops.push_back(server.add_laptop(folder, "w2_" + std::to_string(i)));
        transports.push_back(server.connect());
    }
    laptops[0]->create_many("survey", base.size(),
                            [&](std::size_t n) { return std::pair(base[n].id, base[n].values); });
    for (std::size_t i = 0; i < laptops.size(); ++i) {
        if (auto done = laptops[i]->sync(transports[i]); !done) give_up(done.error());
    }
    std::size_t edits = 0;
    for (std::size_t i = 0; i < laptops.size(); ++i) {
        const std::string name = numbered_file("edits_c", static_cast<int>(i));
        for (const Row& row : load_rows(data / "w2" / name)) {
            edits += row.values.size();
            laptops[i]->edit(row.id, row.values);
        }
    }
    const Stopwatch watch;
    for (int round = 0; round < 2; ++round) {
        for (std::size_t i = 0; i < laptops.size(); ++i) {
            if (auto done = laptops[i]->sync(transports[i]); !done) give_up(done.error());
        }
    }
    const double seconds = watch.seconds();
    bool same = true;
    for (auto& laptop : laptops) same &= laptop->log().state() == server.store->log().state();
    std::size_t written = 0;
    server.store->log().each_changeset([&](const StoredChangeset& stored) {
        written += decode_changeset(stored.signed_changeset.bytes)->ops.size();
        return true;
    });
    std::printf("W2: 20 laptops edit 3 fields of 200 shared records while apart\n");
    print("until all are equal", seconds, "s");
    std::printf("  %-46s %12zu conflicts\n", "reported on the server",
                server.store->log().conflicts().size());
    std::printf("  %-46s %12zu of %zu\n", "edited values found in the log",
                written - base.size() * 20, edits);
    std::printf("  all states equal: %s\n", same ? "yes" : "NO");
}

void run_w3(const fs::path& data, const fs::path& folder) {
    BenchServer server(folder / "w3_server");
    auto laptop = server.add_laptop(folder, "w3");
    const std::vector<Row> base = load_rows(data / "w3" / "base.jsonl");
    laptop->create_many("survey", base.size(),
                        [&](std::size_t n) { return std::pair(base[n].id, base[n].values); });
    auto transport = server.connect();
    if (auto done = laptop->sync(transport); !done) give_up(done.error());
    for (const Row& row : load_rows(data / "w3" / "edits.jsonl")) {
        laptop->edit(row.id, row.values);
    }
    CountingTransport counting(transport);
    const Stopwatch watch;
    if (auto done = laptop->sync(counting); !done) give_up(done.error());
    const double seconds = watch.seconds();
    std::printf("W3: 10 fields changed among 10,000 synced records\n");
    print("one sync over TLS", seconds * 1000, "ms");
    print("bytes up, headers included", static_cast<double>(counting.up), "bytes");
    print("bytes down, headers included", static_cast<double>(counting.down), "bytes");
    print("requests", static_cast<double>(counting.requests), "");
}

void run_w4(const fs::path& data, const fs::path& folder) {
    BenchServer server(folder / "w4_server");
    const auto forms = survey_forms();
    {
        ManualEnv env(11);
        const KeyPair key = KeyPair::generate(env);
        server.enrol(key, "loader");
        const auto chain = chain_of(key, "loader", *forms, load_rows(data / "w4" / "base.jsonl"));
        const FindKey find_key = [&](const DeviceId&) { return std::optional(key.public_key()); };
        for (std::size_t at = 0; at < chain.size(); at += 1000) {
            const auto end = std::min(at + 1000, chain.size());
            auto arrivals = authenticate({chain.begin() + static_cast<std::ptrdiff_t>(at),
                                          chain.begin() + static_cast<std::ptrdiff_t>(end)},
                                         find_key);
            if (!arrivals) give_up(arrivals.error());
            Transaction transaction(server.store->db());
            auto outcome = server.store->log().append(*arrivals, 1);
            if (!outcome) give_up(outcome.error());
            transaction.commit();
        }
    }
    const Stopwatch watch;
    auto laptop = server.add_laptop(folder, "w4");
    const double seconds = watch.seconds();
    std::printf("W4: a new laptop gets 100,000 records (replay; there is no snapshot yet)\n");
    print("until it has them", seconds, "s");
    print("rate", static_cast<double>(laptop->log().counts().records) / seconds, "records/s");
}

}  // namespace
}  // namespace zf::bench

int main(int argc, char** argv) {
    namespace fs = std::filesystem;
    fs::path data;
    std::string only;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string option = argv[i];
        if (option == "--data") data = argv[i + 1];
        if (option == "--only") only = argv[i + 1];
    }
    if (data.empty()) {
        std::fprintf(stderr,
                     "usage: zf_bench --data DIR [--only W1|W2|W3|W4|growth|protections]\n"
                     "  DIR is made by tests/bench/gen_workload.py DIR\n");
        return 2;
    }
    std::string folder = (fs::temp_directory_path() / "zf_bench.XXXXXX").string();
    if (!mkdtemp(folder.data())) return 1;
    const auto wanted = [&](const char* name) { return only.empty() || only == name; };
    if (wanted("W1")) {
        const auto loaded = zf::bench::load_w1(data);
        const auto machine = zf::bench::run_apply(loaded, folder);
        zf::bench::run_w1(loaded, folder, machine);
    }
    if (wanted("W2")) zf::bench::run_w2(data, folder);
    if (wanted("W3")) zf::bench::run_w3(data, folder);
    if (wanted("W4")) zf::bench::run_w4(data, folder);
    if (wanted("growth")) {
        zf::bench::run_growth(zf::bench::load_rows(data / "w4" / "base.jsonl"), folder);
    }
    if (wanted("protections")) {
        std::vector<zf::bench::Row> rows;
        for (auto& client : zf::bench::load_w1(data).clients) {
            rows.insert(rows.end(), client.begin(), client.end());
        }
        zf::bench::run_protections(rows, folder);
    }
    std::printf("peak memory of this process, both ends in it: %.0f MB\n",
                zf::bench::peak_memory_mb());
    fs::remove_all(folder);
    return 0;
}
