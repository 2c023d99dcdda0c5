#include "client/app/worker.h"

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace zf;

TEST_CASE("what comes of jobs is run by whoever collects, in the order of posting") {
    std::atomic<int> woken = 0;
    auto worker = std::make_unique<Worker>([&] { ++woken; });
    const auto here = std::this_thread::get_id();
    std::vector<int> came;
    bool other_thread = true, same_thread = true;
    for (int i = 0; i < 5; ++i) {
        worker->post("count", [&, i](Worker::Progress&) -> Worker::Then {
            other_thread &= std::this_thread::get_id() != here;
            return [&, i] {
                same_thread &= std::this_thread::get_id() == here;
                came.push_back(i);
            };
        });
    }
    worker->finish();
    CHECK(came == std::vector<int>{0, 1, 2, 3, 4});
    CHECK(other_thread);
    CHECK(same_thread);
    CHECK(worker->tasks().empty());
    // The last one may be collected before the worker's thread gets to waking anybody.
    worker.reset();
    CHECK(woken >= 5);
}

TEST_CASE("a job at hand is told that it is cancelled, one that waits is never begun") {
    Worker worker(nullptr);
    std::atomic<bool> begun = false, was_cancelled = false;
    bool second_ran = false;
    const auto first = worker.post("long", [&](Worker::Progress& progress) -> Worker::Then {
        begun = true;
        begun.notify_all();
        while (progress.report(0.5, "half")) std::this_thread::yield();
        was_cancelled = progress.is_cancelled();
        return {};
    });
    const auto second = worker.post("next", [&](Worker::Progress&) -> Worker::Then {
        second_ran = true;
        return {};
    });
    begun.wait(false);
    CHECK(worker.is_busy_with("long"));
    CHECK(worker.is_busy_with("next"));
    worker.cancel(second);
    worker.cancel(first);
    worker.finish();
    CHECK(was_cancelled);
    CHECK_FALSE(second_ran);
    CHECK_FALSE(worker.is_busy_with("long"));
}

TEST_CASE("a job that throws is told, and the next one runs") {
    Worker worker(nullptr);
    std::string told;
    bool next = false;
    worker.post(
        "broken", [](Worker::Progress&) -> Worker::Then { throw std::runtime_error("disk gone"); },
        [&](const std::string& what) { told = what; });
    worker.post("next", [&](Worker::Progress&) -> Worker::Then { return [&] { next = true; }; });
    worker.finish();
    CHECK(told == "disk gone");
    CHECK(next);
}
