// report, export and status.
#include <filesystem>
#include <ostream>

#include "common/base/private_files.h"
#include "common/report/figure_json.h"
#include "common/store/store_records.h"
#include "server/commands.h"
#include "server/export.h"
#include "server/figures.h"

namespace zf {
namespace {

Result<Period> period_of(const CommandLine& line) {
    auto period = parse_period(line.value("--period"));
    if (period) return period;
    return wrong_usage(
        "The period should be like 2008H1, 2008Q2, 2008-05, 2008 or 2008-05-12..2008-05-31.",
        "--period");
}

Unexpected not_yet(const std::string& what, const std::string& option) {
    return fail(ErrorCode::not_allowed, what + " comes with a later version; use json for now.",
                option);
}

}  // namespace

Result<int> run_report(const Invocation& invocation) {
    const CommandLine& line = invocation.line;
    const auto period = period_of(line);
    if (!period) return fail(period.error());
    const std::string format = line.value("--format", "json");
    if (format == "html" || format == "docx") return not_yet("A report as " + format, "--format");
    if (format != "json") return wrong_usage("The format should be json.", "--format");
    if (line.has("--freeze")) {
        return fail(ErrorCode::not_allowed, "Freezing a report comes with a later version.",
                    "--freeze");
    }
    const auto store = CentralStore::open(line.data, invocation.env);
    if (!store) return fail(store.error());
    const auto held = (*store)->lock();
    const ReadSnapshot snapshot((*store)->db());
    const auto figures = figures_for(**store, *period);
    if (!figures) return fail(figures.error());
    print_json(invocation.out, figures_value(*figures));
    return 0;
}

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
