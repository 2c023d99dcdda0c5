#include "server/http/worker_pool.h"

#include <utility>

namespace zf {

WorkerPool::WorkerPool(const Handler& handler, const ListenerLimits& limits,
                       std::function<void()> on_finished)
    : handler_(handler), limits_(limits), on_finished_(std::move(on_finished)) {
    threads_.reserve(limits_.worker_threads);
    for (std::size_t i = 0; i < limits_.worker_threads; ++i)
        threads_.emplace_back([this] { work(); });
}

WorkerPool::~WorkerPool() {
    finish();
}

void WorkerPool::finish() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    has_work_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
}

void WorkerPool::submit(WorkItem item) {
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(item));
    }
    has_work_.notify_one();
}

std::vector<FinishedWork> WorkerPool::take_finished() {
    const std::lock_guard lock(mutex_);
    return std::exchange(finished_, {});
}

void WorkerPool::work() {
    HttpEngine engine(handler_, limits_);
    std::unique_lock lock(mutex_);
    while (true) {
        has_work_.wait(lock, [this] { return ends_ || !waiting_.empty(); });
        if (ends_) return;
        WorkItem item = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        FinishedWork done{item.connection, engine.answer(std::move(item.request))};
        lock.lock();
        finished_.push_back(std::move(done));
        // One call wakes the taker for all that came together.
        if (finished_.size() == 1) on_finished_();
    }
}

}  // namespace zf
