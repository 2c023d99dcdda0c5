#include "tests/bench/growth.h"

#include <cstdio>
#include <vector>

#include "tests/bench/bench_log.h"
#include "tests/bench/machine.h"

namespace zf::bench {
namespace {

constexpr std::size_t few = 1000, timed = 500, batch = 500;
// What waits for a disk is not what grows.
constexpr Protections in_memory{true, true, true, false};

struct Times {
    double save_us = 0, sync_us = 0;
};

class Growing {
public:
    Growing(const std::vector<Row>& rows, const std::filesystem::path& folder, StoreRole role)
        : rows_(rows), store_(folder / "growth.db", role, in_memory), writer_(*forms_) {}

    void grow_to(std::size_t count) {
        std::vector<Arrival> arrivals;
        while (next_ < count) {
            arrivals.push_back(writer_.make(rows_[next_++], in_memory));
            if (arrivals.size() == batch || next_ == count) {
                store_.append(arrivals);
                arrivals.clear();
            }
        }
    }

    double save_us() {
        const Stopwatch watch;
        for (std::size_t i = 0; i < timed; ++i) {
            Arrival arrival = writer_.make(rows_[next_++], in_memory);
            store_.append({&arrival, 1});
        }
        return watch.seconds() * 1e6 / static_cast<double>(timed);
    }

    double sync_us() {
        const DeviceId device = device_id_of(writer_.public_key());
        std::size_t found = 0;
        const Stopwatch watch;
        for (std::size_t i = 0; i < timed; ++i) {
            found += store_.log().applied_up_to().size() + store_.log().waiting_of(device).size();
        }
        check(found == timed);  // one device, nothing that waits
        return watch.seconds() * 1e6 / static_cast<double>(timed);
    }

private:
    const std::vector<Row>& rows_;
    std::shared_ptr<const FormCatalog> forms_ = survey_forms();
    Store store_;
    Writer writer_;
    std::size_t next_ = 0;
};

void print(const char* name, double among_few, double among_many) {
    std::printf("    %-44s %8.0f us %8.0f us  %6.2f\n", name, among_few, among_many,
                among_many / among_few);
}

}  // namespace

void run_growth(const std::vector<Row>& rows, const std::filesystem::path& folder) {
    check(rows.size() > 2 * (few + timed));
    const std::size_t many = rows.size() - timed;
    std::printf("Growth: among %zu and among %zu records\n", few, many);
    Times small, large;
    {
        Growing laptop(rows, folder, StoreRole::laptop);
        laptop.grow_to(few);
        small.save_us = laptop.save_us();
        laptop.grow_to(many);
        large.save_us = laptop.save_us();
    }
    {
        Growing server(rows, folder, StoreRole::server);
        server.grow_to(few);
        small.sync_us = server.sync_us();
        server.grow_to(many);
        large.sync_us = server.sync_us();
    }
    print("one record saved on a laptop", small.save_us, large.save_us);
    print("what has come and what waits, on the server", small.sync_us, large.sync_us);
}

}  // namespace zf::bench
