// parked: what is kept back, as lines for people or as JSON.
#include <ostream>

#include "common/base/date.h"
#include "server/commands.h"
#include "server/parked.h"

namespace zf {
namespace {

std::string reason_of(const KeptBack& one) {
    if (one.is_held) return "held";
    return one.reason.detail.empty() ? one.reason.code : one.reason.detail;
}

Value value_of(const KeptBack& one) {
    List records;
    for (const TouchedRecord& touched : one.records) {
        records.emplace_back(Members{{"record", touched.id.text()},
                                     {"form", touched.form},
                                     {"version", touched.form_version}});
    }
    Value missing;
    if (one.missing) {
        missing = Value(Members{{"device", one.missing->device.hex()}, {"seq", one.missing->seq}});
    }
    return Value(Members{{"device", one.device.hex()},
                         {"device_name", one.device_name},
                         {"user", one.user},
                         {"seq", one.seq},
                         {"records", std::move(records)},
                         {"standing", one.is_held ? "held" : "parked"},
                         {"code", one.reason.code},
                         {"detail", one.reason.detail},
                         {"waits_for", std::move(missing)},
                         {"since", datetime_text(one.since_ms, bureau_offset_minutes)},
                         {"remedy", one.remedy}});
}

void print_line(const KeptBack& one, std::ostream& out) {
    out << datetime_text(one.since_ms, bureau_offset_minutes) << "  " << one.device_name << " ("
        << one.device.hex() << ") save " << one.seq << " of " << one.user << ": " << reason_of(one)
        << "\n";
    for (const TouchedRecord& touched : one.records) {
        out << "    " << touched.form << " " << touched.id.text() << "\n";
    }
    out << "    what to do: " << one.remedy << "\n";
}

}  // namespace

Result<int> run_parked(const Invocation& invocation) {
    const auto store = CentralStore::open(invocation.line.data, invocation.env);
    if (!store) return fail(store.error());
    std::vector<KeptBack> all;
    {
        const auto held = (*store)->lock();
        const ReadSnapshot snapshot((*store)->db());
        all = kept_back(**store);
    }
    if (invocation.line.has("--json")) {
        List list;
        for (const KeptBack& one : all) list.push_back(value_of(one));
        print_json(invocation.out, std::move(list));
        return 0;
    }
    for (const KeptBack& one : all) print_line(one, invocation.out);
    if (all.empty()) invocation.out << "Nothing is kept back.\n";
    return 0;
}

}  // namespace zf
