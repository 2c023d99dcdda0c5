#include "server/report_content.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "common/codec/json.h"
#include "common/report/figure_json.h"
#include "server/figures.h"

namespace zf {
namespace {

/// The frames of the larger county: some MiB.
constexpr JsonLimits content_limits{8, std::size_t{256} << 20};

using DeviceNumbers = std::map<DeviceId, std::int64_t>;

DeviceNumbers devices_in(const ReportContent& content) {
    DeviceNumbers devices;
    for (const auto* part : {&content.counted, &content.referred}) {
        for (const auto& [record, approval] : *part) devices.try_emplace(approval.device, 0);
    }
    std::int64_t next = 0;
    for (auto& [device, number] : devices) number = next++;
    return devices;
}

Value approvals_value(const std::map<Uuid, Approval>& approvals, const DeviceNumbers& devices) {
    List list;
    list.reserve(approvals.size());
    for (const auto& [record, approval] : approvals) {
        list.emplace_back(List{Value(record.text()), devices.at(approval.device), approval.seq});
    }
    return Value(std::move(list));
}

/// Runs of places among those counted. Both ascend.
Value runs_value(const std::vector<Uuid>& records, const std::vector<Uuid>& counted) {
    List runs;
    std::int64_t next = -1;  // behind the run at hand
    auto at = counted.begin();
    for (const Uuid& record : records) {
        at = std::lower_bound(at, counted.end(), record);
        const std::int64_t place = at - counted.begin();
        if (place == next) {
            runs.back() = *runs.back().integer() + 1;
        } else {
            runs.emplace_back(place);
            runs.emplace_back(std::int64_t{1});
        }
        next = place + 1;
    }
    return Value(std::move(runs));
}

std::vector<Uuid> ids_of(const std::map<Uuid, Approval>& approvals) {
    std::vector<Uuid> ids;
    for (const auto& [record, approval] : approvals) ids.push_back(record);
    return ids;
}

Unexpected unreadable(const std::string& where) {
    return fail(ErrorCode::malformed, "this is not what stands behind a report", where);
}

Result<std::map<Uuid, Approval>> read_approvals(const Value& content, const char* name,
                                                const std::vector<DeviceId>& devices) {
    const Value* list = content.find(name);
    if (!list || !list->list()) return unreadable(name);
    std::map<Uuid, Approval> approvals;
    for (const Value& one : *list->list()) {
        const List* parts = one.list();
        if (!parts || parts->size() != 3) return unreadable(name);
        const auto id = parts->at(0).text() ? parse_uuid(*parts->at(0).text()) : std::nullopt;
        const std::int64_t *device = parts->at(1).integer(), *seq = parts->at(2).integer();
        const bool is_sound = id && device && seq && *device >= 0 && *seq >= 1 &&
                              *device < static_cast<std::int64_t>(devices.size());
        if (!is_sound) return unreadable(name);
        approvals.emplace_hint(approvals.end(), *id,
                               Approval{devices[static_cast<std::size_t>(*device)], *seq});
    }
    return approvals;
}

Result<std::vector<Uuid>> read_runs(const Value& value, const std::vector<Uuid>& counted) {
    std::vector<Uuid> records;
    const List* runs = value.list();
    if (!runs || runs->size() % 2 != 0) return unreadable("lists");
    const auto size = static_cast<std::int64_t>(counted.size());
    for (std::size_t i = 0; i < runs->size(); i += 2) {
        const std::int64_t *first = (*runs)[i].integer(), *count = (*runs)[i + 1].integer();
        const bool is_sound = first && count && *first >= 0 && *count >= 1 && *first < size &&
                              *count <= size - *first;
        if (!is_sound) return unreadable("lists");
        const auto begin = counted.begin() + *first;
        records.insert(records.end(), begin, begin + *count);
    }
    return records;
}

}  // namespace

CountedApprovals ReportContent::approvals() const {
    std::vector<Approval> all;
    for (const auto& [record, approval] : counted) all.push_back(approval);
    return CountedApprovals(std::move(all));
}

std::string figures_text(const FigureSet& figures) {
    return pretty_json(figures_value(figures)) + "\n";
}

Result<ReportContent> report_content(CentralStore& store, const Period& period) {
    const auto indicators = indicators_in_force(store);
    if (!indicators) return fail(indicators.error());
    const StoredApprovals records(store.log());
    const FigureSet figures =
        compute_figures(indicators->indicators, period, store.log().forms(), records);
    ReportContent content{period.name, figures_text(figures), {}, records.referred_to(), {}};
    for (const Figure& figure : figures.figures) {
        for (const Uuid& record : figure.records) {
            content.counted.try_emplace(record, records.approval_of(record));
        }
        content.lists.emplace(figure.id, figure.records);
    }
    return content;
}

std::string encode_content(const ReportContent& content) {
    const DeviceNumbers devices = devices_in(content);
    const std::vector<Uuid> counted = ids_of(content.counted);
    List device_list;
    for (const auto& [device, number] : devices) device_list.emplace_back(device.hex());
    Members lists;
    for (const auto& [indicator, records] : content.lists) {
        lists.emplace_back(indicator, runs_value(records, counted));
    }
    return canonical_text(Value(Members{{"_format", 1},
                                        {"counted", approvals_value(content.counted, devices)},
                                        {"devices", Value(std::move(device_list))},
                                        {"figures", content.figures},
                                        {"lists", Value(std::move(lists))},
                                        {"period", content.period},
                                        {"referred", approvals_value(content.referred, devices)}}));
}

Result<ReportContent> decode_content(std::string_view text) {
    const auto value = parse_json(text, content_limits);
    if (!value) return fail(value.error());
    const Value *format = value->find("_format"), *period = value->find("period");
    const Value *figures = value->find("figures"), *device_list = value->find("devices");
    const Value* lists = value->find("lists");
    const bool has_parts = format && format->integer() && *format->integer() == 1 && period &&
                           period->text() && figures && figures->text() && device_list &&
                           device_list->list() && lists && lists->members();
    if (!has_parts) return unreadable("");
    std::vector<DeviceId> devices;
    for (const Value& one : *device_list->list()) {
        const auto device = one.text() ? parse_device_id(*one.text()) : std::nullopt;
        if (!device) return unreadable("devices");
        devices.push_back(*device);
    }
    auto counted = read_approvals(*value, "counted", devices);
    if (!counted) return fail(counted.error());
    auto referred = read_approvals(*value, "referred", devices);
    if (!referred) return fail(referred.error());
    ReportContent content{
        *period->text(), *figures->text(), std::move(*counted), std::move(*referred), {}};
    const std::vector<Uuid> ids = ids_of(content.counted);
    for (const auto& [indicator, runs] : *lists->members()) {
        auto records = read_runs(runs, ids);
        if (!records) return fail(records.error());
        content.lists.emplace(indicator, std::move(*records));
    }
    return content;
}

}  // namespace zf
