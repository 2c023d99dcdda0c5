// One thread beside that of the screens: works off jobs in their order. What comes of a job is
// handed back as a function that the screens' thread runs, so that screens and stores stay on one
// thread. Knows no window; whoever makes it says how the screens are woken.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace zf {

/// A job as the screens see it.
struct TaskState {
    std::uint64_t id = 0;
    std::string name;    // as it was posted: who asked
    double done = -1;    // 0 to 1; below 0: how far is not known
    std::string detail;  // what the job said last
    bool cancelled = false;
};

class Worker {
public:
    /// What a job is told and tells while it runs. On the worker's thread.
    class Progress {
    public:
        /// False when somebody has cancelled: the job should end.
        bool report(double done, std::string detail = {});
        [[nodiscard]] bool is_cancelled() const;

    private:
        friend class Worker;
        Progress(Worker& worker, std::uint64_t id) : worker_(worker), id_(id) {}
        Worker& worker_;
        std::uint64_t id_;
    };

    /// Runs on the screens' thread when the job is through; may be empty.
    using Then = std::function<void()>;
    using Job = std::function<Then(Progress&)>;

    /// `wake` is called from the worker's thread whenever there is news.
    explicit Worker(std::function<void()> wake);
    /// Cancels everything and waits for the job at hand.
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// A job behind those that wait. One that throws (a broken disk) ends like a cancelled one;
    /// `failed` then runs on the screens' thread with what was wrong.
    std::uint64_t post(std::string name, Job job,
                       std::function<void(const std::string&)> failed = {});
    void cancel(std::uint64_t id);
    /// The job at hand and those that wait, in order.
    [[nodiscard]] std::vector<TaskState> tasks() const;
    /// Whether one of this name is at hand or waits.
    [[nodiscard]] bool is_busy_with(const std::string& name) const;
    /// Runs what came of jobs that are through. True when there was any.
    bool collect();
    /// Waits until nothing is left to do, collecting: for tests and the end of the program.
    void finish();

private:
    struct State;
    void run();

    std::unique_ptr<State> state_;
};

}  // namespace zf
