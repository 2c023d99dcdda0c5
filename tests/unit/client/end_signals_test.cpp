#include <doctest/doctest.h>

#include <atomic>
#include <csignal>

#include "client/app/end_signals_posix.h"

using namespace zf;

TEST_CASE(
    "a signal to end is noticed and wakes, once for each object, and is nobody's afterwards") {
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
        std::atomic<int> woken = 0;
        {
            EndSignals signals([&] {
                ++woken;
                woken.notify_one();
            });
            CHECK_FALSE(EndSignals::has_come());
            std::raise(signal);
            CHECK(EndSignals::has_come());
            woken.wait(0);
            // The next one of its kind ends the program, however it hangs.
            struct sigaction now {};
            sigaction(signal, nullptr, &now);
            CHECK((now.sa_handler == SIG_DFL));
        }
        CHECK(woken == 1);
    }
}

TEST_CASE("what was told to be ignored stays ignored") {
    std::signal(SIGHUP, SIG_IGN);
    {
        EndSignals signals([] {});
        std::raise(SIGHUP);
        CHECK_FALSE(EndSignals::has_come());
    }
    struct sigaction now {};
    sigaction(SIGHUP, nullptr, &now);
    CHECK((now.sa_handler == SIG_IGN));
    std::signal(SIGHUP, SIG_DFL);
}
