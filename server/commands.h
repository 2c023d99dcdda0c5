// The subcommands of zoufang-server. Each opens the data folder, does one thing and prints JSON (or
// the file asked for) on standard output; messages go to standard error. All but `init`, `serve`
// and `restore` work while a server runs on the same data.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>

#include "common/base/date.h"
#include "common/base/env.h"
#include "common/base/result.h"
#include "common/model/value.h"
#include "server/command_line.h"

namespace zf {

/// Runs one command line without the program's name. Returns the exit status: 0 done, 1 the request
/// could not be met (the message says why), 2 wrong usage. Throws nothing.
int run_command(std::span<const std::string> arguments, Env& env, std::ostream& out,
                std::ostream& messages);

/// What a subcommand works with.
struct Invocation {
    const CommandLine& line;
    Env& env;
    std::ostream& out;
    std::ostream& messages;
};

/// Exit status 0 or 1 with the output written, or an error to be told.
using CommandHandler = Result<int> (*)(const Invocation&);

/// The address at which a server serves these data now; nothing when none does.
std::optional<std::string> serving_address(const std::filesystem::path& data);

// commands_bureau.cpp
Result<int> run_init(const Invocation& invocation);
Result<int> run_bureau_key(const Invocation& invocation);
Result<int> run_user_add(const Invocation& invocation);
Result<int> run_user_change(const Invocation& invocation);
Result<int> run_user_list(const Invocation& invocation);
Result<int> run_user_disable(const Invocation& invocation);
Result<int> run_enrol_code(const Invocation& invocation);
Result<int> run_device_list(const Invocation& invocation);
Result<int> run_device_revoke(const Invocation& invocation);
// commands_revert.cpp
Result<int> run_device_revert(const Invocation& invocation);
Result<int> run_device_unrevert(const Invocation& invocation);
// commands_serve_posix.cpp
Result<int> run_serve(const Invocation& invocation);
// commands_report.cpp
Result<int> run_report(const Invocation& invocation);
// commands_output.cpp
Result<int> run_export(const Invocation& invocation);
Result<int> run_status(const Invocation& invocation);
// commands_upkeep.cpp
Result<int> run_backup(const Invocation& invocation);
Result<int> run_restore(const Invocation& invocation);
Result<int> run_verify(const Invocation& invocation);
// commands_bundle.cpp
Result<int> run_bundle_import(const Invocation& invocation);
Result<int> run_bundle_export(const Invocation& invocation);
// commands_parked.cpp
Result<int> run_parked(const Invocation& invocation);
// commands_review.cpp
Result<int> run_review(const Invocation& invocation);
// commands_repair.cpp
Result<int> run_repair(const Invocation& invocation);

/// Writes one JSON document for people and programs.
void print_json(std::ostream& out, const Value& value);
/// A wrong value of an option.
Unexpected wrong_usage(std::string message, std::string where);
/// A format that is named in the usage of later versions only.
Unexpected not_yet(const std::string& what, const std::string& option);
/// What --period says.
Result<Period> period_of(const CommandLine& line);

}  // namespace zf
