#include "client/app/worker.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

namespace zf {

struct Worker::State {
    struct Waiting {
        TaskState task;
        Job job;
        std::function<void(const std::string&)> failed;
    };

    std::function<void()> wake;
    mutable std::mutex mutex;
    std::condition_variable news;
    std::deque<Waiting> waiting;
    std::optional<TaskState> at_hand;
    std::vector<Then> through;
    bool ends = false;
    std::thread thread;
};

Worker::Worker(std::function<void()> wake) : state_(std::make_unique<State>()) {
    state_->wake = std::move(wake);
    state_->thread = std::thread([this] { run(); });
}

Worker::~Worker() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->ends = true;
        state_->waiting.clear();
        if (state_->at_hand) state_->at_hand->cancelled = true;
    }
    state_->news.notify_all();
    state_->thread.join();
}

std::uint64_t Worker::post(std::string name, Job job,
                           std::function<void(const std::string&)> failed) {
    static std::atomic<std::uint64_t> last_id = 0;
    TaskState task;
    task.id = ++last_id;
    task.name = std::move(name);
    {
        const std::lock_guard lock(state_->mutex);
        state_->waiting.push_back({task, std::move(job), std::move(failed)});
    }
    state_->news.notify_all();
    return task.id;
}

void Worker::cancel(std::uint64_t id) {
    const std::lock_guard lock(state_->mutex);
    if (state_->at_hand && state_->at_hand->id == id) state_->at_hand->cancelled = true;
    std::erase_if(state_->waiting, [id](const auto& one) { return one.task.id == id; });
}

std::vector<TaskState> Worker::tasks() const {
    const std::lock_guard lock(state_->mutex);
    std::vector<TaskState> tasks;
    if (state_->at_hand) tasks.push_back(*state_->at_hand);
    for (const auto& one : state_->waiting) tasks.push_back(one.task);
    return tasks;
}

bool Worker::is_busy_with(const std::string& name) const {
    const auto all = tasks();
    return std::any_of(all.begin(), all.end(),
                       [&](const TaskState& task) { return task.name == name; });
}

bool Worker::collect() {
    std::vector<Then> through;
    {
        const std::lock_guard lock(state_->mutex);
        through.swap(state_->through);
    }
    for (const Then& then : through) then();
    return !through.empty();
}

void Worker::finish() {
    for (;;) {
        {
            std::unique_lock lock(state_->mutex);
            state_->news.wait(lock, [this] {
                return !state_->through.empty() || (state_->waiting.empty() && !state_->at_hand);
            });
        }
        if (!collect()) return;
    }
}

void Worker::run() {
    std::unique_lock lock(state_->mutex);
    for (;;) {
        state_->news.wait(lock, [this] { return state_->ends || !state_->waiting.empty(); });
        if (state_->ends) return;
        State::Waiting next = std::move(state_->waiting.front());
        state_->waiting.pop_front();
        state_->at_hand = next.task;
        lock.unlock();
        Then then;
        try {
            Progress progress(*this, next.task.id);
            then = next.job(progress);
        } catch (const std::exception& broken) {
            // A disk that fails is told on the screens' thread; the worker goes on.
            if (next.failed)
                then = [failed = next.failed, what = std::string(broken.what())] { failed(what); };
        }
        next = {};  // what the job held ends here, not at the next one
        lock.lock();
        state_->at_hand.reset();
        if (then) state_->through.push_back(std::move(then));
        state_->news.notify_all();
        lock.unlock();
        if (state_->wake) state_->wake();
        lock.lock();
    }
}

bool Worker::Progress::report(double done, std::string detail) {
    {
        const std::lock_guard lock(worker_.state_->mutex);
        auto& at_hand = worker_.state_->at_hand;
        if (!at_hand || at_hand->cancelled) return false;
        at_hand->done = done;
        at_hand->detail = std::move(detail);
    }
    if (worker_.state_->wake) worker_.state_->wake();
    return true;
}

bool Worker::Progress::is_cancelled() const {
    const std::lock_guard lock(worker_.state_->mutex);
    return !worker_.state_->at_hand || worker_.state_->at_hand->cancelled;
}

}  // namespace zf
