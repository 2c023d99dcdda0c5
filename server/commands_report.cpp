// report: the figures of a period, frozen reports, and what has become different since.
#include <ostream>

#include "server/commands.h"
#include "server/erratum.h"
#include "server/figures.h"
#include "server/freeze.h"

namespace zf {
namespace {

Result<int> list_reports(CentralStore& store, const Invocation& invocation) {
    const bool is_one_period = invocation.line.has("--period");
    if (is_one_period) {
        const auto period = period_of(invocation.line);
        if (!period) return fail(period.error());
    }
    const auto held = store.lock();
    const ReadSnapshot snapshot(store.db());
    List list;
    for (const FrozenReport& report : store.bureau().reports()) {
        const bool is_chosen =
            !is_one_period || is_same_period(report.period, invocation.line.value("--period"));
        if (!is_chosen) continue;
        Value value = report_value(report);
        const auto content = content_of(store, report);
        value.set("records_known", content && content->has_value());
        list.push_back(std::move(value));
    }
    print_json(invocation.out, Value(std::move(list)));
    return 0;
}

/// By its number, or by the hash of its content when two bear the number.
Result<FrozenReport> find_report(CentralStore& store, const Period& period,
                                 const std::string& wanted) {
    std::optional<FrozenReport> found;
    for (FrozenReport& one : store.bureau().reports()) {
        if (!is_same_period(one.period, period.name)) continue;
        if (one.content.hex() == wanted) return std::move(one);
        if (std::to_string(one.number) != wanted) continue;
        if (found) {
            return fail(ErrorCode::not_allowed,
                        "Two reports of this period bear this number, since the server was put "
                        "back in between; give the `content` that `report --list` shows instead.",
                        "--number " + wanted);
        }
        found = std::move(one);
    }
    if (found) return std::move(*found);
    return fail(ErrorCode::not_found,
                "No report of this period bears this number; see `report --list`.",
                "--number " + wanted);
}

Result<int> print_number(CentralStore& store, const Invocation& invocation, const Period& period) {
    const auto held = store.lock();
    const ReadSnapshot snapshot(store.db());
    const auto report = find_report(store, period, invocation.line.value("--number"));
    if (!report) return fail(report.error());
    const auto figures = figures_of(store, *report);
    if (!figures) return fail(figures.error());
    invocation.out << *figures;
    return 0;
}

Result<int> freeze(CentralStore& store, const Invocation& invocation, const Period& period) {
    std::optional<User> user;
    if (invocation.line.has("--user")) {
        const auto held = store.lock();
        user = store.bureau().find_user(invocation.line.value("--user"));
        if (!user) {
            return fail(ErrorCode::not_found, "There is no account of this name; see `user list`.",
                        invocation.line.value("--user"));
        }
    }
    const auto frozen = freeze_report(store, user, period);
    if (!frozen) return fail(frozen.error());
    invocation.out << frozen->figures;
    if (frozen->is_new) {
        invocation.messages << "This is " << name_of(frozen->report) << ": "
                            << frozen->report.records << " records count.\n";
    } else {
        invocation.messages << "Nothing has changed since " << name_of(frozen->report)
                            << "; no other one was made.\n";
    }
    return 0;
}

/// A frozen report that the figures differ from is never passed over in silence.
void tell_difference(const Erratum& erratum, std::ostream& messages) {
    if (erratum.figures.empty()) return;
    messages << erratum.figures.size() << " of " << erratum.figures_compared
             << " figures differ from " << name_of(erratum.report) << "; `report --period "
             << erratum.report.period << " --erratum` shows what and why.\n";
}

Result<int> print_now(CentralStore& store, const Invocation& invocation, const Period& period) {
    const auto held = store.lock();
    const ReadSnapshot snapshot(store.db());
    const auto last = last_report(store, period.name);
    const bool is_erratum = invocation.line.has("--erratum");
    if (!last && is_erratum) {
        return fail(ErrorCode::not_found,
                    "No report of this period is frozen, so there is nothing to compare with.",
                    "--period " + period.name);
    }
    const auto now = report_content(store, period);
    if (!now) return fail(now.error());
    if (!is_erratum) invocation.out << now->figures;
    if (!last) return 0;
    const auto erratum = erratum_of(store, *last, *now);
    // The figures themselves do not depend on what was frozen.
    if (!erratum && !is_erratum) {
        invocation.messages << erratum.error().message << " (" << erratum.error().where << ")\n";
        return 0;
    }
    if (!erratum) return fail(erratum.error());
    if (!is_erratum) {
        tell_difference(*erratum, invocation.messages);
    } else if (invocation.line.has("--json")) {
        print_json(invocation.out, erratum_value(*erratum));
    } else {
        print_erratum(*erratum, invocation.out);
    }
    return 0;
}

/// One thing at a time, and no option that would do nothing.
Result<void> check_options(const CommandLine& line) {
    int ways = 0;
    for (const char* way : {"--freeze", "--erratum", "--number", "--list"}) {
        ways += line.has(way) ? 1 : 0;
    }
    if (ways > 1) {
        return wrong_usage("Choose one of --freeze, --erratum, --number and --list.", "report");
    }
    if (line.has("--user") && !line.has("--freeze")) {
        return wrong_usage("--user says who freezes; it goes with --freeze.", "--user");
    }
    if (line.has("--json") && !line.has("--erratum")) {
        return wrong_usage("--json goes with --erratum; all else is JSON anyway.", "--json");
    }
    return {};
}

}  // namespace

Result<int> run_report(const Invocation& invocation) {
    const CommandLine& line = invocation.line;
    ZF_CHECK(check_options(line));
    const std::string format = line.value("--format", "json");
    if (format == "html" || format == "docx") return not_yet("A report as " + format, "--format");
    if (format != "json") return wrong_usage("The format should be json.", "--format");
    const auto period = line.has("--list") ? Result<Period>(Period{}) : period_of(line);
    if (!period) return fail(period.error());
    const auto store = CentralStore::open(line.data, invocation.env);
    if (!store) return fail(store.error());
    if (line.has("--list")) return list_reports(**store, invocation);
    if (line.has("--number")) return print_number(**store, invocation, *period);
    if (line.has("--freeze")) return freeze(**store, invocation, *period);
    return print_now(**store, invocation, *period);
}

}  // namespace zf
