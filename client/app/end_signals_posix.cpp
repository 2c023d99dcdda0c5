#include "client/app/end_signals_posix.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <thread>
#include <utility>

#include "common/base/assert.h"

namespace zf {
namespace {

constexpr std::array ending{SIGTERM, SIGINT, SIGHUP};
constexpr char signal_came = 's', object_ends = 'e';

// What a handler may touch: a flag without a lock, and a pipe.
std::atomic<bool> came{false};
std::atomic<int> pipe_in{-1};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

void note(int) {
    const int kept = errno;
    came = true;
    // A full pipe has told it already.
    [[maybe_unused]] const auto written = ::write(pipe_in, &signal_came, 1);
    errno = kept;
}

}  // namespace

struct EndSignals::State {
    std::function<void()> wake;
    std::array<int, 2> pipe{-1, -1};
    std::array<struct sigaction, ending.size()> before{};
    std::thread thread;

    void run() const {
        char what = 0;
        for (;;) {
            const auto read = ::read(pipe[0], &what, 1);
            if (read < 0 && errno == EINTR) continue;
            if (read != 1 || what == object_ends) return;
            wake();
        }
    }
};

EndSignals::EndSignals(std::function<void()> wake) : state_(std::make_unique<State>()) {
    state_->wake = std::move(wake);
    ZF_ASSERT(pipe_in < 0);
    // Without a pipe the signals end the program as they always did.
    if (::pipe2(state_->pipe.data(), O_CLOEXEC) != 0) return;
    came = false;
    pipe_in = state_->pipe[1];
    state_->thread = std::thread([state = state_.get()] { state->run(); });
    for (std::size_t i = 0; i < ending.size(); ++i) {
        struct sigaction now {};
        now.sa_handler = note;
        now.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
        ::sigaction(ending[i], nullptr, &state_->before[i]);
        // Who starts a program with nohup wants it to stay.
        if (state_->before[i].sa_handler != SIG_IGN) ::sigaction(ending[i], &now, nullptr);
    }
}

EndSignals::~EndSignals() {
    if (!state_->thread.joinable()) return;
    for (std::size_t i = 0; i < ending.size(); ++i) {
        ::sigaction(ending[i], &state_->before[i], nullptr);
    }
    pipe_in = -1;
    const char last = object_ends;
    if (::write(state_->pipe[1], &last, 1) != 1) ::close(std::exchange(state_->pipe[1], -1));
    state_->thread.join();
    for (const int end : state_->pipe) {
        if (end >= 0) ::close(end);
    }
}

bool EndSignals::has_come() {
    return came;
}

}  // namespace zf
