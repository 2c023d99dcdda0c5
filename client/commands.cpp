#include "client/commands.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <ostream>

#include "client/batch.h"
#include "client/bundle_commands.h"
#include "client/commands_receipts.h"
#include "client/commands_repair.h"
#include "client/enrol.h"
#include "client/json_view.h"
#include "client/sync_pass.h"
#include "common/db/db.h"

namespace zf {
namespace {

namespace fs = std::filesystem;

constexpr const char* usage =
    "usage: zoufang [--home DIR] [--user NAME] [COMMAND]\n"
    "Without a command the window opens, with these options:\n"
    "  --language zh-Hans|zh-Hant|en  --scale 0.8..2  --theme light|dark|contrast\n"
    "  --screen NAME         today, form, records, coverage, map, conflicts, sync or settings\n"
    "  --shot FILE.png       draw until nothing moves, save a picture, end\n"
    "  --at TIME             starts the clock there, for demonstrations\n"
    "  --measure FILE        at the end, how long the frames took, as JSON\n"
    "  --ui-registry FILE    what is on the screen as JSON, after every frame: for tests\n"
    "Commands:\n"
    "  enrol --server URL --code CODE [--pin HEX]   make this laptop a device of the bureau\n"
    "  sync [--rehearse] [--server URL]             send and fetch, or say what would be;\n"
    "                                               --server: the bureau has a new address\n"
    "  batch [--replay]                             JSON commands from standard input\n"
    "  status                                       what this laptop holds\n"
    "  receipts [--record ID | --since DATE] [--json]\n"
    "                                               what became of what was written here\n"
    "  reconcile [--day DATE] [--json]              whether a day's work is with the bureau\n"
    "  purge --attachments --older-than DAYS [--rehearse]\n"
    "                                               put away what the bureau has for long\n"
    "  repair                                       mend a damaged folder\n"
    "  bundle export FILE [--device ID]             sealed file for the server, or for a laptop\n"
    "  bundle import FILE                           take over what such a file brings\n";

constexpr int exit_done = 0, exit_failed = 1, exit_usage = 2;

struct CommandLine {
    fs::path home;
    std::optional<std::string> user;
    std::string command;
    std::map<std::string, std::string> options;  // flags have an empty value
    std::vector<std::string> words;
    std::string mistake;
};

fs::path default_home() {
    if (const char* data = std::getenv("XDG_DATA_HOME"); data && *data) {
        return fs::path(data) / "zoufang";
    }
    const char* home = std::getenv("HOME");
    return fs::path(home && *home ? home : ".") / ".local" / "share" / "zoufang";
}

bool takes_value(const std::string& option) {
    return option == "--server" || option == "--code" || option == "--pin" || option == "--home" ||
           option == "--user" || option == "--device" || option == "--record" ||
           option == "--since" || option == "--day" || option == "--older-than" ||
           option == "--screen" || option == "--language" || option == "--scale" ||
           option == "--theme" || option == "--shot" || option == "--ui-registry" ||
           option == "--at" || option == "--measure";
}

CommandLine read_line(const std::vector<std::string>& arguments) {
    CommandLine line;
    line.home = default_home();
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& word = arguments[i];
        if (!word.starts_with("--")) {
            (line.command.empty() ? line.command : line.words.emplace_back()) = word;
            continue;
        }
        std::string value;
        if (takes_value(word)) {
            if (i + 1 == arguments.size()) {
                line.mistake = word + " needs a value";
                return line;
            }
            value = arguments[++i];
        }
        if (line.command.empty() && word == "--home") {
            line.home = value;
        } else if (line.command.empty() && word == "--user") {
            line.user = value;
        } else {
            line.options[word] = value;
        }
    }
    return line;
}

/// Empty when every option and word is one that the command knows.
std::string find_mistake(const CommandLine& line) {
    static const std::map<std::string, std::vector<std::string>> known{
        {"",
         {"--screen", "--language", "--scale", "--theme", "--shot", "--ui-registry", "--at",
          "--measure"}},
        {"enrol", {"--server", "--code", "--pin"}},
        {"sync", {"--rehearse", "--server"}},
        {"batch", {"--replay"}},
        {"status", {}},
        {"receipts", {"--record", "--since", "--json"}},
        {"reconcile", {"--day", "--json"}},
        {"purge", {"--attachments", "--older-than", "--rehearse"}},
        {"repair", {}},
        {"bundle", {"--device"}},
    };
    if (!line.mistake.empty()) return line.mistake;
    const auto command = known.find(line.command);
    if (command == known.end()) return "there is no command " + line.command;
    for (const auto& [option, value] : line.options) {
        if (std::find(command->second.begin(), command->second.end(), option) ==
            command->second.end()) {
            return "unknown option " + option;
        }
    }
    if (line.command == "enrol" &&
        (!line.options.contains("--server") || !line.options.contains("--code"))) {
        return "enrol needs --server URL and --code CODE";
    }
    if (line.command == "bundle") {
        const bool imports = !line.words.empty() && line.words[0] == "import";
        const bool exports = !line.words.empty() && line.words[0] == "export";
        if (line.words.size() != 2 || (!imports && !exports)) {
            return "bundle needs: export FILE, or import FILE";
        }
        if (imports && line.options.contains("--device")) return "--device goes with export only";
        return {};
    }
    if (!line.words.empty()) return "unexpected word " + line.words.front();
    return mistake_in_receipts(line.command, line.options);
}

int report(const Error& error, std::ostream& messages) {
    messages << "zoufang: " << error.message;
    if (!error.where.empty()) messages << " [" << error.where << "]";
    messages << " (" << facts_of(error.code).slug << ")\n";
    return exit_failed;
}

int run_enrol(DeviceStore& store, const CommandLine& line, std::ostream& out,
              std::ostream& messages) {
    EnrolmentOrder order{line.options.at("--server"), line.options.at("--code"), {}, {}, {}};
    if (const auto pin = line.options.find("--pin"); pin != line.options.end()) {
        order.pin = pin->second;
    }
    const char* host = std::getenv("HOSTNAME");
    order.device_name = host && *host ? host : "laptop";
    const auto enrolled = enrol(store, order);
    if (!enrolled) return report(enrolled.error(), messages);
    if (!order.pin) {
        messages << "zoufang: no pin was given; compare the bureau's key by telephone: "
                 << enrolled->bureau_key.hex() << "\n";
    }
    out << enrolled->device.hex() << "\n";
    return exit_done;
}

int run_sync(DeviceStore& store, const CommandLine& line, std::ostream& out,
             std::ostream& messages) {
    if (auto enrolled = store.check_enrolled(); !enrolled) {
        return report(enrolled.error(), messages);
    }
    Membership membership = *store.membership();
    const auto address = line.options.find("--server");
    const bool has_moved = address != line.options.end();
    if (has_moved) membership.server_url = address->second;
    auto transport = road_to_bureau(membership);
    if (!transport) return report(transport.error(), messages);
    if (line.options.contains("--rehearse")) {
        const auto rehearsal = Sync(store.sync_stores(), *transport).rehearse();
        if (!rehearsal) return report(rehearsal.error(), messages);
        out << canonical_text(rehearsal_value(*rehearsal)) << "\n";
        return exit_done;
    }
    const SyncEnd end = sync_once(store, *transport, SyncCause::person);
    if (const auto& change = end.report.new_identity) {
        messages << "zoufang: " << told_of(*change) << "\n";
    }
    if (end.error) return report(*end.error, messages);
    if (has_moved) {
        // Only now it is known to be the bureau's.
        if (auto kept = store.set_membership(membership); !kept) {
            return report(kept.error(), messages);
        }
    }
    out << canonical_text(sync_value(end.report)) << "\n";
    return exit_done;
}

int run_bundle(DeviceStore& store, const CommandLine& line, std::ostream& out,
               std::ostream& messages) {
    std::optional<std::string> device;
    if (const auto named = line.options.find("--device"); named != line.options.end()) {
        device = named->second;
    }
    const auto receiver = read_receiver(device);
    if (!receiver) return report(receiver.error(), messages);
    const auto summary = line.words[0] == "import"
                             ? read_bundle(store, line.words[1], progress_to(messages))
                             : write_bundle(store, line.words[1], *receiver, progress_to(messages));
    if (!summary) return report(summary.error(), messages);
    out << canonical_text(bundle_value(*summary)) << "\n";
    return exit_done;
}

using ReceiptCommand = Result<int> (*)(DeviceStore&, const ClientOptions&, std::ostream&);

/// Nothing when the command is another one.
ReceiptCommand find_receipt_command(const std::string& name) {
    if (name == "receipts") return run_receipts;
    if (name == "reconcile") return run_reconcile;
    return name == "purge" ? run_purge : nullptr;
}

int run_window(const CommandLine& line, const OpenWindow& open_window, std::ostream& messages) {
    if (!open_window) {
        return report({ErrorCode::unknown_command, "this program was built without a window", ""},
                      messages);
    }
    WindowOrder order;
    order.home = line.home;
    order.user = line.user;
    if (const auto mistake = read_window_options(line.options, order); !mistake.empty()) {
        messages << "zoufang: " << mistake << "\n";
        return exit_usage;
    }
    return open_window(order);
}

int run_command(const CommandLine& line, std::istream& in, std::ostream& out,
                std::ostream& messages, const OpenWindow& open_window) {
    if (line.command.empty()) {
        return run_window(line, open_window, messages);
    }
    SettableEnv env(system_env());
    if (line.command == "repair") return run_repair(line.home, env, out, messages);
    auto store = DeviceStore::open(line.home, env);
    if (!store) return report(store.error(), messages);
    if (line.command == "enrol") return run_enrol(**store, line, out, messages);
    if (line.command == "sync") return run_sync(**store, line, out, messages);
    if (line.command == "bundle") return run_bundle(**store, line, out, messages);
    if (line.command == "batch") {
        BatchOptions options{line.user, line.options.contains("--replay") ? &env : nullptr};
        return run_batch(**store, options, in, out) ? exit_done : exit_failed;
    }
    if (const ReceiptCommand run = find_receipt_command(line.command)) {
        auto status = (*store)->check_enrolled().has_value()
                          ? run(**store, line.options, out)
                          : Result<int>(fail((*store)->check_enrolled().error()));
        return status ? *status : report(status.error(), messages);
    }
    out << canonical_text(status_value(**store)) << "\n";
    return exit_done;
}

}  // namespace

int run_client(const std::vector<std::string>& arguments, std::istream& in, std::ostream& out,
               std::ostream& messages, const OpenWindow& open_window) {
    const CommandLine line = read_line(arguments);
    if (line.options.contains("--help") || line.command == "help") {
        messages << usage;
        return exit_done;
    }
    if (const std::string mistake = find_mistake(line); !mistake.empty()) {
        messages << "zoufang: " << mistake << "\n" << usage;
        return exit_usage;
    }
    try {
        const int status = run_command(line, in, out, messages, open_window);
        out.flush();
        if (out) return status;
        return report({ErrorCode::internal, "the answer could not be written; check the disk", ""},
                      messages);
    } catch (const DbError& broken) {
        return report(error_of(broken, line.home), messages);
    } catch (const std::exception& broken) {
        return report({ErrorCode::internal, broken.what(), ""}, messages);
    }
}

}  // namespace zf
