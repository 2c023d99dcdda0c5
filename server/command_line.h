// Splits the arguments of zoufang-server into a subcommand, its words and its options. Knows the
// shape of each subcommand, not what it does.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace zf {

struct OptionShape {
    std::string_view name;  // "--role"
    bool has_value = true;
    bool is_repeatable = false;
};

struct CommandShape {
    std::string_view name;   // "user add": one or two words
    std::string_view usage;  // what follows the name
    std::size_t words = 0;   // exactly so many after the name
    std::vector<OptionShape> options;
};

struct CommandLine {
    std::string data = "/var/lib/zoufang";
    std::string store;               // --store; empty: the embedded one
    std::size_t command = 0;         // index into the shapes
    std::vector<std::string> words;  // after the name
    std::map<std::string, std::vector<std::string>, std::less<>> options;

    [[nodiscard]] bool has(std::string_view option) const { return options.contains(option); }
    /// The option's value, or `absent`.
    [[nodiscard]] std::string value(std::string_view option, std::string_view absent = {}) const;
};

/// Errors: `unknown_command` and `missing_argument`, both a wrong usage.
Result<CommandLine> read_command_line(std::span<const std::string> arguments,
                                      std::span<const CommandShape> shapes);

/// All subcommands with what follows them, one line each.
std::string usage_text(std::span<const CommandShape> shapes);

}  // namespace zf
