#include "server/commands.h"

#include <exception>
#include <ostream>

#include "common/codec/json.h"
#include "common/db/db.h"

namespace zf {
namespace {

struct Command {
    CommandShape shape;
    CommandHandler run;
};

const std::vector<Command>& commands() {
    static const std::vector<Command> all{
        {{"init", "[--admin NAME] [--recover KEY_FILE]", 0, {{"--admin"}, {"--recover"}}},
         run_init},
        {{"bureau-key", "", 0, {}}, run_bureau_key},
        {{"serve", "[--listen HOST:PORT] [--http]", 0, {{"--listen"}, {"--http", false}}},
         run_serve},
        {{"user add",
          "NAME --role staff|section_head|leader|admin [--area CODE]...",
          1,
          {{"--role"}, {"--area", true, true}}},
         run_user_add},
        {{"user change",
          "NAME [--role staff|section_head|leader|admin] [--area CODE]... [--everywhere]",
          1,
          {{"--role"}, {"--area", true, true}, {"--everywhere", false}}},
         run_user_change},
        {{"user list", "", 0, {}}, run_user_list},
        {{"user disable", "NAME", 1, {}}, run_user_disable},
        {{"enrol-code", "--user NAME [--address URL]", 0, {{"--user"}, {"--address"}}},
         run_enrol_code},
        {{"device list", "", 0, {}}, run_device_list},
        {{"device revoke", "ID", 1, {}}, run_device_revoke},
        {{"device revert",
          "ID --since SEQ --by NAME [--reason TEXT] [--rehearse]",
          1,
          {{"--since"}, {"--by"}, {"--reason"}, {"--rehearse", false}}},
         run_device_revert},
        {{"device unrevert",
          "BATCH --by NAME [--reason TEXT] [--rehearse]",
          1,
          {{"--by"}, {"--reason"}, {"--rehearse", false}}},
         run_device_unrevert},
        {{"review",
          "RECORD --user NAME --decision checked|approved|returned [--note TEXT] "
          "[--comment FIELD=TEXT]...",
          1,
          {{"--user"}, {"--decision"}, {"--note"}, {"--comment", true, true}}},
         run_review},
        {{"report",
          "--period P [--format json] [--freeze [--user NAME] | --erratum [--json] | --number N] | "
          "--list [--period P]",
          0,
          {{"--period"},
           {"--format"},
           {"--freeze", false},
           {"--user"},
           {"--erratum", false},
           {"--json", false},
           {"--number"},
           {"--list", false}}},
         run_report},
        {{"export",
          "[--form F] [--format json|csv] [--period P] [--personal]",
          0,
          {{"--form"}, {"--format"}, {"--period"}, {"--personal", false}}},
         run_export},
        {{"bundle import", "FILE", 1, {}}, run_bundle_import},
        {{"bundle export", "--device ID FILE", 1, {{"--device"}}}, run_bundle_export},
        {{"backup", "DIR", 1, {}}, run_backup},
        {{"restore", "DIR", 1, {}}, run_restore},
        {{"verify", "", 0, {}}, run_verify},
        {{"repair", "", 0, {}}, run_repair},
        {{"status", "", 0, {}}, run_status},
        {{"parked", "[--json]", 0, {{"--json", false}}}, run_parked},
    };
    return all;
}

const std::vector<CommandShape>& shapes() {
    static const std::vector<CommandShape> all = [] {
        std::vector<CommandShape> list;
        for (const Command& command : commands()) list.push_back(command.shape);
        return list;
    }();
    return all;
}

bool is_wrong_usage(ErrorCode code) {
    return code == ErrorCode::unknown_command || code == ErrorCode::missing_argument;
}

void tell(std::ostream& messages, const Error& error) {
    messages << "zoufang-server: " << error.message;
    if (!error.where.empty()) messages << " (" << error.where << ")";
    messages << "\n";
}

Result<int> run_line(std::span<const std::string> arguments, Env& env, std::ostream& out,
                     std::ostream& messages) {
    const auto line = read_command_line(arguments, shapes());
    if (!line) return fail(line.error());
    if (!line->store.empty()) {
        return fail(ErrorCode::not_allowed,
                    "This version keeps its store in the data folder only; leave --store out.",
                    "--store");
    }
    return commands().at(line->command).run({*line, env, out, messages});
}

}  // namespace

int run_command(std::span<const std::string> arguments, Env& env, std::ostream& out,
                std::ostream& messages) {
    if (arguments.size() == 1 && (arguments[0] == "--help" || arguments[0] == "help")) {
        out << usage_text(shapes());
        return 0;
    }
    if (arguments.size() == 1 && arguments[0] == "--version") {
        out << "zoufang-server " << ZF_VERSION << "\n";
        return 0;
    }
    try {
        const auto status = run_line(arguments, env, out, messages);
        if (status) return *status;
        tell(messages, status.error());
        if (!is_wrong_usage(status.error().code)) return 1;
        messages << usage_text(shapes());
        return 2;
    } catch (const DbError& error) {
        messages << "zoufang-server: the store failed: " << error.what() << "\n";
        if (error.is_damage()) {
            messages << "central.db is damaged: stop the server and run `zoufang-server repair`, "
                        "which keeps all that can be read, or `restore` a backup.\n";
        } else if (!error.is_busy()) {
            messages << "Check the disk of the data folder and its free space.\n";
        }
    } catch (const std::exception& error) {
        messages << "zoufang-server: " << error.what() << "\n";
    }
    return 1;
}

void print_json(std::ostream& out, const Value& value) {
    out << pretty_json(value) << "\n";
}

Unexpected wrong_usage(std::string message, std::string where) {
    return fail(ErrorCode::missing_argument, std::move(message), std::move(where));
}

Unexpected not_yet(const std::string& what, const std::string& option) {
    return fail(ErrorCode::not_allowed, what + " comes with a later version; use json for now.",
                option);
}

Result<Period> period_of(const CommandLine& line) {
    auto period = parse_period(line.value("--period"));
    if (period) return period;
    return wrong_usage(
        "The period should be like 2008H1, 2008Q2, 2008-05, 2008 or 2008-05-12..2008-05-31.",
        "--period");
}

}  // namespace zf
