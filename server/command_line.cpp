#include "server/command_line.h"

#include <algorithm>

namespace zf {
namespace {

/// The words of a command's name, "user add" being two.
std::vector<std::string> words_of(std::string_view name) {
    const std::size_t blank = name.find(' ');
    if (blank == name.npos) return {std::string(name)};
    return {std::string(name.substr(0, blank)), std::string(name.substr(blank + 1))};
}

Unexpected unknown(const std::string& argument) {
    return fail(ErrorCode::unknown_command, "There is no such command or option here.", argument);
}

/// Takes the command's name from the front of `left`.
Result<std::size_t> take_name(std::span<const std::string>& left,
                              std::span<const CommandShape> shapes) {
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        const auto words = words_of(shapes[i].name);
        if (left.size() < words.size()) continue;
        if (!std::equal(words.begin(), words.end(), left.begin())) continue;
        left = left.subspan(words.size());
        return i;
    }
    if (left.empty()) return fail(ErrorCode::missing_argument, "Name a command.");
    return unknown(left.front());
}

/// Takes one option and its value from the front of `left`.
Result<void> take_option(std::span<const std::string>& left, std::span<const OptionShape> shapes,
                         CommandLine& line) {
    const std::string& name = left.front();
    const auto shape = std::find_if(shapes.begin(), shapes.end(),
                                    [&](const OptionShape& one) { return one.name == name; });
    if (shape == shapes.end()) return unknown(name);
    std::vector<std::string>& values = line.options[name];
    if (!values.empty() && !shape->is_repeatable) {
        return fail(ErrorCode::unknown_command, "This option is given twice.", name);
    }
    if (shape->has_value && left.size() < 2) {
        return fail(ErrorCode::missing_argument, "This option lacks its value.", name);
    }
    values.push_back(shape->has_value ? left[1] : std::string());
    left = left.subspan(shape->has_value ? 2 : 1);
    return {};
}

bool is_option(const std::string& argument) {
    return argument.starts_with("--");
}

}  // namespace

std::string CommandLine::value(std::string_view option, std::string_view absent) const {
    const auto entry = options.find(option);
    return entry == options.end() ? std::string(absent) : entry->second.front();
}

Result<CommandLine> read_command_line(std::span<const std::string> arguments,
                                      std::span<const CommandShape> shapes) {
    static const std::vector<OptionShape> before{{"--data"}, {"--store"}};
    CommandLine line;
    std::span<const std::string> left = arguments;
    while (!left.empty() && is_option(left.front())) ZF_CHECK(take_option(left, before, line));
    line.data = line.value("--data", line.data);
    line.store = line.value("--store");
    line.options.clear();
    const auto command = take_name(left, shapes);
    if (!command) return fail(command.error());
    line.command = *command;
    const CommandShape& shape = shapes[line.command];
    while (!left.empty()) {
        if (is_option(left.front())) {
            ZF_CHECK(take_option(left, shape.options, line));
            continue;
        }
        line.words.push_back(left.front());
        left = left.subspan(1);
    }
    if (line.words.size() < shape.words) {
        return fail(
            ErrorCode::missing_argument,
            "This lacks an argument: " + std::string(shape.name) + " " + std::string(shape.usage),
            std::string(shape.name));
    }
    if (line.words.size() > shape.words) return unknown(line.words[shape.words]);
    return line;
}

std::string usage_text(std::span<const CommandShape> shapes) {
    std::string text = "usage: zoufang-server [--data DIR] COMMAND\n";
    for (const CommandShape& shape : shapes) {
        text += "  " + std::string(shape.name);
        if (!shape.usage.empty()) text += " " + std::string(shape.usage);
        text += "\n";
    }
    return text;
}

}  // namespace zf
