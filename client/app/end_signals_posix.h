// Notices that the session asks the program to end: SIGTERM, SIGINT (Ctrl+C), SIGHUP. The second
// one of a kind ends it at once, as if nobody noticed. POSIX only; one at a time in a program.
#pragma once

#include <functional>
#include <memory>

namespace zf {

class EndSignals {
public:
    /// `wake` is called from a thread of this object when one came.
    explicit EndSignals(std::function<void()> wake);
    ~EndSignals();
    EndSignals(const EndSignals&) = delete;
    EndSignals& operator=(const EndSignals&) = delete;

    /// From any thread.
    [[nodiscard]] static bool has_come();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace zf
