// zoufang-server: see commands.h for what it can be asked.
#include <iostream>
#include <string>
#include <vector>

#include "server/commands.h"

int main(int count, char** arguments) {
    const std::vector<std::string> words(arguments + 1, arguments + count);
    return zf::run_command(words, zf::system_env(), std::cout, std::cerr);
}
