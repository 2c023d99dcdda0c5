#include "server/commands.h"

#include <array>
#include <exception>
#include <ostream>

#include "common/codec/json.h"
#include "common/db/db.h"

namespace zf {
namespace {

const std::vector<CommandShape>& shapes() {
    static const std::vector<CommandShape> all{
        {"init", "[--admin NAME] [--recover KEY_FILE]", 0, {{"--admin"}, {"--recover"}}},
        {"bureau-key", "", 0, {}},
        {"serve", "[--listen HOST:PORT] [--http]", 0, {{"--listen"}, {"--http", false}}},
        {"user add",
         "NAME --role staff|section_head|leader|admin [--area CODE]...",
         1,
         {{"--role"}, {"--area", true, true}}},
        {"user change",
         "NAME [--role staff|section_head|leader|admin] [--area CODE]... [--everywhere]",
         1,
         {{"--role"}, {"--area", true, true}, {"--everywhere", false}}},
        {"user list", "", 0, {}},
        {"user disable", "NAME", 1, {}},
        {"enrol-code", "--user NAME", 0, {{"--user"}}},
        {"device list", "", 0, {}},
        {"device revoke", "ID", 1, {}},
        {"report",
         "--period P [--format json]",
         0,
         {{"--period"}, {"--format"}, {"--freeze", false}}},
        {"export",
         "[--form F] [--format json|csv] [--period P] [--personal]",
         0,
         {{"--form"}, {"--format"}, {"--period"}, {"--personal", false}}},
        {"bundle import", "FILE", 1, {}},
        {"bundle export", "--device ID FILE", 1, {{"--device"}}},
        {"backup", "DIR", 1, {}},
        {"restore", "DIR", 1, {}},
        {"verify", "", 0, {}},
        {"repair", "", 0, {}},
        {"status", "", 0, {}},
    };
    return all;
}

/// In the order of the shapes.
constexpr std::array<CommandHandler, 19> handlers{
    run_init,      run_bureau_key,   run_serve,         run_user_add,      run_user_change,
    run_user_list, run_user_disable, run_enrol_code,    run_device_list,   run_device_revoke,
    run_report,    run_export,       run_bundle_import, run_bundle_export, run_backup,
    run_restore,   run_verify,       run_repair,        run_status};

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
    return handlers.at(line->command)({*line, env, out, messages});
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

}  // namespace zf
