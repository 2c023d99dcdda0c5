// A fixed number of threads that turn whole requests into answers. Refuses to know sockets.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "server/http/http_engine.h"

namespace zf {

struct WorkItem {
    std::uint64_t connection = 0;
    WholeRequest request;
};

struct FinishedWork {
    std::uint64_t connection = 0;
    std::string answer;  // wire bytes
};

class WorkerPool {
public:
    /// `on_finished` is called on a worker thread whenever there is something to take.
    WorkerPool(const Handler& handler, const ListenerLimits& limits,
               std::function<void()> on_finished);
    /// Finishes.
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    void submit(WorkItem item);
    /// Lets the handlers that run come to their end and ends the threads; requests that have not
    /// begun are dropped. Afterwards only take_finished may be called.
    void finish();
    /// Everything finished since the last call, in order of finishing.
    std::vector<FinishedWork> take_finished();

private:
    const Handler& handler_;
    const ListenerLimits& limits_;
    std::function<void()> on_finished_;
    std::mutex mutex_;
    std::condition_variable has_work_;
    std::deque<WorkItem> waiting_;
    std::vector<FinishedWork> finished_;
    bool ends_ = false;
    std::vector<std::thread> threads_;

    void work();
};

}  // namespace zf
