// export and status.
#include <filesystem>
#include <ostream>

#include "common/base/private_files.h"
#include "common/store/store_records.h"
#include "server/commands.h"
#include "server/export.h"
#include "server/store/central_store.h"

namespace zf {

Result<int> run_export(const Invocation& invocation) {
    const CommandLine& line = invocation.line;
    const std::string format = line.value("--format", "json");
    if (format == "xlsx" || format == "geojson") return not_yet("Export as " + format, "--format");
    if (format != "json" && format != "csv") {
        return wrong_usage("The format should be json or csv.", "--format");
    }
    ExportChoice choice;
    choice.form = line.value("--form");
    choice.personal = line.has("--personal");
    choice.today = date_at(invocation.env.now_ms(), bureau_offset_minutes);
    if (line.has("--period")) {
        const auto period = period_of(line);
        if (!period) return fail(period.error());
        choice.period = *period;
    }
    const auto store = CentralStore::open(line.data, invocation.env);
    if (!store) return fail(store.error());
    const auto held = (*store)->lock();
    const ReadSnapshot snapshot((*store)->db());
    if (format == "csv") {
        const auto csv = export_csv((*store)->log(), choice);
        if (!csv) return fail(csv.error());
        invocation.out << *csv;
        return 0;
    }
    const auto json = export_json((*store)->log(), choice);
    if (!json) return fail(json.error());
    print_json(invocation.out, *json);
    return 0;
}

std::optional<std::string> serving_address(const std::filesystem::path& data) {
    // What a server that was killed has left behind is no address.
    const auto address = read_whole_file(data / "address", 1024);
    if (!address || !FolderLock::is_held(data)) return std::nullopt;
    return *address;
}

Result<int> run_status(const Invocation& invocation) {
    const std::filesystem::path data = invocation.line.data;
    const auto store = CentralStore::open(data, invocation.env);
    if (!store) return fail(store.error());
    Value answer;
    const auto address = serving_address(data);
    answer.set("address", address ? Value(*address) : Value());
    {
        const auto held = (*store)->lock();
        const ReadSnapshot snapshot((*store)->db());
        ChangeLog& log = (*store)->log();
        const Date today = date_at(invocation.env.now_ms(), bureau_offset_minutes);
        const ChangeLog::Counts counts = log.counts();
        answer.set("devices", static_cast<std::int64_t>((*store)->bureau().devices().size()));
        answer.set("changesets", counts.changesets);
        answer.set("records", counts.records);
        answer.set("parked", counts.parked);
        answer.set("held", counts.held);
        answer.set("conflicts", static_cast<std::int64_t>(open_conflicts(log, today).size()));
        answer.set("state", log.state().hex());
    }
    std::error_code unknown;
    const auto space = std::filesystem::space(data, unknown);
    answer.set("disk", static_cast<std::int64_t>(bytes_below(data)));
    answer.set("disk_free", unknown ? Value() : Value(static_cast<std::int64_t>(space.available)));
    answer.set("epoch", (*store)->epoch());
    print_json(invocation.out, answer);
    return 0;
}

}  // namespace zf
