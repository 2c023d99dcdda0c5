#include "server/erratum.h"

#include <algorithm>
#include <iterator>
#include <ostream>

#include "common/codec/changeset_codec.h"
#include "common/codec/json.h"

namespace zf {
namespace {

using Counted = std::map<Uuid, Approval>;

RecordDifference difference(const Counted& then, const Counted& now) {
    RecordDifference found;
    for (const auto& [record, approval] : now) {
        const auto before = then.find(record);
        if (before == then.end()) {
            found.added.push_back(record);
        } else if (before->second != approval) {
            found.changed.push_back(record);
        }
    }
    for (const auto& [record, approval] : then) {
        if (!now.contains(record)) found.withdrawn.push_back(record);
    }
    return found;
}

Counted listed(const ReportContent& content, std::string_view indicator) {
    Counted counted;
    const auto list = content.lists.find(indicator);
    if (list == content.lists.end()) return counted;
    for (const Uuid& record : list->second) counted.emplace(record, content.counted.at(record));
    return counted;
}

/// From the approvals that the bureau's entry names, when nothing else is left of the report.
Counted counted_by_approvals(CentralStore& store, const FrozenReport& report) {
    Counted counted;
    for (const Approval& approval : report.counted.all()) {
        const auto stored = store.log().find_changeset(approval.device, approval.seq);
        if (!stored) continue;
        const auto changeset = decode_changeset(stored->signed_changeset.bytes);
        if (changeset && !changeset->records.empty()) {
            counted.emplace(changeset->records.front().id, approval);
        }
    }
    return counted;
}

/// Those that figures could lean on then and now, and that were approved anew in between.
std::vector<Uuid> approved_anew(const Counted& then, const Counted& now) {
    return difference(then, now).changed;
}

Value ids_value(const std::vector<Uuid>& ids) {
    List list;
    for (const Uuid& id : ids) list.emplace_back(id.text());
    return Value(std::move(list));
}

Value records_value(const RecordDifference& records) {
    return Value(Members{{"added", ids_value(records.added)},
                         {"changed", ids_value(records.changed)},
                         {"withdrawn", ids_value(records.withdrawn)}});
}

std::string shown(const Value& figure) {
    const Value* display = figure.find("display");
    const Value* records = figure.find("records");
    if (!display || !display->text() || !records) return "(none)";
    return *display->text() + " (" + canonical_text(*records) + " records)";
}

void print_ids(const char* what, const std::vector<Uuid>& ids, std::ostream& out) {
    for (const Uuid& id : ids) out << "    " << what << " " << id.text() << "\n";
}

void print_records(const RecordDifference& records, std::ostream& out) {
    print_ids("added    ", records.added, out);
    print_ids("changed  ", records.changed, out);
    print_ids("withdrawn", records.withdrawn, out);
}

}  // namespace

Result<Erratum> erratum_of(CentralStore& store, const FrozenReport& report,
                           const ReportContent& now) {
    const auto frozen_text = figures_of(store, report);
    if (!frozen_text) return fail(frozen_text.error());
    const auto kept = content_of(store, report);
    if (!kept) return fail(kept.error());
    const auto frozen = parse_json(*frozen_text), current = parse_json(now.figures);
    if (!frozen || !frozen->members() || !current || !current->members()) {
        return fail(ErrorCode::damaged, "The figures of this report are no JSON.", name_of(report));
    }
    const std::optional<ReportContent>& then = *kept;
    Erratum erratum{report, {}, 0, {}, {}, then.has_value()};
    const auto compare = [&](const std::string& indicator) {
        const Value *before = frozen->find(indicator), *after = current->find(indicator);
        ++erratum.figures_compared;
        if (before && after && *before == *after) return;
        FigureDifference figure{
            indicator, before ? *before : Value(), after ? *after : Value(), {}};
        if (then) figure.records = difference(listed(*then, indicator), listed(now, indicator));
        erratum.figures.push_back(std::move(figure));
    };
    for (const auto& [indicator, figure] : *frozen->members()) compare(indicator);
    for (const auto& [indicator, figure] : *current->members()) {
        if (!frozen->find(indicator)) compare(indicator);
    }
    erratum.records =
        difference(then ? then->counted : counted_by_approvals(store, report), now.counted);
    if (then) erratum.referred = approved_anew(then->referred, now.referred);
    return erratum;
}

Value erratum_value(const Erratum& erratum) {
    Members figures;
    for (const FigureDifference& one : erratum.figures) {
        figures.emplace_back(
            one.indicator,
            Members{{"frozen", one.frozen},
                    {"now", one.now},
                    {"records", erratum.knows_lists ? records_value(one.records) : Value()}});
    }
    return Value(Members{{"report", report_value(erratum.report)},
                         {"differs", !erratum.figures.empty()},
                         {"compared", erratum.figures_compared},
                         {"figures", Value(std::move(figures))},
                         {"records", records_value(erratum.records)},
                         {"referred", ids_value(erratum.referred)}});
}

void print_erratum(const Erratum& erratum, std::ostream& out) {
    out << "Erratum to " << name_of(erratum.report) << ": " << erratum.figures.size() << " of "
        << erratum.figures_compared << " figures differ\n";
    for (const FigureDifference& one : erratum.figures) {
        out << one.indicator << ": " << shown(one.frozen) << " -> " << shown(one.now) << "\n";
        print_records(one.records, out);
    }
    out << "All figures together: " << erratum.records.added.size() << " records added, "
        << erratum.records.changed.size() << " changed, " << erratum.records.withdrawn.size()
        << " withdrawn\n";
    print_records(erratum.records, out);
    if (!erratum.referred.empty()) out << "Records that counted ones refer to were changed:\n";
    print_ids("changed  ", erratum.referred, out);
    if (!erratum.knows_lists) {
        out << "Which records each figure counted was lost with a former server.\n";
    }
}

}  // namespace zf
