// zoufang: the field client.
#include <csignal>
#include <iostream>

#include "client/commands.h"
#include "client/ui/run_window.h"

int main(int argc, char** argv) {
    // A server that goes away, or a pipe that is closed, is an error like any other.
    std::signal(SIGPIPE, SIG_IGN);
    return zf::run_client({argv + 1, argv + argc}, std::cin, std::cout, std::cerr,
                          zf::ui::run_window);
}
